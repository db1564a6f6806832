"""Promises about starting, the return code and leaving."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.reports.models import Report, Visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.hashing import watch_hashing
from tests.web.report.conftest import Person


@pytest.mark.parametrize("where", ["cross-site", "same-site"])
def test_no_other_site_ends_what_a_person_writes(person: Person, where: str) -> None:
    person.starts()
    away = person.client.get("/leave", headers={"Sec-Fetch-Site": where})
    assert away.status_code == 303
    assert "Clear-Site-Data" not in away.headers
    assert person.client.get("/start/words").status_code == 200
    person.client.get("/leave", headers={"Sec-Fetch-Site": "none"})
    assert person.client.get("/start/words").location == "/back"


def test_no_writer_waits_while_a_code_is_made(app: Flask, person: Person) -> None:
    held = watch_hashing(app)
    person.starts()
    assert held == [0]


def test_the_code_is_there_before_the_first_answer_and_opens_the_draft(
    person: Person, site: Site
) -> None:
    code = person.starts()
    assert len(code) == 20
    person.answers("who")
    person.answers("1/what")
    person.client.get("/leave")
    assert person.client.post("/back", data={"code": code.lower()}).location == "/back/open"
    assert "You have not sent this yet" in person.client.get("/back/open").text
    assert person.client.get("/start/go-on").location == "/start/1/when"


def test_starting_twice_in_a_row_goes_on_with_the_same_draft(person: Person, site: Site) -> None:
    code = person.starts()
    assert person.starts() == code
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 1
    assert person.client.post("/start", data={"anew": "yes"}).location == "/start/code"
    assert person.code_on("/start/code") != code


def test_going_on_never_waits_for_the_code_to_be_kept(person: Person) -> None:
    person.starts()
    for kept in ("yes", "no"):
        response = person.client.post("/start/code", data={"kept": kept})
        assert response.location == "/start/who"


def test_leaving_ends_the_visit_for_every_copy_of_the_cookie(person: Person, site: Site) -> None:
    person.starts()
    copied = person.client.get_cookie("session")
    assert copied
    response = person.client.get("/leave")
    assert response.status_code == 303
    assert response.location == site.settings.leave_url
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response.headers["Cache-Control"] == "no-store"
    person.client.set_cookie("session", copied.value)
    assert person.client.get("/start/code").location == "/back"
    with site.database.reading() as session:
        assert session.scalars(select(Visit.sealed_code)).all() == [None]


def test_a_browser_that_fetches_ahead_has_not_left(person: Person) -> None:
    code = person.starts()
    person.client.get("/leave", headers={"Sec-Purpose": "prefetch;prerender"})
    person.client.head("/leave")
    assert person.code_on("/start/code") == code


def test_leaving_needs_nothing_to_be_open(person: Person) -> None:
    assert person.client.get("/leave").status_code == 303


def test_two_idle_hours_close_what_was_open_but_use_keeps_it(
    person: Person, clock: HandClock
) -> None:
    person.starts()
    for _ in range(3):
        clock.advance(hours=1, minutes=50)
        assert person.client.get("/start/1/what").status_code == 200
    clock.advance(hours=2, minutes=1)
    assert person.client.get("/start/1/what").location == "/back"
