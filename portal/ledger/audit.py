"""The audit of the log itself: its trees, publications, entries and guard, in one pass.

It holds one chunk of entries and one short line for each publication in memory, however long the
log is. What reports, supplies, matches and alerts say is compared in `oversight.audit`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.ledger.audit_entries import CheckErasure, EntryAudit
from portal.ledger.audit_findings import Findings
from portal.ledger.audit_opening import AnyRow, Keys, read_entries
from portal.ledger.audit_publications import (
    Published,
    check_cosignatures,
    check_publications,
    list_published,
)
from portal.ledger.audit_tree import Leaf, Span, TreeAudit, find_strays, list_spans
from portal.ledger.guard import GuardMissing, SignedHead
from portal.ledger.models import LedgerEntry, LedgerOpening
from portal.ledger.note import VerifierKey
from portal.ledger.signing import LogSigner


@dataclass(frozen=True)
class LedgerAudit:
    """What an audit of the log needs. `guarded` was read before the database was, so that nobody
    signs past it meanwhile; `witnesses` are their keys by `name+key ID`.
    """

    keys: Keys
    signer: LogSigner
    guarded: Mapping[str, SignedHead | None]
    witnesses: Mapping[str, VerifierKey]
    multiple: int
    now: datetime
    findings: Findings = field(repr=False)
    check_erasure: CheckErasure | None = None

    def run(self, session: Session, progress: Callable[[int], None]) -> int:
        """Audit the log; how many entries were read. `progress` is given entries since its last
        call.
        """
        spans = list_spans(session, self.findings)
        published = list_published(session)
        entries = EntryAudit(
            session,
            self.keys,
            published,
            check_erasure=self.check_erasure,
            now=self.now,
            findings=self.findings,
        )
        rows, count = _Rows(session, self.findings, progress), 0
        for span in spans:
            own = [one for one in published if one.log == span.head.id]
            guarded = self._guarded(span, own)
            wanted = [one.size for one in own] + ([guarded.size] if guarded else [])
            tree = TreeAudit(session, span, self.findings, wanted)
            for chunk in rows.up_to(span.end):
                tree.feed([Leaf(row.place, row.leaf) for row in chunk])
                entries.check(chunk, span.head.id, span.start)
            entries.end_log(span.head.id, tree.size)
            tree.finish(guarded)
            signing = [key.key for key in self.signer.keys_of(span.head.origin or "")]
            check_publications(
                session,
                span,
                own,
                tree.roots,
                signing,
                multiple=self.multiple,
                now=self.now,
                findings=self.findings,
            )
            count += tree.size
        for chunk in rows.up_to(None):
            self.findings.add("head", f"entry {chunk[0].place}", "it belongs to no log")
        self._find_strays(session, spans, published)
        check_cosignatures(session, published, self.witnesses, now=self.now, findings=self.findings)
        return count

    def _guarded(self, span: Span, own: Sequence[Published]) -> SignedHead | None:
        """What the guard remembers of a log."""
        name = span.head.origin or self.signer.name
        where = f"log {span.head.id}"
        if span.end is None and span.head.origin is not None:
            self.findings.unless(
                span.head.origin == self.signer.name,
                "head",
                where,
                "it has another name than the settings give it",
            )
        guarded = self.guarded.get(name)
        # A key of an older log may not be configured, and then its publications say so.
        if guarded is None and own and name in self.guarded:
            self.findings.add(
                "guard",
                where,
                "the file that remembers its newest signed head is gone or broken, so nothing "
                "but its publications shows whether its newest entries were cut off",
            )
        return guarded

    def _find_strays(
        self, session: Session, spans: Sequence[Span], published: Sequence[Published]
    ) -> None:
        find_strays(session, spans, self.findings)
        known = {span.head.id for span in spans}
        for one in published:
            if one.log not in known:
                where = f"publication of {one.size} entries of log {one.log}"
                self.findings.add("publication", where, "there is no such log")
        alone = (
            select(LedgerOpening.entry_index)
            .outerjoin(LedgerEntry, LedgerEntry.index == LedgerOpening.entry_index)
            .where(LedgerEntry.index.is_(None))
        )
        for index in session.scalars(alone):
            self.findings.add("opening", f"entry {index}", "it can be opened, but its leaf is gone")


def read_guard(signer: LogSigner) -> dict[str, SignedHead | None]:
    """What the guard remembers of every log that a key is configured for."""
    try:
        return {key.name: signer.guard.find_newest(key.name) for key in signer.keys}
    except GuardMissing:
        return {key.name: None for key in signer.keys}


def count_entries(session: Session) -> int:
    """How many entries there are, for a progress bar."""
    return session.scalar(select(func.count()).select_from(LedgerEntry)) or 0


class _Rows:
    """The entries in their order, cut where one log ends and the next begins."""

    def __init__(
        self, session: Session, findings: Findings, progress: Callable[[int], None]
    ) -> None:
        self._chunks = read_entries(session)
        self._findings = findings
        self._progress = progress
        self._rest: Sequence[AnyRow] = ()
        self._expected = 0

    def up_to(self, end: int | None) -> Iterator[Sequence[AnyRow]]:
        """The entries that are left below index `end`, in chunks; a gap is told."""
        while True:
            if not self._rest:
                self._rest = next(self._chunks, ())
                if not self._rest:
                    return
                self._see(self._rest)
            cut = next(
                (n for n, row in enumerate(self._rest) if end is not None and row.place >= end),
                len(self._rest),
            )
            if cut:
                yield self._rest[:cut]
            self._rest = self._rest[cut:]
            if self._rest:
                return

    def _see(self, rows: Sequence[AnyRow]) -> None:
        for row in rows:
            if row.place != self._expected:
                self._findings.add(
                    "gap",
                    f"entry {row.place}",
                    f"entry {self._expected} should stand here: entries were taken away or moved",
                )
            self._expected = row.place + 1
        self._progress(len(rows))
