"""Notes are signed and read as C2SP signed-note says, and as strictly as we can."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.note import (
    COSIGNATURE_V1,
    BadSignature,
    MalformedNote,
    Signature,
    Signer,
    VerifierKey,
    cosign,
    find_signature,
    parse_note,
    sign,
    signature_line,
    verify_cosignature,
    verify_signature,
)
from portal.ledger.verify import check_ed25519
from tests.rig.ed25519 import NOT_CANONICAL, NOT_ON_THE_CURVE, SMALL_ORDER, neutral_signature
from tests.rig.ledger import COURT, LOG, OTHER_LOG, PCC

TEXT = "Ognuno sta solo sul cuor della terra\n\ned è subito sera.\n"
NOTE = sign(TEXT, LOG)
LINE = signature_line(parse_note(NOTE).signatures[0])


@pytest.mark.parametrize(
    ("vkey", "note"),
    [
        (
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "If you think cryptography is the answer to your problem,\n"
            "then you don't know what your problem is.\n\n"
            "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
            "qdngotpRZb6KE6RyyBwJnAM=\n",
        ),
        (
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "This is an example message.\n\n"
            "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjO"
            "BH3mFXmRKuwHjG1Yu72IneyaQM=\n",
        ),
    ],
)
def test_notes_signed_by_other_peoples_programs_are_read(vkey: str, note: str) -> None:
    key = VerifierKey.parse(vkey)
    assert str(key) == vkey
    verify_signature(parse_note(note), key)


def test_a_note_is_read_back_as_it_was_signed() -> None:
    parsed = parse_note(NOTE)
    assert parsed.text == TEXT
    verify_signature(parsed, LOG.key)
    assert VerifierKey.parse(LOG.vkey) == LOG.key


def test_only_the_signer_counts_as_the_signer() -> None:
    with pytest.raises(BadSignature):
        verify_signature(parse_note(NOTE), OTHER_LOG.key)
    forged = Signature(OTHER_LOG.name, OTHER_LOG.key_id, parse_note(NOTE).signatures[0].value)
    with pytest.raises(BadSignature):
        verify_signature(parse_note(f"{TEXT}\n{signature_line(forged)}"), OTHER_LOG.key)


def test_a_changed_text_no_longer_has_its_signature() -> None:
    with pytest.raises(BadSignature):
        verify_signature(parse_note(NOTE.replace("sera", "mane")), LOG.key)


def test_signatures_by_strangers_are_carried_and_change_nothing() -> None:
    stranger = signature_line(Signature("stranger", b"abcd", bytes(2420)))
    parsed = parse_note(NOTE + stranger)
    verify_signature(parsed, LOG.key)
    assert find_signature(parsed, COURT.key) is None


def test_a_witness_says_when_it_saw_the_text() -> None:
    parsed = parse_note(NOTE + cosign(NOTE, PCC, 1_762_000_000))
    assert verify_cosignature(parsed, PCC.key) == 1_762_000_000
    with pytest.raises(BadSignature):
        verify_cosignature(parsed, COURT.key)


def test_a_witness_cannot_pass_for_a_log_or_a_log_for_a_witness() -> None:
    parsed = parse_note(NOTE + cosign(NOTE, PCC, 1))
    with pytest.raises(BadSignature):
        verify_signature(parsed, PCC.key)
    with pytest.raises(BadSignature):
        verify_cosignature(parsed, LOG.key)


@given(st.sampled_from([*SMALL_ORDER, *NOT_CANONICAL, NOT_ON_THE_CURVE]), st.booleans())
def test_nothing_counts_here_that_a_verifier_refuses(point: str, is_key: bool) -> None:
    signed = PCC.private.sign(b"cosignature/v1\ntime 7\n" + TEXT.encode())
    odd = bytes.fromhex(point)
    key = VerifierKey(PCC.name, COSIGNATURE_V1, odd if is_key else PCC.key.public)
    value = (7).to_bytes(8, "big") + (bytes(64) if is_key else odd + signed[32:])
    line = signature_line(Signature(key.name, key.key_id, value))
    with pytest.raises(BadSignature):
        verify_cosignature(parse_note(NOTE + line), key)


def test_a_witness_cannot_sign_for_the_portal_alone() -> None:
    """R = the neutral point: the library takes it, and every verifier refuses it."""
    message = b"cosignature/v1\ntime 7\n" + TEXT.encode()
    weak = neutral_signature(PCC.private.private_bytes_raw(), PCC.key.public, message)
    PCC.private.public_key().verify(weak, message)
    assert not check_ed25519(PCC.key.public, weak, message)
    line = signature_line(Signature(PCC.name, PCC.key_id, (7).to_bytes(8, "big") + weak))
    with pytest.raises(BadSignature, match="verifiers refuse"):
        verify_cosignature(parse_note(NOTE + line), PCC.key)


@pytest.mark.parametrize("value", [bytes(72), b"", b"\x80" + bytes(71), bytes(71), bytes(73)])
def test_a_cosignature_that_is_none_is_refused(value: bytes) -> None:
    line = signature_line(Signature(PCC.name, PCC.key_id, value or b"x"))
    with pytest.raises(BadSignature):
        verify_cosignature(parse_note(NOTE + line), PCC.key)


def test_a_time_on_a_cosignature_cannot_be_changed() -> None:
    raw = base64.b64decode(cosign(NOTE, PCC, 1000).split()[2])
    moved = Signature(PCC.name, raw[:4], (999).to_bytes(8, "big") + raw[12:])
    with pytest.raises(BadSignature):
        verify_cosignature(parse_note(NOTE + signature_line(moved)), PCC.key)


@pytest.mark.parametrize("timestamp", [-1, 2**63])
def test_nobody_cosigns_at_a_time_that_cannot_be(timestamp: int) -> None:
    with pytest.raises(MalformedNote):
        cosign(NOTE, PCC, timestamp)


def test_a_log_key_does_not_cosign() -> None:
    with pytest.raises(MalformedNote):
        cosign(NOTE, LOG, 1)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        TEXT + LINE,
        NOTE[:-1],
        NOTE + "\n",
        NOTE + LINE,
        NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—"),
        NOTE + "— stranger\n",
        NOTE + "— stranger \n",
        NOTE + "—  abcdefgh\n",
        NOTE + "— a+b abcdefgh\n",
        NOTE + "— a\u00a0b abcdefgh\n",
        NOTE + "— stranger abcd\n",
        NOTE + "— stranger abcdefgh abcdefgh\n",
        NOTE + "— stranger abcdefgh \n",
        NOTE + "— stranger abcdefgh=\n",
        NOTE + "— stranger abcdefg\n",
        NOTE + "— stranger abcdef-_\n",
        NOTE + "— stranger abcdefh=\n",
        NOTE + "— stranger abcdéfgh\n",
        NOTE + "— stranger " + "abcdefgh" * 200_000 + "\n",
        NOTE.replace("terra", "ter\tra"),
        NOTE.replace("terra\n", "terra\r\n"),
        NOTE.replace("terra", "ter\x00ra"),
        NOTE.replace("terra", "ter\ud800ra"),
        NOTE + "".join(f"— stranger{number} abcdefgh\n" for number in range(100)),
    ],
)
def test_a_malformed_note_is_refused(note: str) -> None:
    with pytest.raises(MalformedNote):
        parse_note(note)


def test_sixteen_signatures_are_taken_as_the_rule_asks() -> None:
    lines = [f"— stranger{number} abcdefgh\n" for number in range(99)]
    assert len(parse_note(NOTE + "".join(lines)).signatures) == 100


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    for note in (text, NOTE + text, text + NOTE):
        try:
            parse_note(note)
        except MalformedNote:
            continue


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=60))
def test_whatever_is_signed_can_be_read_and_checked(text: str) -> None:
    note = parse_note(sign(text + "\n", LOG))
    assert note.text == text + "\n"
    verify_signature(note, LOG.key)


@pytest.mark.parametrize("text", ["", "no newline", "a\tb\n", "a\x7f\ud800\n"])
def test_a_text_that_a_note_cannot_hold_is_not_signed(text: str) -> None:
    with pytest.raises(MalformedNote):
        sign(text, LOG)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "\ud800"])
def test_a_name_that_a_note_cannot_hold_is_not_taken(name: str) -> None:
    with pytest.raises(MalformedNote):
        Signer(name, LOG.private)


GOOD = LOG.vkey.split("+", 2)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "+".join(GOOD[:2]),
        "+".join([GOOD[0], "00000000", GOOD[2]]),
        "+".join([GOOD[0], GOOD[1].upper(), GOOD[2]]),
        "+".join([GOOD[0], "0" + GOOD[1], GOOD[2]]),
        "+".join([GOOD[0] + "x", GOOD[1], GOOD[2]]),
        "+".join([GOOD[0], GOOD[1], GOOD[2] + "=="]),
        "+".join([GOOD[0], GOOD[1], GOOD[2][:-4]]),
        "+".join([GOOD[0], GOOD[1], "Ag" + GOOD[2][2:]]),
    ],
)
def test_a_key_that_does_not_fit_its_own_number_is_refused(vkey: str) -> None:
    with pytest.raises(MalformedNote):
        VerifierKey.parse(vkey)


def test_the_number_of_a_key_depends_on_its_name_and_use() -> None:
    numbers = {
        VerifierKey(name, kind, LOG.key.public).key_id
        for name in ("one", "two")
        for kind in (LOG.kind, COSIGNATURE_V1)
    }
    assert len(numbers) == 4
