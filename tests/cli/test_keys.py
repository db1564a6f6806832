"""Promises about making keys: they go where they should, and nothing that is there is lost."""

import stat
from pathlib import Path

from click.testing import CliRunner

from portal.cli.keys import key
from portal.ledger.note import COSIGNATURE_V1, ED25519, Signer


def test_a_key_in_a_file_is_readable_by_its_owner_alone_and_never_printed(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    said = CliRunner().invoke(key, ["new", "record.example/log", "--out", str(path)])
    assert said.exit_code == 0, said.output
    signer = Signer.from_text(path.read_text().strip())
    assert (signer.name, signer.kind) == ("record.example/log", ED25519)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"Public key: {signer.vkey}" in said.stdout
    assert path.read_text().strip()[-20:] not in said.output


def test_without_a_file_the_secret_alone_is_on_standard_output() -> None:
    said = CliRunner().invoke(key, ["new", "pcc.example/witness", "--witness"])
    signer = Signer.from_text(said.stdout.strip())
    assert signer.kind == COSIGNATURE_V1
    assert signer.vkey in said.stderr


def test_a_key_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    path.write_text("the only copy")
    said = CliRunner().invoke(key, ["new", "record.example/log", "--out", str(path)])
    assert said.exit_code == 1
    assert "Nothing was written" in said.output
    assert path.read_text() == "the only copy"


def test_a_name_that_no_log_can_have_and_a_folder_that_is_not_there_are_refused(
    tmp_path: Path,
) -> None:
    for arguments, words in (
        (["new", "two words"], "no space"),
        (["new", "a+b"], "no plus sign"),
        (["new", "a", "--out", str(tmp_path / "nowhere" / "key")], "cannot be written"),
    ):
        said = CliRunner().invoke(key, arguments)
        assert said.exit_code != 0
        assert words in said.output


def test_two_keys_are_never_the_same() -> None:
    made = {CliRunner().invoke(key, ["new", "a.example"]).stdout for _ in range(5)}
    assert len(made) == 5
