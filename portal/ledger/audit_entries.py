"""Auditing the entries: each is opened, and must give its leaf, its row, its chain and its time."""

import base64
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.errors import Refused
from portal.ledger import entry
from portal.ledger.audit_findings import CLOCKS, Findings, slack
from portal.ledger.audit_opening import AnyRow, Keys, Opened
from portal.ledger.audit_publications import Published
from portal.ledger.checkpoint import parse_checkpoint
from portal.ledger.models import LedgerCosignature, LedgerEntry, LedgerOpening, LedgerPublication
from portal.ledger.note import MalformedNote, parse_note
from portal.ledger.service import PADDING

ERASED = "erased"
CheckErasure = Callable[[Mapping[str, object], Callable[[int], bytes | None]], Collection[int]]
"""The indices that an `erased` entry names, by its fields and the leaves that the log holds.
Raises Refused when the request in it does not hold."""


class EntryAudit:
    """The entries, one by one in their order. `log` and `start` are those of the log at work."""

    def __init__(
        self,
        session: Session,
        keys: Keys,
        published: Sequence[Published],
        *,
        check_erasure: CheckErasure | None,
        now: datetime,
        findings: Findings,
    ) -> None:
        self._session = session
        self._keys = keys
        self._published = published
        self._sizes = [(one.log, one.size) for one in published]
        self._check_erasure = check_erasure
        self._now = now
        self._findings = findings
        self._erased: tuple[UUID | None, frozenset[int]] = (None, frozenset())
        self._after: tuple[str | None, Published | None] = (None, None)
        self._newest_after = (0, 0)
        self._padded_at: datetime | None = None

    def check(self, rows: Sequence[AnyRow], log: int, start: int) -> None:
        """Check a chunk of one log's entries."""
        subjects = {row.subject for row in rows if row.subject is not None}
        own = self._keys.find(self._session, subjects)
        for row in rows:
            where = f"entry {row.place}"
            if row.entry_index is None:
                self._findings.add("opening", where, "what opens it was taken away")
                continue
            opened = self._keys.open(row, own)
            self._check_chain(row, opened, where)
            if opened.fields is None:
                self._check_named(opened, where)
            else:
                self._check_fields(row, opened, where)
            self._check_time(opened, log, row.place - start, where)
            self._check_after(opened, log, row.place - start, where)
            self._check_padding(opened, log, row.place - start)

    def _check_fields(self, row: AnyRow, opened: Opened, where: str) -> None:
        fields = opened.fields or {}
        try:
            leaf = entry.leaf(opened.salt, fields)
        except Refused:
            leaf = b""
        self._findings.unless(
            leaf == row.leaf,
            "leaf",
            where,
            "its fields do not give its leaf: one of the two was changed or swapped",
        )
        wanted = {
            "kind": row.kind,
            "at": timestamp(row.at),
            "subject": str(row.subject),
            "sequence": row.sequence,
        }
        for name, value in wanted.items():
            self._findings.unless(
                fields.get(name) == value,
                "column",
                where,
                f"its column “{name}” says something else than what was put on record",
            )
        previous = base64.b64encode(row.previous).decode() if row.previous else None
        self._findings.unless(
            fields.get("previous") == previous,
            "chain",
            where,
            "it does not follow the entry that its subject had before: that one was changed, "
            "or another was",
        )

    def _check_chain(self, row: AnyRow, opened: Opened, where: str) -> None:
        self._findings.unless(
            row.sequence == 1 if row.before is None else row.before < row.place,
            "chain",
            where,
            f"it is entry {opened.sequence} of its subject, and the one before it is missing",
        )

    def _check_named(self, opened: Opened, where: str) -> None:
        if self._erased[0] != opened.subject:
            self._erased = (opened.subject, self._find_erased(opened.subject))
        self._findings.unless(
            opened.index in self._erased[1],
            "unopenable",
            where,
            "it cannot be opened, and no erasure that its report's owner asked for names it: "
            "its key or its opening was changed or destroyed",
        )

    def _find_erased(self, subject: UUID) -> frozenset[int]:
        """The entries of a subject that were erased at its owner's request."""
        rows = self._session.scalars(
            select(LedgerOpening)
            .where(LedgerOpening.subject == subject, LedgerOpening.kind == ERASED)
            .order_by(LedgerOpening.sequence)
        )
        named: set[int] = set()
        for row in rows:
            opened = self._keys.open(row, {})
            if opened.fields is None or self._check_erasure is None:
                continue
            try:
                named |= set(self._check_erasure(opened.fields, self._leaf_at))
            except Refused as error:
                self._findings.add("erasure", f"entry {row.entry_index}", error.message)
        return frozenset(named)

    def _leaf_at(self, index: int) -> bytes | None:
        return self._session.scalar(select(LedgerEntry.leaf).where(LedgerEntry.index == index))

    def _check_time(self, opened: Opened, log: int, number: int, where: str) -> None:
        # The first publication that covers the entry, and the one before it.
        place = bisect_right(self._sizes, (log, number))
        covering = self._published[place] if place < len(self._published) else None
        before = self._published[place - 1] if place else None
        if before is not None and before.log == log:
            self._findings.unless(
                opened.at >= before.at - slack(opened.kind),
                "time",
                where,
                "it says that it is older than the publication before it: it was backdated",
            )
        until = covering.at if covering is not None and covering.log == log else self._now
        self._findings.unless(
            opened.at <= until + CLOCKS,
            "time",
            where,
            "it says that it is newer than what was published with it in it, or than now",
        )

    def _check_after(self, opened: Opened, log: int, number: int, where: str) -> None:
        if opened.fields is None or opened.kind == PADDING:
            return
        after = opened.fields.get("after")
        named = self._find_named(after) if isinstance(after, str) else None
        if isinstance(after, str) and named is None:
            self._findings.add(
                "after", where, "it names a checkpoint that was never published and cosigned so"
            )
            return
        place = (named.log, named.size) if named else (0, 0)
        fits = named is None or (
            place <= (log, number)
            and named.witnessed_at is not None
            and named.witnessed_at <= opened.at + slack(opened.kind) + CLOCKS
        )
        self._findings.unless(
            fits and place >= self._newest_after,
            "after",
            where,
            "it names a checkpoint that was not the newest with enough witnesses at its time",
        )
        self._newest_after = max(self._newest_after, place)
        missed = [
            one
            for one in self._published[bisect_right(self._sizes, place) :][:1]
            if one.log == log
            and one.size <= number
            and one.witnessed_at is not None
            and one.witnessed_at < opened.at - CLOCKS
        ]
        self._findings.unless(
            not missed,
            "after",
            where,
            "it does not name the newest checkpoint with enough witnesses",
        )

    def _find_named(self, after: str) -> Published | None:
        """The publication whose note, with lines of witnesses that are kept, this text is."""
        if self._after[0] == after:
            return self._after[1]
        found: Published | None = None
        try:
            stated = parse_checkpoint(parse_note(after).text)
        except MalformedNote:
            return None
        for one in self._published:
            if one.size == stated.size and self._is_note_of(after, one):
                found = one
        self._after = (after, found)
        return found

    def _is_note_of(self, after: str, one: Published) -> bool:
        note = self._session.scalar(
            select(LedgerPublication.checkpoint).where(
                LedgerPublication.log == one.log, LedgerPublication.size == one.size
            )
        )
        lines = self._session.scalars(
            select(LedgerCosignature.line).where(
                LedgerCosignature.log == one.log, LedgerCosignature.size == one.size
            )
        ).all()
        if note is None or not after.startswith(note):
            return False
        return set(after[len(note) :].splitlines(keepends=True)) <= set(lines)

    def _check_padding(self, opened: Opened, log: int, number: int) -> None:
        """What is filled up at one time ends with the publication that it was filled up for."""
        at = self._padded_at
        if at is not None and (opened.kind != PADDING or opened.at != at):
            self._check_published(log, number, at)
        self._padded_at = opened.at if opened.kind == PADDING else None

    def end_log(self, log: int, size: int) -> None:
        """The log at work ended with this many entries."""
        if self._padded_at is not None:
            self._check_published(log, size, self._padded_at)
        self._padded_at = None

    def _check_published(self, log: int, size: int, at: datetime) -> None:
        place = bisect_right(self._sizes, (log, size)) - 1
        found = place >= 0 and self._sizes[place] == (log, size)
        where = f"publication of {size} entries of log {log}"
        if self._findings.unless(
            found, "publication", where, "the log was filled up for it, and it is missing"
        ):
            self._findings.unless(
                self._published[place].at == at,
                "publication",
                where,
                "its time is not that at which the log was filled up for it",
            )
