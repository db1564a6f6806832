"""A preview finds what taking the file would find, and keeps nothing."""

from datetime import UTC, datetime

import pytest

from portal.police.feed import BrokenFile
from portal.police.preview import MOST_SHOWN, Preview, preview
from portal.police.survey import READ_CSV
from portal.site import Site
from tests.rig.supplies import Row, file_of, opens, row, take

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ROWS = [
    row(victim_name="Zebulonta"),
    row("54/2/26", recorded_at="Tuesday"),
    row(offence_code="28E"),
    row(victim_name="Another"),
    row("54/3/26", outcome_type="66"),
    row("54/4/26", force="kent"),
]


def look(rows: list[Row], crimes: int = 100) -> Preview:
    read = READ_CSV
    return preview(opens(file_of(rows)), force_id="wiltshire", now=NOW, read=read, crimes=crimes)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_foretold_is_what_then_happens(site: Site) -> None:
    found, outcome = look(ROWS), take(site, ROWS)
    assert (found.rows, found.taken, found.refused) == (6, outcome.taken, outcome.refused)
    assert [line for line, _, _ in found.refused_rows] == [3, 4, 7]
    assert found.compared


def test_the_first_rows_are_shown_without_their_people() -> None:
    found = look(ROWS)
    assert [sample.line for sample in found.samples] == [2, 5, 6]
    assert found.samples[0].names_victim
    assert found.samples[0].recorded == datetime(2026, 2, 10, 10, tzinfo=UTC)
    assert "Zebulonta" not in str(found)


def test_notices_are_counted_by_their_reason_the_commonest_first() -> None:
    found = look([row(f"54/{number}/26", recorded_at="2026-02-10") for number in range(1, 9)])
    ((field, _, count),) = found.notices
    assert (field, count) == ("recorded_at", 8)


def test_only_the_first_refused_rows_are_listed_and_all_are_counted() -> None:
    found = look([row(f"54/{number}/26", recorded_at="") for number in range(1, 90)])
    assert (found.refused, len(found.refused_rows)) == (89, MOST_SHOWN)


def test_a_file_of_too_many_crimes_to_compare_says_so() -> None:
    found = look([row("54/9/26"), *ROWS], crimes=1)
    assert not found.compared


def test_a_broken_file_is_refused_as_when_it_is_taken() -> None:
    with pytest.raises(BrokenFile):
        preview(opens(b""), force_id="wiltshire", now=NOW, read=READ_CSV)


def test_it_comes_back_as_it_was_kept() -> None:
    found = look(ROWS)
    told = Preview.from_json(found.to_json())
    assert (told.samples, told.rows, told.refused) == (found.samples, found.rows, found.refused)
