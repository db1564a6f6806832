"""What happened, in a real browser: what a person says, what oversight sees of it, and the survey.

With script and a mouse; without script, by keyboard, on a small telephone.
"""

import json

import pytest

from portal.site import Site
from portal.web.report.saying import LINKS
from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, look_again
from tests.rig.hands import Hand, KeyHand
from tests.rig.people import PASSWORD, add_person
from tests.rig.reviewed import reads, waiting_case
from tests.rig.stated import matched
from tests.rig.supplies import take
from tests.rig.watch import PHONE
from tests.rig.watched import file_watched

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
WORDS = "I live in the other street."


def opens(hand: Hand, filed: Filed) -> None:
    """Come back with the return code."""
    hand.goes("/back")
    hand.types("code", filed.code)
    hand.presses("Continue", among="main")


def sees_the_alert(people: People, site: Site, kind: str, *said: str, words: str = "") -> None:
    """An inspector finds the alert, and reads the words only after a reason."""
    look_again(site)
    add_person(site, "inspector")
    hand = people.comes()
    hand.goes("/account/sign-in")
    hand.types("email", "inspector@example.org")
    hand.types("password", PASSWORD)
    hand.presses("Sign in", among="main")
    hand.presses("Alerts", among=".or-nav")
    hand.follows(hand.page.locator("main table a").filter(has_text=kind).first)
    for each in said:
        assert each in hand.says
    if not words:
        return
    assert words not in hand.says
    hand.presses("Open with a reason")
    hand.types("reason", "To see what is wrong.")
    hand.presses("Open it")
    assert words in hand.says


def test_a_record_that_is_not_theirs_by_keyboard_without_script_and_taken_back(
    people: People, site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    hand = people.comes(size=PHONE, kind=KeyHand, script=False)
    opens(hand, filed)
    assert "The police wrote it down as a crime." in hand.says
    hand.presses(LINKS["other"], among="#say")
    hand.types("words", WORDS)
    hand.presses("Put it on record")
    assert "It is on record." in hand.says
    assert "no longer counts for you" in hand.says
    assert "The police have until" in hand.says
    hand.follows(hand.page.locator("#said a").first)
    hand.presses("Take it back", among="main form")
    assert "You took it back." in hand.says
    assert "A person looks again at the police record" in hand.says


def test_oversight_sees_that_a_record_is_not_theirs(
    people: People, site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    hand = people.comes()
    opens(hand, filed)
    hand.presses(LINKS["other"], among="#say")
    hand.types("words", WORDS)
    hand.presses("Put it on record")
    sees_the_alert(
        people, site, "Contested", "the crime record is not about their report", words=WORDS
    )


def test_a_record_that_says_something_else(people: People, site: Site, clock: HandClock) -> None:
    filed, _ = matched(site, clock)
    hand = people.comes(size=PHONE)
    opens(hand, filed)
    hand.presses(LINKS["words"], among="#say")
    hand.types("words", WORDS)
    hand.presses("Put it on record")
    hand.presses("What you can do if the police do not write it down")
    assert "The Victims’ Right to Review does not cover this." in hand.says
    text = hand.page.locator("textarea").input_value()
    assert "That is not what I reported." in text
    sees_the_alert(people, site, "Contested", "does not say what they reported", words=WORDS)


def test_police_who_will_not_record_it_are_looked_at_before_the_limit(
    people: People, site: Site, clock: HandClock
) -> None:
    filed = file_watched(site, category="raped")
    hand = people.comes(size=PHONE, kind=KeyHand, script=False)
    opens(hand, filed)
    assert "The police have until 8am on Tuesday 3 March 2026" in hand.says
    hand.presses(LINKS["told"], among="#say")
    hand.types("when", "Monday evening")
    hand.chooses("how", "phone")
    hand.types("reason", "They said that there is no proof.")
    hand.presses("Put it on record")
    assert "You said: “The police told me that they will not write it down.”" in hand.says
    sees_the_alert(
        people,
        site,
        "Contested",
        "will not record it",
        "Police told them",
        words="They said that there is no proof.",
    )


def test_a_person_who_supports_it_is_heard_when_the_record_says_they_do_not(
    people: People, site: Site, clock: HandClock
) -> None:
    filed, record = matched(site, clock)
    hand = people.comes()
    opens(hand, filed)
    hand.presses(LINKS["wish"], among="#say")
    hand.presses("Put it on record")
    clock.advance(hours=5)
    take(site, [dict(record) | {"outcome_type": "16"}], is_full=False)
    sees_the_alert(people, site, "Outcome the victim disputes", "the victim tells us that they do")


def test_a_lesser_offence_is_a_question_and_then_a_full_alert(
    people: People, site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, offence_code="58A")
    second = add_person(site, "inspector", name="second")
    assert reads(site, filed, second, "record") == "accept"
    look_again(site)
    hand = people.comes(size=PHONE, kind=KeyHand)
    opens(hand, filed)
    hand.presses("Is the crime that you chose right?", among="#asked")
    hand.presses("Put it on record")
    assert "Choose your answer" in hand.says
    hand.chooses("answer", "stands_by")
    hand.presses("Put it on record")
    assert "What I chose at first is right." in hand.says
    sees_the_alert(people, site, "Lesser offence recorded", "To be looked at from now on")


def test_the_timeline_comes_with_its_proofs_and_the_days_of_the_code(
    people: People, site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    hand = people.comes(size=PHONE)
    opens(hand, filed)
    lines = hand.page.locator("#timeline #events > li")
    assert lines.count() == 2
    hand.unfolds("Entry 2 and its receipt")
    saved = hand.saves("Receipt file of entry 2", among="#timeline")
    assert json.loads(saved)["format"]
    hand.unfolds("How these days were counted")
    assert "By the end of Wednesday 4 March 2026." in hand.says
    assert "They have 2 working days." in hand.says
    hand.presses("Everybody who looked, and why")
    assert "Nobody so far." in hand.says


def test_the_survey_is_answered_once_or_put_away(
    people: People, site: Site, clock: HandClock
) -> None:
    filed = file_watched(site)
    hand = people.comes(size=PHONE, kind=KeyHand, script=False)
    opens(hand, filed)
    hand.follows(hand.page.locator("#survey a"))
    hand.chooses("informed", "2")
    hand.chooses("again", "0")
    hand.presses("Count my answers")
    assert "Your answers were counted." in hand.says
    assert hand.page.locator("#survey").count() == 0
    clock.advance(days=31)
    opens(hand, filed)
    hand.presses("Do not ask me this", among="#survey")
    assert hand.page.locator("#survey").count() == 0


def test_an_office_reads_the_figures(people: People, site: Site) -> None:
    add_person(site, "pcc", force_id="wiltshire")
    hand = people.comes(size=PHONE)
    hand.goes("/account/sign-in")
    hand.types("email", "pcc@example.org")
    hand.types("password", PASSWORD)
    hand.presses("Sign in", among="main")
    hand.presses("How people say police treated them")
    assert "No answers came in these quarters." in hand.says


def test_anybody_reads_what_to_do(people: People) -> None:
    hand = people.comes(size=PHONE)
    hand.goes("/next-steps")
    assert "Force Crime Registrar" in hand.says
