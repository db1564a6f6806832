"""Promises about the witness's address: the status codes of tlog-witness, plain text, and never
anything of what was sent.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.cli.witness_serving import MAX_BODY_BYTES, create_app
from portal.ledger.note import parse_note, verify_cosignature
from portal.ledger.outside.decision import format_offer
from portal.ledger.outside.state import State
from portal.ledger.outside.witness import Witness, keys_by_origin
from tests.promises.source import ROOT
from tests.rig.ledger import LOG, OTHER_LOG, PCC
from tests.rig.tiny_log import TinyLog, make_leaves

TREE = TinyLog(make_leaves(9))
FORKED = TinyLog(make_leaves(9, flavour=1))


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(PCC, keys_by_origin([LOG.key]), State(tmp_path), lambda: 1_800_000_000)


@pytest.fixture
def client(witness: Witness) -> FlaskClient:
    return create_app(witness).test_client()


def test_a_checkpoint_is_cosigned(client: FlaskClient) -> None:
    answer = client.post("/add-checkpoint", data=format_offer(0, [], TREE.note))
    assert answer.status_code == 200
    assert verify_cosignature(parse_note(TREE.note + answer.text), PCC.key) == 1_800_000_000
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("body", "status", "kind", "text"),
    [
        (format_offer(0, [], FORKED.note), 409, "text/x.tlog.size", "9\n"),
        (format_offer(9, [], FORKED.note), 409, "text/x.tlog.size", "9\n"),
        (format_offer(9, ["A" * 43 + "="], TREE.note), 422, "text/plain; charset=utf-8", ""),
        (format_offer(10, [], TREE.note), 400, "text/plain; charset=utf-8", ""),
        (b"old 0\n", 400, "text/plain; charset=utf-8", ""),
        (b"\xff\xfe", 400, "text/plain; charset=utf-8", ""),
        (b"", 400, "text/plain; charset=utf-8", ""),
        (
            format_offer(0, [], TinyLog(TREE.leaves, OTHER_LOG).note),
            403,
            "text/plain; charset=utf-8",
            "",
        ),
        (
            format_offer(0, [], TREE.note.replace(LOG.name, "else")),
            404,
            "text/plain; charset=utf-8",
            "",
        ),
        (b"x" * (MAX_BODY_BYTES + 1), 413, "text/plain; charset=utf-8", ""),
    ],
)
def test_every_refusal_has_its_status(
    client: FlaskClient,
    body: bytes,
    status: int,
    kind: str,
    text: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client.post("/add-checkpoint", data=format_offer(0, [], TREE.note))
    with caplog.at_level(logging.INFO):
        answer = client.post("/add-checkpoint", data=body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, kind)
    assert text in answer.text
    assert answer.text.endswith("\n")
    assert len(answer.text) < 200
    secret = TREE.note.splitlines()[2]
    assert secret not in caplog.text
    assert "Traceback" not in caplog.text


def test_other_addresses_and_methods_are_told_in_one_line(client: FlaskClient) -> None:
    assert client.get("/").status_code == 404
    answer = client.get("/add-checkpoint")
    assert (answer.status_code, answer.text) == (405, "Method Not Allowed.\n")
    assert "POST" in answer.headers["Allow"]


def test_a_disk_that_fails_gives_no_cosignature(
    witness: Witness, client: FlaskClient, tmp_path: Path
) -> None:
    # A folder where the record should be written: whatever the permissions, that fails.
    client.post("/add-checkpoint", data=format_offer(0, [], TREE.note_at(3)))
    [path] = tmp_path.glob("*.checkpoint")
    (tmp_path / f".{path.name}.new").mkdir()
    answer = client.post("/add-checkpoint", data=format_offer(3, [], TREE.note_at(3)))
    assert answer.status_code == 503
    assert "signed nothing" in answer.text
    path.write_bytes(b"")
    answer = client.post("/add-checkpoint", data=format_offer(3, [], TREE.note_at(3)))
    assert answer.status_code == 503
    assert "signs nothing" in answer.text


_IMPATIENT = """
import sys
from pathlib import Path
from portal.cli.witness_serving import Server, Worker
from portal.ledger.outside.state import State
from portal.ledger.outside.witness import Witness, keys_by_origin
from tests.rig.ledger import LOG, PCC

class Impatient(Worker):
    seconds = 1

witness = Witness(PCC, keys_by_origin([LOG.key]), State(Path(sys.argv[1])), lambda: 1_800_000_000)
ready = lambda: print("ready", flush=True)
Server(witness, ("127.0.0.1", int(sys.argv[2])), ready, Impatient).run()
"""


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[int]:
    """The port of a witness that gives everybody a second for a request."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", _IMPATIENT, str(tmp_path), str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield port
    os.killpg(process.pid, signal.SIGTERM)
    said, _ = process.communicate(timeout=40)
    assert "Traceback" not in said


def test_callers_who_dawdle_keep_nobody_else_waiting(impatient: int) -> None:
    unfinished = (
        b"POST /add-checkpoint HTTP/1.1\r\nHost: w",
        b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 100\r\n\r\nold 0",
    )
    dawdling = []
    for number in range(40):
        dawdling.append(socket.create_connection(("127.0.0.1", impatient)))
        dawdling[-1].sendall(unfinished[number % 2])
    connection = HTTPConnection("127.0.0.1", impatient, timeout=20)
    connection.request("POST", "/add-checkpoint", format_offer(0, [], TREE.note))
    assert connection.getresponse().status == 200
    connection.close()
    for one in dawdling:
        one.close()


def test_a_fault_of_ours_shows_and_logs_no_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> int:
        raise RuntimeError("the-inner-detail")

    witness = Witness(PCC, keys_by_origin([LOG.key]), State(tmp_path), broken)
    answer = (
        create_app(witness)
        .test_client()
        .post("/add-checkpoint", data=format_offer(0, [], TREE.note))
    )
    assert (answer.status_code, answer.text) == (500, "Internal Server Error.\n")
    assert "RuntimeError" in caplog.text
    assert "the-inner-detail" not in caplog.text
    assert "Traceback" not in caplog.text
