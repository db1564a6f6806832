"""Two places that are shown one log can prove it; two that are shown different ones find out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.checkpoint import Checkpoint
from portal.ledger.merkle import leaf_hash
from portal.ledger.outside.comparing import continues, first_difference, range_of_differences
from portal.ledger.outside.finding import ALTERED, FORK, NOT_SIGNED, ROLLBACK, WELL
from portal.ledger.outside.memory import Memory
from portal.ledger.outside.monitor import Monitor
from portal.ledger.outside.remote import RemoteTree
from tests.rig.ledger import LOG, OTHER_LOG
from tests.rig.tiny_log import TinyLog, make_leaves

TREE = TinyLog(make_leaves(600))


def head(log: TinyLog, size: int) -> Checkpoint:
    return Checkpoint(LOG.name, size, log.root_at(size))


def split(at: int) -> TinyLog:
    """The same log up to an entry, and another one from there."""
    return TinyLog(TREE.leaves[:at] + make_leaves(600, flavour=1)[at:])


@pytest.fixture
def monitor(tmp_path: Path) -> Monitor:
    return Monitor(TREE.get, [LOG.key], Memory(tmp_path, LOG.name))


@given(st.integers(0, 600))
def test_a_log_continues_every_head_it_ever_had(size: int) -> None:
    assert continues(
        RemoteTree(TREE.get, 600, TREE.root_at(600)), head(TREE, 600), head(TREE, size)
    )


@given(st.integers(0, 598), st.integers(1, 600))
def test_it_continues_another_history_only_up_to_where_they_part(at: int, size: int) -> None:
    tree = RemoteTree(TREE.get, 600, TREE.root_at(600))
    assert continues(tree, head(TREE, 600), head(split(at), size)) == (size <= at)


@pytest.mark.parametrize("at", [0, 3, 255, 256, 599])
def test_the_first_entries_that_differ_are_found(tmp_path: Path, at: int) -> None:
    memory = Memory(tmp_path, LOG.name)
    memory.write_leaves(0, [leaf_hash(leaf) for leaf in TREE.leaves])
    other = split(at)
    tree = RemoteTree(other.get, 600, other.root_at(600))
    found = first_difference(tree, memory, 600)
    assert found is not None
    assert found[0] == at
    same = RemoteTree(TREE.get, 600, TREE.root_at(600))
    assert first_difference(same, memory, 600) is None


def test_differences_are_told_by_their_numbers() -> None:
    assert range_of_differences(10, [b"a", b"b", b"c"], [b"a", b"x", b"y", b"z"]) == (11, 12)
    assert range_of_differences(10, [b"a"], [b"a", b"b"]) is None


@pytest.mark.parametrize("size", [0, 1, 255, 256, 599, 600])
def test_a_note_from_elsewhere_of_the_same_log_is_proved(monitor: Monitor, size: int) -> None:
    finding = monitor.compare(TREE.note_at(size))
    assert finding.code == WELL, finding
    assert "are of one log" in finding.words


@pytest.mark.parametrize("size", [1, 300, 600])
def test_a_split_view_is_a_fork_and_both_notes_are_kept(monitor: Monitor, size: int) -> None:
    note = split(0).note_at(size)
    finding = monitor.compare(note)
    assert finding.code == FORK
    assert finding.evidence is not None
    assert (finding.evidence / "seen.note").read_text() == note
    assert (finding.evidence / "served.note").read_text() == TREE.note


def test_a_head_that_is_withheld_here_is_said(tmp_path: Path) -> None:
    behind = TinyLog(TREE.leaves)
    behind.published = 500
    monitor = Monitor(behind.get, [LOG.key], Memory(tmp_path, LOG.name))
    finding = monitor.compare(TREE.note)
    assert finding.code == ROLLBACK
    assert "Elsewhere the log signed a head of 600 entries. Here it serves 500" in finding.words


def test_a_head_that_is_ahead_is_proved_when_its_tiles_are_served(tmp_path: Path) -> None:
    ahead = TinyLog(TREE.leaves)
    ahead.replaced["checkpoint"] = TREE.note_at(500).encode()
    monitor = Monitor(ahead.get, [LOG.key], Memory(tmp_path, LOG.name))
    finding = monitor.compare(TREE.note)
    assert finding.code == WELL
    assert "continues the 500 that are served" in finding.words
    ahead.replaced["checkpoint"] = split(3).note_at(500).encode()
    assert monitor.compare(TREE.note).code == FORK


def test_what_was_seen_before_counts_even_when_the_log_serves_it_no_more(
    tmp_path: Path,
) -> None:
    log = TinyLog(TREE.leaves)
    monitor = Monitor(log.get, [LOG.key], Memory(tmp_path, LOG.name))
    monitor.look()
    log.leaves = split(5).leaves
    finding = monitor.compare(log.note_at(400))
    assert finding.code == FORK
    assert finding.evidence is not None
    assert (finding.evidence / "served.note").read_text() == TREE.note


def test_a_note_that_the_key_did_not_sign_proves_nothing(monitor: Monitor) -> None:
    finding = monitor.compare(TinyLog(TREE.leaves, OTHER_LOG).note)
    assert finding.code == NOT_SIGNED
    assert "got elsewhere cannot be believed" in finding.words
    assert monitor.compare("nothing").code == NOT_SIGNED


def test_tiles_that_are_wrong_are_not_taken_for_a_fork(tmp_path: Path) -> None:
    broken = TinyLog(TREE.leaves)
    broken.replaced["tile/0/000"] = bytes(8192)
    monitor = Monitor(broken.get, [LOG.key], Memory(tmp_path, LOG.name))
    assert monitor.compare(TREE.note_at(3)).code == ALTERED
