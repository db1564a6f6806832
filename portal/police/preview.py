"""What a file would change before any of it is taken: the rows taken, refused and remarked on.

Reads only. Rows that contradict an earlier row of their crime are found too, as long as the file
has no more crimes than fit into memory; beyond that the preview says that it did not look.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from portal.police.content import Content, DisagreementError, content_of, merge
from portal.police.feed import CrimeRow, Item, Notice, Refusal
from portal.police.plan import DISAGREES
from portal.police.survey import Reading, ReadRows, Source

MOST_SHOWN = 50
_MOST_CRIMES = 100_000
_MOST_SAMPLES = 3
_MOST_KINDS = 20


@dataclass(frozen=True)
class Sample:
    """A row as it was read, without anything about a person."""

    line: int
    crime_reference: str
    recorded_at: str
    offence_code: str
    outcome_type: int | None
    names_victim: bool

    @property
    def recorded(self) -> datetime:
        """When it was recorded."""
        return datetime.fromisoformat(self.recorded_at)


@dataclass
class Preview:
    """What a whole reading found. `refused_rows` lists line, field and reason, up to 50.

    `notices` counts rows by field and reason, the commonest first. `compared`: every row was
    compared with the earlier rows of its crime.
    """

    rows: int = 0
    taken: int = 0
    refused: int = 0
    refused_rows: list[tuple[int, str, str]] = field(default_factory=list)
    notices: list[tuple[str, str, int]] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    compared: bool = True

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Preview":
        """What `to_json` gave."""
        return cls(**told | {"samples": [Sample(**each) for each in told["samples"]]})


def preview(
    source: Source, *, force_id: str, now: datetime, read: ReadRows, crimes: int = _MOST_CRIMES
) -> Preview:
    """Read a whole file and keep nothing of it. `crimes`: how many are compared at most.

    Raises BrokenFile.
    """
    reading = Reading(source, force_id=force_id, now=now, read=read)
    looking = _Looking(crimes)
    for item in reading.items():
        looking.take(item)
    found = looking.found
    found.rows = reading.rows
    common = looking.notices.most_common(_MOST_KINDS)
    found.notices = [(field, reason, count) for (field, reason), count in common]
    return found


class _Looking:
    """What was found so far."""

    def __init__(self, crimes: int) -> None:
        self.found = Preview()
        self.notices: Counter[tuple[str, str]] = Counter()
        self._crimes = crimes
        self._contents: dict[str, Content] = {}

    def take(self, item: Item) -> None:
        """Count one thing that was read."""
        if isinstance(item, Notice):
            self.notices[item.field, item.reason] += 1
            return
        refused = item if isinstance(item, Refusal) else self._compare(item)
        if refused:
            self.found.refused += 1
            if len(self.found.refused_rows) < MOST_SHOWN:
                self.found.refused_rows.append((refused.line, refused.field, refused.reason))
        elif isinstance(item, CrimeRow):
            self.found.taken += 1
            if len(self.found.samples) < _MOST_SAMPLES:
                self.found.samples.append(_sample(item))

    def _compare(self, row: CrimeRow) -> Refusal | None:
        earlier = self._contents.get(row.reference_key)
        if earlier is None:
            if len(self._contents) < self._crimes:
                self._contents[row.reference_key] = content_of(row)
            else:
                self.found.compared = False
            return None
        try:
            self._contents[row.reference_key] = merge(earlier, content_of(row))
        except DisagreementError as error:
            return Refusal(row.line, error.field, DISAGREES, row.reference_key)
        return None


def _sample(row: CrimeRow) -> Sample:
    return Sample(
        line=row.line,
        crime_reference=row.crime_reference,
        recorded_at=row.recorded_at.isoformat(),
        offence_code=row.offence_code,
        outcome_type=row.outcome_type,
        names_victim=bool(row.victim_name or row.victim_tokens),
    )
