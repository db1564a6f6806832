"""The log convinces Go's own transparency-log library, which knows nothing of On Record."""

import base64
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.ledger.note import VerifierKey, parse_note, verify_signature
from tests.rig.golang import build
from tests.rig.ledger import LOG
from tests.rig.mirror import Mirror


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program beside this file, built once."""
    return build(Path(__file__).parent, tmp_path_factory.mktemp("go") / "independent")


@pytest.fixture
def mirror(app: Flask, client: FlaskClient, tmp_path: Path) -> Mirror:
    """A log that published three times, with receipts from before and after each."""
    made = Mirror(app.extensions["on_record"], client, tmp_path / "mirror")
    early = made.puts(5)
    for index in early[:2]:
        made.gives(index)
    made.publishes()
    for index in [*early[2:], *made.puts(130)[::40]]:
        made.gives(index)
    made.publishes()
    for index in made.puts(380)[::57]:
        made.gives(index)
    made.publishes()
    made.proves_growth()
    return made


def check(program: Path, mirror: Mirror) -> "subprocess.CompletedProcess[str]":
    vkey = mirror.site.signer.vkey
    return subprocess.run(
        [program, "check", vkey, mirror.folder], capture_output=True, text=True, timeout=120
    )


def counted(program: Path, mirror: Mirror) -> dict[str, int]:
    said = check(program, mirror)
    assert said.returncode == 0, said.stderr
    return {name: int(number) for name, number in map(str.split, said.stdout.splitlines())}


def test_go_verifies_every_checkpoint_tile_entry_proof_and_receipt(
    program: Path, mirror: Mirror
) -> None:
    assert mirror.sizes == [64, 256, 640]
    assert counted(program, mirror) == {
        "checkpoints": 3,
        # Of level 0: 64 wide, full, full, 128 wide. Of level 1: one wide, two wide.
        "tiles": 6,
        "entries": 640,
        "inclusions": 64 + 256 + 640,
        "growths": 6,
        "consistencies": 6,
        "receipts": 5 + 4 + 7,
    }


def test_go_verifies_a_log_with_a_third_level_of_tiles(
    program: Path, app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    made = Mirror(app.extensions["on_record"], client, tmp_path / "mirror")
    made.gives(made.puts(1)[0])
    made.grows_large(65_500)
    made.publishes()
    made.grows_large(700)
    made.gives(made.puts(1)[0])
    made.publishes()
    assert made.proves_growth() == 3
    found = counted(program, made)
    assert found["entries"] == made.sizes[-1] == 66_240
    assert found["receipts"] == 2
    assert found["consistencies"] == 3
    assert (made.folder / "tile/2/000.p/1").stat().st_size == 32


def test_go_refuses_the_log_when_one_byte_of_it_is_another(program: Path, mirror: Mirror) -> None:
    for path, word in (
        ("checkpoints/256", "checkpoint 256"),
        ("tile/0/000", "tile"),
        ("tile/0/002.p/128", "tile"),
        ("tile/1/000.p/2", "tile"),
        ("tile/entries/001", "entry"),
        ("consistency/64-640", "consistency 64-640"),
        ("receipts/0", "receipt 0"),
    ):
        whole = (mirror.folder / path).read_bytes()
        at = len(whole) * 3 // 5
        other = b"A" if whole[at : at + 1] != b"A" else b"B"
        (mirror.folder / path).write_bytes(whole[:at] + other + whole[at + 1 :])
        said = check(program, mirror)
        assert said.returncode == 1, path
        assert word in said.stderr, said.stderr
        (mirror.folder / path).write_bytes(whole)
    assert check(program, mirror).returncode == 0


def test_go_refuses_the_log_under_another_logs_key(program: Path, mirror: Mirror) -> None:
    said = subprocess.run(
        [program, "check", LOG.vkey, mirror.folder], capture_output=True, text=True
    )
    assert said.returncode == 1
    assert "checkpoint" in said.stderr


def test_what_go_signs_with_our_key_we_read(program: Path) -> None:
    secret = base64.b64encode(b"\x01" + LOG.private.private_bytes_raw()).decode()
    key = "+".join(["PRIVATE", "KEY", LOG.name, LOG.key_id.hex(), secret])
    text = "A text.\n\nWith an empty line.\n"
    said = subprocess.run(
        [program, "sign", key], input=text, capture_output=True, text=True, check=True
    )
    note = parse_note(said.stdout)
    assert note.text == text
    verify_signature(note, VerifierKey.parse(LOG.vkey))


def test_the_go_program_is_written_as_gofmt_writes_it() -> None:
    said = subprocess.run(
        ["gofmt", "-l", Path(__file__).parent], capture_output=True, text=True, check=True
    )
    assert said.stdout == ""
