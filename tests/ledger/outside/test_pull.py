"""A witness that nobody can reach cosigns what the tiles prove, once, however often it is run."""

from pathlib import Path

import pytest

from portal.ledger.merkle import HASH_BYTES
from portal.ledger.note import parse_note, verify_cosignature
from portal.ledger.outside.finding import ALTERED, DAMAGED, FORK, NOT_SIGNED, ROLLBACK, UNREACHABLE
from portal.ledger.outside.pull import pull
from portal.ledger.outside.state import State
from portal.ledger.outside.witness import Witness, keys_by_origin
from tests.rig.ledger import LOG, OTHER_LOG, PCC
from tests.rig.tiny_log import TinyLog, make_leaves


class Clock:
    """POSIX seconds, turned by hand."""

    at = 1_800_000_000

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def witness(tmp_path: Path, clock: Clock) -> Witness:
    return Witness(PCC, keys_by_origin([LOG.key]), State(tmp_path), clock)


@pytest.fixture(params=[5, 256, 700])
def log(request: pytest.FixtureRequest) -> TinyLog:
    """Logs within a tile, of one whole tile, and of several."""
    return TinyLog(make_leaves(request.param))


def last_size(witness: Witness) -> int:
    last = witness.find_last(LOG.name)
    return last.checkpoint.size if last else 0


def test_it_cosigns_what_the_tiles_prove_as_the_log_grows(log: TinyLog, witness: Witness) -> None:
    for more in (0, 1, 255, 256, 300):
        log.grow(more)
        pulled = pull(log.get, witness)
        assert pulled.line is not None, pulled
        assert pulled.size == len(log.leaves) == last_size(witness)
        assert verify_cosignature(parse_note(log.note + pulled.line), PCC.key)


def test_a_second_run_gives_the_same_line_and_does_nothing_else(
    log: TinyLog, witness: Witness, clock: Clock
) -> None:
    first = pull(log.get, witness)
    clock.at += 60
    assert pull(log.get, witness)[1:] == first[1:]


def test_a_log_without_entries_can_be_pulled(witness: Witness) -> None:
    log = TinyLog([])
    assert pull(log.get, witness).line is not None
    log.grow(3)
    assert pull(log.get, witness).size == 3


def test_an_older_head_is_not_cosigned(log: TinyLog, witness: Witness) -> None:
    pull(log.get, witness)
    log.published -= 1
    pulled = pull(log.get, witness)
    assert (pulled.finding.code, pulled.line) == (ROLLBACK, None)
    assert last_size(witness) == log.published + 1


@pytest.mark.parametrize("more", [0, 300])
def test_another_history_is_not_cosigned_and_is_kept(
    log: TinyLog, witness: Witness, more: int
) -> None:
    pull(log.get, witness)
    seen = log.note
    log.leaves[1] = b"\x01" + bytes(32)
    log.grow(more)
    pulled = pull(log.get, witness)
    assert (pulled.finding.code, pulled.line) == (FORK, None)
    [folder] = witness.state.evidence.iterdir()
    assert (folder / "cosigned.note").read_text().startswith(seen)
    assert (folder / "offered.note").read_text() == log.note


def test_tiles_that_do_not_lead_to_the_root_are_not_cosigned(witness: Witness) -> None:
    log = TinyLog(make_leaves(300))
    log.replaced["tile/0/001.p/44"] = bytes(44 * HASH_BYTES)
    pulled = pull(log.get, witness)
    assert (pulled.finding.code, pulled.finding.entries, pulled.line) == (ALTERED, (0, 299), None)


def test_a_whole_tile_that_does_not_lead_to_the_root_is_named(witness: Witness) -> None:
    log = TinyLog(make_leaves(300))
    pull(log.get, witness)
    log.grow(700)
    log.replaced["tile/0/001"] = bytes(256 * HASH_BYTES)
    pulled = pull(log.get, witness)
    assert (pulled.finding.code, pulled.finding.entries, pulled.line) == (ALTERED, (256, 511), None)
    assert last_size(witness) == 300


def test_a_tile_of_another_length_is_altered(witness: Witness) -> None:
    log = TinyLog(make_leaves(300))
    log.replaced["tile/0/001.p/44"] = bytes(43 * HASH_BYTES)
    assert pull(log.get, witness).finding.code == ALTERED


def test_what_is_not_signed_or_not_served_is_told_apart(log: TinyLog, witness: Witness) -> None:
    log.replaced["checkpoint"] = TinyLog(log.leaves, OTHER_LOG).note.encode()
    assert pull(log.get, witness).finding.code == NOT_SIGNED
    log.replaced["checkpoint"] = b"\xff"
    assert pull(log.get, witness).finding.code == UNREACHABLE
    log.replaced["checkpoint"] = None
    assert pull(log.get, witness).finding.code == UNREACHABLE
    assert last_size(witness) == 0


def test_its_own_clock_or_disk_at_fault_accuses_nobody(
    log: TinyLog, witness: Witness, clock: Clock, tmp_path: Path
) -> None:
    pull(log.get, witness)
    log.grow(1)
    clock.at -= 100
    assert pull(log.get, witness).finding.code == DAMAGED
    [path] = tmp_path.glob("*.checkpoint")
    path.write_bytes(b"")
    assert pull(log.get, witness).finding.code == DAMAGED


class Slow(State):
    """A record that another process of the same witness changes just after it was read."""

    def __init__(self, folder: Path, other: Witness, notes: TinyLog) -> None:
        super().__init__(folder)
        self._other, self._notes, self._done = other, notes, False

    def find(self, origin: str, key: object) -> object:  # type: ignore[override]
        """What was there before the other process wrote."""
        found = super().find(origin, key)  # type: ignore[arg-type]
        if not self._done:
            self._done = True
            pull(self._notes.get, self._other)
        return found


def test_another_process_that_was_faster_is_no_fork(
    witness: Witness, tmp_path: Path, clock: Clock
) -> None:
    log = TinyLog(make_leaves(300))
    pull(log.get, witness)
    log.grow(5)
    slow = Witness(PCC, witness.keys, Slow(tmp_path, witness, log), clock)
    assert pull(log.get, slow).size == 305
