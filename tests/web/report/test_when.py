"""Promises about the question "when": every way to answer it, and nothing typed is lost."""

import re

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.reports.dates import When
from portal.site import Site
from portal.web.report.page_form import Around
from portal.web.report.when import LooseDate, ToldForm, WhenForm
from tests.web.report.conftest import Person


@pytest.fixture
def backend() -> str:
    """What is typed does not depend on the database."""
    return "sqlite"


def made(app: Flask, site: Site, typed: dict[str, str]) -> WhenForm:
    with app.test_request_context("/", method="POST", data=MultiDict(typed)):
        form = WhenForm.make({}, Around({}, 1, frozenset(), site.now()))
        form.validate()
        return form


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"kind": "unknown"}, When("unknown")),
        ({"kind": "rather-not-say"}, When("rather-not-say")),
        (
            {"kind": "exact", "exact-day": "1", "exact-month": "mar", "exact-year": "2026"},
            When("exact", "1", "mar", "2026"),
        ),
        (
            {"kind": "approximate", "about-year": "2019", "exact-day": "31"},
            When("approximate", year="2019"),
        ),
        (
            {"kind": "range", "start-year": "2019", "end-year": "2020", "end_time": ""},
            When("range", year="2019", to_year="2020"),
        ),
    ],
)
def test_each_way_to_answer_is_kept_and_shown_again(
    app: Flask, site: Site, typed: dict[str, str], kept: When
) -> None:
    form = made(app, site, typed)
    assert form.error_links() == []
    assert form.values() == kept.as_data()
    with app.test_request_context("/"):
        again = WhenForm.make(kept.as_data(), Around({}, 1, frozenset(), site.now()))
        assert again.values() == kept.as_data()


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ({}, "#kind"),
        ({"kind": "yesterday"}, "#kind"),
        (
            {"kind": "exact", "exact-day": "1", "exact-month": "", "exact-year": "2026"},
            "#exact-month",
        ),
        (
            {
                "kind": "exact",
                "exact-day": "1",
                "exact-month": "3",
                "exact-year": "2026",
                "exact_time": "7",
            },
            "#exact_time",
        ),
        (
            {"kind": "exact", "exact-day": "9", "exact-month": "3", "exact-year": "2026"},
            "#exact-day",
        ),
        ({"kind": "approximate", "about-year": "20x"}, "#about-year"),
        ({"kind": "range", "start-year": "2019", "end-month": "5"}, "#end-year"),
        ({"kind": "range", "start-year": "2021", "end-year": "2019"}, "#end-day"),
    ],
)
def test_a_wrong_answer_leads_to_the_box_that_is_wrong(
    app: Flask, site: Site, typed: dict[str, str], leads_to: str
) -> None:
    assert [link.href for link in made(app, site, typed).error_links()] == [leads_to]


def test_what_was_typed_in_another_answers_boxes_stays_too(person: Person) -> None:
    person.starts()
    person.answers("1/what")
    typed = {"kind": "exact", "exact-day": "40", "about-year": "2019", "start_time": "noon"}
    page = person.is_asked_again("1/when", **typed).text
    for name, value in typed.items():
        assert name == "kind" or re.search(f'name="{name}"[^>]*value="{value}"', page)


def test_the_police_question_asks_about_the_telling(app: Flask, site: Site) -> None:
    with app.test_request_context("/"):
        form = ToldForm.make({}, Around({}, 0, frozenset(), site.now()))
        assert form.kind.label.text == "When did you tell the police?"
        assert isinstance(form.exact, LooseDate)


def test_told_before_it_happened_is_asked_about_and_can_be_right(person: Person) -> None:
    person.starts()
    for page in ("1/what", "1/when", "way"):
        person.answers(page)
    typed = {"kind": "exact", "exact-day": "26", "exact-month": "2", "exact-year": "2026"}
    page = person.is_asked_again("told", **typed).text
    assert "You told them before it happened. Is that right?" in page
    sure = typed | {"sure": "yes"}
    assert person.client.post("/start/told", data=sure).location != "/start/told"
    assert (
        'name="sure" type="checkbox" value="yes" checked' in person.client.get("/start/told").text
    )


@pytest.mark.parametrize("day", ["27", "28"])
def test_told_on_the_day_or_later_is_not_asked_about(person: Person, day: str) -> None:
    person.starts()
    for page in ("1/what", "1/when", "way"):
        person.answers(page)
    typed = {"kind": "exact", "exact-day": day, "exact-month": "2", "exact-year": "2026"}
    assert person.client.post("/start/told", data=typed).location != "/start/told"
    assert "before it happened" not in person.client.get("/start/told").text


def test_a_year_of_two_figures_is_kept_with_four(person: Person) -> None:
    person.starts()
    person.answers("1/what")
    person.answers("1/when", **{"about-year": "26"})
    page = person.client.get("/start/1/when").text
    assert re.search(r'name="about-year"[^>]*value="2026"', page)


@pytest.mark.parametrize("said", ["around 9", "about nine", "9", "9ish", "tua 9"])
def test_a_rough_time_leads_to_the_choice_for_it_and_stays_as_typed(
    person: Person, said: str
) -> None:
    person.starts()
    person.answers("1/what")
    day = {"exact-day": "27", "exact-month": "2", "exact-year": "2026"}
    page = person.is_asked_again("1/when", kind="exact", exact_time=said, **day)
    assert "choose “I know about when” and a time of day" in page.text
    assert str(WhenForm.kind.kwargs["options"][1].label) == "I know about when"
    assert f'value="{said}"' in page.text
    assert 'href="#exact_time"' in page.text
    person.client.get("/language/cy?page=/")
    assert "“Rwy’n gwybod tua phryd”" in person.client.get("/start/1/when").text
