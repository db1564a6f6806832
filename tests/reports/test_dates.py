from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.clock import LONDON
from portal.reports.dates import PARTS, Interval, Kind, Reading, When, read_when

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def read(kind: str, *, now: datetime = NOW, **boxes: str) -> Reading:
    return read_when(When(kind, **boxes), now=now)


def day(number: int, month: int = 11, year: int = 2026) -> dict[str, Any]:
    return {"day": str(number), "month": str(month), "year": str(year)}


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def hours(reading: Reading) -> float:
    assert reading.interval is not None
    return reading.interval.length / timedelta(hours=1)


def wrong(reading: Reading) -> list[str]:
    assert reading.interval is None
    return [problem.part for problem in reading.problems]


def test_not_knowing_and_not_saying_are_answers() -> None:
    assert read(Kind.UNKNOWN) == Reading()
    assert read(Kind.NOT_SAID) == Reading()


def test_an_exact_time_is_one_moment() -> None:
    at = utc(2026, 11, 3, 19, 30)
    assert read("exact", **day(3), time="7.30 pm").interval == Interval(at, at)


def test_a_summer_evening_is_an_hour_behind_in_utc() -> None:
    at = utc(2026, 7, 3, 18)
    assert read("exact", **day(3, 7), time="7pm").interval == Interval(at, at)


def test_a_date_without_a_time_is_the_whole_day() -> None:
    assert read("exact", **day(3)).interval == Interval(utc(2026, 11, 3), utc(2026, 11, 4))


def test_the_days_the_clocks_change_have_23_and_25_hours() -> None:
    assert hours(read("exact", **day(29, 3))) == 23
    assert hours(read("exact", **day(25, 10))) == 25


def test_the_small_hours_of_those_days_have_5_and_7_hours() -> None:
    assert hours(read("approximate", **day(29, 3), part="early-morning")) == 5
    assert hours(read("approximate", **day(25, 10), part="early-morning")) == 7
    assert hours(read("approximate", **day(24, 10), part="night")) == 13


def test_a_time_that_the_clocks_showed_twice_covers_both_and_says_so() -> None:
    reading = read("exact", **day(25, 10), time="1:30am")
    assert reading.interval == Interval(utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30))
    assert "twice" in reading.notes[0]


def test_a_time_that_the_clocks_skipped_moves_forward_and_says_so() -> None:
    reading = read("exact", **day(29, 3), time="1:30am")
    at = utc(2026, 3, 29, 1, 30)
    assert reading.interval == Interval(at, at)
    assert "1:30am" in reading.notes[0]
    assert "2:30am" in reading.notes[0]


@pytest.mark.parametrize(
    ("part", "start", "end"),
    [
        ("early-morning", utc(2026, 11, 3), utc(2026, 11, 3, 6)),
        ("morning", utc(2026, 11, 3, 6), utc(2026, 11, 3, 12)),
        ("afternoon", utc(2026, 11, 3, 12), utc(2026, 11, 3, 18)),
        ("evening", utc(2026, 11, 3, 18), utc(2026, 11, 4)),
        ("night", utc(2026, 11, 3, 18), utc(2026, 11, 4, 6)),
        ("about", utc(2026, 10, 31), utc(2026, 11, 7)),
        ("", utc(2026, 10, 31), utc(2026, 11, 7)),
    ],
)
def test_a_part_of_a_day_or_about_a_day_is_a_stretch(
    part: str, start: datetime, end: datetime
) -> None:
    assert read("approximate", **day(3), part=part).interval == Interval(start, end)


def test_a_month_or_a_year_is_a_stretch() -> None:
    june = read("approximate", month="June", year="2019").interval
    assert june == Interval(utc(2019, 5, 31, 23), utc(2019, 6, 30, 23))
    year = read("approximate", year="2019").interval
    assert year == Interval(utc(2019, 1, 1), utc(2020, 1, 1))


def test_a_range_runs_from_the_first_moment_of_one_end_to_the_last_of_the_other() -> None:
    ends: dict[str, Any] = {"to_day": "4", "to_month": "11", "to_year": "26", "to_time": "9am"}
    reading = read("range", **day(3), **ends)
    assert reading.interval == Interval(utc(2026, 11, 3), utc(2026, 11, 4, 9))


def test_years_of_abuse_can_be_given_as_two_months_or_years() -> None:
    reading = read("range", year="1985", to_month="june", to_year="1988")
    assert reading.interval == Interval(utc(1985, 1, 1), utc(1988, 6, 30, 23))


def test_a_time_still_to_come_is_refused_beside_the_box_that_says_so() -> None:
    assert wrong(read("exact", **day(1, 1, 2027))) == ["year"]
    assert wrong(read("exact", **day(1, 12))) == ["month"]
    assert wrong(read("exact", **day(24))) == ["day"]
    assert wrong(read("exact", **day(23), time="12:01")) == ["time"]
    assert wrong(read("approximate", **day(23), part="evening")) == ["part"]
    assert wrong(read("approximate", **day(24), part="about")) == ["day"]
    assert wrong(read("approximate", month="12", year="2026")) == ["month"]


def test_a_short_year_that_lands_in_the_future_asks_for_all_four_figures() -> None:
    (problem,) = read("exact", day="1", month="1", year="85").problems
    assert problem.part == "year"
    assert "4 figures" in problem.message


def test_what_would_last_beyond_now_is_cut_at_now() -> None:
    assert read("exact", **day(23)).interval == Interval(utc(2026, 11, 23), NOW)
    month = read("approximate", month="11", year="2026").interval
    assert month is not None
    assert month.latest == NOW


def test_several_problems_are_told_at_once() -> None:
    reading = read("range", day="32", month="11", year="2026", to_time="late", to_year="2099")
    assert wrong(reading) == ["day", "to_day", "to_month", "to_time"]


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    assert wrong(read("range", **day(4), to_day="3", to_month="11", to_year="2026")) == ["to_day"]
    same_day: dict[str, Any] = {
        "to_day": "4",
        "to_month": "11",
        "to_year": "2026",
        "to_time": "7pm",
    }
    assert wrong(read("range", **day(4), time="9pm", **same_day)) == ["to_time"]


def test_an_unknown_kind_or_part_asks_again() -> None:
    assert wrong(read("")) == ["kind"]
    assert wrong(read("approximate", **day(3), part="teatime")) == ["part"]


def test_an_interval_refuses_times_without_a_zone_or_out_of_order() -> None:
    with pytest.raises(ValueError, match="zone"):
        Interval(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="begins"):
        Interval(utc(2026, 1, 2), utc(2026, 1, 1))


@pytest.mark.parametrize(
    ("answer", "has_time"),
    [
        (When("exact", "2", "11", "2026", time="9pm"), True),
        (When("exact", "2", "11", "2026", time=" "), False),
        (When("approximate", "2", "11", "2026", part="evening"), True),
        (When("approximate", "2", "11", "2026", part="early-morning"), True),
        (When("approximate", "2", "11", "2026", part="about"), False),
        (When("approximate", "2", "11", "2026", time="9pm"), False),
        (When("range", "2", "11", "2026", time="21:00", to_day="3"), True),
        (When("range", "2", "11", "2026", to_day="3", to_time="21:00"), False),
        (When("unknown", time="21:00"), False),
    ],
)
def test_a_day_alone_is_told_from_one_on_which_it_began_at_some_time(
    answer: When, has_time: bool
) -> None:
    assert answer.has_time is has_time


def test_an_answer_survives_the_draft_and_ignores_other_questions() -> None:
    answer = When("exact", day="3", month="11", year="2026")
    assert When.from_data(answer.as_data()) == answer
    assert When.from_data({"day": "3", "where": "x"}) == When("", day="3")


instants = st.datetimes(
    min_value=datetime(1950, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2040, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)


@given(instants)
def test_the_minute_a_person_names_is_inside_what_we_understood(at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    shown = at.astimezone(LONDON)
    boxes = day(shown.day, shown.month, shown.year)
    interval = read("exact", **boxes, time=f"{shown:%H:%M}", now=at).interval
    assert interval is not None
    assert interval.earliest <= at <= interval.latest


@given(instants, st.sampled_from(["", "about", *PARTS]), st.timedeltas(timedelta(), timedelta(2)))
def test_nothing_understood_reaches_beyond_now(at: datetime, part: str, later: timedelta) -> None:
    shown = at.astimezone(LONDON)
    reading = read(
        "approximate", **day(shown.day, shown.month, shown.year), part=part, now=at + later
    )
    assert (reading.interval is None) == bool(reading.problems)
    if reading.interval is not None:
        assert reading.interval.latest <= at + later


boxes = st.dictionaries(
    st.sampled_from(list(When("").as_data())),
    st.one_of(st.text(max_size=6), st.integers(0, 40).map(str), st.sampled_from([*Kind, *PARTS])),
)


# The first text of a run is slow: hypothesis builds its table of characters.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(boxes)
def test_no_answer_breaks_the_reading(data: dict[str, str]) -> None:
    reading = read_when(When.from_data(data), now=NOW)
    assert not (reading.interval and reading.problems)
