"""Promises about what a person can still do with what was sent."""

import re
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select

from portal.ledger.models import LedgerOpening
from portal.reference.terms import set_terms
from portal.reports.models import Allegation, Report
from portal.site import Site
from tests.web.report.conftest import KEPT, Person


def state_of(site: Site) -> Report:
    with site.database.reading() as session:
        return session.scalars(select(Report)).one()


def kinds(site: Site) -> list[str]:
    with site.database.reading() as session:
        query = select(LedgerOpening.kind).order_by(LedgerOpening.entry_index)
        return list(session.scalars(query))


TOLD = {"kind": "exact", "exact-day": "1", "exact-month": "3", "exact-year": "2026"}


def test_a_kept_report_can_be_told_later_and_its_first_day_stays(
    person: Person, site: Site
) -> None:
    person.files(**KEPT)
    response = person.client.post("/back/tell", data=TOLD | {"crime_reference": "54/1/26"})
    assert response.location == "/back/tell/check"
    assert "54/1/26" in person.client.get("/back/tell/check").text
    assert state_of(site).state == "kept"
    assert person.client.post("/back/tell/check").location == "/back/open"
    assert person.client.post("/back/tell", data=TOLD).location == "/back/open"
    assert person.client.post("/back/tell/check").location == "/back/tell"
    assert state_of(site).state == "told"
    assert kinds(site) == ["submitted", "told_police"]
    page = person.client.get("/back/open").text
    assert "Nobody was told." in page
    assert "You told us that you had told the police" in page
    shown = re.sub(r"\s+", " ", page.split("What you sent</h2>")[1])
    assert "Since then you said that you have told the police" in shown
    assert "Sunday 1 March 2026" in shown
    assert "54/1/26" in shown


def test_what_is_wrong_about_the_telling_is_shown_and_kept(person: Person, site: Site) -> None:
    person.files(**KEPT)
    response = person.is_asked_again("/back/tell", kind="", officer="PC 123")
    assert "Choose one of the answers" in response.text
    assert 'value="PC 123"' in response.text
    assert state_of(site).state == "kept"


def test_a_kept_report_can_be_passed_on_with_consent_only(
    person: Person, site: Site, agreed: str
) -> None:
    person.files(**KEPT)
    refused = person.is_asked_again("/back/pass", force=agreed)
    assert "Tick the box if you agree" in refused.text
    typed = {"force": agreed, "agrees": "yes"}
    assert person.client.post("/back/pass", data=typed).location == "/back/pass/check"
    assert "Wiltshire Police" in person.client.get("/back/pass/check").text
    assert kinds(site) == ["submitted"]
    assert person.client.post("/back/pass/check").location == "/back/open"
    assert person.client.post("/back/pass", data=typed).location == "/back/open"
    assert kinds(site) == ["submitted", "handed_over"]
    assert "in the inbox of Wiltshire Police" in person.client.get("/back/open").text


def test_withdrawing_stops_looks_and_never_the_clock(person: Person, site: Site) -> None:
    person.files()
    assert "keeps running" in person.client.get("/back/stop").text
    assert person.client.post("/back/stop").location == "/back/open"
    assert person.client.post("/back/stop").location == "/back/open"
    assert kinds(site) == ["submitted", "withdrawn"]
    with site.database.reading() as session:
        assert session.scalars(select(Allegation.clock_starts_at)).one() is not None
    page = person.client.get("/back/open").text
    assert "You withdrew it" in page
    assert "The police have 24 hours" in page
    assert "/back/stop" not in page


def test_only_what_is_lawful_is_offered(person: Person) -> None:
    person.files()
    page = person.client.get("/back/open").text
    assert "/back/tell" not in page
    assert "/back/pass" not in page
    assert person.client.get("/back/tell").location == "/back/open"
    assert person.client.get("/back/pass").location == "/back/open"


def test_two_presses_at_once_tell_once(person: Person, app: Flask, site: Site) -> None:
    person.files(**KEPT)
    cookie = person.client.get_cookie("session")
    assert cookie

    def press(_number: int) -> str:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        return client.post("/back/tell/check").location

    person.client.post("/back/tell", data=TOLD)
    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(press, range(3))) <= {"/back/open", "/back/tell"}
    assert kinds(site) == ["submitted", "told_police"]


def test_nothing_is_sent_that_was_not_checked(person: Person, site: Site, agreed: str) -> None:
    person.files(**KEPT)
    for page in ("tell", "pass"):
        assert person.client.get(f"/back/{page}/check").location == f"/back/{page}"
        assert person.client.post(f"/back/{page}/check").location == f"/back/{page}"
    person.is_asked_again("/back/tell", kind="exact", **{"exact-day": "40"})
    assert person.client.post("/back/tell/check").location == "/back/tell"
    assert kinds(site) == ["submitted"]


def test_a_force_that_ends_its_agreement_before_the_last_press_is_told_of(
    person: Person, site: Site, agreed: str
) -> None:
    person.files(**KEPT)
    person.client.post("/back/pass", data={"force": agreed, "agrees": "yes"})
    with site.database.transaction() as session:
        set_terms(
            session,
            agreed,
            inbox_agreed_at=None,
            notice_address=None,
            supply_interval_hours=None,
            now=site.now(),
        )
    assert person.client.post("/back/pass/check").location == "/back/pass"
    assert state_of(site).state == "kept"


def test_whoever_did_not_agree_can_agree_later_and_it_is_on_record(
    person: Person, site: Site
) -> None:
    person.files(who={"who_for": "other", "knows": "yes", "agrees": "no"}, **KEPT)
    assert "/back/tell" in person.client.get("/back/open").text
    assert "Choose whether they agree now" in person.is_asked_again("/back/tell", **TOLD).text
    refused = person.is_asked_again("/back/tell", agrees_now="no", **TOLD).text
    assert "cannot be sent while they do not agree" in refused
    person.client.post("/back/tell", data=TOLD | {"agrees_now": "yes"})
    assert "Yes" in person.client.get("/back/tell/check").text
    person.client.post("/back/tell/check")
    assert kinds(site) == ["submitted", "told_police"]
    assert "Do they agree now" in person.client.get("/back/open").text


def test_whoever_agreed_from_the_start_is_not_asked_again(person: Person) -> None:
    person.files(**KEPT)
    assert "agrees_now" not in person.client.get("/back/tell").text
