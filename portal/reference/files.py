"""Reading the reference data files: strict, so that a wrong file is refused before it is used."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.errors import Misconfigured, NotFound

DATA = Path(__file__).parent / "data"


class BadDataFile(Misconfigured):
    """A reference data file that does not hold together: which file, which line, and why."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"The data file {file} was refused at line {line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class NotInReference(NotFound):
    """The reference data names no such offence, force, outcome, rule or category."""


@dataclass(frozen=True)
class DataRow:
    """One row of a data file: its cells by column name, stripped, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The cell, which must not be empty. Raises BadDataFile."""
        if not self.cells[column]:
            raise self.bad(f"{column} is empty")
        return self.cells[column]

    def optional(self, column: str) -> str:
        """The cell, which may be empty."""
        return self.cells[column]

    def words(self, column: str) -> list[str]:
        """The cell as words separated by spaces. No word may come twice. Raises BadDataFile."""
        found = self.cells[column].split()
        if len(found) != len(set(found)):
            raise self.bad(f"{column} holds the same word twice")
        return found

    def bad(self, reason: str) -> BadDataFile:
        """The error that refuses the file at this row."""
        return BadDataFile(self.file, self.line, reason)


def read_rows(directory: Path, file: str, columns: Iterable[str], key: str = "") -> list[DataRow]:
    """All rows of a data file with exactly `columns`, in any order.

    `key` names a column whose value may come only once. Raises BadDataFile.
    """
    rows = list(_rows(directory, file, frozenset(columns)))
    if not rows:
        raise BadDataFile(file, 1, "it holds no rows")
    seen: set[str] = set()
    for row in rows:
        if key and row.text(key) in seen:
            raise row.bad(f"{key} {row.text(key)} comes twice")
        seen.add(row.cells.get(key, ""))
    return rows


def _rows(directory: Path, file: str, columns: frozenset[str]) -> Iterator[DataRow]:
    line = 1
    try:
        with (directory / file).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = next(reader, [])
            if len(header) != len(columns) or set(header) != columns:
                raise BadDataFile(file, 1, f"the columns must be {', '.join(sorted(columns))}")
            for cells in reader:
                line = reader.line_num
                if len(cells) != len(header):
                    raise BadDataFile(file, line, f"{len(cells)} cells instead of {len(header)}")
                stripped = (cell.strip() for cell in cells)
                yield DataRow(file, line, dict(zip(header, stripped, strict=True)))
    except FileNotFoundError:
        raise BadDataFile(file, 1, "there is no such file") from None
    except UnicodeDecodeError:
        raise BadDataFile(file, line, "it is not UTF-8 text") from None
    except csv.Error as error:
        raise BadDataFile(file, line + 1, f"it is not CSV: {error}") from None
