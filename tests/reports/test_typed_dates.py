from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.languages.translating import speaking
from portal.reports.typed_dates import TypedDate, read_date, read_time, say_time


def parts(found: object) -> list[str]:
    assert isinstance(found, list)
    return [problem.part for problem in found]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("3", "11", "2026"), date(2026, 11, 3)),
        (("03", "Nov", "26"), date(2026, 11, 3)),
        ((" 3rd ", "NOVEMBER", "2026"), date(2026, 11, 3)),
        (("1st", "sept.", "1987"), date(1987, 9, 1)),
        (("29", "feb", "2024"), date(2024, 2, 29)),
        (("３", "11", "２０２６"), date(2026, 11, 3)),
    ],
)
def test_a_date_is_read_however_people_write_it(typed: tuple[str, str, str], meant: date) -> None:
    found = read_date(*typed)
    assert isinstance(found, TypedDate)
    assert found.first() == meant


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (("", "", ""), ["day"]),
        (("3", "", ""), ["month", "year"]),
        (("32", "13", "soon"), ["day", "month", "year"]),
        (("0", "Ju", "198"), ["day", "month", "year"]),
        (("31", "6", "2026"), ["day"]),
        (("29", "2", "2026"), ["day"]),
        (("", "x", "2026"), ["day", "month"]),
        (("x", "11", "1899"), ["day", "year"]),
    ],
)
def test_everything_wrong_is_told_at_once_beside_its_box(
    typed: tuple[str, str, str], wrong: list[str]
) -> None:
    assert sorted(parts(read_date(*typed))) == sorted(wrong)


def test_a_month_or_a_year_alone_is_enough_when_the_rest_is_not_known() -> None:
    assert read_date("", "3", "2019", whole=False) == TypedDate(2019, 3)
    assert read_date("", "", "2019", whole=False) == TypedDate(2019)
    assert parts(read_date("3", "", "2019", whole=False)) == ["month"]
    assert parts(read_date("", "3", "", whole=False, prefix="to_")) == ["to_year"]
    assert parts(read_date("", "", "", whole=False)) == ["year"]


def test_the_day_after_a_month_or_a_year_is_the_next_one() -> None:
    assert TypedDate(2026, 12).after() == date(2027, 1, 1)
    assert TypedDate(2026, 11).after() == date(2026, 12, 1)
    assert TypedDate(2026).after() == date(2027, 1, 1)
    assert TypedDate(2024, 2, 28).after() == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7pm", time(19)),
        ("7.30 PM", time(19, 30)),
        ("19:30", time(19, 30)),
        ("1930", time(19, 30)),
        ("7 p.m.", time(19)),
        ("12am", time(0)),
        ("12.05pm", time(12, 5)),
        ("noon", time(12)),
        ("12 noon", time(12)),
        ("Midday", time(12)),
        ("midnight", time(0)),
        ("12 midnight", time(0)),
        ("00:00", time(0)),
    ],
)
def test_a_time_is_read_however_people_write_it(typed: str, meant: time) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize(
    "typed", ["7", "25:00", "19:60", "13pm", "0am", "evening", "", "7:3", "-1"]
)
def test_a_time_that_could_mean_two_things_is_not_guessed(typed: str) -> None:
    assert read_time(typed) is None


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_a_time_said_aloud_reads_back_as_itself(at: time) -> None:
    assert read_time(say_time(at)) == at


# The first text of a run is slow: hypothesis builds its table of characters.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(), st.text(), st.text(), st.text(), st.booleans())
def test_nothing_that_can_be_typed_breaks_the_page(
    day: str, month: str, year: str, clock: str, whole: bool
) -> None:
    found = read_date(day, month, year, whole=whole)
    assert isinstance(found, TypedDate) or found
    assert read_time(clock) is None or isinstance(read_time(clock), time)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(9990, 1, 1)))
def test_every_date_reads_back_as_itself(day: date) -> None:
    for month in (str(day.month), f"{day:%B}", f"{day:%b}"):
        found = read_date(str(day.day), month, str(day.year))
        assert isinstance(found, TypedDate)
        assert found.first() == day


@pytest.mark.parametrize(
    ("month", "number"),
    [("Ionawr", 1), ("chwef", 2), ("Mawrth", 3), ("mai", 5), ("Mehefin", 6), ("Tach.", 11)],
)
def test_a_month_can_be_written_in_welsh_in_either_language(month: str, number: int) -> None:
    assert read_date("3ydd", month, "2026") == TypedDate(2026, number, 3)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7yb", time(7)),
        ("7.30 y.h.", time(19, 30)),
        ("2yp", time(14)),
        ("canol dydd", time(12)),
        ("Hanner nos", time(0)),
    ],
)
def test_a_time_can_be_written_in_welsh(typed: str, meant: time) -> None:
    assert read_time(typed) == meant


def test_a_date_that_is_not_there_is_said_in_the_language_of_the_page() -> None:
    with speaking("cy"):
        (problem,) = read_date("31", "2", "2026")  # type: ignore[misc]
        assert problem.message == "Nid oes diwrnod 31 ym mis Chwefror 2026. Gwiriwch y diwrnod."
        assert say_time(time(12)) == "canol dydd"
