"""A story: a household, what happened to it, what police wrote down, and who reported it to us."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from tests.benchmarks.matching.events import Event, make_co_event, make_event, make_other
from tests.benchmarks.matching.offending import (
    Kind,
    has_lesser,
    kind_of,
    pick_another,
    pick_lesser,
    pick_recorded,
    pick_reported,
)
from tests.benchmarks.matching.people import Kin, Person, make_household, make_person
from tests.benchmarks.matching.places import Region
from tests.benchmarks.matching.rates import Rates
from tests.benchmarks.matching.registering import Fate, Register
from tests.benchmarks.matching.reporting import Numbers, type_report
from tests.benchmarks.matching.rows import Batch, RawRecord, Rival, Truth

_NOTE = "N100/1"
# In a household of which somebody reports to us, those hard to tell apart are no rarity.
_KIN = Kin(twins=0.05, namesakes=0.05)
_BACKGROUND = Kin()


@dataclass(slots=True)
class Story:
    """The target event and what was written about it and around it."""

    event: Event
    records: list[RawRecord] = field(default_factory=list)
    true_rows: list[RawRecord] = field(default_factory=list)
    rivals: dict[int, Rival] = field(default_factory=dict)
    others: list[RawRecord] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    late_hours: float | None = None


class Teller:
    """Tells stories about one region; the register keeps the numbers apart."""

    def __init__(self, region: Region, rates: Rates) -> None:
        self._region, self._rates = region, rates
        self._register = Register(region, rates)
        self._reports = 0

    def tell_background(self, random: Random) -> list[RawRecord]:
        """Records of a household of which nobody reports to us."""
        home = make_household(random, self._region.towns.pick(random), _BACKGROUND)
        event: Event | None = None
        found = []
        for _ in range(_how_many(random)):
            victim = home.members[int(random.random() * len(home.members))]
            kind = pick_recorded(random)
            if event is None:
                current = make_event(random, kind, victim, home)
            else:
                if random.random() < 0.6:
                    victim = event.victim
                if random.random() < 0.4:
                    kind = event.kind
                current = make_other(random, event, kind, victim)
            event = current = replace(current, incident_number=self._register.log_call(current))
            found.append(self._register.write(random, current, self._fate(random, current)))
        return found

    def tell(self, random: Random) -> Batch:
        """A household of which somebody reports an event to us, with all its records."""
        story = self._begin(random)
        rates, event = self._rates, story.event
        share = rates.unrecorded_sexual if event.kind.is_sexual else rates.unrecorded
        if random.random() >= share:
            self._record(random, story)
        elif event.kind.code.startswith("19") and random.random() < rates.incident_note:
            row = self._register.write(
                random, event, Fate(event.told + timedelta(hours=5), event.kind.code, "", _NOTE)
            )
            story.records.append(row)
            story.rivals[row.row] = "not-a-crime"
        self._surround(random, story)
        return self._report(random, story)

    def _begin(self, random: Random) -> Story:
        kind = pick_reported(random, self._rates.sexual)
        victim = make_person(
            random,
            sex=kind.sex,
            age=9 + int(random.random() * 7) if kind.is_child else None,
        )
        home = make_household(random, self._region.towns.pick(random), _KIN, victim)
        event = make_event(random, kind, victim, home)
        return Story(replace(event, incident_number=self._register.log_call(event)))

    def _record(self, random: Random, story: Story) -> None:
        rates, event = self._rates, story.event
        fate, named = self._fate(random, event), event
        mates = event.home.members[1:] if event.kind.is_household else []
        if mates and random.random() < rates.housemate_reports:
            story.marks.add("housemate-reports")
            named = replace(event, victim=mates[0])
        story.late_hours = (fate.recorded - event.told).total_seconds() / 3600
        self._mark(story, fate)
        removal = fate.removal
        others = [one for one in self._region.force_ids if one != event.force_id]
        if not removal and others and random.random() < rates.transferred:
            story.marks.add("transferred")
            # The day after, the force in whose area it happened records it.
            later = fate._replace(
                recorded=fate.recorded + timedelta(hours=20 + random.random() * 90)
            )
            there = others[int(random.random() * len(others))]
            self._keep(story, self._register.write(random, named, later, force_id=there))
            removal = "C1"
        row = self._register.write(random, named, fate._replace(removal=removal))
        self._keep(story, row)
        if random.random() < rates.two_records:
            story.marks.add("two-records")
            again = fate._replace(offence_code=_beside(random, event.kind).code)
            self._keep(
                story,
                self._register.write(random, named, again, beside=row.crime_reference),
            )

    def _keep(self, story: Story, row: RawRecord) -> None:
        story.records.append(row)
        story.true_rows.append(row)

    def _mark(self, story: Story, fate: Fate) -> None:
        if (story.late_hours or 0) > 24:
            story.marks.add("late")
        if fate.removal:
            story.marks.add("cancelled")
        if fate.outcome == "8":
            story.marks.add("community-resolution")
        if fate.offence_code != story.event.kind.code:
            story.marks.add("downgraded")

    def _surround(self, random: Random, story: Story) -> None:
        """Records of other crimes of the victim, of housemates, and of co-victims."""
        rates, event = self._rates, story.event
        home, kind = event.home, event.kind
        if random.random() < rates.repeat:
            while True:
                self._other(random, story, event.victim, "same-victim")
                if random.random() >= rates.more_repeats or len(story.others) > 5:
                    break
        mates = [one for one in home.members if one is not event.victim]
        if mates and random.random() < rates.housemate:
            mate = mates[int(random.random() * len(mates))]
            self._other(random, story, mate, "housemate")
        if not kind.is_household and random.random() < rates.co_victim:
            mate = mates[0] if mates and random.random() < 0.6 else make_person(random)
            same = make_co_event(event, mate)
            beside = story.true_rows[-1].crime_reference if len(story.true_rows) == 1 else ""
            if beside and story.true_rows[0].force_id != event.force_id:
                beside = ""
            fate = self._fate(random, same)
            row = self._register.write(random, same, fate, beside=beside)
            story.records.append(row)
            story.rivals[row.row] = "co-victim"

    def _other(self, random: Random, story: Story, victim: Person, why: Rival) -> None:
        kind = pick_another(random, story.event.kind)
        other = make_other(random, story.event, kind, victim)
        if abs(other.told - story.event.told) < timedelta(hours=2):
            # One call for both.
            other = replace(other, incident_number=story.event.incident_number)
        else:
            other = replace(other, incident_number=self._register.log_call(other))
        row = self._register.write(random, other, self._fate(random, other))
        story.records.append(row)
        story.rivals[row.row] = why
        if why == "same-victim":
            story.others.append(row)

    def _fate(self, random: Random, event: Event) -> Fate:
        rates, chance = self._rates, random.random
        if chance() < rates.late:
            delay = timedelta(hours=25 + random.expovariate(1 / 200.0))
        else:
            delay = timedelta(hours=min(23.9, random.expovariate(1 / 6.0)))
        kind = event.kind
        if has_lesser(kind) and chance() < rates.downgraded:
            kind = pick_lesser(random, kind)
        outcome = "8" if chance() < rates.community else ""
        removal = f"C{2 + int(chance() * 3)}" if chance() < rates.cancelled else ""
        return Fate(event.told + delay, kind.code, outcome, removal)

    def _report(self, random: Random, story: Story) -> Batch:
        rates, event = self._rates, story.event
        misreads = random.random() < rates.slip_force
        if misreads:
            story.marks.add("wrong-force")
        given = self._given(random, story)
        twice = random.random() < rates.duplicate
        reports, truths = [], []
        first = self._reports + 1
        for at in range(2 if twice else 1):
            self._reports += 1
            reports.append(
                type_report(
                    *(random, self._reports, event),
                    region=self._region,
                    rates=rates,
                    given=given,
                    misreads_force=misreads,
                )
            )
            marks = story.marks | ({"duplicate"} if twice else set())
            same_as = first if at else None
            truths.append(_truth(story, self._reports, same_as, frozenset(marks)))
        return Batch(story.records, reports, truths)

    def _given(self, random: Random, story: Story) -> Numbers:
        """The numbers that the victim has at hand."""
        rates, chance, event = self._rates, random.random, story.event
        share = rates.number_of_another_recorded if story.true_rows else rates.number_of_another
        if story.others and chance() < share:
            story.marks.add("number-of-another")
            other = story.others[int(chance() * len(story.others))]
            if other.incident_number and chance() < rates.incident_given:
                return Numbers(call=other.incident_number)
            return Numbers(crime=other.crime_reference)
        if not story.true_rows:
            called = chance() < rates.call_logged
            return Numbers(call=event.incident_number) if called else Numbers()
        if chance() < rates.no_reference:
            return Numbers()
        if chance() < rates.incident_given:
            return Numbers(call=event.incident_number)
        row = story.true_rows[-1 if chance() < 0.8 else 0]
        return Numbers(row.crime_reference, event.incident_number if chance() < 0.08 else "")


def _truth(story: Story, number: int, same_as: int | None, marks: frozenset[str]) -> Truth:
    event = story.event
    return Truth(
        number=number,
        records=tuple(row.row for row in story.true_rows),
        offence_code=event.kind.code,
        is_sexual=event.kind.is_sexual,
        origin=event.victim.origin,
        sex=event.victim.sex,
        age=event.victim.age,
        force_id=event.force_id,
        late_hours=story.late_hours,
        same_as=same_as,
        rivals=dict(story.rivals),
        marks=marks,
    )


def _beside(random: Random, kind: Kind) -> Kind:
    """A second crime of one incident."""
    return (
        kind_of(("58D", "105A", "9A", "49")[int(random.random() * 4)])
        if random.random() < 0.7
        else kind
    )


def _how_many(random: Random) -> int:
    chance = random.random()
    return 1 if chance < 0.68 else 2 if chance < 0.87 else 3 if chance < 0.95 else 5
