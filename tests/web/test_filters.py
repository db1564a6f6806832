"""Times, lengths of time and numbers read as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.languages.translating import speaking
from portal.web import filters
from portal.web.filters import aloud, london, london_by, london_date, number, plain_duration


def test_a_winter_afternoon_reads_as_the_clock_on_the_wall() -> None:
    assert london(datetime(2026, 11, 3, 14, 5, tzinfo=UTC)) == "3 November 2026, 2:05pm"


def test_a_summer_evening_is_an_hour_later_than_it_is_kept() -> None:
    assert london(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026, 12:30am"


@pytest.mark.parametrize(
    ("hour", "said"), [(0, "12am (midnight)"), (9, "9am"), (12, "noon"), (23, "11pm")]
)
def test_whole_hours_leave_nobody_in_doubt_which_half_of_the_day(hour: int, said: str) -> None:
    assert london(datetime(2026, 1, 5, hour, tzinfo=UTC)) == f"5 January 2026, {said}"


def test_the_hour_that_comes_twice_says_which_one_it_is() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert london(first) == "25 October 2026, 1:30am BST"
    assert london(first + timedelta(hours=1)) == "25 October 2026, 1:30am GMT"
    assert london(first + timedelta(hours=2)) == "25 October 2026, 2:30am"
    assert london(first - timedelta(hours=1)) == "25 October 2026, 12:30am"


def test_a_page_can_ask_for_the_name_of_the_zone() -> None:
    assert london(datetime(2026, 7, 1, 8, tzinfo=UTC), zone=True) == "1 July 2026, 9am BST"


def test_a_moment_without_a_zone_is_never_guessed() -> None:
    with pytest.raises(ValueError, match="zone"):
        london(datetime(2026, 7, 1, 8))  # noqa: DTZ001 - the point of the test


def test_a_stretch_that_ends_at_midnight_ends_with_the_day_before() -> None:
    assert london_by(datetime(2026, 11, 12, tzinfo=UTC)) == "the end of 11 November 2026"
    assert london_by(datetime(2026, 11, 12, 9, tzinfo=UTC)) == "12 November 2026, 9am"


def test_a_day_is_the_london_day() -> None:
    assert london_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"
    assert london_date(date(2026, 6, 30)) == "30 June 2026"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=72), "72 hours"),
        (timedelta(hours=73), "3 days 1 hour"),
        (timedelta(hours=2, minutes=5), "2 hours 5 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(days=40), "40 days"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(hours=-3), "minus 3 hours"),
    ],
)
def test_a_length_of_time_is_said_in_the_units_people_use(length: timedelta, said: str) -> None:
    assert plain_duration(length) == said


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=4000)))
def test_a_length_of_time_is_never_overstated(length: timedelta) -> None:
    words = plain_duration(length).split()
    units = {"day": 1440, "hour": 60, "minute": 1}
    amounts = zip(words[::2], words[1::2], strict=True)
    said = timedelta(minutes=sum(int(n) * units[unit.rstrip("s")] for n, unit in amounts))
    assert said <= length < said + timedelta(hours=1)


def test_thousands_are_set_apart() -> None:
    assert number(1234567) == "1,234,567"


def test_each_group_of_a_code_is_said_in_words() -> None:
    assert aloud(["7KQ2X", "0"]) == ["seven, Kilo, Quebec, two, X-ray", "zero"]


def test_templates_can_use_every_filter() -> None:
    app = Flask(__name__)
    filters.install(app)
    template = app.jinja_env.from_string(
        "{{ when|london }}; {{ when|london_date }}; {{ 5000|number }}"
    )
    said = template.render(when=datetime(2026, 1, 5, 9, tzinfo=UTC))
    assert said == "5 January 2026, 9am; 5 January 2026; 5,000"


def test_times_are_said_in_the_language_of_the_page() -> None:
    with speaking("cy"):
        assert london(datetime(2026, 11, 3, 14, 5, tzinfo=UTC)) == "3 Tachwedd 2026, 2:05pm"
        assert london_by(datetime(2026, 11, 3, tzinfo=UTC)) == "diwedd 2 Tachwedd 2026"
        assert plain_duration(timedelta(days=4, hours=3)) == "4 diwrnod 3 awr"
        assert plain_duration(timedelta(hours=2, minutes=2)) == "2 awr 2 funud"
