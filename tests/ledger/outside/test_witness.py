"""A witness never cosigns two histories, whoever asks, at whatever moment, in however many
processes, and wherever it is stopped.
"""

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.ledger.note import COSIGNATURE_V1, parse_note, verify_cosignature
from portal.ledger.outside.decision import format_offer
from portal.ledger.outside.state import DamagedState, State
from portal.ledger.outside.witness import SIZE_TYPE, Answer, Witness, keys_by_origin
from tests.promises.source import ROOT
from tests.rig.ledger import LOG, OTHER_LOG, PCC, signer
from tests.rig.tiny_log import TinyLog, make_leaves

TREE = TinyLog(make_leaves(64))
FORKED = TinyLog(make_leaves(64, flavour=1))


class Clock:
    """POSIX seconds, turned by hand."""

    def __init__(self) -> None:
        self.at = 1_800_000_000

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def witness(tmp_path: Path, clock: Clock) -> Witness:
    return Witness(PCC, keys_by_origin([LOG.key]), State(tmp_path / "state"), clock)


def offer(witness: Witness, old: int, note: str, proof: Sequence[bytes] = ()) -> Answer:
    lines = [base64.b64encode(one).decode() for one in proof]
    return witness.add_checkpoint(format_offer(old, lines, note))


def evidence(witness: Witness) -> dict[str, set[str]]:
    found = witness.state.evidence.glob("*")
    return {path.name.rpartition("-")[0]: {one.name for one in path.iterdir()} for path in found}


def test_the_line_that_comes_back_is_a_cosignature_of_the_checkpoint(
    witness: Witness, clock: Clock
) -> None:
    answer = offer(witness, 0, TREE.note_at(5))
    assert answer.status == 200
    note = parse_note(TREE.note_at(5) + answer.body)
    assert verify_cosignature(note, PCC.key) == clock.at


def test_it_remembers_after_a_restart(witness: Witness, tmp_path: Path, clock: Clock) -> None:
    offer(witness, 0, TREE.note_at(5))
    again = Witness(PCC, witness.keys, State(tmp_path / "state"), clock)
    assert offer(again, 0, TREE.note_at(9)) == Answer(
        409, "5\n", SIZE_TYPE, "The old size is not the one that was cosigned last."
    )
    assert offer(again, 5, TREE.note_at(9), TREE.proof(5, 9)).status == 200


def test_one_that_was_cosigned_by_others_already_can_be_offered_twice(witness: Witness) -> None:
    first = offer(witness, 0, TREE.note_at(5))
    assert offer(witness, 5, TREE.note_at(5) + first.body).status == 200
    assert offer(witness, 5, TREE.note_at(9), TREE.proof(5, 9)).status == 200


def test_two_roots_of_one_size_are_never_cosigned_and_both_notes_are_kept(
    witness: Witness,
) -> None:
    offer(witness, 0, TREE.note_at(5))
    answer = offer(witness, 5, FORKED.note_at(5))
    assert (answer.status, answer.body, answer.content_type) == (409, "5\n", SIZE_TYPE)
    assert evidence(witness) == {"fork": {"cosigned.note", "offered.note", "proof.txt"}}
    [folder] = witness.state.evidence.iterdir()
    assert (folder / "cosigned.note").read_text().startswith(TREE.note_at(5))
    assert (folder / "offered.note").read_text() == FORKED.note_at(5)


def test_evidence_is_kept_once_and_never_written_over(witness: Witness) -> None:
    offer(witness, 0, TREE.note_at(5))
    offer(witness, 5, FORKED.note_at(9), FORKED.proof(5, 9))
    [folder] = witness.state.evidence.iterdir()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert base64.b64encode(FORKED.proof(5, 9)[0]) in before["proof.txt"]
    # Anyone can send nonsense beside a checkpoint that is public: it must not fill the disk.
    for number in range(20):
        assert offer(witness, 5, FORKED.note_at(9), [bytes([number]) * 32]).status == 422
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert len(list(witness.state.evidence.iterdir())) == 1


@pytest.mark.parametrize(
    ("note", "status", "words"),
    [
        (TinyLog(TREE.leaves, OTHER_LOG).note, 403, "No trusted key of this log signed"),
        (TREE.note.replace("\n64\n", "\n65\n"), 403, "does not fit the text"),
        (TinyLog(TREE.leaves, signer("log.example/else", 8)).note, 404, "not known here"),
        ("nothing", 400, "empty line before its signatures"),
    ],
)
def test_what_is_not_signed_by_a_known_log_leaves_no_trace(
    witness: Witness, note: str, status: int, words: str
) -> None:
    answer = offer(witness, 0, note)
    assert answer.status == status
    assert words in answer.body
    assert witness.find_last(LOG.name) is None
    assert not evidence(witness)


def test_a_clock_that_went_back_signs_nothing(witness: Witness, clock: Clock) -> None:
    offer(witness, 0, TREE.note_at(5))
    clock.at -= 1
    answer = offer(witness, 5, TREE.note_at(9), TREE.proof(5, 9))
    assert (answer.status, answer.body) == (503, f"{answer.words}\n")
    assert "clock" in answer.words
    last = witness.find_last(LOG.name)
    assert last is not None
    assert last.checkpoint.size == 5


def test_a_damaged_record_is_said_and_nothing_is_signed(witness: Witness, tmp_path: Path) -> None:
    offer(witness, 0, TREE.note_at(5))
    [path] = (tmp_path / "state").glob("*.checkpoint")
    path.write_bytes(path.read_bytes().replace(b"\n5\n", b"\n4\n"))
    with pytest.raises(DamagedState, match="is damaged, so nothing was signed"):
        offer(witness, 5, TREE.note_at(9), TREE.proof(5, 9))


def test_a_witness_with_a_new_key_goes_on_where_the_old_one_was(
    witness: Witness, tmp_path: Path, clock: Clock
) -> None:
    offer(witness, 0, TREE.note_at(5))
    renewed = Witness(
        signer("witness.example/new", 7, COSIGNATURE_V1),
        witness.keys,
        State(tmp_path / "state"),
        clock,
    )
    assert offer(renewed, 0, FORKED.note_at(6)).status == 409
    assert offer(renewed, 5, TREE.note_at(9), TREE.proof(5, 9)).status == 200


def test_many_at_once_never_get_two_roots_of_one_size_nor_a_step_back(witness: Witness) -> None:
    def race(number: int) -> list[tuple[int, bytes]]:
        log = (TREE, FORKED)[number % 2]
        # Each has an own view of the folder, as another process would.
        mine = Witness(PCC, witness.keys, State(witness.state.evidence.parent), witness.clock)
        cosigned, old = list[tuple[int, bytes]](), 0
        for size in range(1 + number % 3, 64, 3):
            if old > size:
                continue
            answer = offer(mine, old, log.note_at(size), log.proof(old, size) if old else ())
            if answer.status == 200:
                cosigned.append((size, log.root_at(size)))
            old = (
                size if answer.status == 200 else int(answer.body) if answer.status == 409 else old
            )
        return cosigned

    with ThreadPoolExecutor(8) as pool:
        cosigned = [pair for pairs in pool.map(race, range(12)) for pair in pairs]
    sides = {
        log is TREE
        for size, root in cosigned
        for log in (TREE, FORKED)
        if log.root_at(size) == root
    }
    assert len(cosigned) > 10
    assert len(sides) == 1, "both histories were cosigned"
    last = witness.find_last(LOG.name)
    assert last is not None
    assert last.checkpoint.size == max(size for size, _ in cosigned)


_PROCESS = """
import os, signal, sys
from pathlib import Path
from portal.ledger.outside.state import State
from portal.ledger.outside.witness import Witness, keys_by_origin
from tests.rig.ledger import LOG, PCC

class Mortal(State):
    def save(self, origin, note):
        if sys.argv[2] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        super().save(origin, note)
        if sys.argv[2] == "after":
            os.kill(os.getpid(), signal.SIGKILL)

witness = Witness(PCC, keys_by_origin([LOG.key]), Mortal(Path(sys.argv[1])), lambda: 1_800_000_000)
print(witness.add_checkpoint(sys.stdin.buffer.read()).status)
"""


def in_a_process(folder: Path, moment: str, body: bytes) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-c", _PROCESS, str(folder), moment],
        cwd=ROOT,
        input=body,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


@pytest.mark.parametrize(("moment", "kept"), [("before", None), ("after", 5)])
def test_killed_between_recording_and_answering_it_is_never_behind_what_it_signed(
    witness: Witness, moment: str, kept: int | None
) -> None:
    folder = witness.state.evidence.parent
    ended = in_a_process(folder, moment, format_offer(0, [], TREE.note_at(5)))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert not ended.stdout
    last = witness.find_last(LOG.name)
    assert (last.checkpoint.size if last else None) == kept
    # The lock died with its holder, and the other history is refused if one was recorded.
    other = offer(witness, 0, FORKED.note_at(5))
    assert other.status == (409 if kept else 200)


def test_two_processes_agree_on_one_history(witness: Witness) -> None:
    folder = witness.state.evidence.parent
    with ThreadPoolExecutor(2) as pool:
        notes = [TREE.note_at(5), FORKED.note_at(5)]
        ended = list(
            pool.map(lambda note: in_a_process(folder, "", format_offer(0, [], note)), notes)
        )
    assert sorted(one.stdout for one in ended) == [b"200\n", b"409\n"], ended
