"""Promises about every page of the reporter: a visit in use stays open, without a write each time.

In the browser of the supporter who sent it, it opens from their list, or not at all.
"""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.sign_ins import end_all_sign_ins
from portal.reports.models import Look, Report, Visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.people import add_person, sign_in, site_of
from tests.web.report.conftest import ANSWERS, KEPT, Person

WORDS = ANSWERS["words"]["words"].splitlines()[0]
THE_PERSONS_OWN = ["open", "tell", "pass", "stop", "receipt/0"]


@pytest.fixture
def maria(app: Flask) -> UUID:
    return add_person(site_of(app), "advocate", name="maria")


@pytest.fixture
def supporter(app: Flask, maria: UUID) -> Person:
    """A supporter who has just sent something for somebody, in her own browser."""
    browser = Person(sign_in(app, maria))
    browser.client.post("/advocate/start", data={"agrees": "yes"})
    browser.answers_all(**KEPT)
    return browser


def _send(app: Flask, supporter: Person) -> tuple[str, UUID]:
    """The return code and the id of what was sent."""
    code = supporter.code_on("/start/code")
    assert supporter.sends().location == "/start/done"
    with site_of(app).database.reading() as reading:
        return code, reading.scalars(select(Report.id)).one()


@pytest.mark.parametrize("page", THE_PERSONS_OWN)
def test_what_a_supporter_sent_opens_only_from_their_list(
    app: Flask, supporter: Person, page: str
) -> None:
    _, report_id = _send(app, supporter)
    answer = supporter.client.get(f"/back/{page}")
    assert (answer.status_code, answer.location) == (303, f"/advocate/{report_id}")
    assert WORDS not in supporter.client.get(answer.location).text
    with site_of(app).database.reading() as reading:
        assert reading.scalars(select(Look)).all() == []


def test_a_supporter_cannot_withdraw_it_for_the_person(app: Flask, supporter: Person) -> None:
    _, report_id = _send(app, supporter)
    for page in ("stop", "tell", "pass"):
        assert supporter.client.post(f"/back/{page}").location == f"/advocate/{report_id}"
    with site_of(app).database.reading() as reading:
        assert reading.scalars(select(Report.withdrawn_at)).all() == [None]


def test_a_sign_in_that_is_over_opens_no_more_than_one_that_lasts(
    app: Flask, supporter: Person, maria: UUID, clock: HandClock
) -> None:
    _, report_id = _send(app, supporter)
    clock.advance(minutes=70)
    assert supporter.client.get("/advocate").status_code == 302
    assert supporter.client.get("/back/open").location == f"/advocate/{report_id}"
    with site_of(app).database.transaction() as writing:
        end_all_sign_ins(writing, maria, now=clock())
    assert supporter.client.get("/back/open").location == f"/advocate/{report_id}"


def test_the_receipt_and_the_code_are_there_to_be_handed_over(
    app: Flask, supporter: Person
) -> None:
    code, _ = _send(app, supporter)
    assert supporter.code_on("/start/done") == code
    assert supporter.client.get("/start/receipt").status_code == 200
    assert supporter.client.post("/back/close").location == "/"


def test_a_draft_goes_on_in_the_supporters_browser(supporter: Person) -> None:
    assert supporter.client.get("/back/open").status_code == 200


def test_another_supporters_browser_takes_the_persons_own_code(
    app: Flask, supporter: Person
) -> None:
    code, _ = _send(app, supporter)
    other = sign_in(app, add_person(site_of(app), "advocate", name="jo"))
    assert other.post("/back", data={"code": code}).location == "/back/open"
    assert WORDS in other.get("/back/open").text


def test_withdrawing_closes_it_in_every_other_browser(
    app: Flask, supporter: Person, client: FlaskClient
) -> None:
    code, _ = _send(app, supporter)
    client.post("/back", data={"code": code})
    elsewhere = app.test_client()
    elsewhere.post("/back", data={"code": code})
    assert client.post("/back/stop").location == "/back/open"
    for browser in (supporter.client, elsewhere):
        for page in ("/start/done", "/start/receipt", "/back/open"):
            assert browser.get(page).location == "/back"
    assert WORDS in client.get("/back/open").text


def test_the_person_sees_each_time_that_the_code_opened_it(
    app: Flask, supporter: Person, client: FlaskClient, clock: HandClock
) -> None:
    code, _ = _send(app, supporter)
    assert supporter.client.get("/start/done").status_code == 200
    for _ in range(2):
        clock.advance(hours=1)
        client.post("/back", data={"code": code})
    page = client.get("/back/open").text
    assert page.count("Opened with the return code: ") == 2
    assert "Whoever has the return code can open it too" in page
    assert "Nobody so far, except you" not in page


def test_a_visit_is_noted_to_be_in_use_every_few_minutes(
    person: Person, site: Site, clock: HandClock
) -> None:
    person.starts()
    started = clock()
    seen = []
    for minutes in (4, 4):
        clock.advance(minutes=minutes)
        person.client.get("/start/code")
        with site.database.reading() as session:
            seen.append(session.scalars(select(Visit.seen_at)).one())
    assert seen == [started, clock()]
