"""Promises about the limits of files: data, by version, refused when it does not hold together."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.reference.evidence_limits import FILE, all_evidence_limits, evidence_limits_at
from portal.reference.files import BadDataFile

HEAD = "version,valid_from,largest_file_bytes,largest_report_bytes,most_files,source\n"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def folder(tmp_path: Path, *rows: str) -> Path:
    (tmp_path / FILE).write_text(HEAD + "\n".join(rows) + "\n")
    return tmp_path


def test_the_limits_of_today_are_those_that_pages_say() -> None:
    today = evidence_limits_at(NOW)
    assert (today.largest_file, today.largest_report, today.most_files) == (10**8, 5 * 10**8, 100)


def test_a_newer_version_counts_from_its_day_in_london(tmp_path: Path) -> None:
    data = folder(tmp_path, "1,,100,200,3,ours", "2,2026-07-01,300,400,5,ours")
    assert evidence_limits_at(datetime(2026, 6, 30, 22, 59, tzinfo=UTC), data).version == "1"
    assert evidence_limits_at(datetime(2026, 6, 30, 23, 0, tzinfo=UTC), data).version == "2"
    assert len(all_evidence_limits(data)) == 2


@pytest.mark.parametrize(
    "rows",
    [
        ("1,2026-01-01,100,200,3,ours",),
        ("1,,100,200,3,ours", "2,,100,200,3,ours"),
        ("1,,300,200,3,ours",),
        ("1,,0,200,3,ours",),
        ("1,,many,200,3,ours",),
        ("1,,100,200,3,",),
        ("1,,100,200,3,ours", "2,soon,100,200,3,ours"),
    ],
)
def test_data_that_does_not_hold_together_is_refused(tmp_path: Path, rows: tuple[str, ...]) -> None:
    with pytest.raises(BadDataFile):
        all_evidence_limits(folder(tmp_path, *rows))
