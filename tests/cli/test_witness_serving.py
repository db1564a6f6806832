"""Promises about the witness's address: the status codes of tlog-witness, plain text, and never
anything of what was sent.
"""

import logging
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.cli.witness_serving import MAX_BODY_BYTES, create_app
from portal.ledger.note import parse_note, verify_cosignature
from portal.ledger.outside.decision import format_offer
from portal.ledger.outside.state import State
from portal.ledger.outside.witness import Witness, keys_by_origin
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
