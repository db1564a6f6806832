"""Promises about coming back with the return code."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account
from portal.ledger.policy import policy_of
from portal.ledger.verify import PROVED, judge
from portal.reports.code_words import spoken
from portal.reports.looks import look
from portal.reports.models import Report
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.hashing import no_turns_left
from tests.rig.people import add_person
from tests.web.report.conftest import KEPT, Person

OURS = {"Sec-Fetch-Site": "same-origin"}


def test_the_code_opens_the_report_however_it_is_typed(person: Person) -> None:
    code = person.files()
    person.client.post("/back/close")
    typed = " - ".join(code[at : at + 5] for at in range(0, 20, 5)).lower().replace("0", "o")
    assert person.client.post("/back", data={"code": typed}).location == "/back/open"
    page = person.client.get("/back/open").text
    assert "Where it stands" in page
    assert "The back door was broken." in page


def test_groups_and_words_with_commas_and_capitals_open_it_too(person: Person) -> None:
    code = person.files()
    person.client.post("/back/close")
    typed = f"{code[:3]},  {',   '.join(spoken(code[3:])).upper()}."
    assert person.client.post("/back", data={"code": typed}).location == "/back/open"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ABC banana golf", "two ways to type the code"),
        ("", "Type your return code"),
        ("ABCDE", "You typed 5"),
        ("0" * 20, "That code opens nothing here"),
        ("x" * 5000, "characters"),
    ],
)
def test_a_code_that_opens_nothing_is_answered_in_words(
    person: Person, typed: str, words: str
) -> None:
    response = person.client.post("/back", data={"code": typed})
    assert response.status_code == 400
    assert words in response.text


def test_without_a_visit_every_page_of_it_leads_to_the_code(person: Person) -> None:
    for address in ("/back/open", "/start/done", "/start/receipt", "/back/receipt/1"):
        assert person.client.get(address).location == "/back"


def test_the_limit_is_explained_without_a_countdown(person: Person) -> None:
    person.files()
    page = person.client.get("/back/open").text
    assert "The police have 24 hours to record it: until the end of Sunday 1 March 2026." in page
    assert "as a clock in London shows them" in page
    assert not re.search(r"hours? (left|remaining)|remaining", page)


def test_no_match_means_check_and_not_breach(person: Person, clock: HandClock) -> None:
    code = person.files()
    clock.advance(hours=60)
    person.client.post("/back", data={"code": code})
    page = person.client.get("/back/open").text
    assert "We have not found a crime record for it so far" in page
    assert "It does not mean yet that a rule was broken" in page


def test_a_kept_report_has_no_limit(person: Person) -> None:
    person.files(**KEPT)
    page = person.client.get("/back/open").text
    assert "Nobody was told, so no time limit runs" in page


def test_each_event_has_a_receipt_that_verifies_and_anothers_has_none(
    person: Person, site: Site
) -> None:
    person.files()
    entries = re.findall(r"/back/receipt/(\d+)", person.client.get("/back/open").text)
    assert entries == ["1"]
    receipt = person.client.get("/back/receipt/1")
    assert judge(receipt.data, policy_of(site.signer)).code == PROVED
    person.client.post("/back/close")
    person.files()
    assert b"index 0" not in person.client.get("/back/receipt/1").data
    assert person.client.get("/back/receipt/2").status_code == 404
    assert person.client.get("/back/receipt/99").status_code == 404


def test_who_looked_and_why_is_shown(person: Person, site: Site) -> None:
    code = person.files()
    account_id = add_person(site, "inspector")
    with site.database.transaction() as session:
        look(
            session,
            session.scalars(select(Report.id)).one(),
            account=session.get_one(Account, account_id),
            reason="Checking the alert",
            keyring=site.keyring,
            now=site.now(),
        )
    person.client.post("/back", data={"code": code})
    page = person.client.get("/back/open").text
    assert "An inspector of police forces (Harbour Support)" in page
    assert page.count("Checking the alert") == 2


def test_closing_needs_the_code_again(person: Person) -> None:
    person.files()
    assert person.client.post("/back/close").location == "/"
    assert person.client.get("/back/open").location == "/back"


def test_words_typed_when_the_visit_had_ended_are_saved_after_the_code(
    person: Person, clock: HandClock
) -> None:
    code = person.starts()
    clock.advance(hours=3)
    typed = {"words": "It was\ndark."}
    page = person.client.post("/start/words?then=check", data=typed, headers=OURS)
    assert page.status_code == 403
    assert "Enter your return code to go on" in page.text
    assert ">\nIt was\ndark.</textarea>" in page.text
    carried = typed | {"carried_to": "/start/words?then=check"}
    wrong = person.client.post("/back/again", data=carried | {"return_code": "nope"}, headers=OURS)
    assert ">\nIt was\ndark.</textarea>" in wrong.text
    again = person.client.post("/back/again", data=carried | {"return_code": code}, headers=OURS)
    assert again.status_code == 307
    assert again.location == "/start/words?then=check"
    assert person.client.post(again.location, data=carried, headers=OURS).status_code == 303
    assert "It was\ndark.</textarea>" in person.client.get("/start/words").text


def test_while_too_many_wait_a_code_and_what_was_typed_stay_and_can_be_sent_again(
    app: Flask, person: Person
) -> None:
    code = person.starts()
    person.client.post("/back/close")
    carried = {"words": "It was dark.", "carried_to": "/start/words", "return_code": code}
    with no_turns_left(app):
        busy = person.client.post("/back", data={"code": code})
        again = person.client.post("/back/again", data=carried, headers=OURS)
    assert busy.status_code == 503
    assert "Wait a few seconds" in busy.text
    assert code in busy.text
    assert "Wait a few seconds" in again.text
    assert "It was dark." in again.text
    assert person.client.post("/back", data={"code": code}).location == "/back/open"
