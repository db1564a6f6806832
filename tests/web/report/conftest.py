"""A person who walks through the pages as a browser without JavaScript would."""

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.reference.terms import set_terms
from portal.site import Site

OURS = {"Sec-Fetch-Site": "same-origin"}
CODE = re.compile(r'class="or-code">(.*?)</p>', re.DOTALL)
EVENING = {
    "kind": "approximate",
    "about-day": "27",
    "about-month": "2",
    "about-year": "2026",
    "part": "evening",
}
ANSWERS: dict[str, dict[str, str]] = {
    "1/what": {"category": "burglary-home"},
    "1/when": EVENING,
    "1/where": {"place": "12 Long Street", "postcode": "SN1 1AA"},
    "1/area": {"force": "wiltshire"},
    "more": {"more": "no"},
    "who": {"who_for": "self"},
    "others": {"insider": "no"},
    "way": {"way": "told"},
    "told": {"kind": "exact", "exact-day": "28", "exact-month": "2", "exact-year": "2026"},
    "told-how": {"channel": "101", "force": "wiltshire", "crime_reference": "54/123/26"},
    "words": {"words": "The back door was broken.\nMy ring is gone."},
    "about": {"name": "Ada Example", "birth-day": "", "birth-month": "", "birth-year": "1980"},
    "contact": {"contact": "none"},
}


@dataclass
class Person:
    """Somebody at a browser. Each step posts a page and says where it leads."""

    client: FlaskClient

    def starts(self) -> str:
        """Start, and read the return code from the page that shows it."""
        assert self.client.post("/start").location == "/start/code"
        return self.code_on("/start/code")

    def code_on(self, address: str) -> str:
        """The return code that a page shows, "" for none."""
        found = CODE.search(self.client.get(address).text)
        return re.sub(r"<.*?>|\s", "", found[1]) if found else ""

    def answers(self, page: str, **changes: str) -> TestResponse:
        """Fill in one page and press the button."""
        return self.client.post(f"/start/{page}", data=ANSWERS.get(page, {}) | changes)

    def is_asked_again(self, page: str, **changes: str) -> TestResponse:
        """Fill in a page wrongly, and see what it says then."""
        address = page if page.startswith("/") else f"/start/{page}"
        response = self.client.post(address, data=changes)
        assert response.status_code == 303
        assert response.location == address
        return self.client.get(address)

    def answers_all(self, **changes: dict[str, str]) -> None:
        """Answer every page in the order in which the pages lead, up to "check"."""
        address = self.client.get("/start/go-on").location
        for _ in range(30):
            if address == "/start/check":
                return
            page = address.removeprefix("/start/")
            data = changes.get(page, ANSWERS.get(page, {}))
            response = self.client.post(address, data=data)
            assert response.status_code == 303, (page, response.text)
            address = response.location
        raise AssertionError("the pages never led to the end")

    def sends(self) -> TestResponse:
        """Press "Send" on the page that shows all answers."""
        return self.client.post("/start/check")

    def files(self, **changes: dict[str, str]) -> str:
        """From the first page to the receipt; the return code."""
        code = self.starts()
        self.answers_all(**changes)
        assert self.sends().location == "/start/done"
        return code


def sends_on(person: Person, address: str, code: str, typed: dict[str, str]) -> str:
    """Send a form after the visit has ended, type the code, and read the page that follows."""
    ended = person.client.post(address, data=typed, headers=OURS)
    assert ended.status_code == 403
    hidden = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', ended.text)
    carried = dict(hidden) | {"carried_to": address, "return_code": code}
    again = person.client.post("/back/again", data=carried, headers=OURS)
    assert (again.status_code, again.location) == (307, address)
    answer = person.client.post(address, data=carried, headers=OURS, follow_redirects=True)
    return answer.text


KEPT = {"way": {"way": "keep"}}
PASSED = {"way": {"way": "pass"}, "pass": {"force": "wiltshire", "agrees": "yes"}}


@pytest.fixture
def person(client: FlaskClient) -> Person:
    """Somebody who has just opened the first page."""
    return Person(client)


@pytest.fixture
def agreed(site: Site) -> str:
    """A force that has agreed that its inbox counts as receipt."""
    now = site.now()
    with site.database.transaction() as session:
        set_terms(
            session,
            "wiltshire",
            inbox_agreed_at=now,
            notice_address="inbox@example.org",
            supply_interval_hours=24,
            now=now,
        )
    return "wiltshire"
