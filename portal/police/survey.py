"""A first reading of a supply, which writes nothing: is it whole, and what are its bytes?"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.police.feed import Item, Notice, decode, parse
from portal.police.mapping import ColumnMapping
from portal.reference.offences import find_offence


class Lines(Protocol):
    """A file opened in binary mode, as far as it is needed: its lines with their ends."""

    def __iter__(self) -> Iterator[bytes]:
        """The lines, from the start."""
        ...

    def close(self) -> None:
        """Called when the reading ends."""
        ...


Source = Callable[[], Lines]
"""Opens the file of a supply from its start; called once for each reading."""

_REPORT_EVERY = 1_000


class ReadRows(Protocol):
    """Reads rows from the bytes of a supply, line by line and to the end. Raises BrokenFile.

    `form` says in the ledger how the bytes were read: "csv", "csv/" and a mapping, or "json".
    """

    @property
    def form(self) -> str:
        """How the bytes are read."""
        ...

    def __call__(self, lines: Iterator[bytes], *, force_id: str, now: datetime) -> Iterator[Item]:
        """Rows, refusals and notices one at a time."""
        ...


@dataclass(frozen=True)
class ReadCsv:
    """Reads a CSV file in the one format of supplies, or of the shape of a mapping."""

    mapping: ColumnMapping | None = None

    @property
    def form(self) -> str:
        """How the bytes are read."""
        return f"csv/{self.mapping.name}" if self.mapping else "csv"

    def __call__(self, lines: Iterator[bytes], *, force_id: str, now: datetime) -> Iterator[Item]:
        """Rows, refusals and notices one at a time. Raises BrokenFile."""
        yield from parse(
            decode(lines),
            force_id=force_id,
            offence_known=is_offence,
            now=now,
            mapping=self.mapping,
        )


READ_CSV = ReadCsv()


def is_offence(code: str) -> bool:
    """Whether a normalised code stands in the list of offences."""
    return find_offence(code) is not None


@dataclass(frozen=True)
class Survey:
    """What a whole reading found: the SHA-256 of the bytes and the number of rows."""

    digest: bytes
    rows: int


class Reading:
    """One reading of a supply from start to end; afterwards `digest` and `rows` are known."""

    def __init__(
        self, source: Source, *, force_id: str, now: datetime, read: ReadRows = READ_CSV
    ) -> None:
        self.rows = 0
        self._hash = hashlib.sha256()
        self._source = source
        self._force_id = force_id
        self._now = now
        self._read = read

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the bytes read so far."""
        return self._hash.digest()

    def items(self) -> Iterator[Item]:
        """Rows, refusals and notices one at a time. Raises BrokenFile."""
        with closing(self._source()) as file:
            lines = self._hashed(file)
            for item in self._read(lines, force_id=self._force_id, now=self._now):
                if not isinstance(item, Notice):
                    self.rows += 1
                yield item

    def _hashed(self, file: Lines) -> Iterator[bytes]:
        for line in file:
            self._hash.update(line)
            yield line


def survey(
    source: Source,
    *,
    force_id: str,
    now: datetime,
    progress: Callable[[int], None],
    read: ReadRows = READ_CSV,
) -> Survey:
    """Read a whole supply and keep nothing. `progress` is given rows since its last call.

    Raises BrokenFile when any part of the file cannot be read.
    """
    reading = Reading(source, force_id=force_id, now=now, read=read)
    reported = 0
    for _ in reading.items():
        if reading.rows - reported >= _REPORT_EVERY:
            progress(reading.rows - reported)
            reported = reading.rows
    progress(reading.rows - reported)
    return Survey(reading.digest, reading.rows)
