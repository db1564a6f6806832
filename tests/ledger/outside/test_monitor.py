"""A monitor tells apart what can be wrong with a log, and keeps what proves it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from portal.ledger.outside.finding import (
    ALTERED,
    DAMAGED,
    FORK,
    NOT_SIGNED,
    ROLLBACK,
    UNREACHABLE,
    WELL,
)
from portal.ledger.outside.memory import Memory
from portal.ledger.outside.monitor import Monitor, pick_some
from portal.ledger.tiles import bundle
from tests.rig.ledger import LOG, OTHER_LOG, signer
from tests.rig.tiny_log import TinyLog, make_leaves


def pick_none(_count: int, _most: int) -> Sequence[int]:
    return []


@pytest.fixture(params=[5, 256, 700])
def log(request: pytest.FixtureRequest) -> TinyLog:
    """Logs within a tile, of one whole tile, and of several."""
    return TinyLog(make_leaves(request.param))


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "monitor", LOG.name)


@pytest.fixture
def monitor(log: TinyLog, memory: Memory) -> Iterator[Monitor]:
    return Monitor(log.get, [LOG.key], memory, pick=pick_none)


def kept(memory: Memory) -> list[str]:
    return sorted(path.name.rpartition("-")[0] for path in memory.folder.glob("evidence/*"))


def test_a_log_that_only_grows_is_well_at_every_look(log: TinyLog, monitor: Monitor) -> None:
    for more in (0, 1, 0, 250, 300, 1):
        log.grow(more)
        finding = monitor.look()
        assert finding.code == WELL, finding
    assert f"{len(log.leaves)} entries" in finding.words
    assert not kept(monitor.memory)


def test_a_restart_continues_and_asks_only_for_what_is_new(log: TinyLog, monitor: Monitor) -> None:
    monitor.look()
    log.grow(600)
    log.asked.clear()
    again = Monitor(log.get, [LOG.key], Memory(monitor.memory.folder.parent, LOG.name))
    assert (
        "600 of them new; 600 were rehashed"
        in Monitor(log.get, [LOG.key], again.memory, pick=pick_none).look().words
    )
    asked = [path for path in log.asked if path.startswith("tile/entries")]
    assert len(asked) <= 1 + 3


def test_everything_can_be_rehashed_from_zero(log: TinyLog, monitor: Monitor) -> None:
    monitor.look()
    log.grow(3)
    finding = monitor.look(from_zero=True)
    assert finding.code == WELL
    assert f"{len(log.leaves)} were rehashed" in finding.words


def test_an_empty_log_is_well_and_may_grow(tmp_path: Path) -> None:
    log = TinyLog([])
    monitor = Monitor(log.get, [LOG.key], Memory(tmp_path, LOG.name))
    assert monitor.look().code == WELL
    log.grow(3)
    assert monitor.look().code == WELL


def test_an_older_head_is_a_rollback(log: TinyLog, monitor: Monitor) -> None:
    monitor.look()
    log.published -= 1
    finding = monitor.look()
    assert finding.code == ROLLBACK
    assert f"{log.published} entries, but {log.published + 1} were signed" in finding.words
    assert kept(monitor.memory) == ["rollback"]
    log.published += 1
    assert monitor.look().code == WELL, "what was seen is remembered, not the older head"


def test_another_root_of_the_same_size_is_a_fork_and_both_notes_are_kept(
    log: TinyLog, monitor: Monitor
) -> None:
    monitor.look()
    seen = log.note
    log.leaves[2] = b"\x01" + bytes(32)
    finding = monitor.look()
    assert finding.code == FORK
    assert finding.evidence is not None
    assert (finding.evidence / "seen.note").read_text() == seen
    assert (finding.evidence / "served.note").read_text() == log.note
    assert monitor.look() == finding, "it stays a fork, and the evidence stays one"
    assert kept(monitor.memory) == ["fork"]


def test_a_smaller_head_of_another_history_is_a_fork(log: TinyLog, monitor: Monitor) -> None:
    monitor.look()
    log.leaves[2] = b"\x01" + bytes(32)
    log.published -= 1
    assert monitor.look().code == FORK


def test_a_larger_head_of_another_history_is_a_fork_that_names_the_first_entries(
    log: TinyLog, monitor: Monitor
) -> None:
    monitor.look()
    log.leaves[2] = b"\x01" + bytes(32)
    log.grow(300)
    finding = monitor.look()
    assert finding.code == FORK
    assert finding.entries == (2, 2)


def test_an_entry_that_was_changed_but_not_signed_is_named(log: TinyLog, monitor: Monitor) -> None:
    monitor.look()
    served = log.leaves[:256]
    served[3] = served[4] = b"\x01" + bytes(32)
    width = "" if len(served) == 256 else f".p/{len(served)}"
    log.replaced[f"tile/entries/000{width}"] = bundle(served)
    finding = monitor.look(from_zero=True)
    assert finding.code == ALTERED
    assert finding.entries == (3, 4)
    assert "not those that were seen before" in finding.words
    assert kept(monitor.memory) == ["altered"]


def test_an_entry_changed_before_it_was_ever_seen_is_named(log: TinyLog, monitor: Monitor) -> None:
    served = log.leaves[:256]
    served[3] = b"\x01" + bytes(32)
    width = "" if len(served) == 256 else f".p/{len(served)}"
    log.replaced[f"tile/entries/000{width}"] = bundle(served)
    finding = monitor.look()
    assert (finding.code, finding.entries) == (ALTERED, (3, 3))
    assert monitor.memory.find_head() is None
    log.replaced.clear()
    assert monitor.look().code == WELL


def test_tiles_that_do_not_give_the_root_are_altered(log: TinyLog, monitor: Monitor) -> None:
    monitor.look()
    log.grow(256)
    path = "tile/1/000.p/" + str(len(log.leaves) // 256)
    log.replaced[path] = bytes(32) * (len(log.leaves) // 256)
    finding = monitor.look()
    assert finding.code == ALTERED
    assert "do not lead to the root" in finding.words


def test_old_entries_that_were_changed_come_out_by_spot_checks(tmp_path: Path) -> None:
    log = TinyLog(make_leaves(1024))
    monitor = Monitor(log.get, [LOG.key], Memory(tmp_path, LOG.name), pick=lambda *_: [2])
    monitor.look()
    served = log.leaves[512:768]
    served[7] = b"\x01" + bytes(32)
    log.replaced["tile/entries/002"] = bundle(served)
    finding = monitor.look()
    assert (finding.code, finding.entries) == (ALTERED, (519, 519))


def test_spot_checks_are_of_different_places_within_the_log() -> None:
    assert list(pick_some(3, 4)) == [0, 1, 2]
    assert list(pick_some(0, 4)) == []
    picked = pick_some(1000, 4)
    assert len(set(picked)) == 4
    assert all(0 <= number < 1000 for number in picked)


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x00\x21" + bytes(32), b"\x00\x00" * 300])
def test_bytes_that_are_no_bundle_are_altered_entries(
    log: TinyLog, monitor: Monitor, content: bytes
) -> None:
    width = "" if len(log.leaves) >= 256 else f".p/{len(log.leaves)}"
    log.replaced[f"tile/entries/000{width}"] = content
    finding = monitor.look()
    assert finding.code == ALTERED
    assert finding.entries == (0, min(255, len(log.leaves) - 1))


def test_a_head_that_the_key_did_not_sign_is_not_believed(log: TinyLog, monitor: Monitor) -> None:
    for note in (
        TinyLog(log.leaves, OTHER_LOG).note,
        TinyLog(log.leaves, signer("log.example/else", 1)).note,
        "<html>Sign in</html>",
    ):
        log.replaced["checkpoint"] = note.encode()
        finding = monitor.look()
        assert finding.code == NOT_SIGNED, note
        assert "cannot be believed" in finding.words


@pytest.mark.parametrize("path", ["checkpoint", "tile/entries/000", "tile/0/000"])
def test_what_is_not_served_is_unreachable_and_accuses_nobody(tmp_path: Path, path: str) -> None:
    log = TinyLog(make_leaves(256))
    log.replaced[path] = None
    finding = Monitor(log.get, [LOG.key], Memory(tmp_path, LOG.name)).look()
    assert finding.code == UNREACHABLE
    assert path in finding.words


def test_a_partial_tile_that_was_dropped_for_the_full_one_will_do(tmp_path: Path) -> None:
    log = TinyLog(make_leaves(300))
    log.published = 200
    monitor = Monitor(log.get, [LOG.key], Memory(tmp_path, LOG.name))
    log.replaced = {"checkpoint": log.note.encode()}
    log.published = 300
    log.replaced |= {"tile/0/000.p/200": None, "tile/entries/000.p/200": None}
    assert monitor.look().code == WELL


def test_damage_on_the_monitors_own_disk_accuses_nobody(log: TinyLog, monitor: Monitor) -> None:
    monitor.look()
    leaves = monitor.memory.folder / "leaf-hashes"
    content = bytearray(leaves.read_bytes())
    content[0] ^= 1
    leaves.write_bytes(content)
    finding = monitor.look(from_zero=True)
    assert finding.code == DAMAGED
    assert "says nothing about the log" in finding.words
    leaves.write_bytes(content[:-1])
    assert monitor.look().code == DAMAGED


def test_stopped_before_it_saved_it_goes_on_from_the_last_checked_head(
    log: TinyLog, monitor: Monitor
) -> None:
    monitor.look()
    monitor.memory.write_leaves(len(log.leaves), [bytes(32)] * 900)
    log.grow(10)
    assert monitor.look().code == WELL
    assert monitor.look(from_zero=True).code == WELL


def test_progress_is_told_up_to_the_whole(log: TinyLog, memory: Memory) -> None:
    told: list[tuple[int, int]] = []
    Monitor(log.get, [LOG.key], memory, lambda done, total: told.append((done, total))).look()
    assert told[-1] == (len(log.leaves), len(log.leaves))
