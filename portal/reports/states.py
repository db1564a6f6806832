"""The states of a report, the lawful moves between them, and who may see it in each.

Withdrawing is no state but a flag beside it: it stops contact and looks until it is taken up again,
and nothing here or elsewhere lets it stop a started clock, for pressure on a victim must not clear
an alert. An erasure that waits is another (`reports.closing`).
"""

from enum import StrEnum

from portal.errors import Refused
from portal.languages.translating import _


class State(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    KEPT = "kept"
    TOLD = "told"
    PASSED = "passed"
    ERASED = "erased"


class Move(StrEnum):
    """What a reporter can do. The first three are the ways in, by the names that pages use."""

    TOLD = "told"
    PASS = "pass"  # noqa: S105 - a way in, not a password
    KEEP = "keep"
    WITHDRAW = "withdraw"
    TAKE_UP = "take_up"
    ADD = "add"
    CORRECT = "correct"
    ERASE = "erase"


class Viewer(StrEnum):
    """Who may want to see a report."""

    REPORTER = "reporter"
    ADVOCATE = "advocate"
    FORCE = "force"
    OVERSIGHT = "oversight"


WAYS_IN = (Move.TOLD, Move.PASS, Move.KEEP)
_MOVES = {
    (State.DRAFT, Move.TOLD): State.TOLD,
    (State.DRAFT, Move.PASS): State.PASSED,
    (State.DRAFT, Move.KEEP): State.KEPT,
    (State.KEPT, Move.TOLD): State.TOLD,
    (State.KEPT, Move.PASS): State.PASSED,
    (State.KEPT, Move.WITHDRAW): State.KEPT,
    (State.TOLD, Move.WITHDRAW): State.TOLD,
    (State.PASSED, Move.WITHDRAW): State.PASSED,
    **{
        (state, move): state
        for state in (State.KEPT, State.TOLD, State.PASSED)
        for move in (Move.TAKE_UP, Move.ADD, Move.CORRECT)
    },
    (State.KEPT, Move.ERASE): State.ERASED,
    (State.TOLD, Move.ERASE): State.ERASED,
    (State.PASSED, Move.ERASE): State.ERASED,
    (State.DRAFT, Move.ERASE): State.ERASED,
}
_VIEWERS = {
    State.DRAFT: frozenset({Viewer.REPORTER}),
    State.KEPT: frozenset({Viewer.REPORTER, Viewer.ADVOCATE}),
    State.TOLD: frozenset({Viewer.REPORTER, Viewer.ADVOCATE, Viewer.OVERSIGHT}),
    State.PASSED: frozenset(Viewer),
    State.ERASED: frozenset[Viewer](),
}


def can(state: str, move: str, *, withdrawn: bool = False) -> bool:
    """Whether the move is lawful. A withdrawn report can be taken up again or erased."""
    if withdrawn and move not in (Move.ERASE, Move.TAKE_UP):
        return False
    if not withdrawn and move == Move.TAKE_UP:
        return False
    return (state, move) in _MOVES


def after(state: str, move: str, *, withdrawn: bool = False) -> State:
    """The state that the move leads to; withdrawing leaves it as it is.

    Raises Refused when the move is not lawful; nothing has changed then.
    """
    if not can(state, move, withdrawn=withdrawn):
        raise Refused(_("This report can no longer be changed in that way. Nothing was changed."))
    return _MOVES[State(state), Move(move)]


def is_followed(state: str) -> bool:
    """Whether a report in this state is matched, counted and given deadlines.

    Withdrawing does not come into it: a started clock runs on. A kept report is told to nobody.
    """
    return state in (State.TOLD, State.PASSED)


def is_final(state: str) -> bool:
    """Whether the answers can no longer be changed, only added to by later moves."""
    return state != State.DRAFT


def viewers(state: str, *, withdrawn: bool = False) -> frozenset[Viewer]:
    """Who may look at the content, with a reason on record where the rules ask for one.

    A force sees only what was passed to it. After withdrawal only the reporter looks; that an
    alert exists stays visible to oversight, but not what the report says.
    """
    allowed = _VIEWERS[State(state)]
    return allowed & {Viewer.REPORTER} if withdrawn else allowed


def may_see(viewer: str, state: str, *, withdrawn: bool = False) -> bool:
    """Whether this kind of viewer may look at the content of a report in this state."""
    return viewer in viewers(state, withdrawn=withdrawn)


def may_contact(state: str, *, withdrawn: bool = False) -> bool:
    """Whether a message may go to the reporter, a safe way having been chosen and confirmed."""
    return not withdrawn and state in (State.KEPT, State.TOLD, State.PASSED)
