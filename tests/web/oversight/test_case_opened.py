"""Names and words, the person's and the records', open only after a reason that is written down."""

from flask import Flask
from sqlalchemy import func, select

from portal.reports.models import Look
from portal.reports.service import withdraw
from tests.rig.clock import HandClock
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.reviewed import allegation_of, waiting_case
from tests.rig.watched import WORDS


def looks(app: Flask) -> int:
    with site_of(app).database.reading() as session:
        return session.scalar(select(func.count()).select_from(Look)) or 0


def test_both_sides_open_after_a_reason_for_this_person_and_a_quarter_of_an_hour(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, victim_name="Bea Quell", place="Kiln Row")
    client = sign_in(app, add_person(site, "pcc", force_id="wiltshire"))
    other = sign_in(app, add_person(site, "inspector"))
    case = f"/oversight/review/{allegation_of(site, filed)}"
    at = f"{case}/open"
    assert client.post(at, data={"reason": " "}).status_code == 422
    assert looks(app) == 0
    answer = client.post(at, data={"reason": "To compare the names."})
    assert (answer.status_code, looks(app)) == (303, 1)
    page = client.get(answer.location).text
    for said in (WORDS, "Bea Quell", "Kiln Row", "To compare the names.", f'href="{case}"'):
        assert said in page, said
    assert other.get(answer.location).location == at
    clock.advance(minutes=16)
    assert client.get(answer.location).location == at


def test_what_was_withdrawn_does_not_open(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = sign_in(app, add_person(site, "inspector"))
    at = f"/oversight/review/{allegation_of(site, filed)}/open"
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=site.now())
    assert "withdrew it" in client.get(at).text
    tried = client.post(at, data={"reason": "To read it."})
    assert tried.status_code == 422
    assert "To read it." in tried.text
    assert looks(app) == 0
