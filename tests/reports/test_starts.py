import re
from datetime import UTC, datetime, timedelta

import pytest

from portal.languages.translating import speaking
from portal.reports.dates import Interval
from portal.reports.starts import Start, is_latest, say_basis, work_out_start

HOUR = timedelta(hours=1)
FILED = datetime(2026, 11, 23, 12, tzinfo=UTC)
SATURDAY = datetime(2026, 10, 24, 20, 40, tzinfo=UTC)


def start_of(told: Interval | None, way_in: str = "told") -> Start:
    start = work_out_start(way_in, told=told, filed_at=FILED, delivered_at=None)
    assert start is not None
    return start


def test_an_approximate_time_counts_from_its_latest_end() -> None:
    start = start_of(Interval(SATURDAY - 6 * HOUR, SATURDAY))
    assert (start.at, start.event) == (SATURDAY, "told_police")
    assert "by 9:40pm on Saturday 24 October 2026" in start.basis
    assert "at 9:40pm" in start_of(Interval(SATURDAY, SATURDAY)).basis


def test_the_clock_never_starts_after_the_report_was_filed() -> None:
    start = start_of(Interval(FILED - HOUR, FILED + 20 * HOUR))
    assert (start.at, start.event) == (FILED, "told_police")


def test_an_unknown_time_counts_from_filing() -> None:
    start = start_of(None)
    assert (start.at, start.event) == (FILED, "filed")
    assert "not known" in start.basis


def test_only_a_time_that_is_known_to_the_minute_is_not_the_latest_that_it_can_have_been() -> None:
    assert not is_latest(start_of(Interval(SATURDAY, SATURDAY)))
    assert is_latest(start_of(Interval(SATURDAY - HOUR, SATURDAY)))
    assert is_latest(start_of(Interval(FILED - HOUR, FILED + HOUR)))
    assert is_latest(start_of(None))
    passed = work_out_start("pass", told=None, filed_at=FILED, delivered_at=FILED)
    assert passed is not None
    assert not is_latest(passed)


def test_a_passed_report_counts_from_delivery_and_not_before() -> None:
    waiting = work_out_start("pass", told=None, filed_at=FILED, delivered_at=None)
    assert waiting is None
    start = work_out_start("pass", told=None, filed_at=FILED, delivered_at=FILED + HOUR)
    assert start is not None
    assert (start.at, start.event) == (FILED + HOUR, "handed_over")


def test_a_kept_report_has_no_clock() -> None:
    told = Interval(SATURDAY, SATURDAY)
    assert work_out_start("keep", told=told, filed_at=FILED, delivered_at=FILED) is None
    with pytest.raises(ValueError, match="way in"):
        work_out_start("post", told=None, filed_at=FILED, delivered_at=None)


@pytest.mark.parametrize("way_in", ["told", "pass"])
@pytest.mark.parametrize(
    "told",
    [
        None,
        Interval(SATURDAY, SATURDAY),
        Interval(SATURDAY - 6 * HOUR, SATURDAY),
        Interval(FILED - HOUR, FILED + HOUR),
    ],
)
def test_the_log_says_why_in_english_and_the_page_in_the_language_of_its_reader(
    way_in: str, told: Interval | None
) -> None:
    facts = {"told": told, "filed_at": FILED, "delivered_at": FILED}
    with speaking("cy"):
        in_welsh = work_out_start(way_in, **facts)  # type: ignore[arg-type]
        assert in_welsh
        said = say_basis(in_welsh)
    assert in_welsh == work_out_start(way_in, **facts)  # type: ignore[arg-type]
    assert say_basis(in_welsh) == in_welsh.basis
    assert said != in_welsh.basis
    assert re.search(r"(?:Hydref|Tachwedd) 2026", said)


def test_why_is_shown_as_it_stands_when_nobody_knows_its_words() -> None:
    with speaking("cy"):
        assert say_basis(Start(FILED, "filed", "As somebody wrote it.")) == "As somebody wrote it."
