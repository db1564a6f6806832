"""Promises about possible matches: both sides, every check in words, a decision with a reason."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.matching.models import Match
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import look_again
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.supplies import row, take
from tests.rig.watched import ABOUT, INCIDENT, WORDS, waiting_match


def pcc(app: Flask, force: str = "wiltshire") -> FlaskClient:
    return sign_in(app, add_person(site_of(app), "pcc", force_id=force))


def the_match(site: Site) -> Match:
    with site.database.reading() as session:
        return session.scalars(select(Match)).one()


def at(site: Site) -> str:
    return f"/oversight/matches/{the_match(site).id}"


def decides(client: FlaskClient, address: str, decision: str, reason: str) -> TestResponse:
    """Open the page, choose, write, and press the button."""
    found = re.search(r'name="version" value="(\d+)"', client.get(address).text)
    data = {"decision": decision, "reason": reason, "version": found[1] if found else ""}
    return client.post(address, data=data)


def test_the_queue_shows_both_sides_and_what_speaks_against(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    page = pcc(app).get("/oversight/matches").text
    row = " ".join(re.sub(r"<[^>]+>", " ", page.split("<tbody")[1]).split())
    assert "Break-in at a home and 54/7/26 Wiltshire" in row
    assert "Burglary" in row
    assert "Too little is known about the person on both sides." in row
    assert ABOUT["name"] not in page


def test_an_empty_queue_and_a_page_beyond_its_end_say_so(app: Flask) -> None:
    client = pcc(app)
    assert "No possible match waits" in client.get("/oversight/matches").text
    assert "There is nothing on this page" in client.get("/oversight/matches?page=99999999").text
    assert client.get("/oversight/matches?page=-3").status_code == 200


def test_a_match_shows_the_sides_beside_each_other_and_each_check_in_words(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    page = pcc(app).get(at(site)).text
    for said in (
        "A person has to decide:</strong> Too little is known about the person on both sides.",
        "Is it this event, and not another of theirs?</dt>",
        "Not known on both sides:</strong> First name, Surname, Date of birth,",
    ):
        assert said in page
    assert "What was reported</th>" in page
    assert "What the record says</th>" in page
    assert ABOUT["name"] not in page
    assert WORDS not in page


@pytest.mark.parametrize(("decision", "state"), [("confirm", "accepted"), ("refuse", "refused")])
def test_a_decision_with_a_reason_is_kept_and_leads_back_to_the_queue(
    app: Flask, clock: HandClock, decision: str, state: str
) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    client = pcc(app)
    answer = decides(client, at(site), decision, "Both say the barn.")
    assert (answer.status_code, answer.location) == (303, f"/oversight/matches?done={decision}")
    assert the_match(site).state == state
    assert "No possible match waits" in client.get(answer.location).text
    page = client.get(at(site)).text
    assert "Decided by Harbour Support" in page
    assert "Both say the barn." in page


def test_a_confirmed_match_can_still_be_refused_and_a_refused_one_cannot_come_back(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    client = pcc(app)
    decides(client, at(site), "confirm", "It fits.")
    page = client.get(at(site)).text
    assert re.findall(r'name="decision" type="radio" value="(\w+)"', page) == ["refuse"]
    decides(client, at(site), "refuse", "It was a mistake.")
    late = client.post(at(site), data={"decision": "refuse", "reason": "My long reason."})
    assert late.status_code == 422
    assert "Somebody has decided this match already" in late.text
    assert "My long reason." in late.text


def test_without_a_reason_or_a_choice_nothing_is_decided_and_what_was_typed_stays(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    client = pcc(app)
    no_reason = client.post(at(site), data={"decision": "refuse"})
    assert no_reason.status_code == 422
    assert 'value="refuse" checked' in no_reason.text
    no_choice = client.post(at(site), data={"reason": "A long thought."})
    assert no_choice.status_code == 422
    assert "A long thought.</textarea>" in no_choice.text
    assert the_match(site).state == "proposed"


def test_a_registrar_sees_a_match_and_cannot_decide_on_it(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    client = sign_in(app, add_person(site, "registrar", force_id="wiltshire"))
    page = client.get(at(site))
    assert page.status_code == 200
    assert 'name="decision"' not in page.text
    tried = client.post(at(site), data={"decision": "confirm", "reason": "It is ours."})
    assert tried.status_code == 422
    assert "It is ours." in tried.text
    assert the_match(site).state == "proposed"


def test_a_match_of_another_force_is_as_if_it_were_not_there(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    client = pcc(app, "kent")
    assert client.get(at(site)).status_code == 404
    tried = client.post(at(site), data={"decision": "confirm", "reason": "It is ours."})
    assert tried.status_code == 404
    assert the_match(site).state == "proposed"


def test_a_record_that_changed_after_the_page_was_opened_is_looked_at_again(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    client = pcc(app)
    form = re.compile(r'name="version" value="(\d+)"')
    before = form.findall(client.get(at(site)).text)
    clock.advance(minutes=5)
    cells = {"incident_number": INCIDENT, "recorded_at": "2026-03-02 12:30"}
    take(site, [row("54/7/26", offence_code="28F", **cells)], is_full=False)
    look_again(site)
    for version in (*before, "", "9" * 30, "x"):
        data = {"decision": "confirm", "reason": "It fits.", "version": version}
        tried = client.post(at(site), data=data)
        assert tried.status_code == 422
        assert "The force changed this record after you opened the page. Look again" in tried.text
        assert "It fits.</textarea>" in tried.text
    assert the_match(site).state == "proposed"
    assert form.findall(tried.text) != before
    assert decides(client, at(site), "confirm", "It still fits.").status_code == 303


def test_confirming_what_somebody_else_confirmed_meanwhile_says_so(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    client = pcc(app)
    decides(client, at(site), "confirm", "It fits.")
    late = client.post(at(site), data={"decision": "confirm", "reason": "I think so too."})
    assert late.status_code == 422
    assert "This match is accepted already" in late.text


@pytest.mark.parametrize("changed", [{"offence_code": "N100/1"}, {"removal_code": "C2"}])
def test_what_is_no_crime_record_is_not_offered_to_be_confirmed(
    app: Flask, clock: HandClock, changed: dict[str, str]
) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    client, address = pcc(app), at(site)
    assert 'value="confirm"' in client.get(address).text
    take(site, [row("54/7/26", **changed)], is_full=False)
    page = client.get(address).text
    assert 'value="refuse"' in page
    assert 'value="confirm"' not in page
