"""Promises about `flask ledger witness`: it answers over HTTP and stops in good order, and where
nobody can reach it, it fetches and sends by itself.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.witness import witness
from portal.ledger.note import parse_note, verify_cosignature
from portal.ledger.outside.decision import format_offer
from portal.ledger.outside.finding import FORK, UNREACHABLE
from portal.ledger.outside.state import State
from tests.cli.test_trust import key_file, text_of
from tests.promises.source import ROOT
from tests.rig.ledger import LOG, PCC
from tests.rig.tiny_log import TinyLog, make_leaves, served

TREE = TinyLog(make_leaves(9))
FORKED = TinyLog(make_leaves(9, flavour=1))
_RUN = "from portal.cli.witness import witness; witness()"


def arguments(folder: Path) -> list[str]:
    key = key_file(folder, text_of(PCC))
    return ["--state", str(folder / "state"), "--key-file", str(key), "--log", LOG.vkey]


def pull(folder: Path, url: str, *words: str) -> Result:
    said = CliRunner().invoke(witness, ["pull", url, *arguments(folder), *words])
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
    return said


class Running:
    """A witness in processes of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        listen = ["--listen", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _RUN, *arguments(folder), *listen],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if "ON_RECORD" not in name},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.said = [self.process.stdout.readline() for _ in range(3)]

    def post(self, body: bytes) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", "/add-checkpoint", body)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    one = Running(tmp_path)
    yield one
    one.kill()


def test_it_says_who_it_is_cosigns_and_stops_in_good_order(running: Running) -> None:
    assert running.said[0] == f"Witness {PCC.vkey}\n"
    assert running.said[1] == f"Follows {LOG.name}: nothing cosigned yet.\n"
    status, line = running.post(format_offer(0, [], TREE.note))
    assert status == 200
    assert verify_cosignature(parse_note(TREE.note + line), PCC.key)
    assert running.post(format_offer(0, [], FORKED.note)) == (409, "9\n")
    os.killpg(running.process.pid, signal.SIGINT)
    said, log = running.process.communicate(timeout=40)
    assert running.process.returncode == 0, log
    assert re.search(r"\d 200 Cosigned 9 entries of log\.example/on-record\.\n", log)
    assert "Traceback" not in said + log
    assert TREE.note.splitlines()[2] not in said + log, "a log line holds nothing that was sent"


def test_many_callers_at_once_get_one_root_for_one_size(running: Running) -> None:
    offers = [format_offer(0, [], log.note_at(9)) for log in (TREE, FORKED)] * 16
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(running.post, offers))
    signed = {number % 2 for number, (status, _) in enumerate(answers) if status == 200}
    assert len(signed) == 1
    assert {status for status, _ in answers} == {200, 409}


def test_neither_command_needs_the_portals_database() -> None:
    script = "import sys, portal.cli.witness, portal.cli.monitor, portal.cli.witness_serving\n"
    script += "print([n for n in ('sqlalchemy', 'portal.config', 'portal.db') if n in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout == "[]\n"


def test_killed_and_started_again_it_goes_on_where_it_was(running: Running, tmp_path: Path) -> None:
    assert running.post(format_offer(0, [], TREE.note))[0] == 200
    running.kill()
    again = Running(tmp_path)
    try:
        assert again.said[1] == f"Follows {LOG.name}: 9 entries cosigned.\n"
        assert again.post(format_offer(0, [], FORKED.note)) == (409, "9\n")
    finally:
        again.kill()


def test_pulling_sends_the_size_and_the_line_back_and_can_be_repeated(tmp_path: Path) -> None:
    log = TinyLog(make_leaves(600))
    with served(log) as url:
        said = pull(tmp_path, url)
        assert said.exit_code == 0
        assert "Sent the cosignature of 600 entries." in said.output
        assert pull(tmp_path, url).exit_code == 0
    assert len(set(log.sent)) == 1, "the same line was sent again"
    size, _, line = log.sent[0].decode().partition("\n")
    assert size == "600"
    assert verify_cosignature(parse_note(log.note + line), PCC.key)


def test_the_line_can_be_printed_and_carried_by_hand(tmp_path: Path) -> None:
    with served(TREE) as url:
        said = pull(tmp_path, url, "--print")
    assert verify_cosignature(parse_note(TREE.note + said.stdout), PCC.key)
    assert not TREE.sent


def test_it_can_be_sent_elsewhere_than_it_was_read(tmp_path: Path) -> None:
    log, mirror = TinyLog(make_leaves(9)), TinyLog(make_leaves(9))
    with served(mirror) as url, served(log) as portal:
        assert pull(tmp_path, url, "--send-to", portal).exit_code == 0
    assert len(log.sent) == 1
    assert not mirror.sent


def test_when_nobody_takes_the_line_it_is_kept_and_sent_again(tmp_path: Path) -> None:
    log = TinyLog(make_leaves(9))
    with served(log) as url:
        said = pull(tmp_path, url, "--send-to", "http://127.0.0.1:9")
        assert said.exit_code == UNREACHABLE
        assert "was made and kept, but not taken" in said.output
        assert pull(tmp_path, url).exit_code == 0
    assert len(log.sent) == 1


def test_another_history_is_not_cosigned_and_nothing_is_sent(tmp_path: Path) -> None:
    log = TinyLog(make_leaves(9))
    with served(log) as url:
        pull(tmp_path, url)
        log.leaves[3] = b"\x01" + bytes(32)
        said = pull(tmp_path, url)
    assert said.exit_code == FORK
    assert "Fork. " in said.output
    assert "Evidence: " in said.output
    assert len(log.sent) == 1


@pytest.mark.parametrize("use", [(), ("pull",)])
def test_the_help_says_what_a_witness_keeps_and_what_it_needs(use: tuple[str, ...]) -> None:
    words = " ".join(CliRunner().invoke(witness, [*use, "--help"]).output.split())
    assert "Required. The folder that keeps what was cosigned last" in words
    assert "Never empty it" in words
    assert "Required. The file with the witness's private key" in words
    assert "--state, --key-file, and --log or --policy." in words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name the log to follow"),
        (["--log", LOG.vkey], "A witness needs --state DIR and --key-file FILE."),
    ],
)
def test_wrong_use_is_explained(words: list[str], said: str) -> None:
    for use in (["pull", "https://log.example", *words], ["--listen", "127.0.0.1:1", *words]):
        result = CliRunner().invoke(witness, use)
        assert result.exit_code == 2
        assert said in result.output


def test_without_an_address_or_with_an_unsafe_one_nothing_is_done(tmp_path: Path) -> None:
    result = CliRunner().invoke(witness, arguments(tmp_path))
    assert result.exit_code == 2
    assert "--listen 127.0.0.1:8400" in result.output
    assert "--allow-http" in pull(tmp_path, "http://log.example").output
    assert not list(State(tmp_path / "state").evidence.parent.glob("*"))
