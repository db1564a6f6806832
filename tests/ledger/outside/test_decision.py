"""What a witness answers, case by case as tlog-witness lists them."""

import base64
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.merkle import EMPTY_ROOT
from portal.ledger.note import BadSignature, MalformedNote, cosign
from portal.ledger.outside.decision import (
    FAILED_PROOF,
    FORK,
    Decision,
    Head,
    MalformedOffer,
    UnknownLog,
    check_signed,
    decide,
    format_offer,
    parse_offer,
)
from tests.rig.ledger import LOG, OTHER_LOG, PCC, signer
from tests.rig.tiny_log import TinyLog, make_leaves

TREE = TinyLog(make_leaves(40))
FORKED = TinyLog(make_leaves(40, flavour=1))
KEYS = {LOG.name: (LOG.key,)}


def body(old: int, note: str, proof: Sequence[bytes] = ()) -> bytes:
    return format_offer(old, [base64.b64encode(one).decode() for one in proof], note)


def head(size: int, log: TinyLog = TREE) -> Head:
    return Head(size, log.root_at(size))


def answer(old: int, note: str, proof: Sequence[bytes], known: Head | None) -> Decision:
    return decide(parse_offer(body(old, note, proof)), known)


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_log_that_only_grows_is_cosigned(one: int, other: int) -> None:
    old, new = sorted((one, other))
    decision = answer(old, TREE.note_at(new), TREE.proof(old, new), head(old))
    assert decision == (200, "Cosigned.", None)


def test_the_first_checkpoint_of_a_log_needs_no_proof() -> None:
    assert answer(0, TREE.note_at(7), [], None).status == 200
    assert answer(0, TREE.note_at(0), [], None).status == 200
    assert answer(0, TREE.note_at(7), [], Head(0, EMPTY_ROOT)).status == 200


@pytest.mark.parametrize(
    ("old", "size", "known", "status", "evidence"),
    [
        (9, 8, 9, 400, None),  # the old size above the new one comes before everything else
        (9, 8, 5, 400, None),
        (4, 8, 5, 409, None),
        (0, 8, 5, 409, None),
        (6, 8, 5, 409, None),
        (5, 8, 0, 409, None),
    ],
)
def test_an_old_size_that_is_not_the_last_one_is_answered_with_the_last_one(
    old: int, size: int, known: int, status: int, evidence: str | None
) -> None:
    decision = answer(old, TREE.note_at(size), [], head(known) if known else None)
    assert (decision.status, decision.evidence) == (status, evidence)


def test_another_root_of_the_same_size_is_a_conflict_and_evidence() -> None:
    assert answer(8, FORKED.note_at(8), [], head(8))[::2] == (409, FORK)
    # Even if whoever offers it names another old size.
    assert answer(3, FORKED.note_at(8), [], head(8))[::2] == (409, FORK)


def test_a_log_that_forked_cannot_prove_it_and_that_is_evidence() -> None:
    proof = FORKED.proof(8, 20)
    assert answer(8, FORKED.note_at(20), proof, head(8))[::2] == (422, FAILED_PROOF)


@pytest.mark.parametrize(
    ("old", "size", "known", "proof"),
    [
        (0, 8, None, [bytes(32)]),  # nothing to prove, so a proof is wrong
        (8, 8, 8, [bytes(32)]),
        (5, 8, 5, []),
        (5, 8, 5, TREE.proof(5, 8)[:-1]),
        (5, 8, 5, [*TREE.proof(5, 8), bytes(32)]),
        (5, 8, 5, TREE.proof(4, 8)),
    ],
)
def test_a_proof_that_does_not_fit_is_not_cosigned(
    old: int, size: int, known: int | None, proof: list[bytes]
) -> None:
    assert answer(old, TREE.note_at(size), proof, head(known) if known else None).status == 422


def test_an_empty_log_has_one_root_only() -> None:
    note = TREE.note_at(0).replace(
        base64.b64encode(EMPTY_ROOT).decode(), base64.b64encode(bytes(32)).decode()
    )
    assert answer(0, note, [], None).status == 422


NOTE = TREE.note_at(8)
HASH = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"old 0\n",
        NOTE.encode(),
        f"old 00\n\n{NOTE}".encode(),
        f"old -1\n\n{NOTE}".encode(),
        f"old \n\n{NOTE}".encode(),
        f"old  0\n\n{NOTE}".encode(),
        f"Old 0\n\n{NOTE}".encode(),
        f"old 0\r\n\r\n{NOTE}".encode(),
        f"old 9223372036854775808\n\n{NOTE}".encode(),
        f"old ٣\n\n{NOTE}".encode(),
        f"old 0\n{HASH[:-4]}\n\n{NOTE}".encode(),
        f"old 0\n{HASH} \n\n{NOTE}".encode(),
        f"old 0\n{HASH[:-1]}\n\n{NOTE}".encode(),
        f"old 0\n\n\n{NOTE}".encode(),
        f"old 0\n{NOTE}".encode(),
        ("old 0\n" + f"{HASH}\n" * 64 + f"\n{NOTE}").encode(),
        f"old 0\n\n{NOTE}{NOTE.splitlines()[-1]}\n".encode(),
        f"old 0\n\n{NOTE[:-1]}".encode(),
        b"old 0\n\n\xff" + NOTE.encode(),
        f"old 0\n\n{NOTE.replace('8', '08', 1)}".encode(),
    ],
)
def test_a_request_that_is_not_written_as_it_must_be_is_refused(text: bytes) -> None:
    with pytest.raises((MalformedOffer, MalformedNote)):
        parse_offer(text)


def test_sixty_three_lines_of_proof_are_read() -> None:
    assert len(parse_offer(("old 1\n" + f"{HASH}\n" * 63 + f"\n{NOTE}").encode()).proof) == 63


@given(st.binary(max_size=60), st.integers(0, 400))
def test_any_bytes_are_an_offer_or_are_refused_by_name(junk: bytes, place: int) -> None:
    whole = body(5, TREE.note_at(8), TREE.proof(5, 8))
    for data in (junk, whole[:place] + junk + whole[place:], whole[:place] + junk):
        try:
            offer = parse_offer(data)
            check_signed(offer.note, KEYS)
            decision = decide(offer, head(5))
        except (MalformedOffer, MalformedNote, UnknownLog, BadSignature):
            continue
        assert decision.status in (200, 400, 409, 422)


def test_only_trusted_lines_are_kept_and_others_are_ignored() -> None:
    note = NOTE + cosign(NOTE, PCC, 1)
    assert check_signed(parse_offer(body(0, note)).note, KEYS) == NOTE


def test_a_log_that_is_not_followed_is_unknown() -> None:
    other = TinyLog(TREE.leaves, signer("log.example/other", 9))
    with pytest.raises(UnknownLog, match="a log that is not known here"):
        check_signed(parse_offer(body(0, other.note)).note, KEYS)


def test_a_checkpoint_that_the_key_did_not_sign_is_refused() -> None:
    stranger = TinyLog(TREE.leaves, OTHER_LOG)
    with pytest.raises(BadSignature, match="No trusted key"):
        check_signed(parse_offer(body(0, stranger.note)).note, KEYS)
    altered = NOTE.replace("\n8\n", "\n9\n")
    with pytest.raises(BadSignature, match="does not fit"):
        check_signed(parse_offer(body(0, altered)).note, KEYS)


def test_either_of_two_keys_of_a_log_is_enough() -> None:
    keys = {LOG.name: (LOG.key, OTHER_LOG.key)}
    for log in (LOG, OTHER_LOG):
        note = TinyLog(TREE.leaves, log).note
        assert check_signed(parse_offer(body(0, note)).note, keys) == note
