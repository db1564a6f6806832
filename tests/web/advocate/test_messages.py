"""Promises about a supporter's messages: forty cases, one list, each look on record."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.reports.correspondence import ADVOCATE, OVERSIGHT, write_as_person
from portal.reports.looks import looks_at
from portal.reports.safe_hours import SafeHours
from portal.reports.safe_ways import CALL, Way, WayRules
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report
from tests.rig.people import add_person, sign_in
from tests.rig.reached import as_draft, choose, keys, kinds_of

WORDS = "Quaggamire is what he said."


@pytest.fixture
def maria(site: Site) -> UUID:
    return add_person(site, "advocate", name="maria")


@pytest.fixture
def desk(app: Flask, maria: UUID) -> FlaskClient:
    return sign_in(app, maria)


@pytest.fixture
def filed(site: Site, maria: UUID) -> Filed:
    made = file_report(site, filed_by=maria)
    says(site, made)
    return made


def says(site: Site, filed: Filed, to: str = ADVOCATE, words: str = WORDS) -> None:
    with site.database.transaction() as session:
        write_as_person(session, filed.id, to, words, **keys(site))


def opens(desk: FlaskClient, filed: Filed) -> str:
    where = desk.post(f"/advocate/{filed.id}/messages").location
    assert where is not None
    return where


def test_the_list_says_where_something_is_new_and_nothing_of_what(
    desk: FlaskClient, filed: Filed
) -> None:
    for address in ("/advocate", "/advocate/messages", f"/advocate/{filed.id}"):
        page = desk.get(address).text
        assert "unread" in page
        assert "Quaggamire" not in page
    assert "Something new" in desk.get("/advocate").text
    assert "Break-in at a home" in desk.get("/advocate/messages").text


def test_opening_writes_the_look_and_answering_leads_to_what_waits_next(
    desk: FlaskClient, site: Site, filed: Filed
) -> None:
    where = opens(desk, filed)
    with site.database.reading() as session:
        (look,) = looks_at(session, filed.id, keyring=site.keyring)
    assert look.reason == "To read the messages that you wrote to me, and to answer"
    page = desk.get(where).text
    assert WORDS in page
    assert "1 unread" not in desk.get("/advocate/messages").text
    assert "Read, not answered" in desk.get("/advocate/messages").text
    sent = desk.post(where, data={"words": "I ring at ten."})
    assert sent.location == "/advocate/messages?done=sent"
    assert "No message waits for you." in desk.get(sent.location).text
    assert "I ring at ten." in desk.get(where).text


def test_what_needs_no_answer_leaves_the_list(desk: FlaskClient, site: Site, filed: Filed) -> None:
    where = opens(desk, filed)
    put = desk.post(where, data={"words": "", "then": "none"})
    assert put.location == "/advocate/messages?done=aside"
    assert "No message waits" in desk.get(put.location).text
    assert kinds_of(site, filed.id).count("message_sent") == 1


def test_after_a_quarter_of_an_hour_it_is_closed_and_the_words_stay(
    desk: FlaskClient, filed: Filed, clock: HandClock
) -> None:
    where = opens(desk, filed)
    clock.advance(minutes=16)
    page = desk.get(where).text
    assert WORDS not in page
    assert "Open the messages again" in page
    empty = desk.post(where, data={"words": ""})
    assert empty.status_code == 400
    assert "Write your message first" in empty.text
    assert desk.post(where, data={"words": "Late, but here"}).status_code == 303


def test_a_look_of_nobody_shows_nothing(desk: FlaskClient, filed: Filed) -> None:
    assert WORDS not in desk.get(f"/advocate/{filed.id}/messages/{uuid4()}").text
    assert desk.post(f"/advocate/{uuid4()}/messages").status_code == 404


def test_a_withdrawal_while_an_answer_is_written_refuses_it_and_keeps_the_words(
    desk: FlaskClient, site: Site, filed: Filed, clock: HandClock
) -> None:
    where = opens(desk, filed)
    clock.advance(minutes=1)
    as_draft(site, filed).withdraw()
    answer = desk.post(where, data={"words": "I ring at ten."})
    assert answer.status_code == 400
    assert "withdrew" in answer.text


def test_forty_cases_are_worked_through_from_one_list(
    desk: FlaskClient, site: Site, maria: UUID, clock: HandClock
) -> None:
    for _ in range(40):
        says(site, file_report(site, filed_by=maria))
        clock.advance(minutes=1)
    page = desk.get("/advocate/messages").text
    assert page.count("1 unread") == 40
    assert "autofocus" not in page
    page = desk.get("/advocate/messages?done=sent").text
    assert page.count("autofocus") == 1
    first = page.index("autofocus")
    assert page.index("<form", page.index("waiting")) < first < page.index("2 March 2026, 9:01am")


def test_nothing_tells_a_supporter_that_the_person_wrote_to_oversight(
    desk: FlaskClient, site: Site, filed: Filed
) -> None:
    says(site, filed, OVERSIGHT, "About Maria")
    opened = desk.post(f"/advocate/{filed.id}", data={"reason": "help"}).text
    assert "You wrote to your supporter." in opened
    assert "You wrote to the people who watch over the police" not in opened
    assert "About Maria" not in opened + desk.get(opens(desk, filed)).text


def test_who_may_ring_reads_when_and_with_which_word_after_the_look_alone(
    desk: FlaskClient, site: Site, filed: Filed, clock: HandClock
) -> None:
    rules = WayRules(SafeHours((2,), 10, 12), code_word="Zebulonta", no_message=True)
    choose(as_draft(site, filed), Way(CALL, "+447700900982", rules))
    for address in ("/advocate", "/advocate/messages", f"/advocate/{filed.id}"):
        page = desk.get(address).text
        assert "Zebulonta" not in page
        assert "900 982" not in page
        assert "900982" not in page
    page = " ".join(desk.get(opens(desk, filed)).text.split())
    assert "07700 900 982" in page
    assert 'Say the code word first: <strong class="or-long">Zebulonta</strong>' in page
    assert "Not now." in page
    assert "Next: 4 March 2026, 10am" in page
    assert "Never leave a message." in page
    assert "less than 3 days ago" in page


def test_those_who_have_no_part_in_it_are_kept_out(app: Flask, site: Site, filed: Filed) -> None:
    for role in ("liaison", "registrar"):
        other = sign_in(app, add_person(site, role, force_id="wiltshire"))
        assert other.get("/advocate/messages").status_code == 403
        assert other.get("/oversight/messages").status_code == 403
        assert other.post(f"/advocate/{filed.id}/messages").status_code == 403
