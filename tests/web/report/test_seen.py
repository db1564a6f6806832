"""Everybody who looked is on one page, in groups, with the reason that they gave."""

from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.alerts.lifecycle import act
from portal.reports.looks import look
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, agree_inbox, alerts_of, file_report, look_again
from tests.rig.people import add_person, site_of
from tests.rig.reviewed import reads, waiting_case


def comes_back(app: Flask, filed: Filed) -> FlaskClient:
    client = app.test_client()
    assert client.post("/back", data={"code": filed.code}).status_code == 303
    return client


def looks(site: Site, filed: Filed, person: UUID, reason: str) -> None:
    with site.database.transaction() as session:
        look(
            session,
            filed.id,
            account=session.get_one(Account, person),
            reason=reason,
            keyring=site.keyring,
            now=site.now(),
        )


def test_many_looks_are_grouped_and_the_newest_come_first(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    agree_inbox(site)
    filed = file_report(site, way="pass")
    inspector = add_person(site, "inspector")
    liaison = add_person(site, "liaison", force_id="wiltshire")
    for number in range(5):
        clock.advance(minutes=20)
        looks(site, filed, inspector, f"Reason {number}.")
    looks(site, filed, liaison, "To write it down.")
    page = comes_back(app, filed).get("/back/seen").text
    assert page.count("An inspector of police forces (Harbour Support)") == 1
    assert "The police force (Harbour Support)" in page
    assert "5 times" in page
    assert "Show 2 earlier times" in page
    assert page.index("Reason 4.") < page.index("Reason 2.") < page.index("Reason 0.")
    assert "To write it down." in page
    opened = comes_back(app, filed).get("/back/open").text
    assert "Reason 0." not in opened[opened.index('id="looks"') :]
    assert 'href="/back/seen"' in opened


def test_readers_registrars_and_whoever_works_on_an_alert_are_there_without_their_thoughts(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, category="raped")
    registrar = add_person(site, "registrar", force_id="wiltshire")
    pcc = add_person(site, "pcc", force_id="wiltshire")
    reads(site, filed, registrar, "none", reason="Not that one.")
    reads(site, filed, pcc, "record", reason="The same lock.")
    clock.advance(days=3)
    look_again(site)
    with site.database.transaction() as session:
        act(
            session,
            alerts_of(site)[0].id,
            "acknowledge",
            account=session.get_one(Account, pcc),
            reason="I look at it.",
            keyring=site.keyring,
            now=site.now(),
        )
    page = comes_back(app, filed).get("/back/seen").text
    assert "The police force’s crime registrar" in page
    assert "as one of two people who have to agree" in page
    assert "Began a check" in page
    assert "Not that one." not in page
    assert "The same lock." not in page


def test_with_nobody_there_it_says_so_and_tells_when_the_code_was_used(
    app: Flask, clock: HandClock
) -> None:
    filed = file_report(site_of(app))
    clock.advance(minutes=1)
    page = comes_back(app, filed).get("/back/seen").text
    assert page.count("Nobody so far.") == 2
    assert 'id="openings"' in page
    client = app.test_client()
    assert client.get("/back/seen").location == "/back"
    client.post("/start")
    assert client.get("/back/seen").location == "/back/open"
