"""What the story is made of before it is told: reports to be filed, crimes to be recorded."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

REFERENCE_STARTS = {"wiltshire": "54", "avon-and-somerset": "52", "dorset": "55"}
FORCES = tuple(REFERENCE_STARTS)


@dataclass(frozen=True)
class Victim:
    """An invented person."""

    name: str
    born: date


@dataclass(frozen=True)
class Place:
    """Where something happened: invented words in a town, and half a postcode."""

    words: str
    postcode: str


@dataclass(frozen=True)
class Change:
    """What a force changes in a crime record, and when; empty parts stay as they were."""

    at: datetime
    offence: str = ""
    outcome: str = ""
    removal: str = ""


@dataclass(frozen=True)
class PlannedRecord:
    """A crime record as its force will show it in its supplies.

    `shown_from` is later than `recorded` for a backdated one; from `gone_from` on it is missing.
    """

    force: str
    reference: str
    incident_number: str
    offence: str
    recorded: datetime
    reported: datetime
    occurred_from: datetime
    occurred_to: datetime
    place: Place
    victims: tuple[Victim, ...] = ()
    changes: tuple[Change, ...] = ()
    shown_from: datetime | None = None
    gone_from: datetime | None = None

    def is_held(self, covers_from: datetime, covers_to: datetime) -> bool:
        """Whether a full supply of this period holds it."""
        shown = self.shown_from is None or self.shown_from < covers_to
        gone = self.gone_from is not None and self.gone_from < covers_to
        return covers_from <= self.recorded < covers_to and shown and not gone

    def is_news(self, covers_from: datetime, covers_to: datetime) -> bool:
        """Whether a supply of changes only of this period holds it."""
        times = [self.shown_from or self.recorded, *(change.at for change in self.changes)]
        return any(covers_from <= at < covers_to for at in times)


@dataclass(frozen=True)
class Happened:
    """One allegation as its reporter tells it. `precision` is a key of `answers.when`."""

    category: str
    at: datetime
    place: Place
    precision: str = "exact"


@dataclass(frozen=True)
class PlannedReport:
    """A report and what its reporter does with it. Times are instants in UTC, to the minute.

    `truly` are the references of the records that really are about it: the people of the story
    decide by them. `refused` is when they say here that police told them that they will not record
    it. `chapter` names a report of `chapters`; the others have none.
    """

    number: int
    filed: datetime
    way: str
    force: str
    victim: Victim
    happened: tuple[Happened, ...]
    told: datetime | None = None
    told_precision: str = "exact"
    channel: str = "101"
    reference: str = ""
    incident_number: str = ""
    gives_name: bool = True
    gives_birth: bool = True
    words: str = ""
    by_advocate: bool = False
    withdrawn: datetime | None = None
    refused: datetime | None = None
    truly: frozenset[str] = frozenset()
    chapter: str = ""


@dataclass
class Plan:
    """Everything that will happen between `start` and `end`."""

    start: datetime
    end: datetime
    reports: list[PlannedReport] = field(default_factory=list)
    records: list[PlannedRecord] = field(default_factory=list)

    def ago(self, days: float = 0, hours: float = 0) -> datetime:
        """An instant before the end, to the minute."""
        return (self.end - timedelta(days=days, hours=hours)).replace(second=0, microsecond=0)
