"""The promise to who reads Welsh: from the first page to the last, not one line is English.

Where a sentence has no Welsh, `make words` lists it.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.ledger.code_chain import WAIT
from portal.reference.rules import all_rules
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import look_again
from tests.rig.letters import ADDRESS, letters, look_at_requests, numbers
from tests.rig.people import site_of
from tests.rig.welsh import english_in
from tests.web.report.conftest import ANSWERS, KEPT, PASSED, Person

TYPED = (
    *(rule.source for rule in all_rules()),
    "The back door was broken.",
    "The back door was broken.\nMy ring is gone.",
    "The police were told by the end of Saturday 28 February 2026, the latest time in the answer.",
    "The report was put in the police force’s inbox at 9am on Monday 2 March 2026.",
    "demonstration.invalid/on-record",
)
"""What is shown as it was typed, as a receipt holds it, or as an official paper is called."""
PUBLIC = (
    *("/", "/how-it-works", "/privacy", "/accessibility", "/receipts", "/receipts/check", "/log"),
    *("/start", "/start/before", "/back", "/back/lost", "/?done=1", "/easy-read", "/next-steps"),
)
PERSONS_OWN = (
    *("/back/open", "/back/open?done=1", "/back/open?done=2", "/start/done", "/start/print"),
    *("/start/print?code=yes", "/back/print/1", "/back/print/1?large=yes", "/back/show/1"),
    *("/back/add", "/back/correct", "/back/end", "/back/everything", "/back/files", "/back/how"),
    *("/back/messages", "/back/messages/office", "/back/new-code", "/back/next"),
    *("/back/safe-way", "/back/safe-way/remove", "/back/seen", "/back/seen-by", "/back/stop"),
    *("/back/say/told/1", "/back/say/wish/1", "/back/end?done=1", "/back/new-code?done=1"),
)
WRONG: dict[str, dict[str, str]] = {
    "/start/1/what": {},
    "/start/1/when": {"kind": "exact", "exact-day": "31", "exact-month": "2", "exact-year": "2026"},
    "/start/1/force": {},
    "/start/who": {"who_for": "other", "knows": "no", "agrees": "yes"},
    "/start/others": {"insider": "x"},
    "/start/way": {},
    "/start/words": {"words": "x" * 20_001},
    "/start/about": {"birth-day": "1", "birth-month": "13", "birth-year": "99"},
    "/start/contact": {"contact": "email"},
}


class WelshReader(Person):
    """Reads every page that comes, and minds each line of English."""

    def __init__(self, client: FlaskClient) -> None:
        super().__init__(client)
        self.pages = 0
        self.english: list[tuple[str, str]] = []
        client.get("/language/cy?page=/")

    def reads(self, response: TestResponse) -> TestResponse:
        """Look at a page."""
        if response.mimetype == "text/html" and response.status_code not in {302, 303, 307}:
            self.pages += 1
            assert '<html lang="cy"' in response.text, response.request.path
            has_switch = 'form="page-form" formaction' in response.text
            assert has_switch <= ('id="page-form"' in response.text), response.request.path
            found = english_in(response.text, *TYPED)
            self.english += [(response.request.path, text) for text in found]
        return response

    def opens(self, *addresses: str) -> None:
        """Load pages one after the other."""
        for address in addresses:
            page = self.client.get(address, follow_redirects=True)
            assert page.status_code == 200, address
            self.reads(page)

    def answers_and_reads(self, **changes: dict[str, str]) -> None:
        """Answer every question, looking at each page before and after a mistake in it."""
        address = self.client.get("/start/go-on").location
        for _ in range(30):
            self.opens(address)
            if address == "/start/check":
                return
            if address in WRONG:
                self.reads(self.client.post(address, data=WRONG[address], follow_redirects=True))
            page = address.removeprefix("/start/")
            answer = self.client.post(address, data=changes.get(page, ANSWERS.get(page, {})))
            assert answer.status_code == 303, page
            address = str(answer.location)
        raise AssertionError("the pages never led to the end")


@pytest.fixture
def reader(client: FlaskClient) -> Iterator[WelshReader]:
    """Somebody who chose Welsh. In the end all that they read was Welsh."""
    made = WelshReader(client)
    yield made
    assert made.pages
    assert not made.english


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)


def test_the_pages_that_anyone_can_read(reader: WelshReader) -> None:
    reader.opens(*PUBLIC)
    reader.reads(reader.client.get("/nothing-here"))
    for code in ("", "0" * 20, "ABC", "U" * 20, "seven and lost", "X" * 200):
        reader.reads(reader.client.post("/back", data={"code": code, "more": "1"}))
    reader.reads(reader.client.post("/", data={}))
    reader.reads(reader.client.post("/start/words", data={"words": "some"}))


def test_reporting_what_the_police_were_told(reader: WelshReader) -> None:
    reader.client.post("/start")
    reader.opens("/start/code")
    reader.answers_and_reads()
    reader.opens("/start", "/back/open")
    reader.reads(reader.client.post("/start/check", follow_redirects=True))
    reader.opens(*PERSONS_OWN)


def test_time_passing_alerts_and_another_code(
    reader: WelshReader, site: Site, clock: HandClock
) -> None:
    code = reader.files()
    clock.advance(hours=72)
    look_again(site)
    assert reader.client.post("/back", data={"code": code}).location == "/back/open"
    reader.opens("/back/open", "/back/show/1")
    reader.reads(reader.client.post("/back/show/1", data={}))
    reader.reads(
        reader.client.post("/back/show/1", data={"part_0": ["0", "1"]}, follow_redirects=True)
    )
    reader.reads(reader.client.post("/back/new-code", data={"code": ""}))
    reader.reads(reader.client.post("/back/new-code", data={"code": code}, follow_redirects=True))


def test_keeping_it_and_telling_or_passing_it_on_later(reader: WelshReader, agreed: str) -> None:
    reader.client.post("/start")
    other = {"who_for": "other", "relation": "", "knows": "yes", "agrees": "cannot_ask"}
    reader.answers_and_reads(who=other, **KEPT)
    reader.reads(reader.client.post("/start/check", follow_redirects=True))
    reader.opens("/back/open", "/back/tell", "/back/pass")
    reader.reads(reader.client.post("/back/tell", data={}, follow_redirects=True))
    no = {"force": agreed, "agrees": "yes", "agrees_now": "no"}
    reader.reads(reader.client.post("/back/pass", data=no, follow_redirects=True))
    yes = no | {"agrees_now": "yes"}
    reader.reads(reader.client.post("/back/pass", data=yes, follow_redirects=True))
    reader.reads(reader.client.post("/back/pass/check", follow_redirects=True))
    reader.reads(reader.client.post("/back/stop", follow_redirects=True))


def test_adding_correcting_writing_and_saying_that_something_is_wrong(
    reader: WelshReader,
) -> None:
    reader.files()
    for address, data in (
        ("/back/add", {}),
        ("/back/add", {"words": "Bonjour"}),
        ("/back/add/check", {}),
        ("/back/correct/1/what", {"category": "arson"}),
        ("/back/correct/1/what/check", {}),
        ("/back/messages/office", {}),
        ("/back/messages/office", {"words": "Bonjour"}),
        ("/back/say/told/1", {"words": "Bonjour"}),
        ("/back/say/wish/1", {}),
        ("/back/how", {}),
        ("/back/files", {}),
        ("/back/stop", {}),
        ("/back/take-up", {}),
    ):
        reader.reads(reader.client.post(address, data=data, follow_redirects=True))
    reader.opens(*PERSONS_OWN[:1], "/back/seen", "/back/seen-by", "/back/everything")
    for number in range(1, 6):
        reader.opens(f"/back/show/{number}")


def test_somebody_under_eighteen_and_going_on_later(reader: WelshReader) -> None:
    reader.client.post("/start")
    reader.reads(reader.client.post("/start/who", data={"who_for": "young", "later": "1"}))
    reader.opens("/start/files", "/start/later")
    reader.answers_and_reads(who={"who_for": "young"}, **{"1/what": {"category": "messages"}})


def test_passing_it_to_a_force_and_erasing_it(reader: WelshReader, agreed: str) -> None:
    assert agreed
    code = reader.starts()
    reader.answers_and_reads(others={"insider": "unsure"}, **PASSED)
    reader.reads(reader.client.post("/start/check", follow_redirects=True))
    reader.opens(*PERSONS_OWN)
    reader.reads(reader.client.post("/back/end", data={"code": "0" * 20}))
    sure = {"code": code, "sure": "yes"}
    reader.reads(reader.client.post("/back/end", data=sure, follow_redirects=True))


def test_a_safe_way_and_a_lost_code(
    reader: WelshReader, app: Flask, site: Site, clock: HandClock
) -> None:
    reader.files()
    receipt = reader.client.get("/start/receipt/short").data
    reader.reads(reader.client.post("/back/safe-way", data={"way": "email", "address": "nobody"}))
    reader.reads(
        reader.client.post(
            "/back/safe-way", data={"way": "email", "address": ADDRESS}, follow_redirects=True
        )
    )
    reader.reads(reader.client.post("/back/safe-way/number", data={"number": "1"}))
    right = {"number": numbers(site)[-1]}
    reader.reads(reader.client.post("/back/safe-way/number", data=right, follow_redirects=True))
    reader.opens("/back/open", "/back/safe-way/remove")
    clock.instant += WAIT
    assert reader.client.post("/back/lost", data={"receipt": _file(receipt)}).location
    reader.opens("/back/lost/number")
    look_at_requests(site)
    number = {"number": numbers(site)[-1]}
    reader.reads(reader.client.post("/back/lost/number", data={"number": "1"}))
    reader.reads(reader.client.post("/back/lost/number", data=number, follow_redirects=True))


def test_a_message_speaks_welsh_to_who_asked_in_welsh(reader: WelshReader, site: Site) -> None:
    reader.files()
    reader.client.post("/back/safe-way", data={"way": "email", "address": ADDRESS})
    letter = letters(site)[-1]
    assert letter.subject == "Eich rhif"
    assert re.search(r"Eich rhif yw [\d ]+\n", letter.body)
    assert not english_in(f"<p>{letter.body}</p>")
    reader.opens("/back/safe-way/number")


def test_the_sheet_as_a_file_says_that_it_is_welsh(reader: WelshReader) -> None:
    reader.files()
    pdf = reader.client.get("/start/print/file").data
    assert b"/Lang (cy)" in pdf
    reader.opens("/start/print")


def test_what_goes_into_the_log_is_the_same_in_both_languages(
    reader: WelshReader, app: Flask
) -> None:
    reader.files()
    receipt = reader.client.get("/start/receipt").text
    assert "The police were told by the end of Saturday 28 February 2026" in receipt
    reader.opens("/start/done")


def _file(data: bytes) -> tuple[BytesIO, str]:
    return BytesIO(data), "receipt.json"


def test_the_copy_of_everything_is_welsh_to_read(reader: WelshReader) -> None:
    reader.files()
    data = reader.client.get("/back/everything/file").data
    with ZipFile(BytesIO(data)) as copy:
        (name,) = (each for each in copy.namelist() if each.endswith(".html"))
        page = copy.read(name).decode()
    assert '<html lang="cy"' in page
    reader.english += [(name, text) for text in english_in(page, *TYPED)]
    reader.opens("/back/everything")
