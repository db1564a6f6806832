"""What the records beside a report say of people and places, for a look that was written before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from portal.matching.queries import Waiting
from portal.police.queries import Details, open_completed
from portal.sealing import Keyring


@dataclass(frozen=True)
class OpenedCandidate:
    """One candidate with the part of it that is sealed."""

    sides: Waiting
    details: Details = field(repr=False)


def open_candidates(
    session: Session, proposed: Sequence[Waiting], *, keyring: Keyring
) -> list[OpenedCandidate]:
    """The candidates, opened as they were compared (`police.completing`). Only for whoever has just
    written why (`details.find_opened`).
    """
    return [
        OpenedCandidate(one, open_completed(session, one.version, keyring=keyring))
        for one in proposed
    ]
