"""A witness's record says what was cosigned last, or says that it cannot tell."""

from pathlib import Path

import pytest

from portal.ledger.note import cosign
from portal.ledger.outside.state import DamagedState, State
from tests.rig.ledger import COURT, LOG, PCC, make_note


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "not" / "there" / "yet")


def save(state: State, note: str | None = None) -> str:
    note = note or make_note() + cosign(make_note(), PCC, 77)
    with state.locked(LOG.name):
        state.save(LOG.name, note)
    return note


def test_what_was_saved_is_found(state: State) -> None:
    assert state.find(LOG.name, PCC.key) is None
    note = save(state)
    found = state.find(LOG.name, PCC.key)
    assert found is not None
    assert (found.note, found.checkpoint.size, found.at) == (note, 6, 77)
    assert state.find("log.example/other", PCC.key) is None


def test_after_the_key_was_replaced_the_size_is_still_known(state: State) -> None:
    save(state)
    found = state.find(LOG.name, COURT.key)
    assert found is not None
    assert (found.checkpoint.size, found.at) == (6, 0)


@pytest.mark.parametrize("content", [b"", b"\xff", b"nothing", b"a\nb\n\nc\n"])
def test_a_file_that_cannot_be_read_is_not_taken_for_none(state: State, content: bytes) -> None:
    save(state)
    [path] = state.evidence.parent.glob("*.checkpoint")
    path.write_bytes(content)
    with pytest.raises(DamagedState, match="Put it back from a backup"):
        state.find(LOG.name, PCC.key)


def test_a_size_that_was_changed_on_disk_is_noticed(state: State) -> None:
    note = save(state)
    save(state, note.replace("\n6\n", "\n3\n"))
    with pytest.raises(DamagedState):
        state.find(LOG.name, PCC.key)


def test_a_file_of_another_log_is_noticed(state: State) -> None:
    with state.locked("log.example/other"):
        state.save("log.example/other", make_note())
    with pytest.raises(DamagedState):
        state.find("log.example/other", PCC.key)


def test_evidence_is_told_apart_by_what_it_is_about(state: State) -> None:
    one = state.keep_evidence("fork", "these two", {"a": "1"})
    assert state.keep_evidence("fork", "these two", {"a": "2"}) == one
    assert state.keep_evidence("fork", "two others", {"a": "2"}) != one
    assert (one / "a").read_text() == "1"
