"""Cooling-off times are data with versions: each asking keeps to the one that held then."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.reference.cooling_off import ERASE, SHOWN, all_times, cooling_off
from portal.reference.files import BadDataFile, NotInReference

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HEAD = "id,version,valid_from,valid_to,hours,source\n"


@pytest.mark.parametrize(
    ("what", "wait"),
    [
        (ERASE, timedelta(hours=72)),
        (SHOWN, timedelta(days=7)),
    ],
)
def test_what_waits_and_how_long(what: str, wait: timedelta) -> None:
    found = cooling_off(what, asked_at=NOW)
    assert found.wait == wait
    assert found.source


def test_a_later_version_changes_nothing_about_what_was_asked_for_before(tmp_path: Path) -> None:
    rows = "erase,a,,2026-03-01,72,x\nerase,b,2026-03-02,,48,x\n"
    (tmp_path / "cooling_off.csv").write_text(HEAD + rows)
    before = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    assert cooling_off(ERASE, asked_at=before, directory=tmp_path).version == "a"
    assert cooling_off(ERASE, asked_at=NOW, directory=tmp_path).wait == timedelta(hours=48)


def test_there_is_no_time_by_another_name() -> None:
    with pytest.raises(NotInReference):
        cooling_off("never", asked_at=NOW)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("erase,a,,2026-03-01,72,x\nerase,b,2026-03-03,,48,x\n", "the day after"),
        ("erase,a,,2026-03-01,72,x\n", "must be empty"),
        ("erase,a,,,0,x\n", "whole hours"),
        ("erase,a,,,1.5,x\n", "whole hours"),
        ("erase,a,2026-3-1,,72,x\n", "not a date"),
        ("erase,a,,,72,x\nerase,a,,,7,x\n", "twice"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(tmp_path: Path, rows: str, why: str) -> None:
    (tmp_path / "cooling_off.csv").write_text(HEAD + rows)
    with pytest.raises(BadDataFile, match=why):
        all_times(tmp_path)
