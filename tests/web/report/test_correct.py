"""Correcting on the pages: the line is chosen, asked anew, checked, and both answers stay."""

import re

import pytest

from tests.web.report.conftest import ANSWERS, KEPT, Person

RIGHT = {"name": "Ida Example", "birth-day": "", "birth-month": "", "birth-year": "1981"}


def shown(person: Person, address: str) -> str:
    return re.sub(r"\s+", " ", person.client.get(address).text)


def test_a_wrong_line_is_put_right_and_both_stand_below_each_other(person: Person) -> None:
    person.files()
    page = shown(person, "/back/correct")
    assert "keeps running from the same moment" in page
    assert 'href="/back/correct/0/about"' in page
    form = shown(person, "/back/correct/0/about")
    assert 'value="Ada Example"' in form
    assert "Save and go on later" not in form
    done = person.client.post("/back/correct/0/about", data=RIGHT)
    assert (done.status_code, done.location) == (303, "/back/correct/0/about/check")
    check = shown(person, "/back/correct/0/about/check")
    assert check.index("Ada Example") < check.index("Ida Example")
    for _ in range(2):
        sent = person.client.post("/back/correct/0/about/check")
        assert sent.location.startswith("/back/open")
    page = shown(person, "/back/open?done=corrected")
    assert "It is corrected. What you wrote at first stays too." in page
    assert "First: Ada Example Corrected on 2 March 2026, 9am to: Ida Example" in page
    assert page.count("What you corrected on 2 March 2026, 9am</h3>") == 1
    assert 'value="Ida Example"' in shown(person, "/back/correct/0/about")


@pytest.mark.parametrize(
    "where",
    [
        *("1/what", "1/when", "1/where", "1/area"),
        *("0/told", "0/told-how", "0/about", "0/contact", "0/others"),
    ],
)
def test_every_line_of_the_list_leads_to_its_question_filled_in(person: Person, where: str) -> None:
    person.files()
    assert f'href="/back/correct/{where}"' in person.client.get("/back/correct").text
    page = shown(person, f"/back/correct/{where}")
    assert "Correct a mistake" in page
    assert "Step" not in page.split("<main")[1]
    key = where.removeprefix("0/") if where.startswith("0/") else where
    answer = person.client.post(f"/back/correct/{where}", data=ANSWERS[key])
    assert answer.location == f"/back/correct/{where}/check"
    again = person.client.post(f"/back/correct/{where}/check")
    assert again.location == f"/back/correct/{where}"
    assert "this is what stands here already" in shown(person, f"/back/correct/{where}")


def test_a_wrong_answer_is_asked_again_with_what_was_typed(person: Person) -> None:
    person.files()
    page = person.is_asked_again("/back/correct/0/about", **RIGHT | {"birth-year": "2950"}).text
    assert "There is a problem" in page
    assert 'value="2950"' in page
    assert person.client.get("/back/correct/0/about/check").location == "/back/correct/0/about"


def test_what_cannot_be_corrected_is_not_found(person: Person) -> None:
    person.files(**KEPT)
    for where in ("0/words", "0/way", "2/what", "0/what", "1/about", "0/told", "0/check"):
        for end in ("", "/check"):
            assert person.client.get(f"/back/correct/{where}{end}").status_code == 404, where
            assert person.client.post(f"/back/correct/{where}{end}").status_code == 404, where


def test_a_draft_is_changed_where_it_is_written(person: Person) -> None:
    person.starts()
    assert person.client.get("/back/correct").location == "/back/open"
    assert person.client.get("/back/correct/1/what").status_code == 404


def test_a_withdrawn_report_is_taken_up_first(person: Person) -> None:
    person.files()
    person.client.post("/back/stop")
    page = shown(person, "/back/correct")
    assert "Take it up again first" in page
    assert "/back/correct/0/about" not in page
    person.client.post("/back/correct/0/about", data=RIGHT)
    person.client.post("/back/correct/0/about/check")
    page = shown(person, "/back/correct/0/about")
    assert "you withdrew this" in page
    assert 'value="Ida Example"' in page
