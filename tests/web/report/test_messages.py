"""Promises about messages on the person's own pages: neutral, kept when refused, and theirs."""

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.reports.correspondence import LONGEST
from portal.site import Site
from tests.promises.test_nothing_gives_away import TELLING
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report
from tests.rig.people import add_person
from tests.rig.reached import as_draft, kinds_of, supporter_writes
from tests.web.report.conftest import Person, sends_on

SUPPORTER = "/back/messages/supporter"
WORDS = "Quaggamire is what he said."


@pytest.fixture
def maria(site: Site) -> UUID:
    return add_person(site, "advocate", name="maria")


@pytest.fixture
def filed(site: Site, maria: UUID) -> Filed:
    return file_report(site, filed_by=maria)


@pytest.fixture
def hers(client: FlaskClient, filed: Filed) -> FlaskClient:
    """The person's browser, with the report open."""
    assert client.post("/back", data={"code": filed.code}).location == "/back/open"
    return client


def text(client: FlaskClient, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).text)


def test_a_person_writes_reads_and_sees_one_line_without_words_in_the_history(
    hers: FlaskClient, site: Site, filed: Filed, maria: UUID
) -> None:
    assert hers.post(SUPPORTER, data={"words": WORDS}).location == f"{SUPPORTER}?done=1"
    page = text(hers, f"{SUPPORTER}?done=1")
    assert "Your message is sent." in page
    assert WORDS in page
    supporter_writes(site, filed.id, maria, "I ring at ten.")
    opened = text(hers, "/back/open")
    assert "1 new" in opened
    assert "You wrote to your supporter." in opened
    assert "Your supporter wrote to you." in opened
    assert "Quaggamire" not in opened
    assert "ring at ten" not in opened
    assert "1 new" in text(hers, "/back/messages")
    assert "I ring at ten." in text(hers, SUPPORTER)
    assert "1 new" not in text(hers, "/back/messages")


def test_no_title_and_no_address_says_what_it_is_about(hers: FlaskClient) -> None:
    for address in ("/back/messages", SUPPORTER, "/back/messages/office"):
        title = re.search(r"<title>(.*?)</title>", hers.get(address).text)
        assert title is not None
        assert not TELLING.search(title[1])
        assert title[1].startswith("Messages")


@pytest.mark.parametrize(
    ("words", "said"), [("", "Write your message first"), ("y" * (LONGEST + 1), "or fewer")]
)
def test_what_is_refused_stays_in_its_box(hers: FlaskClient, words: str, said: str) -> None:
    assert hers.post(SUPPORTER, data={"words": words}).location == SUPPORTER
    page = hers.get(SUPPORTER).text
    assert said in page
    assert words in page
    assert hers.post(SUPPORTER, data={"words": "Now"}).location == f"{SUPPORTER}?done=1"
    assert "There is a problem" not in hers.get(SUPPORTER).text


def test_nothing_typed_is_lost_when_the_visit_had_ended(
    app: Flask, filed: Filed, clock: HandClock, site: Site
) -> None:
    person = Person(app.test_client())
    person.client.post("/back", data={"code": filed.code})
    clock.advance(hours=3)
    page = sends_on(person, SUPPORTER, filed.code, {"words": WORDS})
    assert "Your message is sent." in page
    assert kinds_of(site, filed.id).count("message_sent") == 1


def test_nobody_is_offered_whom_they_cannot_reach(person: Person) -> None:
    person.files(way={"way": "keep"})
    assert 'href="/back/messages"' not in person.client.get("/back/open").text
    assert person.client.get("/back/messages").location == "/back/open"
    assert person.client.get(SUPPORTER).location == "/back/messages"
    refused = person.client.post(SUPPORTER, data={"words": WORDS})
    assert refused.location == SUPPORTER


def test_after_withdrawing_the_page_says_what_can_be_read(
    hers: FlaskClient, site: Site, filed: Filed
) -> None:
    as_draft(site, filed).withdraw()
    hers.post("/back", data={"code": filed.code})
    assert "They cannot answer here." in text(hers, SUPPORTER)
    assert hers.post(SUPPORTER, data={"words": WORDS}).location == f"{SUPPORTER}?done=1"


def test_a_supporter_who_left_is_said_to_be_gone_and_the_words_stay(
    hers: FlaskClient, site: Site, maria: UUID
) -> None:
    from portal.accounts.models import Account

    hers.post(SUPPORTER, data={"words": WORDS})
    with site.database.transaction() as session:
        session.get_one(Account, maria).closed_at = site.now()
    page = text(hers, SUPPORTER)
    assert "Nobody reads here any more" in page
    assert WORDS in page


def test_an_unknown_side_is_no_page(hers: FlaskClient) -> None:
    assert hers.get("/back/messages/police").status_code == 404
