"""Opening entries for an audit: with the key of their subject, or the one that comes with them."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session, aliased

from portal.errors import OnRecordError
from portal.ledger import entry
from portal.ledger.models import LedgerEntry, LedgerOpening
from portal.ledger.service import Seal

AT_ONCE = 1000

AnyRow = Row[*tuple[Any, ...]]
FindKeys = Callable[[Session, Collection[UUID]], Mapping[UUID, Seal]]
"""What opens the entries of subjects that have a key of their own."""


@dataclass(frozen=True)
class Opened:
    """An entry read back in an audit. `fields` is None when it cannot be opened."""

    index: int
    kind: str
    at: datetime
    subject: UUID
    sequence: int
    fields: Mapping[str, Any] | None = field(repr=False)
    salt: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Keys:
    """What opens entries: the keys of their subjects, or the one that travels with an entry."""

    find: FindKeys
    open_alone: Seal = field(repr=False)

    def open(self, row: AnyRow | LedgerOpening, own: Mapping[UUID, Seal]) -> Opened:
        """Open one entry; `own` are the keys found for its chunk."""
        context = f"ledger-opening:{row.subject}:{row.sequence}"
        shown: dict[str, Any] = {
            "index": row.entry_index,
            "kind": row.kind,
            "at": row.at,
            "subject": row.subject,
            "sequence": row.sequence,
        }
        for key in (own.get(row.subject), self.open_alone):
            if key is None or not row.sealed:
                continue
            try:
                packed = key(row.sealed, context)
                fields = json.loads(packed[entry.SALT_BYTES :])
            except (OnRecordError, ValueError):
                continue
            if isinstance(fields, dict):
                return Opened(**shown, fields=fields, salt=packed[: entry.SALT_BYTES])
        return Opened(**shown, fields=None)


def read_entries(session: Session) -> Iterator[Sequence[AnyRow]]:
    """Every entry with what opens it and the leaf that the same subject had before, in order."""
    before, leaf_before = aliased(LedgerOpening), aliased(LedgerEntry)
    query = (
        select(
            LedgerEntry.index.label("place"),
            LedgerEntry.leaf,
            LedgerOpening.entry_index,
            LedgerOpening.kind,
            LedgerOpening.at,
            LedgerOpening.subject,
            LedgerOpening.sequence,
            LedgerOpening.sealed,
            before.entry_index.label("before"),
            leaf_before.leaf.label("previous"),
        )
        .outerjoin(LedgerOpening, LedgerOpening.entry_index == LedgerEntry.index)
        .outerjoin(
            before,
            and_(
                before.subject == LedgerOpening.subject,
                before.sequence == LedgerOpening.sequence - 1,
            ),
        )
        .outerjoin(leaf_before, leaf_before.index == before.entry_index)
        .order_by(LedgerEntry.index)
        .limit(AT_ONCE)
    )
    rows: Sequence[AnyRow] = session.execute(query).all()
    while rows:
        yield rows
        if len(rows) < AT_ONCE:
            return
        rows = session.execute(query.where(LedgerEntry.index > rows[-1].place)).all()
