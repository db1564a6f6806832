"""Promises about what a person can still do with what was sent."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select

from portal.ledger.models import LedgerOpening
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
    assert response.location == "/back/open"
    assert person.client.post("/back/tell", data=TOLD).location == "/back/open"
    assert state_of(site).state == "told"
    assert kinds(site) == ["submitted", "told_police"]
    page = person.client.get("/back/open").text
    assert "Nobody was told." in page
    assert "You told us that you had told the police" in page


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
    assert person.client.post("/back/pass", data=typed).location == "/back/open"
    assert person.client.post("/back/pass", data=typed).location == "/back/open"
    assert kinds(site) == ["submitted", "handed_over"]
    assert "in the inbox of Wiltshire Police" in person.client.get("/back/open").text


def test_withdrawing_stops_looks_and_never_the_clock(person: Person, site: Site) -> None:
    person.files()
    assert "keeps running" in person.client.get("/back/withdraw").text
    assert person.client.post("/back/withdraw").location == "/back/open"
    assert person.client.post("/back/withdraw").location == "/back/open"
    assert kinds(site) == ["submitted", "withdrawn"]
    with site.database.reading() as session:
        assert session.scalars(select(Allegation.clock_starts_at)).one() is not None
    page = person.client.get("/back/open").text
    assert "You withdrew it" in page
    assert "The police have 24 hours" in page
    assert "/back/withdraw" not in page


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
        return client.post("/back/tell", data=TOLD).location

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(press, range(3))) == {"/back/open"}
    assert kinds(site) == ["submitted", "told_police"]
