"""A monitor at work: it follows a log, rehashes everything, and tells what is wrong apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

from portal.ledger.checkpoint import Checkpoint
from portal.ledger.merkle import Frontier
from portal.ledger.note import BadSignature, MalformedNote, VerifierKey
from portal.ledger.outside.comparing import continues, first_difference, range_of_differences
from portal.ledger.outside.decision import UnknownLog, check_signed
from portal.ledger.outside.fetching import Fetch, Unreachable
from portal.ledger.outside.finding import (
    ALTERED,
    DAMAGED,
    FORK,
    NOT_SIGNED,
    ROLLBACK,
    UNREACHABLE,
    WELL,
    Finding,
)
from portal.ledger.outside.memory import Checked, Memory
from portal.ledger.outside.remote import (
    AlteredTiles,
    RemoteTree,
    fetch_leaf_hashes,
    fetch_note,
    fetch_tile,
    read_note,
)
from portal.ledger.outside.state import DamagedState
from portal.ledger.tiles import TILE_WIDTH

Progress = Callable[[int, int], None]
"""Told how many entries were rehashed, and of how many."""
Pick = Callable[[int, int], Sequence[int]]
"""Picks numbers below the first argument, at most as many as the second."""

SPOT_CHECKS = 4


def pick_some(count: int, most: int) -> Sequence[int]:
    """Up to `most` different numbers below `count`, which nobody can foresee."""
    return sorted(SystemRandom().sample(range(count), min(count, most)))


def say_nothing(_done: int, _total: int) -> None:
    """The progress of somebody who does not want to know."""


@dataclass(frozen=True)
class Monitor:
    """Follows one log. `keys` are the keys of that log, all under its name."""

    fetch: Fetch
    keys: Sequence[VerifierKey]
    memory: Memory
    progress: Progress = say_nothing
    pick: Pick = pick_some

    def look(self, *, from_zero: bool = False) -> Finding:
        """Look at the log once: rehash what is new, and some of the old, or everything.

        Only what was found well is remembered as checked.
        """
        return self._judged(lambda: self._look(from_zero=from_zero))

    def compare(self, other: str) -> Finding:
        """Whether a checkpoint that was got elsewhere and the one served here are of one log."""
        return self._judged(lambda: self._compare(other))

    def _judged(self, work: Callable[[], Finding]) -> Finding:
        try:
            with self.memory.locked():
                return work()
        except Unreachable as error:
            return Finding(UNREACHABLE, error.message)
        except (MalformedNote, BadSignature, UnknownLog) as error:
            return Finding(NOT_SIGNED, f"The checkpoint cannot be believed. {error.message}")
        except AlteredTiles as error:
            return Finding(ALTERED, error.message, (error.first, error.last))
        except DamagedState as error:
            return Finding(DAMAGED, error.message)

    def _read(self, note: str) -> Checkpoint:
        parsed, checkpoint = read_note(note)
        check_signed(parsed, {key.name: self.keys for key in self.keys})
        return checkpoint

    def _look(self, *, from_zero: bool) -> Finding:
        last = self.memory.find_head()
        note = fetch_note(self.fetch)
        new = self._read(note)
        if last is not None and new.size <= last.checkpoint.size:
            finding = self._look_back(last, note, new)
            if finding is not None:
                return finding
        look = _Look(self, last, note, new)
        return look.run(from_zero=from_zero)

    def _look_back(self, last: Checked, note: str, new: Checkpoint) -> Finding | None:
        """What a head no larger than the last one is, or None when it is the last one."""
        old = last.checkpoint
        if new.root == old.root and new.size == old.size:
            return None
        self.memory.check(last)
        if new.size == old.size or self.memory.root_at(new.size) != new.root:
            return self.found_fork(last.note, note)
        words = (
            f"The log serves a head of {new.size} entries, but {old.size} were signed and seen "
            "before. The smaller one is an older head of the same log."
        )
        evidence = self._keep("rollback", last.note, note, words)
        return Finding(ROLLBACK, words, evidence=evidence)

    def found_fork(self, one: str, other: str, entries: tuple[int, int] | None = None) -> Finding:
        """The finding for two signed heads that cannot be of one log; both are kept."""
        sizes = " and ".join(str(read_note(note)[1].size) for note in (one, other))
        words = f"Two signed heads, of {sizes} entries, cannot both be of one log."
        return Finding(FORK, words, entries, self._keep("fork", one, other, words))

    def found_altered(
        self, last: Checked | None, note: str, words: str, entries: tuple[int, int]
    ) -> Finding:
        """The finding for entries or tiles that were not signed like this."""
        said = f"{words} ({entries[0]} to {entries[1]})"
        evidence = self._keep("altered", last.note if last else "", note, said)
        return Finding(ALTERED, words, entries, evidence)

    def _compare(self, other: str) -> Finding:
        there = self._read(other)
        note = fetch_note(self.fetch)
        here = self._read(note)
        if there.size > here.size:
            return self._compare_larger(other, there, note, here)
        if there.size == here.size:
            is_one = there.root == here.root
        else:
            is_one = continues(RemoteTree(self.fetch, here.size, here.root), here, there)
        if not is_one:
            return self.found_fork(other, note)
        return Finding(
            WELL, f"The head of {there.size} entries and the one of {here.size} are of one log."
        )

    def _compare_larger(
        self, other: str, there: Checkpoint, note: str, here: Checkpoint
    ) -> Finding:
        """Compare with a head that is ahead of the one served here."""
        try:
            tree = RemoteTree(self.fetch, there.size, there.root)
            is_one = continues(tree, there, here)
        except (Unreachable, AlteredTiles):
            words = (
                f"Elsewhere the log signed a head of {there.size} entries. Here it serves "
                f"{here.size}, and does not show that they are the beginning of the others."
            )
            return Finding(ROLLBACK, words, evidence=self._keep("rollback", other, note, words))
        if not is_one:
            return self.found_fork(other, note)
        return Finding(
            WELL, f"The head of {there.size} entries continues the {here.size} that are served."
        )

    def _keep(self, kind: str, one: str, other: str, words: str) -> Path:
        texts = [read_note(note)[0].text for note in (one, other) if note]
        files = {"seen.note": one, "served.note": other, "about.txt": f"{words}\n"}
        return self.memory.keep_evidence(
            kind, "\n".join([*texts, words]), {name: text for name, text in files.items() if text}
        )


class _Look:
    """One look at a head that is at least as large as the last one."""

    def __init__(self, monitor: Monitor, last: Checked | None, note: str, new: Checkpoint) -> None:
        self._monitor = monitor
        self._memory = monitor.memory
        self._fetch = monitor.fetch
        self._last = last
        self._note = note
        self._new = new
        self._seen = last.checkpoint.size if last else 0

    def run(self, *, from_zero: bool) -> Finding:
        """Rehash, compare, remember."""
        is_new = from_zero or self._last is None
        start = 0 if is_new else self._seen
        frontier = Frontier() if is_new or self._last is None else self._last.frontier
        for number in range(start // TILE_WIDTH, -(-self._new.size // TILE_WIDTH)):
            hashes, finding = self._rehash(number)
            if finding is not None:
                return finding
            first = number * TILE_WIDTH
            frontier, _ = frontier.extend(hashes[max(0, start - first) :])
            fresh = max(first, self._seen)
            if fresh < first + len(hashes):
                self._memory.write_leaves(fresh, hashes[fresh - first :])
            self._monitor.progress(frontier.size - start, self._new.size - start)
        if frontier.root() != self._new.root:
            words = "The entries that are served do not give the root that was signed."
            return self._judge(words, (start, self._new.size - 1))
        self._check_upper_tiles(start)
        finding = None if is_new else self._spot_check()
        if finding is not None:
            return finding
        self._memory.save(self._note, frontier)
        return Finding(
            WELL,
            f"{self._new.size} entries, {self._new.size - self._seen} of them new; "
            f"{self._new.size - start} were rehashed.",
        )

    def _rehash(self, number: int) -> tuple[list[bytes], Finding | None]:
        """The leaf hashes of a bundle; a finding when they are not those of the tile, or not those
        that were seen before.
        """
        first = number * TILE_WIDTH
        width = min(TILE_WIDTH, self._new.size - first)
        hashes = fetch_leaf_hashes(self._fetch, number, width)
        kept = self._memory.read_leaves(first, min(self._seen, first + width))
        changed = range_of_differences(first, kept, hashes)
        if changed:
            return hashes, self._judge("Entries are not those that were seen before.", changed)
        tile = fetch_tile(self._fetch, 0, number, width)
        unlike = range_of_differences(first, hashes, tile)
        if unlike:
            return hashes, self._judge("Entries do not hash to the tile that is served.", unlike)
        return hashes, None

    def _check_upper_tiles(self, start: int) -> None:
        """Raise AlteredTiles unless every tile that grew since `start` leads to the root."""
        tree = RemoteTree(self._fetch, self._new.size, self._new.root)
        level = 1
        while full := self._new.size >> 8 * (level + 1):
            for number in range(start >> 8 * (level + 1), full):
                tree.tile(level, number)
            level += 1

    def _spot_check(self) -> Finding | None:
        """Rehash a few old bundles: what was changed behind our back comes out in time."""
        for number in self._monitor.pick(self._seen // TILE_WIDTH, SPOT_CHECKS):
            _, finding = self._rehash(number)
            if finding is not None:
                return finding
        return None

    def _judge(self, words: str, entries: tuple[int, int]) -> Finding:
        """Tell a new history that was signed from entries that were not."""
        monitor, last = self._monitor, self._last
        if last is not None:
            self._memory.check(last)
        try:
            tree = RemoteTree(self._fetch, self._new.size, self._new.root)
            if last is not None and not continues(tree, self._new, last.checkpoint):
                where = first_difference(tree, self._memory, self._seen)
                return monitor.found_fork(last.note, self._note, where)
        except (AlteredTiles, Unreachable):
            # The tiles say nothing that the root vouches for, so the entries have to do.
            return monitor.found_altered(last, self._note, words, entries)
        return monitor.found_altered(last, self._note, words, entries)
