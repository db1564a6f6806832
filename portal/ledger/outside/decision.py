"""What a witness answers to a checkpoint, by the rules of C2SP tlog-witness v1.0.0. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.errors import Refused
from portal.ledger.checkpoint import Checkpoint, parse_checkpoint
from portal.ledger.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    MAX_SIZE,
    MerkleError,
    RootMismatch,
    WrongProofLength,
    verify_consistency,
)
from portal.ledger.note import (
    BadSignature,
    Note,
    VerifierKey,
    decode_base64,
    find_signature,
    parse_note,
    signature_line,
    verify_signature,
)

MAX_PROOF_LINES = 63

COSIGNED, MALFORMED, NOT_SIGNED, UNKNOWN_LOG, CONFLICT, UNPROVED = 200, 400, 403, 404, 409, 422
"""The status codes that tlog-witness gives these answers."""

FORK = "fork"
FAILED_PROOF = "failed-proof"

Keys = Mapping[str, Sequence[VerifierKey]]
"""The log keys that are trusted, by origin."""


class MalformedOffer(Refused):
    """The body of an `add-checkpoint` request is not written as it must be."""


class UnknownLog(Refused):
    """The checkpoint is of a log that is not followed here."""


class Head(NamedTuple):
    """The newest tree that was cosigned for a log."""

    size: int
    root: bytes


@dataclass(frozen=True)
class Offer:
    """A checkpoint that somebody asks to have cosigned, and the proof from the size `old` on."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


class Decision(NamedTuple):
    """A status code of tlog-witness, why, and which kind of evidence this is, if it is any."""

    status: int
    words: str
    evidence: str | None = None


def parse_offer(body: bytes) -> Offer:
    """Read the body of `add-checkpoint`. Raises MalformedOffer, or MalformedNote for its note."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedOffer("The request is not UTF-8.") from None
    before, found, signed = text.partition("\n\n")
    first, *lines = before.split("\n")
    size = re.fullmatch(r"old (0|[1-9][0-9]{0,18})", first, re.ASCII)
    if not found or size is None or int(size[1]) > MAX_SIZE:
        raise MalformedOffer("The request does not begin with the line of the old size.")
    if len(lines) > MAX_PROOF_LINES:
        raise MalformedOffer("The request has more than 63 lines of proof.")
    proof = tuple(map(decode_base64, lines))
    if any(len(one) != HASH_BYTES for one in proof):
        raise MalformedOffer("A line of the proof is not a hash of 32 bytes.")
    note = parse_note(signed)
    return Offer(int(size[1]), proof, note, parse_checkpoint(note.text))


def format_offer(old: int, proof: Sequence[str], note: str) -> bytes:
    """The body that `parse_offer` reads; `proof` in base64."""
    return "\n".join([f"old {old}", *proof, "", note]).encode()


def check_signed(note: Note, keys: Keys) -> str:
    """The signed note with nothing but the lines of trusted keys of its log.

    Every signature by such a key must fit. Raises UnknownLog, BadSignature, or MalformedNote for
    something else than a checkpoint.
    """
    origin = parse_checkpoint(note.text).origin
    if origin not in keys:
        raise UnknownLog("The checkpoint is of a log that is not known here.")
    found = [key for key in keys[origin] if find_signature(note, key) is not None]
    if not found:
        raise BadSignature("No trusted key of this log signed the checkpoint.")
    lines = list[str]()
    for key in found:
        verify_signature(note, key)
        signature = find_signature(note, key)
        if signature is not None:
            lines.append(signature_line(signature))
    return f"{note.text}\n{''.join(lines)}"


def decide(offer: Offer, known: Head | None) -> Decision:
    """The answer to an offer whose signature was found good, given what was cosigned last.

    Only COSIGNED lets the witness record and cosign it.
    """
    new = offer.checkpoint
    if offer.old > new.size:
        return Decision(MALFORMED, "The old size is larger than the checkpoint's.")
    size = known.size if known else 0
    is_fork = known is not None and new.size == known.size and new.root != known.root
    fork = Decision(CONFLICT, "Another root of the same size was cosigned before.", FORK)
    if offer.old != size:
        other = Decision(CONFLICT, "The old size is not the one that was cosigned last.")
        return fork if is_fork else other
    try:
        _check_growth(offer, known)
    except MerkleError as error:
        return Decision(UNPROVED, error.message, FAILED_PROOF if known and size else None)
    return fork if is_fork else Decision(COSIGNED, "Cosigned.")


def _check_growth(offer: Offer, known: Head | None) -> None:
    new = offer.checkpoint
    if new.size == 0 and new.root != EMPTY_ROOT:
        raise RootMismatch("An empty log has another root.")
    if known is None or offer.old == 0 or offer.old == new.size:
        if offer.proof:
            raise WrongProofLength("Between these two sizes there is nothing to prove.")
        return
    verify_consistency(known.size, new.size, known.root, new.root, offer.proof)
