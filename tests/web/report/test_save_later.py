"""Stopping in the middle of a question: nothing typed is lost, and the page says how to go on."""

import re

from tests.rig.clock import HandClock
from tests.web.report.conftest import ANSWERS, Person, sends_on

LATER = {"later": "yes"}


def shown(person: Person, address: str) -> str:
    return re.sub(r"\s+", " ", person.client.get(address).text)


def begins(person: Person) -> str:
    """A draft whose code was written down, at its second question."""
    code = person.starts()
    person.answers("who")
    person.client.post("/start/code-kept")
    return code


def test_what_is_right_is_saved_and_the_visit_is_over(person: Person) -> None:
    code = begins(person)
    assert "Save and go on later" in shown(person, "/start/1/what")
    done = person.client.post("/start/1/what", data=ANSWERS["1/what"] | LATER)
    assert (done.status_code, done.location) == (303, "/start/later")
    page = shown(person, "/start/later")
    assert "It is saved" in page
    assert "It is closed now" in page
    assert person.client.get("/start/1/what").location == "/back"
    person.client.post("/back", data={"code": code})
    assert person.client.get("/start/go-on").location == "/start/1/when"


def test_what_is_wrong_is_kept_as_it_was_typed_and_asked_again(person: Person) -> None:
    code = begins(person)
    person.answers("1/what")
    typed = {"kind": "exact", "exact-day": "41", "exact-month": "2", "exact-year": "2026"}
    assert person.client.post("/start/1/when", data=typed | LATER).location == "/start/later"
    person.client.post("/back", data={"code": code})
    assert person.client.get("/start/go-on").location == "/start/1/when"
    page = shown(person, "/start/1/when")
    assert 'value="41"' in page
    assert "There is a problem" in page


def test_what_was_begun_anew_and_not_finished_comes_before_the_end(person: Person) -> None:
    code = begins(person)
    person.answers_all()
    typed = ANSWERS["about"] | {"birth-year": "2950"} | LATER
    person.client.post("/start/about", data=typed)
    person.client.post("/back", data={"code": code})
    assert person.client.get("/start/go-on").location == "/start/about"
    person.answers("about")
    assert person.client.get("/start/go-on").location == "/start/check"


def test_a_code_that_was_not_kept_yet_is_shown_before_it_closes(person: Person) -> None:
    code = person.starts()
    person.client.post("/start/who", data=LATER)
    page = shown(person, "/start/later")
    assert "Keep your return code first" in page
    assert person.code_on("/start/later") == code
    assert person.client.post("/start/later").location == "/start/later"
    assert "It is closed now" in shown(person, "/start/later")
    person.client.post("/back", data={"code": code})
    assert person.client.get("/start/go-on").location == "/start/who"


def test_after_the_visit_has_ended_the_words_are_carried_and_kept_all_the_same(
    person: Person, clock: HandClock
) -> None:
    code = begins(person)
    clock.advance(hours=3)
    page = sends_on(person, "/start/1/what", code, ANSWERS["1/what"] | LATER)
    assert "It is saved" in page
    person.client.post("/back", data={"code": code})
    assert person.client.get("/start/go-on").location == "/start/1/when"


def test_stopping_at_more_keeps_nothing_but_the_place(person: Person) -> None:
    code = begins(person)
    for page in ("1/what", "1/when", "1/where", "1/area"):
        person.answers(page)
    assert person.client.post("/start/more", data=LATER).location == "/start/later"
    person.client.post("/back", data={"code": code})
    assert person.client.get("/start/go-on").location == "/start/more"


def test_who_said_that_they_kept_the_code_is_not_told_that_they_did_not(person: Person) -> None:
    code = person.starts()
    person.client.post("/start/code", data={"kept": "yes"})
    person.client.post("/start/who", data=ANSWERS["who"] | LATER)
    page = shown(person, "/start/later")
    assert "You said that you kept it. Check that it is the same." in page
    assert "not said" not in page
    assert person.code_on("/start/later") == code, "shown once more all the same"
    person.client.post("/start/later")
    with person.client.session_transaction() as cookie:
        assert "kept" not in cookie


def test_what_was_said_of_another_draft_s_code_is_not_said_of_this_one(person: Person) -> None:
    person.starts()
    person.client.post("/start/code", data={"kept": "yes"})
    person.client.post("/start", data={"anew": "yes"})
    person.client.post("/start/who", data=ANSWERS["who"] | LATER)
    page = shown(person, "/start/later")
    assert "Keep your return code first" in page
    assert "You said" not in page
    assert "You have not said" not in page
