"""What a victim types into a report: half of it missing, some of it wrong."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from tests.benchmarks.matching.events import Event, day_text
from tests.benchmarks.matching.naming import (
    has_short_form,
    other_spelling,
    short_form,
    slip,
    slip_of_digits,
    without_marks,
)
from tests.benchmarks.matching.offending import pick_category
from tests.benchmarks.matching.people import Person
from tests.benchmarks.matching.places import Region
from tests.benchmarks.matching.rates import Rates
from tests.benchmarks.matching.rows import RawReport

_DATE_SLIPS = (-1, 1, -1, 1, -2, 2, -7, 7, -3, 3, -30, 31, -14)
_TOLD_SLIPS = (-1, 1, -1, 1, -2, 2, -3, -7, 4)
_WIDTHS = (2, 3, 3, 7, 7, 14, 31, 31, 92)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers somebody was given: of the crime and of the call; "" for none."""

    crime: str = ""
    call: str = ""


def type_report(
    random: Random,
    number: int,
    event: Event,
    *,
    region: Region,
    rates: Rates,
    given: Numbers,
    misreads_force: bool,
) -> RawReport:
    """The report of an event, typed by its victim (or by one of the household)."""
    chance, victim = random.random, event.victim
    since, until = _occurred(random, event, rates)
    handover = chance() < rates.handover
    told_from, told_to = _told(random, event, rates, exact=handover)
    filed = event.told if handover else event.told + _filing_lag(random)
    day, month, year = _birth(random, victim, rates)
    references, calls = _numbers(random, given, rates)
    return RawReport(
        number=number,
        name="" if chance() < rates.no_name else typed_name(random, victim, rates),
        birth_day=day,
        birth_month=month,
        birth_year=year,
        telephone="" if chance() < rates.no_telephone else _telephone(random, event, rates),
        email="" if chance() < rates.no_email else _email(random, victim, rates),
        postcode="" if chance() < rates.no_postcode else _postcode(random, event, rates),
        town="" if chance() < rates.no_town else event.town.name,
        occurred_from=since,
        occurred_to=until,
        told_from=told_from,
        told_to=told_to,
        filed_at=filed.isoformat(timespec="minutes"),
        category=pick_category(
            random, event.kind, is_child=victim.age < 17, misread=rates.slip_category
        ),
        references=references,
        incident_numbers=calls,
        force_id=_force(random, event, region, rates, misreads_force),
        is_handover=handover,
    )


def typed_name(random: Random, person: Person, rates: Rates) -> str:
    """The name as its bearer types it: short, misspelt, old, turned round, or in part."""
    chance = random.random
    first, last = person.forename, person.surname
    if person.former_surname and chance() < rates.slip_changed_surname:
        shape = chance()
        last = person.former_surname if shape < 0.7 else f"{person.former_surname}-{last}"
    if has_short_form(first) and chance() < rates.short_form:
        first = short_form(random, first)
    if chance() < rates.slip_spelling / 2:
        first = other_spelling(random, first)
    if chance() < 0.45:
        first, last = without_marks(first), without_marks(last)
    if chance() < rates.slip_name:
        if chance() < 0.5:
            first = slip(random, first)
        else:
            last = slip(random, last)
    return _written(random, first, last, person.middle, rates)


def _written(random: Random, first: str, last: str, middle: str, rates: Rates) -> str:
    shape = random.random()
    if shape < rates.only_forename:
        return first.title()
    if shape < rates.only_forename + rates.slip_swapped:
        return f"{last.title()} {first.title()}"
    if shape < rates.only_forename + rates.slip_swapped + 0.015:
        return f"{first[0].upper()} {last.title()}"
    if middle and random.random() < 0.12:
        first = f"{first} {middle}"
    plain = f"{first} {last}"
    return plain if random.random() < 0.12 else plain.title()


def _birth(random: Random, person: Person, rates: Rates) -> tuple[str, str, str]:
    if random.random() < rates.no_birth_date:
        return "", "", ""
    born = person.born
    if random.random() < rates.only_birth_year:
        return "", "", str(born.year)
    day, month, year = born.day, born.month, born.year
    if random.random() < rates.slip_birth_date:
        shape = random.random()
        if shape < 0.3 and day <= 12:
            day, month = month, day
        elif shape < 0.6:
            year += random.choice((-1, 1, -10, 10))
        elif shape < 0.9:
            day = 1 + int(random.random() * 28)
        else:
            # The day of filling in, as when a form is filled in without reading.
            year = 2025
    return str(day), str(month), str(year)


def _telephone(random: Random, event: Event, rates: Rates) -> str:
    number = event.victim.mobile
    chance = random.random()
    if chance < rates.slip_other_telephone:
        number = f"07{int(random.random() * 1e9):09d}"
    elif event.home.landline and chance < rates.slip_other_telephone + 0.07:
        number = event.home.landline
    elif chance < rates.slip_other_telephone + 0.1:
        number = event.home.members[0].mobile
    if random.random() < rates.slip_telephone:
        number = slip_of_digits(random, number)
    shape = random.random()
    if shape < 0.12:
        return "+44 " + number[1:5] + " " + number[5:]
    if shape < 0.45:
        return f"{number[:5]} {number[5:8]} {number[8:]}"
    return number


def _email(random: Random, person: Person, rates: Rates) -> str:
    address = person.email
    if random.random() < rates.slip_other_email:
        address = f"{without_marks(person.forename)}{int(random.random() * 1e6)}@mail.example"
    if random.random() < rates.slip_email:
        local, _, host = address.partition("@")
        address = f"{slip(random, local)}@{host}"
    return address if random.random() < 0.85 else address.capitalize()


def _postcode(random: Random, event: Event, rates: Rates) -> str:
    code = event.postcode
    if not event.is_at_home:
        if random.random() < rates.slip_home_postcode:
            code = event.home.postcode
        elif random.random() < 0.35:
            return code.split()[0]
    if random.random() < rates.slip_postcode:
        outward, _, inward = code.partition(" ")
        code = f"{outward} {slip(random, inward).upper()}"
    shape = random.random()
    return code.replace(" ", "") if shape < 0.3 else code.lower() if shape < 0.4 else code


def _occurred(random: Random, event: Event, rates: Rates) -> tuple[str, str]:
    if random.random() < rates.no_date:
        return "", ""
    since, until = event.since, event.until
    if random.random() < rates.slip_date:
        days = _DATE_SLIPS[int(random.random() * len(_DATE_SLIPS))]
        moved = timedelta(days=days)
        since, until = since + moved, min(until + moved, max(until, event.told))
        since = min(since, until)
    elif since != until and random.random() < 0.3:
        since = until
    if random.random() < rates.approximate or event.told - until > timedelta(300):
        width = _WIDTHS[int(random.random() * len(_WIDTHS))]
        if event.told - until > timedelta(300):
            width = max(width, 31)
        before = int(random.random() * width)
        since -= timedelta(days=before)
        until = min(until + timedelta(days=width - before), max(until, event.told))
    return day_text(since), day_text(until)


def _told(random: Random, event: Event, rates: Rates, *, exact: bool) -> tuple[str, str]:
    told = event.told
    if not exact and random.random() < rates.slip_told:
        told += timedelta(days=_TOLD_SLIPS[int(random.random() * len(_TOLD_SLIPS))])
    if not exact and random.random() < 0.12:
        return day_text(told - timedelta(days=3)), day_text(told + timedelta(days=3))
    return day_text(told), day_text(told)


def _filing_lag(random: Random) -> timedelta:
    chance = random.random()
    if chance < 0.5:
        return timedelta(days=random.expovariate(1 / 2.0))
    if chance < 0.8:
        return timedelta(days=random.expovariate(1 / 14.0))
    return timedelta(days=random.expovariate(1 / 80.0))


def _force(random: Random, event: Event, region: Region, rates: Rates, misreads: bool) -> str:
    if misreads:
        others = [one for one in region.force_ids if one != event.force_id]
        return others[int(random.random() * len(others))] if others else event.force_id
    return "" if random.random() < rates.no_force else event.force_id


def _numbers(
    random: Random, given: Numbers, rates: Rates
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands in the box for the crime reference and in that for the incident number."""
    chance = random.random
    crime = type_number(random, given.crime, rates) if given.crime else ""
    call = type_number(random, given.call, rates) if given.call else ""
    if chance() < rates.slip_wrong_box:
        crime, call = call, crime
    return (crime,) if crime else (), (call,) if call else ()


def type_number(random: Random, text: str, rates: Rates) -> str:
    """A number as typed, in one of six ways, and sometimes with a slip."""
    chance = random.random
    if chance() < rates.slip_reference:
        # In one of six of these only the digits that seemed to matter were kept.
        if chance() < 0.17:
            return max(text.replace("-", "/").split("/"), key=len)[-5:]
        text = slip_of_digits(random, text)
    shape = chance()
    if shape < 0.55:
        return text
    if shape < 0.67:
        return text.replace("/", "").replace("-", "")
    if shape < 0.78:
        return text.replace("/", " ").replace("-", " ")
    if shape < 0.87:
        return f"Crime ref no. {text}" if chance() < 0.6 else f"ref: {text.lower()}"
    if shape < 0.94:
        return "/".join(part.lstrip("0") or "0" for part in text.split("/"))
    return text[:-2] + "20" + text[-2:] if text[-3] == "/" else text.lower()
