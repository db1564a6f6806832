"""The many reports and records around the chapters: what goes well, what does not, and how often.

The rates are assumptions, taken where they exist from what the inspectorate published (about one
crime in seven not recorded, one sexual offence in four) and otherwise chosen to be plausible.
Everything comes from one random generator, so that one seed tells one story.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from portal.cli.story import invented, offence_mix
from portal.cli.story.numbers import Numbers, slipped, typed
from portal.cli.story.plans import (
    FORCES,
    Change,
    Happened,
    Plan,
    PlannedRecord,
    PlannedReport,
    Victim,
)
from portal.reference.offences import is_fraud, is_sexual

_FORCE_SHARES = (45, 35, 20)
_UNRECORDED, _UNRECORDED_SEXUAL = 0.12, 0.26
_KEPT, _PASSED = 0.08, 0.07
_BY_ADVOCATE = 0.08
_NO_NAME, _NO_BIRTH, _NO_REFERENCE = 0.17, 0.46, 0.38
_INCIDENT_INSTEAD, _SLIP = 0.25, 0.08
_LATE, _CANCELLED, _COMMUNITY, _DOWNGRADED = 0.08, 0.03, 0.04, 0.06
_REPEAT, _GIVEN_ANOTHER = 0.34, 0.35
_HOUSEMATE, _DUPLICATE, _WRONG_FORCE, _TWO_RECORDS = 0.03, 0.02, 0.03, 0.03
_WITHDRAWN = 0.01
_WORDS = 0.4
_OUTCOME = 0.3
_OUTCOMES = ("1", "14", "15", "16", "18", "18")
_RECORDS_TO_A_REPORT = 4
_WITHOUT_INBOX = "dorset"


class Everyday:
    """Adds reports and records to a plan until it holds as many as wanted."""

    def __init__(self, plan: Plan, rng: Random, numbers: Numbers) -> None:
        self._plan = plan
        self._rng = rng
        self._numbers = numbers

    def fill(self, reports: int) -> None:
        """Up to this many reports in all, and four records for each."""
        while len(self._plan.reports) < reports:
            self._happen()
        while len(self._plan.records) < reports * _RECORDS_TO_A_REPORT:
            self._background()

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share

    def _hours(self, least: float, most: float) -> timedelta:
        return timedelta(minutes=round(self._rng.uniform(least, most) * 60))

    def _happen(self) -> None:
        """One crime with a victim who comes here, and whatever became of it."""
        rng, plan = self._rng, self._plan
        force = rng.choices(FORCES, _FORCE_SHARES)[0]
        offence = offence_mix.reported_offence(rng)
        victim = invented.person(rng)
        told = plan.start + self._hours(1, (plan.end - plan.start) / timedelta(hours=1) - 3)
        record = self._record(force, offence, told, (victim,))
        share = _UNRECORDED_SEXUAL if is_sexual(offence) else _UNRECORDED
        way = rng.choices(("keep", "pass", "told"), (_KEPT, _PASSED, 1 - _KEPT - _PASSED))[0]
        if force == _WITHOUT_INBOX and way == "pass":
            way = "told"
        if way == "keep":
            self._file(record, offence, told, way)
        elif self._chance(share):
            self._unrecorded(record, offence, told, way)
        else:
            self._recorded(record, offence, told, way)

    def _recorded(self, record: PlannedRecord, offence: str, told: datetime, way: str) -> None:
        held = self._as_written_down(record, offence)
        truly = frozenset({held.reference})
        together = self._chance(_HOUSEMATE)
        if together:
            other = invented.housemate(self._rng, record.victims[0])
            held = replace(held, victims=(*held.victims, other))
        self._plan.records.append(held)
        self._file(held, offence, told, way, truly=truly)
        if together:
            self._file(held, offence, told, way, truly=truly, victim=held.victims[1])
        elif self._chance(_DUPLICATE):
            self._file(held, offence, told, way, truly=truly)
        if self._chance(_TWO_RECORDS):
            number = self._numbers.reference(held.force, held.recorded)
            self._plan.records.append(replace(held, reference=number, changes=()))

    def _unrecorded(self, record: PlannedRecord, offence: str, told: datetime, way: str) -> None:
        """No record; but a third of these victims have one of another crime."""
        if not self._chance(_REPEAT):
            self._file(replace(record, reference=""), offence, told, way)
            return
        before = told - self._hours(4 * 24, 12 * 24)
        other = self._record(
            record.force, offence_mix.reported_offence(self._rng), before, record.victims
        )
        self._plan.records.append(other)
        given = other.reference if self._chance(_GIVEN_ANOTHER) else ""
        self._file(replace(record, reference=given), offence, told, way)

    def _background(self) -> None:
        """A record that nobody comes here about."""
        told = self._plan.start + self._hours(
            -19 * 24, (self._plan.end - self._plan.start).days * 24
        )
        offence = offence_mix.recorded_offence(self._rng)
        victims = (invented.person(self._rng),) if offence_mix.categories_of(offence) else ()
        force = self._rng.choices(FORCES, _FORCE_SHARES)[0]
        self._plan.records.append(
            self._as_written_down(self._record(force, offence, told, victims), offence)
        )

    def _record(
        self, force: str, offence: str, told: datetime, victims: tuple[Victim, ...]
    ) -> PlannedRecord:
        """The record as it should be: in time, of the offence that happened."""
        in_person = offence_mix.is_in_person(offence)
        ended = told - (self._hours(0.5, 40) if in_person else self._hours(1, 14))
        lasted = self._hours(0.5, 2) if in_person else self._hours(3, 10)
        recorded = told + self._hours(0.5, 20)
        return PlannedRecord(
            force=force,
            reference=self._numbers.reference(force, recorded),
            incident_number=self._numbers.incident(force, told),
            offence=offence,
            recorded=recorded,
            reported=told,
            occurred_from=ended - lasted,
            occurred_to=ended,
            place=invented.place(self._rng, force),
            victims=victims,
        )

    def _as_written_down(self, record: PlannedRecord, offence: str) -> PlannedRecord:
        """The record as the force made it: late, as something lesser, or later changed."""
        rng = self._rng
        if self._chance(_LATE):
            record = replace(record, recorded=record.reported + self._hours(30, 140))
        lesser = offence_mix.lesser_than(offence)
        if lesser and self._chance(_DOWNGRADED):
            record = replace(record, offence=rng.choice(lesser))
        at = record.recorded + self._hours(48, 240)
        changes: tuple[Change, ...] = ()
        if self._chance(_CANCELLED):
            changes = (Change(at, removal=rng.choice(("C2", "C3", "C4"))),)
        elif self._chance(_COMMUNITY):
            changes = (Change(at, outcome="8"),)
        elif self._chance(_OUTCOME):
            changes = (Change(at, outcome=rng.choice(_OUTCOMES)),)
        return replace(record, changes=changes)

    def _file(
        self,
        record: PlannedRecord,
        offence: str,
        told: datetime,
        way: str,
        *,
        truly: frozenset[str] = frozenset(),
        victim: Victim | None = None,
    ) -> None:
        """The report of one victim, as completely as this person can make it."""
        plan, rng = self._plan, self._rng
        reference, incident = self._given(record, way)
        filed = told + self._hours(0.1, 60)
        if reference and truly:
            filed = max(filed, record.recorded + self._hours(0.5, 10))
        if filed > plan.end - timedelta(minutes=30):
            filed, reference, incident = min(told + timedelta(minutes=20), plan.ago()), "", ""
        category = rng.choice(offence_mix.categories_of(offence))
        at = record.occurred_from + (record.occurred_to - record.occurred_from) / 3
        happened = Happened(
            category,
            at.replace(second=0, microsecond=0),
            record.place,
            rng.choices(("exact", "part", "about", "unknown"), (55, 20, 17, 8))[0],
        )
        withdrawn = filed + self._hours(20, 90) if self._chance(_WITHDRAWN) else None
        plan.reports.append(
            PlannedReport(
                number=len(plan.reports) + 1,
                filed=filed,
                way=way,
                force=self._named_force(record.force, way),
                victim=victim or record.victims[0],
                happened=(happened,),
                told=told if way == "told" and rng.random() < 0.85 else None,
                told_precision=rng.choices(("exact", "part"), (70, 30))[0],
                channel=rng.choice(("999", "101", "101", "online", "station", "in_person")),
                reference=reference,
                incident_number=incident,
                gives_name=not self._chance(_NO_NAME),
                gives_birth=not self._chance(_NO_BIRTH),
                words=invented.words(rng, category) if self._chance(_WORDS) else "",
                by_advocate=self._chance(_BY_ADVOCATE),
                withdrawn=withdrawn if withdrawn and withdrawn < plan.end else None,
                truly=truly,
            )
        )

    def _named_force(self, force: str, way: str) -> str:
        wrong = way == "told" and self._chance(_WRONG_FORCE)
        return self._rng.choice([one for one in FORCES if one != force]) if wrong else force

    def _given(self, record: PlannedRecord, way: str) -> tuple[str, str]:
        """The crime reference and incident number that the victim types; a quarter mix them up."""
        if way != "told" or is_fraud(record.offence):
            return "", ""
        if self._chance(_NO_REFERENCE) or not record.reference:
            return "", record.incident_number if self._chance(0.3) else ""
        if self._chance(_INCIDENT_INSTEAD):
            return record.incident_number, ""
        number = record.reference
        if self._chance(_SLIP):
            number = slipped(self._rng, number)
        return typed(self._rng, number), record.incident_number if self._chance(0.4) else ""
