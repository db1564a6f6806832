"""A witness at work: it looks at a checkpoint, remembers it, and only then cosigns it."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.ledger.note import BadSignature, MalformedNote, Signer, VerifierKey, cosign, parse_note
from portal.ledger.outside.decision import (
    CONFLICT,
    COSIGNED,
    MALFORMED,
    NOT_SIGNED,
    UNKNOWN_LOG,
    Decision,
    Head,
    Keys,
    MalformedOffer,
    Offer,
    UnknownLog,
    check_signed,
    decide,
    parse_offer,
)
from portal.ledger.outside.state import Cosigned, State

CLOCK_WENT_BACK = 503
PLAIN = "text/plain; charset=utf-8"
SIZE_TYPE = "text/x.tlog.size"


class Answer(NamedTuple):
    """What a witness answers: status, body and its type; `words` are for its own log."""

    status: int
    body: str
    content_type: str
    words: str


@dataclass(frozen=True)
class Witness:
    """A body that cosigns. `signer` holds its key (kind COSIGNATURE_V1), `keys` the logs that it
    follows, `clock` gives POSIX seconds.
    """

    signer: Signer
    keys: Keys
    state: State
    clock: Callable[[], int]

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer the body of an `add-checkpoint` request as tlog-witness v1.0.0 says.

        The checkpoint is on disk before a cosignature is returned. Raises DamagedState when the
        witness cannot tell what it cosigned last, and OSError when it cannot write.
        """
        try:
            offer = parse_offer(body)
            note = check_signed(offer.note, self.keys)
        except (MalformedOffer, MalformedNote) as error:
            return _refusal(MALFORMED, error.message)
        except UnknownLog as error:
            return _refusal(UNKNOWN_LOG, error.message)
        except BadSignature as error:
            return _refusal(NOT_SIGNED, error.message)
        with self.state.locked(offer.checkpoint.origin):
            return self._answer(offer, note)

    def find_last(self, origin: str) -> Cosigned | None:
        """What was cosigned last for a log, or None. Raises DamagedState."""
        return self.state.find(origin, self.signer.key)

    def _answer(self, offer: Offer, note: str) -> Answer:
        new = offer.checkpoint
        last = self.find_last(new.origin)
        decision = decide(offer, Head(last.checkpoint.size, last.checkpoint.root) if last else None)
        if last and decision.evidence:
            self._keep_evidence(offer, note, last, decision)
        if decision.status == CONFLICT:
            size = last.checkpoint.size if last else 0
            return Answer(CONFLICT, f"{size}\n", SIZE_TYPE, decision.words)
        if decision.status != COSIGNED:
            return _refusal(decision.status, decision.words)
        now = self.clock()
        if last and now < last.at:
            # Two cosignatures must not say that the smaller tree was the newest at a later time.
            return _refusal(CLOCK_WENT_BACK, "The clock of this witness stands before its last.")
        line = cosign(note, self.signer, now)
        self.state.save(new.origin, note + line)
        return Answer(COSIGNED, line, PLAIN, f"Cosigned {new.size} entries of {new.origin}.")

    def _keep_evidence(self, offer: Offer, note: str, last: Cosigned, decision: Decision) -> None:
        # Whoever sends other nonsense as a proof between the same two checkpoints adds nothing.
        name = f"{offer.checkpoint.origin}\n{parse_note(last.note).text}\n{offer.note.text}"
        proof = "".join(base64.b64encode(one).decode() + "\n" for one in offer.proof)
        files = {"cosigned.note": last.note, "offered.note": note, "proof.txt": proof}
        self.state.keep_evidence(str(decision.evidence), name, files)


def keys_by_origin(keys: Sequence[VerifierKey]) -> dict[str, tuple[VerifierKey, ...]]:
    """Log keys by the log that they sign: a log's key name is its origin."""
    return {key.name: tuple(one for one in keys if one.name == key.name) for key in keys}


def _refusal(status: int, words: str) -> Answer:
    return Answer(status, f"{words}\n", PLAIN, words)
