"""A liaison's inbox: delivered is received, each opening written down, no answer stops a clock."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.reference.terms import set_terms
from portal.reports.codes import make_code
from portal.reports.drafts import save_allegation, save_answers, start_draft
from portal.reports.handovers import PER_PAGE, claims_on
from portal.reports.looks import looks_at
from portal.reports.models import Allegation, Handover
from portal.reports.service import submit, withdraw
from tests.rig.clock import HandClock
from tests.rig.filed import agree_inbox, file_report
from tests.rig.people import add_person, sign_in, site_of

WORDS = "He took the blue bicycle from the shed."


@pytest.fixture
def liaison(app: Flask) -> FlaskClient:
    return sign_in(app, add_person(site_of(app), "liaison", force_id="wiltshire"))


@pytest.fixture
def passed(app: Flask) -> UUID:
    """A report of Ann Bell's that was passed to Wiltshire."""
    here = site_of(app)
    now = here.now()
    pages: dict[str, dict[str, Any]] = {
        "who": {"who_for": "self"},
        "insider": {"insider": "yes"},
        "way": {"way": "pass"},
        "pass": {"force": "wiltshire", "agrees": "yes"},
        "words": {"words": WORDS},
        "about": {"name": "Ann Bell"},
        "contact": {"contact": "none", "detail": "", "safe_times": ""},
    }
    code = make_code(here.codes)
    with here.database.transaction() as session:
        set_terms(
            session,
            "wiltshire",
            inbox_agreed_at=now,
            notice_address="inbox@example.org",
            supply_interval_hours=None,
            now=now,
        )
        report = start_draft(session, code=code, keyring=here.keyring, now=now)
        what = {"category": "burglary-other", "other": ""}
        save_allegation(session, report.id, 1, "what", what, keyring=here.keyring, now=now)
        for page, values in pages.items():
            save_answers(session, report.id, page, values, keyring=here.keyring, now=now)
        submit(session, report.id, keyring=here.keyring, now=now)
        return report.id


@pytest.fixture
def address(app: Flask, passed: UUID) -> str:
    with site_of(app).database.reading() as reading:
        handover = reading.scalars(select(Handover.id).where(Handover.report_id == passed)).one()
    return f"/force/{handover}"


def looks(app: Flask, report_id: UUID) -> list[str]:
    here = site_of(app)
    with here.database.reading() as reading:
        return [each.reason for each in looks_at(reading, report_id, keyring=here.keyring)]


def test_the_inbox_shows_what_came_and_nothing_of_its_content(
    liaison: FlaskClient, address: str
) -> None:
    page = liaison.get("/force").text
    assert "2 March 2026" in page
    assert "Break-in at another building" in page
    assert address in page
    assert "Not yet" in page
    assert WORDS not in page
    assert "Ann Bell" not in page


def test_nothing_opens_before_a_reason_is_written_down(
    app: Flask, liaison: FlaskClient, passed: UUID, address: str
) -> None:
    assert WORDS not in liaison.get(address).text
    refused = liaison.post(address, data={"reason": "  "})
    assert refused.status_code == 400
    assert WORDS not in refused.text
    assert looks(app, passed) == []


def test_each_opening_is_written_down_for_the_victim_to_read(
    app: Flask, clock: HandClock, liaison: FlaskClient, passed: UUID, address: str
) -> None:
    opened = liaison.post(address, data={"reason": "To record it"})
    assert opened.status_code == 200
    assert WORDS in opened.text
    assert "Ann Bell" in opened.text
    clock.advance(minutes=1)
    liaison.post(address, data={"reason": "To call her"})
    assert looks(app, passed) == ["To record it", "To call her"]
    assert "Not yet" not in liaison.get("/force").text


def test_the_force_is_not_told_that_someone_in_the_police_may_be_involved(
    liaison: FlaskClient, address: str
) -> None:
    opened = liaison.post(address, data={"reason": "To see"}).text
    assert "Someone in the police" not in opened
    assert "In their own words" in opened


def test_an_answer_is_the_forces_claim_and_stops_no_clock(
    app: Flask, liaison: FlaskClient, passed: UUID, address: str
) -> None:
    typed = {"crime_reference": "54/1/26", "words": "Recorded today"}
    unread = liaison.post(f"{address}/answer", data=typed)
    assert unread.status_code == 400
    assert "Open it first" in unread.text
    assert "Recorded today</textarea>" in unread.text
    assert liaison.post(address, data={"reason": "To record it"}).status_code == 200
    said = liaison.post(f"{address}/answer", data=typed)
    assert said.status_code == 303
    assert "stops no time limit" in liaison.get(said.location).text
    here = site_of(app)
    with here.database.reading() as reading:
        (claim,) = claims_on(reading, passed, keyring=here.keyring)
        allegation = reading.scalars(select(Allegation).where(Allegation.report_id == passed)).one()
    assert (claim.crime_reference, claim.words) == ("54/1/26", "Recorded today")
    assert allegation.clock_starts_at is not None
    assert "54/1/26, as the force says" in liaison.post(address, data={"reason": "Again"}).text


def test_an_empty_answer_is_asked_for_again(liaison: FlaskClient, address: str) -> None:
    refused = liaison.post(f"{address}/answer", data={"crime_reference": "", "words": ""})
    assert refused.status_code == 400
    assert "Write a crime reference number, or say something" in refused.text


def test_another_force_does_not_learn_that_there_is_anything(
    app: Flask, liaison: FlaskClient, address: str
) -> None:
    other = sign_in(app, add_person(site_of(app), "liaison", force_id="dorset", name="dora"))
    assert address not in other.get("/force").text
    for path in (address, f"{address}/answer"):
        assert other.get(path).status_code == 404
        assert other.post(path, data={"reason": "x", "words": "x"}).status_code == 404


def test_what_was_withdrawn_cannot_be_opened_and_its_clock_goes_on(
    app: Flask, liaison: FlaskClient, passed: UUID, address: str
) -> None:
    here = site_of(app)
    assert "Break-in" in liaison.get("/force").text
    with here.database.transaction() as session:
        withdraw(session, passed, keyring=here.keyring, now=here.now())
    inbox = liaison.get("/force").text
    assert "Not shown any more" in inbox
    assert "Break-in" not in inbox
    assert "withdrew it" in liaison.get(address).text
    opened = liaison.post(address, data={"reason": "To see"})
    assert opened.status_code == 409
    assert WORDS not in opened.text
    with here.database.reading() as reading:
        assert reading.scalars(select(Allegation.clock_starts_at)).one() is not None


@pytest.mark.parametrize("page", ["2", "-1", "x", "9" * 40])
def test_a_page_that_there_is_not_leads_back_to_the_newest(
    liaison: FlaskClient, address: str, page: str
) -> None:
    answer = liaison.get(f"/force?page={page}")
    assert answer.status_code == 200
    assert address in answer.text or "Back to the newest" in answer.text


def test_a_long_inbox_leads_on_to_its_next_page(app: Flask, liaison: FlaskClient) -> None:
    here = site_of(app)
    agree_inbox(here)
    for _ in range(PER_PAGE + 1):
        file_report(here, way="pass")
    first = liaison.get("/force").text
    assert first.count('<th scope="row"') == PER_PAGE
    assert 'href="/force?page=2"' in first
    second = liaison.get("/force?page=2").text
    assert second.count('<th scope="row"') == 1
    assert 'href="/force?page=1"' in second
    assert "Next page" not in second


def test_only_a_liaison_has_an_inbox(app: Flask, address: str) -> None:
    person = sign_in(app, add_person(site_of(app), "inspector"))
    assert person.get("/force").status_code == 403
    assert person.post(address, data={"reason": "To see"}).status_code == 403
    assert app.test_client().get("/force").status_code == 302
