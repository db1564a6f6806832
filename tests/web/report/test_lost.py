"""Promises to somebody who lost their code, walked through the pages."""

import re
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.ledger.code_chain import WAIT
from portal.reports.models import LostCode
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.hashing import no_turns_left
from tests.rig.letters import ADDRESS, letters, look_at_requests, numbers
from tests.web.report.conftest import Person

NOBODYS = b'{"format": "on-record-receipt/v1", "fields": [], "hidden": [], "proof": ""}'


def confirms_safe_way(person: Person, site: Site) -> None:
    person.client.post("/back/safe-way", data={"way": "email", "address": ADDRESS})
    person.client.post("/back/safe-way/number", data={"number": numbers(site)[-1]})


def shows(person: Person, receipt: bytes) -> TestResponse:
    """Choose a receipt file and press the button."""
    return person.client.post("/back/lost", data={"receipt": (BytesIO(receipt), "receipt.json")})


def types(person: Person, number: str) -> TestResponse:
    return person.client.post("/back/lost/number", data={"number": number})


def _but_for_the_token(page: str) -> str:
    """A page without its form token, which is another one each second."""
    return re.sub(r'name="csrf_token"[^>]*', "", page)


@pytest.fixture
def lost(app: Flask, person: Person, site: Site, clock: HandClock) -> tuple[Person, bytes, str]:
    """Somebody at another device, with a receipt; and the code that they lost."""
    code = person.files()
    receipt = person.client.get("/start/receipt/short").data
    confirms_safe_way(person, site)
    clock.instant += WAIT
    return Person(app.test_client()), receipt, code


def test_with_a_receipt_and_the_number_there_is_a_new_code_after_72_hours(
    lost: tuple[Person, bytes, str], site: Site, clock: HandClock
) -> None:
    person, receipt, old = lost
    assert shows(person, receipt).location == "/back/lost/number"
    look_at_requests(site)
    assert types(person, numbers(site)[-1]).location == "/back/lost/code"
    page = re.sub(r"\s+", " ", person.client.get("/back/lost/code").text)
    assert "It works from 8 March 2026, 9am. Before that it opens nothing." in page
    assert "Whoever has it can see that you asked" in page
    fresh = person.code_on("/back/lost/code")
    assert "First five:" in page
    assert person.client.post("/back/lost/code").location == "/?done=1"
    assert "Your new return code is not shown again" in person.client.get("/?done=1").text
    assert person.client.get("/back/lost/code").location == "/back/lost"
    assert person.client.post("/back", data={"code": fresh}).status_code == 400
    assert person.client.post("/back", data={"code": old}).location == "/back/open"
    clock.advance(hours=72)
    assert person.client.post("/back", data={"code": old}).status_code == 400
    assert person.client.post("/back", data={"code": fresh}).location == "/back/open"
    opened = person.client.get("/back/open").text
    assert "asked for a new return code" in opened
    assert "There is no gap between these lines" in opened


def test_every_file_is_answered_alike(
    lost: tuple[Person, bytes, str], app: Flask, site: Site
) -> None:
    person, receipt, _ = lost
    bare = Person(app.test_client())
    bare.files()
    without_way = bare.client.get("/start/receipt/short").data
    pages = set()
    for data in (receipt, without_way, receipt.replace(b"submitted", b"withdrawn"), NOBODYS):
        answer = shows(person, data)
        assert (answer.status_code, answer.location) == (303, "/back/lost/number")
        pages.add(_but_for_the_token(person.client.get("/back/lost/number").text))
        wrong = types(person, "1234 5678")
        assert wrong.status_code == 400
        pages.add(_but_for_the_token(wrong.text))
    assert len(pages) == 2
    assert any("We say the same to everybody" in page for page in pages)
    assert look_at_requests(site) == 1


def test_the_same_file_again_and_again_is_told_to_wait_whatever_it_is(
    lost: tuple[Person, bytes, str],
) -> None:
    person, receipt, _ = lost
    for data in (receipt, NOBODYS):
        for _ in range(5):
            assert shows(person, data).status_code == 303
        refused = shows(person, data)
        assert refused.status_code == 429
        assert "wait, then try again" in refused.text


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7\n", b"{}", b"[" * 200_000, b"[]", b'{"format": 1}', b"x" * 1_200_000, b"\xff"],
)
def test_nobody_waits_for_a_number_after_choosing_what_is_no_receipt_file(
    person: Person, site: Site, data: bytes
) -> None:
    answer = shows(person, data)
    assert answer.status_code == 400
    assert "This is not a receipt file. The sheet or PDF cannot be used here" in answer.text
    assert person.client.get("/back/lost/number").location == "/back/lost"
    with site.database.reading() as session:
        assert not list(session.scalars(select(LostCode.token_hash)))


def test_it_is_said_before_a_file_is_chosen_which_can_be_used(person: Person) -> None:
    page = person.client.get("/back/lost").text
    assert "The sheet or PDF cannot be used here" in page.split("What happens then")[0]


def test_a_receipt_is_not_said_to_show_more_than_it_did(person: Person) -> None:
    page = person.client.get("/back/lost").text
    assert "can still be checked, and shows what it showed" in page


def test_without_a_file_it_says_what_to_do(person: Person) -> None:
    response = person.client.post("/back/lost", data={})
    assert response.status_code == 400
    assert "Choose the receipt file that you saved" in response.text
    empty = types(person, "1")
    assert empty.location == "/back/lost"
    assert person.client.get("/back/lost/number").location == "/back/lost"


def test_an_empty_number_is_told_what_to_do(lost: tuple[Person, bytes, str]) -> None:
    person, receipt, _ = lost
    shows(person, receipt)
    assert "Type the number from the message" in types(person, "").text
    assert person.client.get("/back/lost/code").location == "/back/lost"


def test_leaving_destroys_the_copy_of_the_new_code(
    lost: tuple[Person, bytes, str], site: Site
) -> None:
    person, receipt, _ = lost
    shows(person, receipt)
    look_at_requests(site)
    types(person, numbers(site)[-1])
    person.client.get("/leave")
    with site.database.reading() as session:
        assert list(session.scalars(select(LostCode.sealed_code))) == [None]
    assert person.client.get("/back/lost/code").location == "/back/lost"


def test_a_right_number_while_too_many_wait_is_not_used_up(
    lost: tuple[Person, bytes, str], app: Flask, site: Site
) -> None:
    person, receipt, _ = lost
    shows(person, receipt)
    look_at_requests(site)
    with no_turns_left(app):
        busy = types(person, numbers(site)[-1])
    assert busy.status_code == 503
    assert "Wait a few seconds" in busy.text
    assert types(person, numbers(site)[-1]).location == "/back/lost/code"


def test_whoever_asked_sees_that_the_new_code_was_cancelled(
    lost: tuple[Person, bytes, str], person: Person, site: Site
) -> None:
    asker, receipt, code = lost
    shows(asker, receipt)
    look_at_requests(site)
    types(asker, numbers(site)[-1])
    fresh = asker.code_on("/back/lost/code")
    person.client.post("/back", data={"code": code})
    person.client.post("/back/new-code/cancel")
    page = re.sub(r"\s+", " ", asker.client.get("/back/lost/code").text)
    assert "cancelled it on 5 March 2026, 9am" in page
    assert "It opens nothing, now and later" in page
    assert "Keep your new return code" not in page
    assert fresh[:5] not in page


def test_a_number_typed_twice_gives_one_code(lost: tuple[Person, bytes, str], site: Site) -> None:
    person, receipt, _ = lost
    shows(person, receipt)
    look_at_requests(site)
    number = numbers(site)[-1]
    types(person, number)
    code = person.code_on("/back/lost/code")
    assert types(person, number).status_code == 400
    assert person.code_on("/back/lost/code") == code
    assert len(letters(site)) == 3


def test_the_page_says_what_is_needed_and_whom_waiting_protects(person: Person) -> None:
    page = re.sub(r"\s+", " ", person.client.get("/back/lost").text)
    assert "It starts to work after 72 hours" in page
    assert "your receipt and your phone" in page
    assert "because we cannot know that it is you" in page
    assert 'href="/back/lost"' in person.client.get("/back").text
