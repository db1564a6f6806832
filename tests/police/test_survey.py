"""The first reading of a supply: whole or broken, how many rows, which bytes."""

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from portal.police.feed import BrokenFile, CrimeRow, Refusal
from portal.police.survey import Reading, Survey, survey
from tests.rig.supplies import file_of, opens, row

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def look_at(content: bytes, progress: Callable[[int], None] = lambda rows: None) -> Survey:
    return survey(opens(content), force_id="wiltshire", now=NOW, progress=progress)


def test_the_digest_is_of_the_bytes_as_they_came() -> None:
    content = b"\xef\xbb\xbf" + file_of([row()])
    assert look_at(content).digest == hashlib.sha256(content).digest()


def test_refused_rows_are_rows_and_blank_lines_are_none() -> None:
    content = file_of([row(), row("54/2/26", recorded_at="no")]) + b"\n\n"
    assert look_at(content).rows == 2


def test_a_file_that_breaks_at_its_very_end_is_found_out() -> None:
    content = file_of([row(f"54/{number}/26") for number in range(1, 3000)]) + b'wiltshire,"'
    with pytest.raises(BrokenFile) as raised:
        look_at(content)
    assert raised.value.line == 3001


def test_every_row_is_reported_once_as_it_goes() -> None:
    seen: list[int] = []
    look_at(file_of([row(f"54/{number}/26") for number in range(1, 2501)]), seen.append)
    assert sum(seen) == 2500
    assert len(seen) >= 3


def test_a_reading_closes_its_file_even_when_it_breaks() -> None:
    file = io.BytesIO(file_of([row()]) + b'"')
    with pytest.raises(BrokenFile):
        list(Reading(lambda: file, force_id="wiltshire", now=NOW).items())
    assert file.closed


def test_a_reading_tells_rows_from_refusals() -> None:
    content = file_of([row(), row("54/2/26", recorded_at="no")])
    reading = Reading(opens(content), force_id="wiltshire", now=NOW)
    first, second = reading.items()
    assert isinstance(first, CrimeRow)
    assert isinstance(second, Refusal)
    assert second.reference_key == "54/2/26"
    assert reading.rows == 2
