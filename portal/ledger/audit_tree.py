"""Auditing the trees: every leaf hashed again, against subtrees, publications, heads and guard."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import Session

from portal.ledger.audit_findings import Findings
from portal.ledger.entry import LEAF_BYTES, LEAF_VERSION
from portal.ledger.guard import SignedHead
from portal.ledger.merkle import Frontier, Subtree, leaf_hash
from portal.ledger.models import LedgerHead, LedgerSubtree

_HIGHEST_LEVEL = 7


class Span(NamedTuple):
    """The entries of one log among all: from `start` up to, not with, `end`; None for the open
    log, which holds all the rest.
    """

    head: LedgerHead
    start: int
    end: int | None


class Leaf(NamedTuple):
    """An entry as it lies in the table."""

    place: int
    leaf: bytes


def list_spans(session: Session, findings: Findings) -> list[Span]:
    """Every log's place, oldest first, once the heads were compared with each other."""
    heads = session.scalars(select(LedgerHead).order_by(LedgerHead.id)).all()
    spans, start = list[Span](), 0
    for number, head in enumerate(heads, 1):
        last = number == len(heads)
        where = f"log {head.id}"
        findings.unless(
            head.id == number, "head", where, "the logs are not numbered from 1 without a gap"
        )
        findings.unless(
            head.start == start,
            "head",
            where,
            f"it should begin with entry {start}, and its row says {head.start}",
        )
        closing = (head.closed_at, head.closed_because, head.closed_size, head.closed_root)
        findings.unless(
            closing == (None,) * 4 if last else head.closed_at is not None,
            "head",
            where,
            "its row says that it is closed, and there is no later log"
            if last
            else "a later log was opened, but this one was never closed",
        )
        end = None if last else start + head.size
        spans.append(Span(head, start, end))
        start += head.size
    return spans


class TreeAudit:
    """One log, rehashed from its leaves. Feed it the leaves in order, then `finish`.

    `wanted` are the sizes whose roots must be known; they are kept in `roots`.
    """

    def __init__(
        self, session: Session, span: Span, findings: Findings, wanted: Sequence[int]
    ) -> None:
        self._session = session
        self._span = span
        self._findings = findings
        self._wanted: Iterator[int] = iter(sorted(set(wanted)))
        self._next = next(self._wanted, None)
        self._frontier = Frontier()
        self.roots: dict[int, bytes] = {}
        self._keep()

    @property
    def size(self) -> int:
        """How many leaves were hashed."""
        return self._frontier.size

    def feed(self, leaves: Sequence[Leaf]) -> None:
        """Hash the next leaves of the log."""
        for leaf in leaves:
            self._findings.unless(
                len(leaf.leaf) == LEAF_BYTES and leaf.leaf[:1] == LEAF_VERSION,
                "leaf",
                f"entry {leaf.place}",
                "its leaf is not 33 bytes of a version known here",
            )
        hashes = [leaf_hash(one.leaf) for one in leaves]
        while hashes:
            room = len(hashes) if self._next is None else min(len(hashes), self._next - self.size)
            self._frontier, complete = self._frontier.extend(hashes[:room])
            hashes = hashes[room:]
            for one in complete:
                self._compare(one)
            self._keep()

    def finish(self, guarded: SignedHead | None) -> None:
        """Compare the whole with the head's row and with what the guard remembers."""
        head, where = self._span.head, f"log {self._span.head.id}"
        findings = self._findings
        findings.unless(
            head.size == self.size,
            "head",
            where,
            f"its row says {head.size} entries, and {self.size} are there: "
            "some were taken away, or put in past the log",
        )
        findings.unless(
            head.root == self._frontier.root(),
            "head",
            where,
            "its root is not that of its entries: one of them, or the head, was changed",
        )
        findings.unless(
            head.frontier == self._frontier.to_bytes(),
            "head",
            where,
            "the hashes to append to are not those of its entries",
        )
        self._compare_guard(guarded, where)
        self._find_stray_subtrees(where)

    def _compare_guard(self, guarded: SignedHead | None, where: str) -> None:
        if guarded is None:
            return
        if guarded.size > self.size:
            self._findings.add(
                "guard",
                where,
                f"{guarded.size} entries were signed, and {self.size} are there: "
                "the newest were cut off, or an older backup was restored",
            )
        else:
            self._findings.unless(
                self.roots.get(guarded.size) == guarded.root,
                "guard",
                where,
                f"the first {guarded.size} entries are not those that were signed last",
            )

    def _keep(self) -> None:
        while self._next is not None and self._next <= self.size:
            if self._next == self.size:
                self.roots[self.size] = self._frontier.root()
            self._next = next(self._wanted, None)

    def _compare(self, subtree: Subtree) -> None:
        level, number, hash_ = subtree
        stored = self._session.scalar(
            select(LedgerSubtree.hash).where(
                LedgerSubtree.log == self._span.head.id,
                LedgerSubtree.level == level,
                LedgerSubtree.index == number,
            )
        )
        where = f"subtree {level}/{number} of log {self._span.head.id}"
        if stored is None:
            self._findings.add("subtree", where, "its stored hash is missing")
        else:
            self._findings.unless(
                stored == hash_, "subtree", where, "its stored hash is not that of its entries"
            )

    def _find_stray_subtrees(self, where: str) -> None:
        fits = [
            and_(
                LedgerSubtree.level == level,
                LedgerSubtree.index >= 0,
                LedgerSubtree.index < self.size >> 8 * level,
            )
            for level in range(1, _HIGHEST_LEVEL + 1)
        ]
        query = select(func.count()).where(
            LedgerSubtree.log == self._span.head.id, not_(or_(*fits))
        )
        stray = self._session.scalar(query) or 0
        self._findings.unless(
            not stray, "subtree", where, f"{stray} stored hashes stand for entries it does not have"
        )


def find_strays(session: Session, spans: Sequence[Span], findings: Findings) -> None:
    """Name rows that belong to no log."""
    known = [span.head.id for span in spans]
    query = select(LedgerSubtree.log, func.count()).where(LedgerSubtree.log.not_in(known))
    for log, count in session.execute(query.group_by(LedgerSubtree.log)):
        findings.add(
            "subtree", f"log {log}", f"{count} stored hashes are of a log that is not there"
        )
