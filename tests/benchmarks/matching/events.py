"""When and where a crime happened, and when police were told."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from tests.benchmarks.matching.offending import Kind
from tests.benchmarks.matching.people import YEAR, Household, Person
from tests.benchmarks.matching.places import Town, pick_postcode, pick_street

FIRST = datetime(YEAR, 1, 1)  # noqa: DTZ001 - local time without a zone, as forces export it
_MINUTES = 365 * 24 * 60


@dataclass(frozen=True, slots=True)
class Event:
    """One crime. `since` and `until` hold when it happened; equal where somebody was there."""

    kind: Kind
    victim: Person
    home: Household
    town: Town
    postcode: str
    street: str
    since: datetime
    until: datetime
    told: datetime
    force_id: str
    incident_number: str = ""

    @property
    def is_at_home(self) -> bool:
        """Whether it happened where the victim lives."""
        return self.postcode == self.home.postcode


def make_event(
    random: Random, kind: Kind, victim: Person, home: Household, told: datetime | None = None
) -> Event:
    """A crime of this kind; `told` is drawn over the year when it is not given."""
    if told is None:
        told = FIRST + timedelta(minutes=int(random.random() * _MINUTES))
    until = told - _lag(random, kind)
    since = until
    if kind.is_overnight and random.random() < 0.7:
        since = until - timedelta(hours=4 + random.random() * (12 if random.random() < 0.8 else 90))
    elif kind.is_sexual and told - until > timedelta(200) and random.random() < 0.6:
        since = until - timedelta(days=int(random.random() * 365))
    town, postcode, street = _where(random, kind, home)
    return Event(kind, victim, home, town, postcode, street, since, until, told, town.force_id)


def make_other(random: Random, event: Event, kind: Kind, victim: Person) -> Event:
    """Another crime near the event in time: mostly within days, at times on the same day.

    The same offence against the same victim, told on the same occasion, would be counted as one
    crime; so it happened on another day and was told on another.
    """
    again = kind == event.kind and victim is event.victim
    days = _apart(random, again=again)
    sign = 1 if random.random() < 0.4 else -1
    until = event.until + timedelta(days=sign * days, hours=random.random() * 6)
    told = max(until, until + _lag(random, kind))
    if days < 3 and not again and random.random() < 0.5:
        # Told together, on one occasion.
        told = max(event.told, until)
    elif again and abs(told - event.told) < timedelta(days=1):
        told += timedelta(days=1 + random.random() * 3)
    other = make_event(random, kind, victim, event.home, told)
    length = min(other.until - other.since, timedelta(days=3))
    moved = replace(other, since=until - length, until=until)
    if random.random() < 0.2:
        moved = replace(moved, postcode=event.postcode, street=event.street, town=event.town)
    return replace(moved, force_id=moved.town.force_id)


def _apart(random: Random, *, again: bool) -> float:
    """Days between two crimes of one story."""
    chance = random.random()
    if chance < 0.08 and not again:
        return 0.0
    if chance < 0.42:
        return random.expovariate(1 / 7) + 1.0
    if chance < 0.68:
        return 10 + random.random() * 50
    return random.random() * 300 + 1.0


def make_co_event(event: Event, victim: Person) -> Event:
    """The same event as it struck another person: one call to police, one crime for each."""
    return replace(event, victim=victim)


def day_text(moment: datetime | date) -> str:
    """The day alone, ISO 8601."""
    return moment.isoformat()[:10]


def _lag(random: Random, kind: Kind) -> timedelta:
    chance = random.random()
    if kind.is_sexual:
        if chance < 0.4:
            return timedelta(days=random.expovariate(1 / 2.0))
        if chance < 0.72:
            return timedelta(days=random.expovariate(1 / 40.0))
        return timedelta(days=200 + random.random() * 3000)
    if chance < 0.62:
        return timedelta(hours=random.expovariate(1 / 3.0))
    if chance < 0.86:
        return timedelta(days=random.expovariate(1 / 1.5))
    return timedelta(days=random.expovariate(1 / (20.0 if chance < 0.97 else 150.0)))


def _where(random: Random, kind: Kind, home: Household) -> tuple[Town, str, str]:
    if random.random() < (0.92 if kind.at_home else 0.6 if kind.is_household else 0.3):
        return home.town, home.postcode, home.street
    return home.town, pick_postcode(random, home.town), pick_street(random)
