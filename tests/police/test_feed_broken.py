"""When the whole file is refused, so that no part of a broken file is ever taken for the whole."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.police.feed import BrokenFile, CrimeRow, decode, parse

HEAD = "force,crime_reference,recorded_at,offence_code\n"
ROW = "wiltshire,54240012345,2024-01-15T10:30:00,28E\n"


def read(lines: Iterator[str] | list[str]) -> list[object]:
    now = datetime(2024, 7, 1, tzinfo=UTC)
    return list(parse(lines, force_id="wiltshire", offence_known=bool, now=now))


def broken(*lines: str) -> BrokenFile:
    with pytest.raises(BrokenFile) as caught:
        read(list(lines))
    return caught.value


def test_an_empty_file_is_broken() -> None:
    assert broken().line == 1


def test_a_file_without_a_header_is_broken_and_repeats_nothing_of_it() -> None:
    error = broken("wiltshire,54240012345,Ann Example,28E\n")
    assert "not found: force" in error.reason
    assert "Ann" not in error.message


def test_a_missing_required_column_is_named() -> None:
    assert "recorded_at" in broken(HEAD.replace("recorded_at", "recorded"), ROW).reason


def test_a_column_that_comes_twice_is_broken() -> None:
    assert "twice: force" in broken("force," + HEAD, "wiltshire," + ROW).reason


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_than_commas_are_named_as_the_reason(mark: str) -> None:
    assert "separated by commas" in broken(HEAD.replace(",", mark), ROW).reason


def test_nul_bytes_are_broken_at_their_line() -> None:
    error = broken(HEAD, ROW, ROW.replace("28E", "28E\0"))
    assert (error.line, "NUL" in error.reason) == (3, True)


def test_a_quote_that_is_never_closed_is_broken() -> None:
    assert broken(HEAD, ROW, ROW.replace("28E", '"28E'), ROW).line == 3


def test_a_quote_closed_far_below_does_not_swallow_the_rows_between() -> None:
    assert broken(HEAD, ROW.replace("28E", '"28E'), *[ROW] * 50, 'x"\n').line == 2


def test_a_quote_in_the_middle_of_a_quoted_cell_is_broken() -> None:
    assert broken(HEAD, ROW.replace("28E", '"28"E"')).line == 2


def test_a_line_without_end_is_broken() -> None:
    assert "longer than" in broken(HEAD, "x" * 200_000).reason


def test_a_file_that_is_not_utf_8_is_broken_at_the_right_line() -> None:
    raw = [HEAD.encode(), ROW.encode(), "wiltshire,é".encode("latin-1")]
    with pytest.raises(BrokenFile) as caught:
        read(decode(raw))
    assert caught.value.line == 3


def test_a_text_file_opened_elsewhere_that_is_not_utf_8_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "supply.csv"
    path.write_bytes(HEAD.encode() + b"wiltshire,\xff\n")
    with path.open(encoding="utf-8", newline="") as stream, pytest.raises(BrokenFile):
        list(parse_lines(stream))


def parse_lines(stream: Iterator[str]) -> Iterator[object]:
    now = datetime(2024, 7, 1, tzinfo=UTC)
    return parse(stream, force_id="wiltshire", offence_known=bool, now=now)


def test_utf_16_is_named_as_the_reason() -> None:
    with pytest.raises(BrokenFile, match="UTF-16"):
        read(decode((HEAD + ROW).encode("utf-16").splitlines(keepends=True)))


def test_a_broken_file_tells_the_analyst_that_nothing_was_taken_and_what_to_do() -> None:
    message = broken(HEAD, ROW.replace("28E", '"28E')).message
    assert "Nothing of it was taken" in message
    assert "send the whole file again" in message


def test_rows_are_yielded_one_at_a_time_so_that_a_file_of_any_size_fits() -> None:
    asked = []

    def lines() -> Iterator[str]:
        yield HEAD
        for number in range(1_000):
            asked.append(number)
            yield ROW

    rows = parse_lines(lines())
    assert isinstance(next(iter(rows)), CrimeRow)
    assert len(asked) == 1


def test_a_header_alone_is_an_empty_supply() -> None:
    assert read([HEAD]) == []
