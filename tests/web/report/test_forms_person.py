"""Promises about the questions on people: little is needed, nothing is lost."""

import pytest

from tests.web.report.conftest import Person


@pytest.fixture
def backend() -> str:
    """What is asked does not depend on the database."""
    return "sqlite"


@pytest.mark.parametrize("page", ["words", "about", "1/where", "told-how"])
def test_what_is_not_needed_may_stay_empty(person: Person, page: str) -> None:
    person.starts()
    person.answers("1/what")
    person.answers("way", way="told")
    assert person.client.post(f"/start/{page}", data={}).status_code == 303


@pytest.mark.parametrize(
    ("year", "month", "accepted"),
    [
        ("1980", "", True),
        ("80", "", False),
        ("2030", "", False),
        ("", "5", False),
        ("x", "", False),
    ],
)
def test_a_birth_date_may_be_a_year_alone_but_not_a_riddle(
    person: Person, year: str, month: str, accepted: bool
) -> None:
    person.starts()
    typed = {"name": "Ada", "birth-year": year, "birth-month": month}
    if accepted:
        assert person.client.post("/start/about", data=typed).location != "/start/about"
        return
    page = person.is_asked_again("about", **typed).text
    assert 'value="Ada"' in page
    assert 'href="#birth-year"' in page


def test_no_way_to_reach_them_is_chosen_unless_they_choose_one(person: Person) -> None:
    person.starts()
    page = person.client.get("/start/contact").text
    assert 'value="none" checked' in page
    assert "we send no messages to what you write here" in page
    assert "they may call you" not in page


def test_whoever_asked_us_to_pass_it_on_hears_that_police_may_come(
    person: Person, agreed: str
) -> None:
    person.starts()
    person.answers("way", way="pass")
    page = person.client.get("/start/contact").text
    assert "they may call you, write to you or come" in page
    assert "Nothing is sent to you now" not in page


def test_each_way_to_reach_them_keeps_its_own_detail(person: Person) -> None:
    person.starts()
    typed = {"contact": "text", "detail_text": "07700 900123", "detail_post": "1 High Street"}
    assert person.client.post("/start/contact", data=typed).status_code == 303
    page = person.client.get("/start/contact").text
    assert 'value="07700 900123"' in page
    assert "1 High Street" not in page
    response = person.is_asked_again("contact", contact="email")
    assert "Type the email address" in response.text


def test_for_someone_else_whether_they_agree_is_asked(person: Person) -> None:
    person.starts()
    assert person.client.post("/start/who", data={"who_for": "self"}).status_code == 303
    response = person.is_asked_again("who", who_for="other", relation="Mother")
    assert "Choose whether they agree" in response.text
    assert 'value="Mother"' in response.text
    person.client.post("/start/who", data={"who_for": "other", "agrees": "cannot_ask"})
    assert "Their name" in person.client.get("/start/about").text


def test_an_agreement_of_somebody_who_does_not_know_is_asked_about(person: Person) -> None:
    person.starts()
    odd = {"who_for": "other", "knows": "no", "agrees": "yes"}
    assert "They can only agree if they know" in person.is_asked_again("who", **odd).text
    put_right = odd | {"agrees": "no"}
    assert person.client.post("/start/who", data=put_right).location != "/start/who"
    # What stands under an answer that is not chosen any more says nothing.
    not_asked = odd | {"who_for": "self"}
    assert person.client.post("/start/who", data=not_asked).location != "/start/who"
