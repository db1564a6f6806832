"""A named case makes a report and a record that are about one event."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from portal.cli.story.case import Case
from portal.cli.story.numbers import Numbers

TOLD = datetime(2026, 3, 1, 12, tzinfo=UTC)
CASE = Case("vanished", "Idris Wexcombe", date(1979, 1, 24), ("theft-vehicle",), told=TOLD)


def test_a_record_is_of_the_time_that_the_report_names() -> None:
    record = CASE.record(Numbers(Random(1)), "48", timedelta(hours=2))
    report = CASE.report(7)
    assert record.occurred_from < report.happened[0].at < record.occurred_to <= TOLD
    assert record.recorded == TOLD + timedelta(hours=2)
    assert record.victims == (report.victim,)
    assert (report.number, report.chapter, report.told) == (7, "vanished", TOLD)


def test_a_case_that_was_told_to_nobody_has_no_time_of_telling() -> None:
    kept = Case("kept", "Nia Ashgrove", date(1992, 7, 15), ("controlling",), told=TOLD, way="keep")
    assert kept.report(1).told is None
