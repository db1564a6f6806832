"""Promises about sending and the receipt."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from portal.ledger.policy import policy_of
from portal.ledger.verify import PROVED, judge
from portal.reports.models import Report
from portal.site import Site
from portal.web.report.send import WITHOUT_ANSWERS
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, look_again
from tests.web.report.conftest import KEPT, PASSED, Person


def reports(site: Site) -> list[Report]:
    with site.database.reading() as session:
        return list(session.scalars(select(Report).where(Report.filed_at.is_not(None))))


def test_a_person_who_tells_everything_gets_a_receipt_that_verifies(
    person: Person, site: Site
) -> None:
    person.files()
    page = person.client.get("/start/done").text
    assert "It is on record" in page
    assert "2 March 2026, 9am GMT" in page
    receipt = person.client.get("/start/receipt")
    assert 'filename="receipt-long.json"' in receipt.headers["Content-Disposition"]
    verdict = judge(receipt.data, policy_of(site.signer))
    assert verdict.code == PROVED
    shown = dict(verdict.fields)
    assert shown["answers.words.words"] == "The back door was broken.\nMy ring is gone."
    said = re.sub(r"\s+", " ", page)
    assert "is entry 0 in our list and has not been changed. Our own clock says 2 March" in said
    assert "Nobody outside has confirmed that time yet." in said
    for word in ("fields below", "your policy", "On+", "witness"):
        assert word not in page


def test_the_receipt_without_answers_shows_none_and_verifies(person: Person, site: Site) -> None:
    person.starts()
    assert person.client.get("/start/receipt/short").status_code == 404
    person.answers_all()
    person.sends()
    page = person.client.get("/start/done").text
    assert page.index("/start/receipt/short") < page.index('href="/start/receipt"')
    assert "Anyone who can open its downloads can read it" in page
    receipt = person.client.get("/start/receipt/short")
    assert 'filename="receipt.json"' in receipt.headers["Content-Disposition"]
    verdict = judge(receipt.data, policy_of(site.signer))
    assert verdict.code == PROVED
    assert {name for name, _ in verdict.fields} == set(WITHOUT_ANSWERS)
    assert verdict.hidden


def test_pressing_send_again_or_going_back_gives_the_same_one_report(
    person: Person, site: Site
) -> None:
    person.files()
    first = person.client.get("/start/receipt").data
    assert person.sends().location == "/start/done"
    assert person.client.get("/start/check").location == "/start/done"
    assert person.client.get("/start/receipt").data == first
    assert len(reports(site)) == 1


def test_two_presses_at_once_give_one_report(person: Person, app: Flask, site: Site) -> None:
    person.starts()
    person.answers_all()
    cookie = person.client.get_cookie("session")
    assert cookie

    def press(_number: int) -> tuple[int, str]:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        response = client.post("/start/check")
        return response.status_code, response.location

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(press, range(4)))
    assert answers == [(303, "/start/done")] * 4
    assert len(reports(site)) == 1


def test_neither_the_receipt_nor_its_print_holds_the_return_code(person: Person) -> None:
    code = person.files()
    assert code not in person.client.get("/start/receipt").text
    page = person.client.get("/start/done").text
    printed = page.split('<div class="or-no-print">')[0]
    assert "or-code" in page
    assert "or-code" not in printed


def test_the_print_names_no_offence_and_no_person(person: Person) -> None:
    person.files()
    printed = person.client.get("/start/done").text.split('<div class="or-no-print">')[0]
    main = printed.split("<main")[1]
    for word in ("broke", "burglar", "Ada", "Wiltshire", "crime"):
        assert word.lower() not in main.lower()


def test_the_code_is_shown_until_the_person_says_that_they_kept_it(person: Person) -> None:
    code = person.files()
    assert person.code_on("/start/done") == code
    assert person.code_on("/start/done") == code
    assert person.client.post("/start/code-kept").location == "/start/done"
    assert person.code_on("/start/done") == ""
    assert "It is on record" in person.client.get("/start/done").text


def test_nothing_can_be_sent_before_the_needed_answers_are_there(
    person: Person, site: Site
) -> None:
    person.starts()
    person.answers("who")
    person.answers("1/what")
    assert person.client.get("/start/check").location == "/start/1/when"
    assert person.sends().location == "/start/1/when"
    assert person.client.get("/start/done").location == "/start/check"
    assert reports(site) == []


def test_an_answer_that_a_later_one_took_away_is_not_sent(person: Person) -> None:
    person.starts()
    person.answers_all()
    person.client.post("/start/way?then=check", data={"way": "keep"})
    page = person.client.get("/start/check").text
    assert "54/123/26" not in page
    person.sends()
    receipt = json.loads(person.client.get("/start/receipt").data)
    assert "54/123/26" not in json.dumps(receipt)


def test_what_is_passed_on_is_in_the_inbox_when_the_page_says_so(
    person: Person, agreed: str
) -> None:
    person.files(**PASSED)
    assert "in the inbox of the police force" in person.client.get("/start/done").text


def test_a_force_that_ends_its_agreement_meanwhile_loses_nobody_an_answer(
    person: Person, agreed: str, site: Site
) -> None:
    from portal.reference.terms import set_terms

    person.starts()
    person.answers_all(**PASSED)
    with site.database.transaction() as session:
        set_terms(
            session,
            agreed,
            inbox_agreed_at=None,
            notice_address="inbox@example.org",
            supply_interval_hours=None,
            now=site.now(),
        )
    assert person.sends().location == "/start/check"
    response = person.client.get("/start/check")
    assert "has not agreed to take this from us" in response.text
    assert "All of your answers are still here" in response.text
    assert "Ada Example" in response.text
    person.client.post("/start/way?then=check", data={"way": "keep"})
    assert "has not agreed" not in person.client.get("/start/check").text


def test_a_kept_report_says_that_nobody_is_told(person: Person) -> None:
    person.files(**KEPT)
    assert "Nobody is told" in person.client.get("/start/done").text


def test_keeping_the_code_returns_to_the_page_where_it_was_shown(person: Person) -> None:
    person.files()
    assert 'action="/start/code-kept?then=back"' in person.client.get("/back/open").text
    assert person.client.post("/start/code-kept?then=back").location == "/back/open?done=2"
    assert person.client.post("/start/code-kept?then=//else").location == "/start/done"
    assert "Your return code is not shown again." in person.client.get("/back/open?done=2").text


@pytest.mark.parametrize(
    ("category", "number", "other"),
    [("raped", "0808 500 2222", "0808 16 89 111"), ("hurt", "0808 16 89 111", "0808 500 2222")],
)
def test_somebody_to_talk_to_is_named_in_the_open_to_fit_what_happened(
    person: Person, category: str, number: str, other: str
) -> None:
    person.files(**{"1/what": {"category": category}})
    for address in ("/start/done", "/back/open"):
        talk = person.client.get(address).text.split('id="talk"')[1].split("</section>")[0]
        assert number in talk
        assert other not in talk
        assert ("tel:101" in talk and "tel:999" in talk) is (category == "raped")


def test_what_can_still_be_done_after_sending_is_said_as_it_is(person: Person) -> None:
    person.starts()
    person.answers_all()
    assert "add what happens later" not in person.client.get("/start/check").text
    assert "You can still come back" not in person.client.get("/start/check").text
    person.client.post("/start/way", data={"way": "keep"})
    assert "You can still come back and say that you have told" in (
        person.client.get("/start/check").text
    )


@pytest.mark.parametrize("hours", [0, 72])
def test_of_fraud_alone_no_page_promises_a_check_that_nobody_makes(
    person: Person, clock: HandClock, site: Site, hours: int
) -> None:
    code = person.files(**{"1/what": {"category": "fraud"}})
    clock.advance(hours=hours)
    look_again(site)
    person.client.post("/back", data={"code": code})
    for address in ("/start/done", "/back/open"):
        page = person.client.get(address).text
        assert "Fraud is dealt with by a national body" in page
        assert "we tell the people who watch over" not in page
        assert "somebody should check" not in page
    assert alerts_of(site) == []


def test_of_anything_else_the_check_is_promised_and_fraud_not_spoken_of(person: Person) -> None:
    person.files()
    page = person.client.get("/start/done").text
    assert "we tell the people who watch over" in page
    for address in ("/start/done", "/back/open"):
        assert "Fraud is dealt with" not in person.client.get(address).text


def test_of_fraud_that_is_kept_nothing_is_looked_for_and_nothing_promised(person: Person) -> None:
    person.files(**KEPT, **{"1/what": {"category": "fraud"}})
    assert "Fraud is dealt with" not in person.client.get("/start/done").text
    assert "Nobody was told" in person.client.get("/back/open").text
