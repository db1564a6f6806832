from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.reports.date_words import describe, say_moment, say_until
from portal.reports.dates import PARTS, Kind, When

DAY = {"day": "3", "month": "Nov", "year": "26"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (When("exact", **DAY), "Tuesday 3 November 2026"),
        (When("exact", **DAY, time="19:30"), "7:30pm on Tuesday 3 November 2026"),
        (When("exact", **DAY, time="00:00"), "midnight, as Tuesday 3 November 2026 began"),
        (When("approximate", **DAY, part="evening"), "the evening of 3 November 2026 (about)"),
        (
            When("approximate", **DAY, part="night"),
            "the night of 3 November 2026, into 4 November 2026 (about)",
        ),
        (
            When("approximate", **DAY, part="about"),
            "about 3 November 2026 (up to 3 days before or after)",
        ),
        (When("approximate", month="3", year="2019"), "some time in March 2019"),
        (When("approximate", year="2019"), "some time in 2019"),
        (
            When("range", **DAY, time="7pm", to_month="12", to_year="2026"),
            "from 7pm on Tuesday 3 November 2026 to December 2026",
        ),
        (When("unknown"), "I don’t know when"),
        (When("rather-not-say"), "I would rather not say when"),
        (When("exact", day="40"), "a date that we could not read"),
    ],
)
def test_an_answer_reads_back_in_plain_words(answer: When, words: str) -> None:
    assert describe(answer) == words


def test_a_moment_in_the_hour_that_comes_twice_says_which() -> None:
    before = say_moment(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    after = say_moment(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert before == "1:30am (before the clocks went back) on Sunday 25 October 2026"
    assert after == "1:30am (after the clocks went back) on Sunday 25 October 2026"


def test_a_moment_is_said_as_london_shows_it() -> None:
    assert say_moment(datetime(2026, 7, 1, 20, 40, tzinfo=UTC)) == "9:40pm on Wednesday 1 July 2026"
    with pytest.raises(ValueError, match="zone"):
        say_moment(datetime(2026, 7, 1))  # noqa: DTZ001 - the point


def test_a_stretch_that_ends_at_midnight_ends_with_the_day_before() -> None:
    winter, summer = datetime(2026, 11, 12, tzinfo=UTC), datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert say_until(winter) == "the end of Wednesday 11 November 2026"
    assert say_until(summer) == "the end of Tuesday 30 June 2026"
    assert say_moment(winter) == "midnight at the end of Wednesday 11 November 2026"
    later = datetime(2026, 11, 12, 0, 1, tzinfo=UTC)
    assert say_until(later) == say_moment(later) == "12:01am on Thursday 12 November 2026"


# The first text of a run is slow: hypothesis builds its table of characters.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(list(When("").as_data())),
        st.one_of(
            st.text(max_size=6), st.integers(0, 40).map(str), st.sampled_from([*Kind, *PARTS])
        ),
    )
)
def test_no_answer_is_left_without_words(data: dict[str, str]) -> None:
    assert describe(When.from_data(data)).strip()
