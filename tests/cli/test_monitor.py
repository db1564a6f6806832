"""Promises about `flask ledger monitor`: a stranger sees in one line, and in the exit code, how
the log stands.
"""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.monitor import monitor
from portal.ledger.outside.finding import ALTERED, FORK, NOT_SIGNED, ROLLBACK, UNREACHABLE, WELL
from tests.rig.ledger import LOG, OTHER_LOG, make_policy, signer
from tests.rig.tiny_log import TinyLog, make_leaves, served


def run(url: str, folder: Path, *words: str, log: str = LOG.vkey) -> Result:
    said = CliRunner().invoke(monitor, [url, "--state", str(folder), "--log", log, *words])
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
    return said


def test_one_log_through_all_that_can_happen_to_it(tmp_path: Path) -> None:
    log = TinyLog(make_leaves(600))
    with served(log) as url:
        said = run(url, tmp_path, "--once")
        assert said.exit_code == WELL
        assert "All well. 600 entries, 600 of them new" in said.output
        log.grow(100)
        assert "700 entries, 100 of them new; 100 were rehashed" in run(url, tmp_path).output
        assert "700 were rehashed" in run(url, tmp_path, "--all").output
        log.published = 600
        said = run(url, tmp_path)
        assert said.exit_code == ROLLBACK
        assert "Rollback. The log serves a head of 600 entries, but 700" in said.output
        log.published = 700
        log.leaves[9] = b"\x01" + bytes(32)
        said = run(url, tmp_path)
        assert said.exit_code == FORK
        assert "Evidence: " in said.output
    said = run(url, tmp_path)
    assert said.exit_code == UNREACHABLE
    assert "cannot be reached" in said.output


def test_altered_entries_are_named(tmp_path: Path) -> None:
    log = TinyLog(make_leaves(300))
    with served(log) as url:
        run(url, tmp_path)
        log.replaced["tile/entries/001.p/44"] = b"\x00\x21" + bytes(33)
        said = run(url, tmp_path, "--all")
    assert said.exit_code == ALTERED
    assert "First entries concerned: 256 to 299." in said.output


def test_a_log_of_another_key_is_not_believed(tmp_path: Path) -> None:
    with served(TinyLog(make_leaves(3))) as url:
        said = run(url, tmp_path, log=OTHER_LOG.vkey)
    assert said.exit_code == NOT_SIGNED
    assert "No trusted key of this log signed" in said.output


def test_two_vantage_points_are_compared(tmp_path: Path) -> None:
    log, other = TinyLog(make_leaves(300)), TinyLog(make_leaves(200, flavour=1))
    note = tmp_path / "note"
    with served(log) as url:
        note.write_text(log.note_at(200))
        said = run(url, tmp_path / "state", "--compare", str(note))
        assert said.exit_code == WELL
        assert "are of one log" in said.output
        note.write_text(other.note)
        said = run(url, tmp_path / "state", "--compare", str(note))
    assert said.exit_code == FORK
    assert "cannot both be of one log" in said.output


def test_looking_again_and_again_ends_when_something_is_wrong(tmp_path: Path) -> None:
    log = TinyLog(make_leaves(30))
    note = log.note
    answers = iter([note, note, TinyLog(make_leaves(30, flavour=1)).note])

    class Turning(TinyLog):
        @property
        def note(self) -> str:
            return next(answers)

    with served(Turning(make_leaves(30))) as url:
        said = run(url, tmp_path, "--every", "1")
    assert said.exit_code == FORK
    assert said.output.count("All well.") == 2


def test_the_key_can_come_from_a_policy_file(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_bytes(make_policy())
    with served(TinyLog(make_leaves(3))) as url:
        words = [url, "--state", str(tmp_path / "state"), "--policy", str(policy)]
        assert CliRunner().invoke(monitor, words).exit_code == WELL


def test_whoever_types_the_address_alone_is_told_all_that_is_missing_and_what_it_keeps() -> None:
    said = CliRunner().invoke(monitor, ["https://log.example"])
    assert said.exit_code == 2
    assert "A monitor needs --state DIR, the folder that keeps what was checked last" in said.output
    assert "--log VKEY or --policy FILE" in said.output
    words = " ".join(CliRunner().invoke(monitor, ["--help"]).output.split())
    assert "Required. The folder that keeps what was checked last" in words
    assert "Both are required: --state, and the log's key by --log or --policy." in words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--every", "5", "--once"], "cannot be used with --once"),
        (["--log", signer("log.example/else", 8).vkey], "of different logs"),
    ],
)
def test_wrong_use_is_explained(tmp_path: Path, words: list[str], said: str) -> None:
    result = run("https://log.example/", tmp_path, *words)
    assert result.exit_code == 2
    assert said in result.output


def test_plain_http_to_elsewhere_is_refused(tmp_path: Path) -> None:
    result = run("http://log.example/", tmp_path)
    assert result.exit_code == 2
    assert "--allow-http" in result.output


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("http://127.0.0.1:9", tmp_path / "file" / "below")
    assert result.exit_code == 1
    assert "cannot be used" in result.output
