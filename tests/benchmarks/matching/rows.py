"""What the generator emits: rows of plain text, as the product would receive them, and the truth.

Times are ISO 8601 in British local time; "" is not known. Nothing here comes from the product.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Rival = Literal["same-victim", "housemate", "co-victim", "not-a-crime"]


class RawRecord(NamedTuple):
    """A row of a force's register. `row` is its number over all forces, for the truth only."""

    row: int
    force_id: str
    crime_reference: str
    incident_number: str
    recorded_at: str
    reported_at: str
    occurred_from: str
    occurred_to: str
    offence_code: str
    postcode: str
    place: str
    town: str
    district: str
    victim_name: str
    birth_date: str
    telephone: str
    email: str
    sex: str
    outcome: str
    removal: str


class RawReport(NamedTuple):
    """What a victim typed, one allegation a report. Dates are the two ends of what they said.

    `references` and `incident_numbers` are what was typed into either box. `is_handover`: the
    police were told through us, so that `told_from` and `told_to` are exact.
    """

    number: int
    name: str
    birth_day: str
    birth_month: str
    birth_year: str
    telephone: str
    email: str
    postcode: str
    town: str
    occurred_from: str
    occurred_to: str
    told_from: str
    told_to: str
    filed_at: str
    category: str
    references: tuple[str, ...]
    incident_numbers: tuple[str, ...]
    force_id: str
    is_handover: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened. `records`: the rows of this event, empty when it was not recorded.

    `late_hours`: from telling the police to recording, None when unrecorded. `rivals`: rows that
    are not of this event, and why they look as if they were. `marks` says what else was done:
    "late", "cancelled", "downgraded", "community-resolution", "transferred", "wrong-force",
    "two-records", "duplicate", "housemate-reports", "number-of-another".
    """

    number: int
    records: tuple[int, ...]
    offence_code: str
    is_sexual: bool
    origin: str
    sex: str
    age: int
    force_id: str
    late_hours: float | None
    same_as: int | None = None
    rivals: dict[int, Rival] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()

    @property
    def is_recorded(self) -> bool:
        """Whether the event has a crime record, removed or not."""
        return bool(self.records)


class Batch(NamedTuple):
    """A part of the stream. Truths stand beside the reports of the same batch."""

    records: list[RawRecord]
    reports: list[RawReport]
    truths: list[Truth]
