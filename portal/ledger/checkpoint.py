"""Checkpoints: the signed head of the log, C2SP tlog-checkpoint v1.0.0.

The text is the origin, the tree size and the root, one a line. Our own log writes no further
lines; those that others add are kept as they are and given no meaning.
"""

import base64
import re
from typing import NamedTuple

from portal.ledger.merkle import HASH_BYTES, MAX_SIZE
from portal.ledger.note import (
    BadSignature,
    MalformedNote,
    Note,
    Signer,
    VerifierKey,
    check_name,
    check_text,
    decode_base64,
    parse_note,
    sign,
    verify_signature,
)


class MalformedCheckpoint(MalformedNote):
    """The text of a note is not a checkpoint."""


class Checkpoint(NamedTuple):
    """A tree head: the log's name, the number of entries, the root (32 bytes), other lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def format_checkpoint(origin: str, size: int, root: bytes) -> str:
    """The text to be signed. `origin` is the log's key name, without spaces or plus signs.

    Raises MalformedNote, or MalformedCheckpoint for a size or a root that cannot be one.
    """
    check_name(origin)
    if not 0 <= size <= MAX_SIZE or len(root) != HASH_BYTES:
        raise MalformedCheckpoint("A checkpoint needs a size and a root of 32 bytes.")
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint (without signatures). Raises MalformedCheckpoint."""
    check_text(text)
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise MalformedCheckpoint("A checkpoint has at least three lines, and none is empty.")
    origin, size, encoded, *extensions = lines
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size, re.ASCII) or int(size) > MAX_SIZE:
        raise MalformedCheckpoint("The tree size of the checkpoint is not written as it must be.")
    root = decode_base64(encoded)
    if len(root) != HASH_BYTES:
        raise MalformedCheckpoint("The root of the checkpoint is not 32 bytes.")
    return Checkpoint(origin, int(size), root, tuple(extensions))


def is_signed(published: str) -> bool:
    """Whether a published checkpoint, as the database holds it, bears signatures yet."""
    return "\n\n" in published


def parse_published(published: str) -> Note:
    """A published checkpoint as the database holds it: a note, or only its text until it is signed.

    Raises MalformedNote.
    """
    return parse_note(published) if is_signed(published) else Note(published, ())


def sign_checkpoint(size: int, root: bytes, *signers: Signer) -> str:
    """The signed note for a tree head; the signers have one name, which is the log's origin.

    Raises MalformedCheckpoint for signers of several logs.
    """
    if len({signer.name for signer in signers}) != 1:
        raise MalformedCheckpoint("A checkpoint is signed by the keys of one log.")
    return sign(format_checkpoint(signers[0].name, size, root), *signers)


def verify_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """Read a signed checkpoint of the log whose key this is.

    Raises MalformedNote, or BadSignature when it is another log's or the signature is wrong.
    """
    parsed = parse_note(note)
    checkpoint = parse_checkpoint(parsed.text)
    if checkpoint.origin != key.name:
        raise BadSignature("The checkpoint is of another log than the key.")
    verify_signature(parsed, key)
    return checkpoint
