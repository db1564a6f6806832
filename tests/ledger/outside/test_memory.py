"""A monitor's memory holds what it checked, and knows when its own disk is at fault."""

from pathlib import Path

import pytest

from portal.ledger.merkle import Frontier, leaf_hash, root
from portal.ledger.outside.memory import Memory
from portal.ledger.outside.state import DamagedState
from tests.rig.ledger import LOG
from tests.rig.tiny_log import TinyLog, make_leaves

LOG_OF_NINE = TinyLog(make_leaves(9))
HASHES = [leaf_hash(leaf) for leaf in LOG_OF_NINE.leaves]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path, LOG.name)


def save(memory: Memory, size: int = 9) -> None:
    memory.write_leaves(0, HASHES[:size])
    memory.save(LOG_OF_NINE.note_at(size), Frontier().extend(HASHES[:size])[0])


def test_what_was_saved_is_found_again(memory: Memory, tmp_path: Path) -> None:
    assert memory.find_head() is None
    save(memory)
    found = Memory(tmp_path, LOG.name).find_head()
    assert found is not None
    assert found.note == LOG_OF_NINE.note
    assert found.frontier.size == 9
    assert memory.read_leaves(3, 7) == HASHES[3:7]
    assert memory.read_leaves(7, 3) == []
    assert memory.root_at(5) == root(HASHES[:5])
    memory.check(found)


def test_leaves_behind_the_saved_head_do_not_count_and_can_be_replaced(memory: Memory) -> None:
    save(memory, 5)
    memory.write_leaves(5, [bytes(32)] * 4)
    found = memory.find_head()
    assert found is not None
    assert found.checkpoint.size == 5
    memory.write_leaves(5, HASHES[5:])
    assert memory.root_at(9) == root(HASHES)


def test_signed_checkpoints_are_kept_one_for_each_size(memory: Memory) -> None:
    for size in (3, 5, 9):
        save(memory, size)
    kept = sorted((memory.folder / "checkpoints").iterdir())
    assert [path.read_text() for path in kept] == [LOG_OF_NINE.note_at(n) for n in (3, 5, 9)]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"note": 1, "frontier": 2}'])
def test_a_head_that_cannot_be_read_is_said(memory: Memory, content: bytes) -> None:
    save(memory)
    (memory.folder / "head.json").write_bytes(content)
    with pytest.raises(DamagedState, match="says nothing about the log"):
        memory.find_head()


def test_missing_or_changed_leaves_are_said(memory: Memory) -> None:
    save(memory)
    found = memory.find_head()
    assert found is not None
    leaves = memory.folder / "leaf-hashes"
    content = leaves.read_bytes()
    leaves.write_bytes(content[:-32] + bytes(32))
    with pytest.raises(DamagedState):
        memory.check(found)
    leaves.write_bytes(content[:-1])
    with pytest.raises(DamagedState):
        memory.find_head()
    with pytest.raises(DamagedState):
        memory.read_leaves(8, 9)
    leaves.unlink()
    with pytest.raises(DamagedState):
        memory.find_head()
