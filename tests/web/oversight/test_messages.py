"""Promises about oversight's messages: a reason first, and only with whom it concerns."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.reports.correspondence import OVERSIGHT, write_as_person
from portal.reports.looks import looks_at
from portal.reports.still_safe import say_safe
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, file_report, look_again
from tests.rig.letters import ADDRESS
from tests.rig.people import add_person, sign_in
from tests.rig.reached import as_draft, did_not_arrive, keys, wants_news

WORDS = "Quaggamire is what I ask."


@pytest.fixture
def pcc(site: Site) -> UUID:
    return add_person(site, "pcc", force_id="wiltshire")


@pytest.fixture
def desk(app: Flask, pcc: UUID) -> FlaskClient:
    return sign_in(app, pcc)


@pytest.fixture
def filed(site: Site) -> Filed:
    return file_report(site)


def says(site: Site, filed: Filed, words: str = WORDS) -> None:
    with site.database.transaction() as session:
        write_as_person(session, filed.id, OVERSIGHT, words, **keys(site))


def opens(desk: FlaskClient, filed: Filed, reason: str = "To answer them") -> str:
    where = desk.post(f"/oversight/messages/{filed.id}", data={"reason": reason}).location
    assert where is not None
    return where


def test_a_reason_is_written_before_a_word_is_shown(
    desk: FlaskClient, site: Site, filed: Filed
) -> None:
    says(site, filed)
    for address in ("/oversight/messages", f"/oversight/messages/{filed.id}"):
        assert WORDS not in desk.get(address).text
    assert "1 unread" in desk.get("/oversight/messages").text
    empty = desk.post(f"/oversight/messages/{filed.id}", data={"reason": ""})
    assert empty.status_code == 422
    where = opens(desk, filed)
    assert WORDS in desk.get(where).text
    with site.database.reading() as session:
        (look,) = looks_at(session, filed.id, keyring=site.keyring)
    assert look.reason == "To answer them"


def test_an_answer_leads_to_what_waits_next(desk: FlaskClient, site: Site, filed: Filed) -> None:
    says(site, filed)
    where = opens(desk, filed)
    assert desk.post(where, data={"words": ""}).status_code == 422
    sent = desk.post(where, data={"words": "We look into it."})
    assert sent.location == "/oversight/messages?done=sent"
    page = desk.get(sent.location).text
    assert "Your message is sent." in page
    assert "No message waits for you." in page
    says(site, filed, "Thank you")
    aside = desk.post(opens(desk, filed), data={"then": "none"})
    assert "It needs no answer." in desk.get(aside.location).text


def test_from_an_opened_report_the_messages_are_one_step_away(
    app: Flask, site: Site, filed: Filed, clock: HandClock, pcc: UUID
) -> None:
    says(site, filed)
    clock.advance(days=3)
    look_again(site)
    desk = sign_in(app, pcc)
    alert = alerts_of(site)[0]
    assert f"/oversight/messages/{filed.id}" in desk.get(f"/oversight/alerts/{alert.id}").text
    opened = desk.post(f"/oversight/alerts/{alert.id}/open", data={"reason": "To check"}).location
    look_id = opened.rsplit("/", 1)[1]
    thread = f"/oversight/messages/{filed.id}/{look_id}"
    assert thread in desk.get(opened).text
    assert WORDS in desk.get(thread).text


def test_whoever_writes_is_told_that_the_safe_way_failed_until_its_person_answers(
    desk: FlaskClient, site: Site, filed: Filed, clock: HandClock
) -> None:
    says(site, filed)
    wants_news(as_draft(site, filed))
    where = opens(desk, filed)
    assert 'id="unreached"' not in desk.get(where).text
    clock.advance(minutes=1)
    did_not_arrive(site, filed.id)
    page = desk.get(where).text
    assert "A message to the person’s safe way did not arrive." in page
    assert "What you write here waits for them." in page
    assert ADDRESS not in page
    assert 'id="unreached"' in desk.post(where, data={"words": ""}).text
    clock.advance(minutes=1)
    with site.database.transaction() as session:
        say_safe(session, filed.id, **keys(site))
    assert 'id="unreached"' not in desk.get(where).text


def test_another_force_and_a_stranger_find_nothing(app: Flask, site: Site, filed: Filed) -> None:
    says(site, filed)
    other = sign_in(app, add_person(site, "pcc", force_id="dorset", name="dorset"))
    assert "No message waits" in other.get("/oversight/messages").text
    assert other.get(f"/oversight/messages/{filed.id}").status_code == 404
    assert other.get(f"/oversight/messages/{filed.id}/{uuid4()}").status_code == 404


def test_after_withdrawing_only_what_came_since_is_read(
    desk: FlaskClient, site: Site, filed: Filed, clock: HandClock
) -> None:
    says(site, filed, "Before")
    clock.advance(minutes=1)
    as_draft(site, filed).withdraw()
    assert desk.get(f"/oversight/messages/{filed.id}").status_code == 404
    clock.advance(minutes=1)
    says(site, filed, "Since")
    assert "Withdrawn" in desk.get("/oversight/messages").text
    assert "nothing else" in desk.get(f"/oversight/messages/{filed.id}").text
    page = desk.get(opens(desk, filed)).text
    assert "Since" in page
    assert "Before" not in page
    assert "You cannot write to them here." in page
