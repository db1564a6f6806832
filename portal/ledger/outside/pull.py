"""A witness that cannot be reached: it fetches the checkpoint and the tiles by itself."""

import base64
from typing import NamedTuple

from portal.ledger.checkpoint import Checkpoint
from portal.ledger.note import BadSignature, MalformedNote
from portal.ledger.outside.decision import (
    CONFLICT,
    COSIGNED,
    UnknownLog,
    check_signed,
    format_offer,
)
from portal.ledger.outside.fetching import Fetch, Unreachable
from portal.ledger.outside.finding import (
    ALTERED,
    DAMAGED,
    FORK,
    NOT_SIGNED,
    ROLLBACK,
    UNREACHABLE,
    WELL,
    Finding,
)
from portal.ledger.outside.remote import AlteredTiles, RemoteTree, fetch_note, read_note
from portal.ledger.outside.state import Cosigned, DamagedState
from portal.ledger.outside.witness import CLOCK_WENT_BACK, Witness

_TRIES = 3


class Pulled(NamedTuple):
    """What came of a pull: what was found, and the cosignature line for a tree of `size` leaves,
    if one was made.
    """

    finding: Finding
    size: int = 0
    line: str | None = None


def pull(fetch: Fetch, witness: Witness) -> Pulled:
    """Cosign the newest checkpoint of a log, once its tiles prove that it continues the last.

    One that was cosigned before gets the same line again, so that a pull can be repeated after it
    was cut short at any point. Raises OSError when the witness cannot write.
    """
    try:
        note = fetch_note(fetch)
        parsed, new = read_note(note)
        signed = check_signed(parsed, witness.keys)
        tree = RemoteTree(fetch, new.size, new.root)
        for _ in range(_TRIES):
            pulled = _offer(tree, new, signed, witness)
            if pulled is not None:
                return pulled
    except Unreachable as error:
        return Pulled(Finding(UNREACHABLE, error.message))
    except (MalformedNote, BadSignature, UnknownLog) as error:
        return Pulled(Finding(NOT_SIGNED, f"The checkpoint cannot be believed. {error.message}"))
    except AlteredTiles as error:
        return Pulled(Finding(ALTERED, error.message, (error.first, error.last)))
    except DamagedState as error:
        return Pulled(Finding(DAMAGED, error.message))
    return Pulled(Finding(DAMAGED, "Other processes of this witness are in the way. Try again."))


def _offer(tree: RemoteTree, new: Checkpoint, signed: str, witness: Witness) -> Pulled | None:
    """Let the witness decide; None when another of its processes was faster."""
    last = witness.find_last(new.origin)
    old = last.checkpoint.size if last else 0
    if new.size < old:
        words = f"The log serves {new.size} entries, but {old} were cosigned before."
        return Pulled(Finding(ROLLBACK, words))
    if last and last.at and (new.size, new.root) == (old, last.checkpoint.root):
        words = f"Nothing is new: {old} entries were cosigned before."
        return Pulled(Finding(WELL, words), old, _own_line(last))
    proof = tree.proof_from(old) if 0 < old < new.size else []
    lines = [base64.b64encode(one).decode() for one in proof]
    answer = witness.add_checkpoint(format_offer(old, lines, signed))
    if answer.status == COSIGNED:
        return Pulled(Finding(WELL, answer.words), new.size, answer.body)
    if answer.status == CLOCK_WENT_BACK:
        return Pulled(Finding(DAMAGED, answer.words))
    if answer.status == CONFLICT and answer.body != f"{old}\n":
        return None
    words = "The log signed a head that does not continue the one that was cosigned before."
    return Pulled(Finding(FORK, words, evidence=witness.state.evidence))


def _own_line(last: Cosigned) -> str:
    return last.note.rstrip("\n").rpartition("\n")[2] + "\n"
