"""Three boxes take anything, give it back unchanged, and lead to the one that is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from portal.web.dates import PARTS, DateParts


class Questions(Form):
    day = DateParts("What day?", needed="Write the day", latest=lambda: date(2026, 11, 3))
    born = DateParts("Date of birth", autocomplete="bday")


def ask(day: str = "", month: str = "", year: str = "") -> DateParts:
    form = Questions(MultiDict({"day-day": day, "day-month": month, "day-year": year}))
    form.validate()
    return form.day


def test_a_date_in_numbers_is_understood() -> None:
    field = ask("3", "11", "2026")
    assert field.data == date(2026, 11, 3)
    assert list(field.errors) == []


def test_a_month_may_be_a_name() -> None:
    assert ask("1", "Sept", "2025").data == date(2025, 9, 1)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        (("", "11", "2026"), "day"),
        (("3", "", "2026"), "month"),
        (("3", "11", ""), "year"),
        (("32", "1", "2026"), "day"),
        (("3", "13", "2026"), "month"),
        (("3", "11", "soon"), "year"),
        (("3", "11", "26"), "year"),
        (("31", "6", "2026"), "day"),
        (("1", "1", "1850"), "year"),
        (("4", "11", "2026"), "day"),
    ],
)
def test_the_error_leads_to_the_first_wrong_box(typed: tuple[str, str, str], part: str) -> None:
    field = ask(*typed)
    assert field.errors
    assert field.first_wrong_id == f"day-{part}"
    assert tuple(field.typed.values()) == typed


def test_a_day_still_to_come_is_refused_with_the_last_day_that_can_be() -> None:
    assert list(ask("4", "11", "2026").errors) == ["The date must be 3 November 2026 or earlier"]


def test_three_empty_boxes_say_what_is_needed_or_nothing_at_all() -> None:
    form = Questions(MultiDict({"other": "x"}))
    form.validate()
    assert list(form.day.errors) == ["Write the day"]
    assert list(form.born.errors) == []


box = st.text(max_size=30)


@given(st.lists(st.tuples(st.sampled_from(PARTS), box), max_size=9))
def test_nothing_typed_in_the_boxes_breaks_the_page(sent: list[tuple[str, str]]) -> None:
    form = Questions(MultiDict((f"day-{part}", text) for part, text in sent))
    form.validate()
    assert (form.day.data is None) or (date(1900, 1, 1) <= form.day.data)
    assert form.day.first_wrong_id in {"day-day", "day-month", "day-year"}
    assert form.day()


def test_a_box_sent_many_times_counts_once() -> None:
    sent = [("day-day", "3"), ("day-day", "4"), ("day-month", "1"), ("day-year", "2026")]
    assert Questions(MultiDict(sent)).day.data == date(2026, 1, 3)


@pytest.mark.parametrize("stored", [date(2026, 2, 1), {"day": "1", "month": "2", "year": "2026"}])
def test_a_stored_date_fills_the_boxes(stored: object) -> None:
    field = Questions(data={"day": stored}).day
    assert field.typed == {"day": "1", "month": "2", "year": "2026"}
    assert field.data == date(2026, 2, 1)


def test_a_wrong_date_kept_in_a_draft_comes_back_as_it_was() -> None:
    field = Questions(data={"day": {"day": "31", "month": "june", "year": None}}).day
    assert field.typed == {"day": "31", "month": "june", "year": ""}
    assert field.data is None
