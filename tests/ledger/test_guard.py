"""Promises of the file outside the database: it never goes back, and a power cut breaks nothing."""

from pathlib import Path
from threading import Thread

import pytest

from portal.ledger.guard import ForkedFromTheGuard, Guard, GuardMissing, SignedHead

LOG = "log.example/one"


@pytest.fixture
def guard(tmp_path: Path) -> Guard:
    """A guard whose folder is not there yet."""
    return Guard(tmp_path / "kept" / "guard.json")


def head(size: int, letter: bytes = b"a") -> SignedHead:
    return SignedHead(size, letter * 32)


def advance(guard: Guard, name: str, newest: SignedHead) -> bool:
    return guard.advance(name, newest, known=guard.find_newest(name))


def test_nothing_is_remembered_before_anything_was_signed(guard: Guard) -> None:
    assert guard.find_newest(LOG) is None


def test_the_newest_head_of_each_log_is_remembered_by_the_next_process(
    guard: Guard, tmp_path: Path
) -> None:
    advance(guard, LOG, head(3))
    advance(guard, "log.example/two", head(9, b"b"))
    again = Guard(tmp_path / "kept" / "guard.json")
    assert again.find_newest(LOG) == head(3)
    assert again.find_newest("log.example/two") == head(9, b"b")


def test_an_older_head_takes_nothing_back(guard: Guard) -> None:
    assert advance(guard, LOG, head(8))
    assert advance(guard, LOG, head(5, b"b"))
    assert guard.find_newest(LOG) == head(8)


def test_two_roots_of_one_size_are_never_both_taken(guard: Guard) -> None:
    advance(guard, LOG, head(8))
    advance(guard, LOG, head(8))
    with pytest.raises(ForkedFromTheGuard, match="only be read"):
        advance(guard, LOG, head(8, b"b"))
    assert guard.find_newest(LOG) == head(8)


def test_only_a_persons_word_takes_it_back(guard: Guard) -> None:
    advance(guard, LOG, head(8))
    guard.accept(LOG, head(5, b"b"))
    assert guard.find_newest(LOG) == head(5, b"b")


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{}",
        "[]",
        '{"format": "on-record-guard/v2", "heads": {}}',
        '{"format": "on-record-guard/v1", "heads": {"log.example/one": {"size": "x"}}}',
        '{"format": "on-record-guard/v1", "heads": {"log.example/one": {"size": 1, "root": "?"}}}',
    ],
)
def test_a_broken_file_is_never_taken_for_an_empty_one(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "guard.json"
    path.write_text(broken)
    guard = Guard(path)
    with pytest.raises(GuardMissing, match=r"docs/operation\.md"):
        guard.find_newest(LOG)
    with pytest.raises(GuardMissing):
        advance(guard, LOG, head(1))
    guard.accept(LOG, head(4))
    assert guard.find_newest(LOG) == head(4)


def test_a_cut_while_it_is_written_leaves_the_one_before(guard: Guard, tmp_path: Path) -> None:
    advance(guard, LOG, head(3))
    (tmp_path / "kept" / ".guard.json.new").write_text('{"format": "on-rec')
    assert guard.find_newest(LOG) == head(3)
    advance(guard, LOG, head(4))
    assert guard.find_newest(LOG) == head(4)


def test_a_head_that_was_compared_with_an_older_one_is_not_taken(guard: Guard) -> None:
    advance(guard, LOG, head(8))
    assert not guard.advance(LOG, head(9, b"b"), known=head(7))
    assert not guard.advance(LOG, head(9, b"b"), known=None)
    assert guard.find_newest(LOG) == head(8)


def test_many_at_once_leave_the_newest(guard: Guard) -> None:
    def remember(size: int) -> None:
        while not advance(guard, LOG, head(size)):
            pass

    writers = [Thread(target=remember, args=(size,)) for size in range(1, 33)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert guard.find_newest(LOG) == head(32)
