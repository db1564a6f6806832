"""The one CSV format of a supply of crime records, read row by row (docs/crime-records-format.md).

Pure: lines in, rows out. A broken file raises `BrokenFile`; a wrong row becomes one `Refusal` and
the rest is taken; what was taken otherwise than written gets a `Notice`. No reason ever repeats
what a cell holds.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from portal.errors import Refused
from portal.police.cells import RefusedCell
from portal.police.mapping import ColumnMapping
from portal.police.rows import COLUMNS, REQUIRED, CrimeRow, RowReader
from portal.reference.crime_references import (
    normalise_incident_number,
    normalise_reference,
    reference_keys,
)

__all__ = [
    "COLUMNS",
    "REQUIRED",
    "BrokenFile",
    "CrimeRow",
    "Item",
    "Notice",
    "Refusal",
    "decode",
    "normalise_incident_number",
    "normalise_reference",
    "parse",
    "reference_keys",
]

LONGEST_LINE = 100_000
_MOST_LINES_IN_A_ROW = 20
_LONGEST_NAME_SHOWN = 40
_REFERENCE = COLUMNS.index("crime_reference")
_OPEN_QUOTE = "a quotation mark here is not closed, or not doubled, as CSV asks"


class BrokenFile(Refused):
    """The file as a whole cannot be read, and nothing of it may be taken: the line and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(
            f"The file is broken at line {line}: {reason}. Nothing of it was taken. "
            "Put it right and send the whole file again."
        )
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken, once per row: its first line, the field and the reason.

    `reference_key` is "" unless the row names a crime of the force: that crime is refused, not
    missing.
    """

    line: int
    field: str
    reason: str
    reference_key: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something in a row that was taken, but not as it was written. Comes before its row."""

    line: int
    field: str
    reason: str


Item = CrimeRow | Refusal | Notice


def decode(raw: Iterable[bytes]) -> Iterator[str]:
    """The lines of a file opened in binary mode, as text. Raises BrokenFile at the right line.

    A byte-order mark is taken off. Text that is not UTF-8, and UTF-16, are refused.
    """
    for number, line in enumerate(raw, 1):
        if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise BrokenFile(1, "it is UTF-16 text; save it as CSV UTF-8")
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            raise BrokenFile(number, "it is not UTF-8 text; save it as CSV UTF-8") from None


def parse(
    lines: Iterable[str],
    *,
    force_id: str,
    offence_known: Callable[[str], bool],
    now: datetime,
    mapping: ColumnMapping | None = None,
) -> Iterator[Item]:
    """Rows, refusals and notices of a supply, in the order of its lines, one at a time.

    `lines` are whole lines with their ends (`decode` makes them). `offence_known` is asked with a
    normalised code. With a `mapping` the file is of that shape, and may leave its force out. Times
    more than a day after `now` (aware) are refused. Raises BrokenFile, also after rows were
    yielded: the caller then drops them all.
    """
    records = _records(_checked(lines))
    try:
        _, _, header = next(records)
    except StopIteration:
        raise BrokenFile(1, "it is empty; the first line must name the columns") from None
    positions, unknown = _layout(mapping.rename(header) if mapping else header, mapping)
    for name in unknown:
        yield Notice(1, name, "a column that is not in the format; passed over")
    cells_of = _picker(positions, mapping, force_id)
    width = len(header)
    reader = RowReader(force_id=force_id, offence_known=offence_known, now=now)
    notes: list[tuple[str, str]] = []

    def note(field: str, reason: str) -> None:
        notes.append((field, reason))

    for first, last, record in records:
        wrong = _shape(first, last, record, width)
        if wrong:
            yield wrong
            continue
        cells = cells_of(record)
        if not any(cells):
            yield Notice(first, "row", "an empty row; passed over")
            continue
        try:
            row = reader.read(first, cells, note)
        except RefusedCell as refused:
            yield Refusal(first, refused.field, refused.reason, _key_of_refused(cells, refused))
        else:
            if notes:
                yield from (Notice(first, *one) for one in notes)
            yield row
        notes.clear()


def _checked(lines: Iterable[str]) -> Iterator[str]:
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            if "\0" in line:
                raise BrokenFile(number, "it holds NUL bytes, so it is not a text file")
            if len(line) > LONGEST_LINE:
                raise BrokenFile(number, f"the line is longer than {LONGEST_LINE:,} characters")
            yield line.removeprefix("\ufeff") if number == 1 else line
    except UnicodeDecodeError:
        raise BrokenFile(number + 1, "it is not UTF-8 text; save it as CSV UTF-8") from None


def _records(lines: Iterator[str]) -> Iterator[tuple[int, int, list[str]]]:
    """First line, last line and cells of every row that is not blank."""
    reader = csv.reader(lines, strict=True)
    first = 1
    try:
        for record in reader:
            last = reader.line_num
            if last - first > _MOST_LINES_IN_A_ROW:
                raise BrokenFile(first, _OPEN_QUOTE)
            if record:
                yield first, last, record
            first = last + 1
    except csv.Error:
        raise BrokenFile(first, _OPEN_QUOTE) from None


def _picker(
    positions: Sequence[int], mapping: ColumnMapping | None, force_id: str
) -> Callable[[list[str]], Sequence[str]]:
    """What puts the cells of a row into the order of COLUMNS, and into the format's own words."""
    pick = itemgetter(*positions)

    def cells_of(record: list[str]) -> Sequence[str]:
        # A column that the file lacks is read from this empty cell at the end.
        record.append("")
        cells: Sequence[str] = pick(record)
        if mapping is None or not any(cells):
            return cells
        force, *others = (mapping.change(*pair) for pair in zip(COLUMNS, cells, strict=True))
        return force or force_id, *others

    return cells_of


def _layout(header: list[str], mapping: ColumnMapping | None) -> tuple[list[int], list[str]]:
    """Where each of COLUMNS stands (-1: not in the file), and the names of other columns."""
    names = [name.strip().casefold() for name in header]
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise BrokenFile(1, "the columns must be separated by commas")
    needed = REQUIRED[1:] if mapping else REQUIRED
    missing = [name for name in needed if name not in names]
    if missing:
        raise BrokenFile(
            1, f"the first line must name the columns; not found: {', '.join(missing)}"
        )
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise BrokenFile(1, f"columns that come twice: {', '.join(twice)}")
    unknown = [name for name in names if name not in COLUMNS and not (mapping and not name)]
    shown = ["".join(filter(str.isprintable, name))[:_LONGEST_NAME_SHOWN] for name in unknown]
    return [names.index(name) if name in names else -1 for name in COLUMNS], shown


def _key_of_refused(cells: Sequence[str], refused: RefusedCell) -> str:
    # A row of another force, or a reference that cannot be read, says nothing of a crime of ours.
    if refused.field in ("force", "crime_reference"):
        return ""
    return normalise_reference(cells[_REFERENCE])


def _shape(first: int, last: int, record: list[str], width: int) -> Refusal | None:
    if last != first:
        return Refusal(first, "row", f"a cell holds a line break: lines {first} to {last}")
    if len(record) != width:
        return Refusal(first, "row", f"{len(record)} cells where the first line names {width}")
    return None
