"""Supplies of crime records for tests: files written row by row, and taken as a force's."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

from portal.police.feed import COLUMNS
from portal.police.service import Declaration, SupplyOutcome, take_supply
from portal.site import Site

Row = Mapping[str, str]
FIRST = datetime(2026, 2, 1, tzinfo=UTC)


def row(reference: str = "54/1234/26", **cells: str) -> Row:
    """A row that is taken as it stands, but for the cells given."""
    plain = {
        "force": "wiltshire",
        "crime_reference": reference,
        "recorded_at": "2026-02-10 10:00",
        "offence_code": "58A",
    }
    return plain | cells


def file_of(rows: Sequence[Row], *, columns: Sequence[str] = COLUMNS) -> bytes:
    """The bytes of a file with these rows."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def opens(content: bytes) -> Callable[[], BinaryIO]:
    """What `take_supply` reads from."""
    return lambda: io.BytesIO(content)


def take(
    site: Site,
    rows: Sequence[Row] | bytes,
    *,
    covers: tuple[datetime, datetime] | None = None,
    is_full: bool = True,
    declared: int | None = None,
    force_id: str = "wiltshire",
    progress: Callable[[int], None] = lambda rows: None,
) -> SupplyOutcome:
    """Take rows (or bytes) as a supply; it covers February 2026 up to the site's own time."""
    content = rows if isinstance(rows, bytes) else file_of(rows)
    covers_from, covers_to = covers or (FIRST, site.now())
    count = content.count(b"\n") - 1 if isinstance(rows, bytes) else len(rows)
    return take_supply(
        site.database,
        opens(content),
        force_id=force_id,
        declaration=Declaration(
            covers_from, covers_to, is_full, count if declared is None else declared
        ),
        loaded_by=None,
        keyring=site.keyring,
        tokens=site.tokens,
        now=site.now(),
        progress=progress,
    )
