"""A named case of the story: what the cases differ in, and the report and record made of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.cli.story.numbers import Numbers
from portal.cli.story.plans import Happened, Place, PlannedRecord, PlannedReport, Victim

_PLACES = {
    "wiltshire": Place("Example Lane, Swindon", "SN1"),
    "avon-and-somerset": Place("Example Lane, Bristol", "BS1"),
}


@dataclass(frozen=True)
class Case:
    """One person, what happened to them, and what they did about it.

    It happened `before` the police were `told`, and the report was filed `filed_after` that. In
    a case that was not told to police, `told` is when the report was filed.
    """

    chapter: str
    name: str
    born: date
    categories: tuple[str, ...]
    told: datetime
    filed_after: timedelta = timedelta(hours=3)
    force: str = "wiltshire"
    way: str = "told"
    words: str = field(default="", repr=False)
    before: timedelta = timedelta(hours=5)

    @property
    def happened_at(self) -> datetime:
        """When it happened."""
        return self.told - self.before

    def record(self, numbers: Numbers, offence: str, after: timedelta) -> PlannedRecord:
        """The crime record that the force made `after` it was told."""
        return PlannedRecord(
            force=self.force,
            reference=numbers.reference(self.force, self.told),
            incident_number=numbers.incident(self.force, self.told),
            offence=offence,
            recorded=self.told + after,
            reported=self.told,
            occurred_from=self.happened_at - timedelta(minutes=30),
            occurred_to=self.happened_at + timedelta(hours=1),
            place=_PLACES[self.force],
            victims=(Victim(self.name, self.born),),
        )

    def report(self, number: int) -> PlannedReport:
        """The report, without any number that police gave."""
        return PlannedReport(
            number=number,
            filed=self.told + self.filed_after,
            way=self.way,
            force=self.force,
            victim=Victim(self.name, self.born),
            happened=tuple(
                Happened(category, self.happened_at, _PLACES[self.force])
                for category in self.categories
            ),
            told=self.told if self.way == "told" else None,
            words=self.words,
            chapter=self.chapter,
        )
