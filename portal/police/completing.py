"""What a later row of a crime leaves empty, taken from the rows before it. Pure.

A removed crime, or one that became the note of an incident, often comes with its reference and
little else, and so does an update that only adds an outcome. What such a row leaves empty it does
not deny. Without this a removal would hide itself: the row would fit nobody's report any more. Some
write over the victim instead ("REDACTED"), so that of such a record whoever was named before stays
named too: it counts for nobody as recorded, and tells whose crime was taken away.

Of a record that stands, only a row that is bare takes nothing back: one that says nothing of whom,
when and where at once. A row that leaves out the victim alone is a correction, and counts as it is:
a match that stood by what a force took back would hide a crime that was never recorded.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from portal.police.content import Victim, victims_of

_LEAST = 2


class Said(NamedTuple):
    """What one version says of a crime, beside what every row has to say. `stands`: it is a crime
    record that was not removed.
    """

    stands: bool
    reported_at: datetime | None
    occurred: tuple[datetime | None, datetime | None]
    place: tuple[str, str, str]
    """The postcode, the place in words, and the tokens of both."""
    named: Sequence[Victim]
    incident_numbers: Sequence[str]
    former: Sequence[Victim] = ()
    """Those whom it names no more, of a record that does not stand."""

    @property
    def victims(self) -> Sequence[Victim]:
        """Everybody whose record it is or was."""
        return (*self.named, *self.former)

    @property
    def is_bare(self) -> bool:
        """Whether it says nothing of whom, when and where."""
        return not (self.named or any(self.occurred) or any(self.place))

    @property
    def may_lack(self) -> bool:
        """Whether something may have to be taken from the versions before it."""
        return self.is_bare or not self.stands


class Times(NamedTuple):
    """When police were told of a crime, and when it happened, by one version of its record."""

    reported_at: datetime | None
    occurred: tuple[datetime | None, datetime | None]


def said_by(
    opened: Mapping[str, Any],
    *,
    stands: bool,
    reported_at: datetime | None,
    occurred_from: datetime | None,
    occurred_to: datetime | None,
) -> Said:
    """What a version says, from its columns and what was sealed in it."""
    place = (opened["postcode"] or "", opened["place"] or "", opened.get("place_tokens") or "")
    return Said(
        stands,
        reported_at,
        (occurred_from, occurred_to),
        place,
        tuple(victims_of(opened)),
        opened["incident_numbers"],
    )


def completed(later: Said, before: Said | None) -> Said:
    """A version with what it leaves empty, by what was said `before` it, itself completed."""
    if before is None or not later.may_lack:
        return later
    told = (before.named, any(before.occurred), any(before.place))
    if later.stands and sum(map(bool, told)) < _LEAST:
        return later
    named = later.named or before.named
    return later._replace(
        reported_at=later.reported_at or before.reported_at,
        occurred=later.occurred if any(later.occurred) else before.occurred,
        place=later.place if any(later.place) else before.place,
        named=named,
        incident_numbers=later.incident_numbers or before.incident_numbers,
        former=() if later.stands else tuple(one for one in before.victims if one not in named),
    )
