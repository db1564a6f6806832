"""The named cases of the story: one for each thing that a newcomer should see.

Each has a fixed place: docs/demonstration.md says what to look for and where.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from portal.cli.story.case import Case
from portal.cli.story.numbers import Numbers
from portal.cli.story.plans import Change, Plan, PlannedRecord

TITLES = {
    "rape-never-recorded": "A rape that police never recorded",
    "burglary-as-damage": "A burglary recorded as criminal damage",
    "backdated": "A record added later with an earlier recorded time",
    "two-allegations": "A report of two allegations of which one was recorded",
    "vanished": "A record that is missing from a later full supply",
    "recorded-late": "A record made after the limit",
    "incident-only": "A rape with only the note of an incident (N100)",
    "waiting-match": "A possible match that waits for a person",
    "undelivered": "A report passed to a force whose notice could not be delivered",
    "in-the-inbox": "A report passed to a force that nobody there has opened yet",
    "kept": "A report that is kept and told to nobody",
    "withdrawn": "A withdrawn report whose clock runs on",
    "fraud-only": "Fraud alone, for which no force has an alert",
    "transferred": "A record cancelled because it belongs to another force (C1)",
}
BOUNCING = "undelivered"


class Chapters:
    """Adds the chapters to a plan. They come first, so that their numbers never change."""

    def __init__(self, plan: Plan, numbers: Numbers) -> None:
        self._plan = plan
        self._numbers = numbers

    def write(self) -> None:
        """Every chapter."""
        for chapter in (
            self._rape_never_recorded,
            self._burglary_as_damage,
            self._backdated,
            self._two_allegations,
            self._vanished,
            self._recorded_late,
            self._incident_only,
            self._waiting_match,
            self._undelivered,
            self._in_the_inbox,
            self._kept,
            self._withdrawn,
            self._fraud_only,
            self._transferred,
        ):
            chapter()

    def _rape_never_recorded(self) -> None:
        case = Case(
            "rape-never-recorded",
            "Rosa Thistlewood",
            date(1994, 5, 17),
            ("raped",),
            told=self._plan.ago(6),
            before=timedelta(hours=14),
            words="I told an officer at the station. I was given a number and nobody has rung.",
        )
        number = self._numbers.incident("wiltshire", case.told)
        self._report(
            case,
            incident_number=number,
            refused=case.told + timedelta(hours=20),
            by_advocate=True,
        )

    def _burglary_as_damage(self) -> None:
        case = Case(
            "burglary-as-damage",
            "Harjit Greenhalge",
            date(1958, 11, 2),
            ("burglary-home",),
            told=self._plan.ago(8),
            filed_after=timedelta(days=1, hours=6),
            words="They came in through the back door and took my mother’s rings.",
        )
        self._recorded(case, "58B")

    def _backdated(self) -> None:
        case = Case(
            "backdated",
            "Kwame Fairwater",
            date(1987, 3, 9),
            ("hurt",),
            told=self._plan.ago(10),
            filed_after=timedelta(days=3),
            words="They say that it was written down the same day.",
        )
        self._recorded(case, "8N", shown_from=self._plan.ago(5))

    def _two_allegations(self) -> None:
        case = Case(
            "two-allegations",
            "Eleni Sandoval",
            date(2001, 8, 30),
            ("hurt", "sexual-assault"),
            told=self._plan.ago(7),
            filed_after=timedelta(days=1),
            words="He hit me, and before that he put his hands on me. I told them both things.",
        )
        self._recorded(case, "8N")

    def _vanished(self) -> None:
        case = Case(
            "vanished",
            "Idris Wexcombe",
            date(1979, 1, 24),
            ("theft-vehicle",),
            told=self._plan.ago(9),
            filed_after=timedelta(days=1, hours=2),
        )
        self._recorded(case, "48", gone_from=self._plan.ago(4))

    def _recorded_late(self) -> None:
        case = Case(
            "recorded-late",
            "Tamsin Okonjo",
            date(1999, 6, 6),
            ("robbery",),
            told=self._plan.ago(12),
            filed_after=timedelta(days=4),
        )
        self._recorded(case, "34B", after=timedelta(hours=70))

    def _incident_only(self) -> None:
        case = Case(
            "incident-only",
            "Bethan Larkmoor",
            date(1990, 12, 12),
            ("raped",),
            told=self._plan.ago(9, 3),
            filed_after=timedelta(days=1, hours=12),
            before=timedelta(hours=20),
            words="The letter has a number on it, so I thought that it was recorded.",
        )
        self._recorded(case, "N100/1")

    def _waiting_match(self) -> None:
        """A repeat victim, who holds the number of another of their crimes."""
        case = Case(
            "waiting-match",
            "Samir Nettlecombe",
            date(1983, 10, 3),
            ("threatened",),
            told=self._plan.ago(hours=51),
            filed_after=timedelta(hours=20),
            words="It is the third time this week. I only have the number of the day before.",
        )
        earlier = replace(case, told=case.told - timedelta(days=1))
        record = earlier.record(self._numbers, "9A", timedelta(hours=6))
        self._plan.records.append(record)
        self._report(case, reference=record.reference)

    def _undelivered(self) -> None:
        case = Case(
            BOUNCING,
            "Zofia Hollowell",
            date(1996, 2, 20),
            ("stalking-harassment",),
            told=self._plan.ago(6, 4),
            filed_after=timedelta(),
            force="avon-and-somerset",
            way="pass",
        )
        self._report(case)

    def _in_the_inbox(self) -> None:
        case = Case(
            "in-the-inbox",
            "Xin Fairwater",
            date(2003, 3, 21),
            ("damage-vehicle",),
            told=self._plan.ago(hours=20),
            filed_after=timedelta(),
            way="pass",
            words="All four tyres were cut. My neighbour across the road has a camera.",
        )
        self._report(case)

    def _kept(self) -> None:
        case = Case(
            "kept",
            "Nia Ashgrove",
            date(1992, 7, 15),
            ("controlling",),
            told=self._plan.ago(3),
            filed_after=timedelta(),
            way="keep",
            words="I am not ready to tell anyone. I want it to be written down somewhere.",
        )
        self._report(case)

    def _withdrawn(self) -> None:
        case = Case(
            "withdrawn",
            "Leila Pemberley",
            date(1985, 4, 4),
            ("attacked",),
            told=self._plan.ago(6, 9),
            filed_after=timedelta(hours=6),
        )
        self._report(case, withdrawn=case.told + timedelta(hours=30))

    def _fraud_only(self) -> None:
        case = Case(
            "fraud-only",
            "Alasdair Daffern",
            date(1951, 9, 27),
            ("fraud",),
            told=self._plan.ago(8, 5),
            filed_after=timedelta(hours=20),
        )
        self._report(case)

    def _transferred(self) -> None:
        """Taken out of one force’s register; the other force’s record has a number of its own."""
        case = Case(
            "transferred",
            "Mateusz Quillfeather",
            date(1972, 6, 18),
            ("theft-cycle",),
            told=self._plan.ago(13),
            filed_after=timedelta(days=1),
            force="avon-and-somerset",
        )
        gone = (Change(self._plan.ago(7), removal="C1"),)
        record = self._recorded(case, "44", changes=gone, has_call=True)
        self._plan.records.append(
            replace(
                record,
                force="wiltshire",
                reference=self._numbers.reference("wiltshire", self._plan.ago(6)),
                recorded=self._plan.ago(6),
                changes=(),
            )
        )

    def _recorded(
        self,
        case: Case,
        offence: str,
        *,
        after: timedelta = timedelta(hours=9),
        changes: tuple[Change, ...] = (),
        shown_from: datetime | None = None,
        gone_from: datetime | None = None,
        has_call: bool = False,
    ) -> PlannedRecord:
        """A report with the reference of its record, with `has_call` the number of the call too,
        and the record.
        """
        record = replace(
            case.record(self._numbers, offence, after),
            changes=changes,
            shown_from=shown_from,
            gone_from=gone_from,
        )
        self._plan.records.append(record)
        self._report(
            case,
            reference=record.reference,
            incident_number=record.incident_number if has_call else "",
            truly=frozenset({record.reference}),
        )
        return record

    def _report(
        self,
        case: Case,
        *,
        reference: str = "",
        incident_number: str = "",
        withdrawn: datetime | None = None,
        refused: datetime | None = None,
        truly: frozenset[str] = frozenset(),
        by_advocate: bool = False,
    ) -> None:
        report = case.report(len(self._plan.reports) + 1)
        self._plan.reports.append(
            replace(
                report,
                reference=reference,
                incident_number=incident_number,
                withdrawn=withdrawn,
                refused=refused,
                truly=truly,
                by_advocate=by_advocate,
            )
        )
