"""Keys and addresses on the command line are what they should be, or are refused in plain words."""

import base64
from pathlib import Path

import click
import pytest

from portal.cli.trust import Address, LogKey, read_witness_key, trusted_logs
from portal.ledger.note import Signer, VerifierKey
from tests.rig.ledger import LOG, OTHER_LOG, PCC, make_policy


def text_of(signer: Signer) -> str:
    raw = bytes([signer.kind]) + signer.private.private_bytes_raw()
    encoded = base64.b64encode(raw).decode()
    return "PRIVATE+" + f"KEY+{signer.name}+{signer.key_id.hex()}+{encoded}"


def key_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "key"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_logs_key_is_read() -> None:
    assert LogKey().convert(LOG.vkey, None, None) == LOG.key


@pytest.mark.parametrize(
    "vkey",
    ["", LOG.name, LOG.vkey[:-1], PCC.vkey, str(VerifierKey(LOG.name, 1, b"\x01" + bytes(31)))],
)
def test_what_is_no_safe_key_of_a_log_is_refused(vkey: str) -> None:
    with pytest.raises(click.BadParameter):
        LogKey().convert(vkey, None, None)


def test_an_address_to_listen_at_is_read() -> None:
    assert Address().convert("127.0.0.1:8400", None, None) == ("127.0.0.1", 8400)
    assert Address().convert("[::1]:80", None, None) == ("[::1]", 80)


@pytest.mark.parametrize("text", ["", "8400", ":8400", "host:", "host:0", "host:65536", "host:x"])
def test_what_is_no_address_to_listen_at_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="Say where to listen"):
        Address().convert(text, None, None)


def test_logs_come_one_by_one_or_from_a_policy(tmp_path: Path) -> None:
    path = tmp_path / "policy"
    path.write_bytes(make_policy())
    assert trusted_logs((), path) == [LOG.key]
    assert trusted_logs((LOG.key, OTHER_LOG.key), path) == [LOG.key, OTHER_LOG.key]


def test_no_log_or_a_broken_policy_is_said(tmp_path: Path) -> None:
    path = tmp_path / "policy"
    with pytest.raises(click.UsageError, match="Name the log to follow"):
        trusted_logs((), None)
    path.write_bytes(b"quorum none\n")
    with pytest.raises(click.UsageError, match="a --policy with a log"):
        trusted_logs((), path)
    path.write_bytes(b"quorum\n")
    with pytest.raises(click.ClickException, match="Malformed policy, line 1"):
        trusted_logs((), path)
    with pytest.raises(click.ClickException, match="cannot be read"):
        trusted_logs((), tmp_path / "none")


def test_a_witness_key_is_read_from_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read_witness_key(key_file(tmp_path, text_of(PCC) + "\n")).vkey == PCC.vkey
    assert not capsys.readouterr().err
    read_witness_key(key_file(tmp_path, text_of(PCC), 0o644))
    assert "chmod 600" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no signing key"),
        (PCC.vkey, "holds no signing key"),
        (text_of(PCC)[:-4], "holds no signing key"),
        (text_of(PCC).replace("pcc", "pcd"), "holds no signing key"),
        (text_of(LOG), "another kind of key"),
        (text_of(Signer(PCC.name, PCC.private, 9)), "holds no signing key"),
    ],
)
def test_another_file_is_no_witness_key_and_is_never_repeated(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(click.ClickException, match=words) as raised:
        read_witness_key(key_file(tmp_path, text))
    assert text[-20:] not in raised.value.message or not text
