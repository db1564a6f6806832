"""The registers of the forces: numbers in each force's format, and rows as forces export them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from tests.benchmarks.matching.events import Event, day_text
from tests.benchmarks.matching.naming import (
    has_short_form,
    other_spelling,
    short_form,
    slip,
    slip_of_digits,
    without_marks,
)
from tests.benchmarks.matching.people import Person
from tests.benchmarks.matching.places import Region
from tests.benchmarks.matching.rates import Rates
from tests.benchmarks.matching.rows import RawRecord

# Primes, by which consecutive crimes get numbers far apart yet never the same.
_SERIALS, _STEP = 1_000_003, 611_953
_CALLS, _CALL_STEP = 4_999, 1_871
_OUTCOMES = ("14", "16", "18", "15", "1", "", "3", "", "9")

Format = Callable[[str, str, int], str]
FORMATS: tuple[Format, ...] = (
    lambda force, year, serial: f"{force}{year}{serial:07d}",
    lambda force, year, serial: f"{force}/{serial}/{year}",
    lambda force, year, serial: f"CR/{serial:06d}/{year}",
    lambda force, year, serial: f"{serial:07d}/{year}",
    lambda force, year, serial: f"CRI/{force}/{serial:07d}/{year}",
    lambda force, year, serial: f"{force}X/{serial}/{year}",
)


class Fate(NamedTuple):
    """What police made of a crime: all that a row says beyond the event."""

    recorded: datetime
    offence_code: str
    outcome: str = ""
    removal: str = ""


class Register:
    """Writes rows and gives each its numbers. Holds counters alone, whatever it has written."""

    def __init__(self, region: Region, rates: Rates) -> None:
        self._region = region
        self._rates = rates
        self._rows = 0
        self._serials = dict.fromkeys(region.force_ids, 0)
        self._calls: dict[tuple[str, str], int] = {}

    def log_call(self, event: Event) -> str:
        """The incident number of the call by which police were told."""
        day = day_text(event.told)
        count = self._calls.get((event.force_id, day), 0) + 1
        self._calls[event.force_id, day] = count
        return f"{count * _CALL_STEP % _CALLS:04d}-{day[8:]}{day[5:7]}{day[2:4]}"

    def write(
        self, random: Random, event: Event, fate: Fate, *, force_id: str = "", beside: str = ""
    ) -> RawRecord:
        """A row for the event. `beside`: a reference of the same incident, whose next number it
        gets, as crimes of one incident do.
        """
        force = force_id or event.force_id
        rates, victim = self._rates, event.victim
        self._rows += 1
        since, until = self._dates(random, event)
        named = event.kind.has_victim and random.random() >= rates.record_no_name
        known = random.random
        return RawRecord(
            row=self._rows,
            force_id=force,
            crime_reference=_next(beside) if beside else self._reference(force, fate.recorded),
            incident_number="" if known() < rates.record_no_incident else event.incident_number,
            recorded_at=fate.recorded.isoformat(timespec="minutes"),
            reported_at=event.told.isoformat(timespec="minutes"),
            occurred_from=since.isoformat(timespec="minutes"),
            occurred_to=until.isoformat(timespec="minutes"),
            offence_code=fate.offence_code,
            postcode="" if known() < rates.record_no_postcode else event.postcode,
            place=f"{event.street}, {event.town.name}",
            town=event.town.name,
            district=event.town.district,
            victim_name=recorded_name(random, victim, rates, force) if named else "",
            birth_date=_birth_date(random, victim, rates) if named else "",
            telephone=_telephone(random, event, rates) if named else "",
            email=_email(random, victim, rates) if named else "",
            sex=victim.sex.upper() if named and known() < 0.96 else "",
            outcome=fate.outcome or _OUTCOMES[int(known() * len(_OUTCOMES))],
            removal=fate.removal,
        )

    def _reference(self, force: str, recorded: datetime) -> str:
        count = self._serials[force] = self._serials[force] + 1
        serial = 2 * (count * _STEP % _SERIALS) + 2
        shape = FORMATS[self._region.force_ids.index(force) % len(FORMATS)]
        return shape(self._region.numbers[force], f"{recorded.year % 100:02d}", serial)

    def _dates(self, random: Random, event: Event) -> tuple[datetime, datetime]:
        since, until = event.since, event.until
        if random.random() < self._rates.slip_record_date:
            # The day of the call written for the day of the crime, or another slip.
            days = (event.told - until).days if random.random() < 0.5 else random.choice((-1, 1, 7))
            moved = timedelta(days=days)
            return since + moved, until + moved
        return since, until


def recorded_name(random: Random, person: Person, rates: Rates, force_id: str) -> str:
    """The name as an officer wrote it down, in the force's way of writing."""
    first, last = person.forename, person.surname
    chance = random.random
    if person.former_surname and chance() < rates.slip_changed_surname:
        last = person.former_surname
    if has_short_form(first) and chance() < rates.record_short_form:
        first = short_form(random, first)
    if chance() < rates.slip_spelling:
        first, last = other_spelling(random, first), other_spelling(random, last)
    first, last = without_marks(first), without_marks(last)
    if chance() < rates.slip_record_name:
        if chance() < 0.5:
            first = slip(random, first)
        else:
            last = slip(random, last)
    if chance() < rates.slip_swapped / 2:
        first, last = last, first
    if person.middle and chance() < 0.35:
        first = f"{first} {without_marks(person.middle)}"
    if len(force_id) % 3 == 0:
        return f"{last.upper()}, {first.title()}"
    return f"{first.title()} {last.title()}"


def _next(reference: str) -> str:
    """The next number: serials are even, so that this one is free."""
    parts = reference.split("/")
    if len(parts) == 1:
        return reference[:-1] + str(int(reference[-1]) + 1)
    at = -2
    width = len(parts[at]) if parts[at].startswith("0") else 0
    parts[at] = f"{int(parts[at]) + 1:0{width}d}"
    return "/".join(parts)


def _birth_date(random: Random, person: Person, rates: Rates) -> str:
    if random.random() < rates.record_no_birth_date:
        return ""
    text = day_text(person.born)
    if random.random() < rates.slip_birth_date / 2:
        return text[:8] + slip_of_digits(random, text[8:]) if random.random() < 0.5 else text[:4]
    return text


def _telephone(random: Random, event: Event, rates: Rates) -> str:
    if random.random() < rates.record_no_telephone:
        return ""
    home, number = event.home, event.victim.mobile
    chance = random.random()
    if home.landline and chance < 0.15:
        number = home.landline
    elif chance < 0.22:
        # Who called gave their own.
        number = home.members[int(random.random() * len(home.members))].mobile
    return slip_of_digits(random, number) if random.random() < rates.slip_telephone / 2 else number


def _email(random: Random, person: Person, rates: Rates) -> str:
    if random.random() < rates.record_no_email:
        return ""
    return slip(random, person.email) if random.random() < rates.slip_email / 2 else person.email
