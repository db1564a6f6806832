"""Promises about a code that somebody else has seen, and one that somebody else asked for."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.reports.code_changes import ask_change
from portal.reports.codes import make_code, new_code
from portal.reports.models import Report
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.hashing import no_turns_left
from tests.rig.people import add_person, sign_in
from tests.web.report.conftest import Person, sends_on


def ask_by_receipt(site: Site) -> str:
    """Somebody else asks for a new code for the one report that there is; the code."""
    made = make_code(site.codes)
    with site.database.transaction() as session:
        (report_id,) = session.scalars(select(Report.id))
        ask_change(session, report_id, made, keyring=site.keyring, now=site.now())
    return made.text


def test_a_new_code_opens_it_and_the_old_one_and_other_browsers_do_not(
    app: Flask, person: Person
) -> None:
    old = person.files()
    other = Person(app.test_client())
    other.client.post("/back", data={"code": old})
    assert other.client.get("/back/open").status_code == 200
    made = person.client.post("/back/new-code", data={"code": old.lower()})
    assert made.location == "/back/new-code/shown"
    fresh = person.code_on("/back/new-code/shown")
    assert len(fresh) == 20
    assert fresh != old
    assert other.client.get("/back/open").location == "/back"
    assert person.client.get("/back/open").status_code == 200
    assert "opens nothing" in other.client.post("/back", data={"code": old}).text
    assert other.client.post("/back", data={"code": fresh}).location == "/back/open"


def test_the_new_code_is_shown_with_its_words_until_it_was_kept(person: Person) -> None:
    old = person.files()
    person.client.post("/back/new-code", data={"code": old})
    page = person.client.get("/back/new-code/shown").text
    assert len(re.findall(r"<li>(?:First|Second|Third|Fourth) five: (?:[\w-]+, ){4}", page)) == 4
    fresh = person.code_on("/back/open")
    assert fresh == person.code_on("/back/new-code/shown")
    kept = person.client.post("/start/code-kept?then=back")
    assert kept.location == "/back/open?done=2"
    assert "Your return code is not shown again." in person.client.get(kept.location).text
    assert person.client.get("/back/new-code/shown").location == "/back/open"
    assert fresh not in person.client.get("/back/open").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the return code that you have now"),
        ("ABCDE", "You typed 5"),
        (new_code(bytes(range(12))), "opens nothing here"),
    ],
)
def test_without_the_old_code_nothing_is_changed(person: Person, typed: str, words: str) -> None:
    old = person.files()
    response = person.client.post("/back/new-code", data={"code": typed})
    assert response.status_code == 400
    assert words in response.text
    assert "The code that you have still works" in response.text
    assert person.client.post("/back", data={"code": old}).location == "/back/open"


def test_an_ended_visit_is_not_called_a_mistake_of_the_person(
    person: Person, clock: HandClock
) -> None:
    old = person.files()
    clock.advance(hours=3)
    page = sends_on(person, "/back/new-code", old, {"code": old})
    assert "It was closed meanwhile. The code was not changed." in page
    assert "There is a problem" not in page


def test_the_code_of_another_report_does_not_do(app: Flask, person: Person) -> None:
    person.files()
    others = Person(app.test_client()).files()
    response = person.client.post("/back/new-code", data={"code": others})
    assert "not the code of what is open here" in response.text
    assert Person(app.test_client()).client.post("/back", data={"code": others}).status_code == 303


def test_what_was_not_sent_has_no_other_code(person: Person) -> None:
    code = person.starts()
    assert person.client.get("/back/new-code").location == "/back/open"
    response = person.client.post("/back/new-code", data={"code": code})
    assert "Send it first" in response.text


def test_while_too_many_wait_the_old_code_stays_typed(app: Flask, person: Person) -> None:
    old = person.files()
    with no_turns_left(app):
        response = person.client.post("/back/new-code", data={"code": old})
    assert response.status_code == 503
    assert "Wait a few seconds" in response.text


def test_whoever_opens_it_sees_that_a_new_code_was_asked_for_and_stops_it(
    person: Person, site: Site, clock: HandClock
) -> None:
    old = person.files()
    theirs = ask_by_receipt(site)
    clock.advance(hours=50)
    person.client.post("/back", data={"code": old})
    page = re.sub(r"\s+", " ", person.client.get("/back/open").text)
    assert "Somebody asked for a new return code." in page
    assert "They asked on 2 March 2026, 9am" in page
    assert "From 5 March 2026, 9am the new code opens this page" in page
    assert page.index("change-asked") < page.index("What happened since")
    done = "The new code is cancelled. It never works."
    assert done not in person.client.get("/back/open?done=1").text
    assert person.client.post("/back/new-code/cancel").location == "/back/open?done=1"
    page = person.client.get("/back/open?done=1").text
    assert page.index(done) < page.index("<h1")
    assert "change-asked" not in page
    assert "had asked for was cancelled" in page
    clock.advance(hours=50)
    assert "opens nothing" in person.client.post("/back", data={"code": theirs}).text
    assert person.client.post("/back", data={"code": old}).location == "/back/open"


def test_a_code_whose_time_has_not_come_says_when_it_comes(
    app: Flask, person: Person, site: Site, clock: HandClock
) -> None:
    old = person.files()
    theirs, other = ask_by_receipt(site), Person(app.test_client())
    early = other.client.post("/back", data={"code": theirs})
    assert early.status_code == 400
    assert "It works from 9am on Thursday 5 March 2026" in early.text
    clock.advance(hours=72)
    # The job has not run yet.
    assert other.client.post("/back", data={"code": theirs}).location == "/back/open"
    assert "The new return code began to work" in other.client.get("/back/open").text
    assert person.client.get("/back/open").location == "/back"
    assert "opens nothing" in person.client.post("/back", data={"code": old}).text


def test_a_new_code_made_with_the_old_one_ends_what_others_asked_for(
    person: Person, site: Site
) -> None:
    old = person.files()
    theirs = ask_by_receipt(site)
    assert "asked for with a receipt is cancelled" in person.client.get("/back/new-code").text
    person.client.post("/back/new-code", data={"code": old})
    assert "change-asked" not in person.client.get("/back/open").text
    assert "opens nothing" in person.client.post("/back", data={"code": theirs}).text


def test_a_supporter_who_sent_it_cannot_change_the_code(app: Flask, site: Site) -> None:
    advocate = add_person(site, "advocate")
    theirs = Person(sign_in(app, advocate))
    code = theirs.files()
    with site.database.transaction() as session:
        session.scalars(select(Report)).one().filed_by = advocate
    for response in (
        theirs.client.get("/back/new-code"),
        theirs.client.post("/back/new-code", data={"code": code}),
        theirs.client.post("/back/safe-way", data={"address": "a@b.uk"}),
    ):
        assert response.location is not None
        assert response.location.startswith("/advocate/")


def test_without_a_visit_every_page_of_it_leads_to_the_code(person: Person) -> None:
    for address in ("/back/new-code", "/back/new-code/shown", "/back/safe-way"):
        assert person.client.get(address).location == "/back"
