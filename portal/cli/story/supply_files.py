"""The files that the story's forces send: their habits, their rows, and the traps in each file.

The traps are those of real extracts: several rows for one crime, words where a date belongs, what
Excel does to references, formula cells, offence codes that are not in the list, N100 rows.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from portal.cli.story.invented import person, place
from portal.cli.story.plans import REFERENCE_STARTS, PlannedRecord
from portal.clock import to_london
from portal.police.feed import COLUMNS
from portal.police.service import Declaration

Row = dict[str, str]
_BYTE_ORDER_MARK = "\ufeff"
_BEFORE_DAILY = 14
_TRAPS_EVERY = timedelta(days=5)


@dataclass(frozen=True)
class Delivery:
    """One file of a force: when it comes, and what it covers."""

    force: str
    at: datetime
    covers_from: datetime
    covers_to: datetime
    is_full: bool


def deliveries(start: datetime, end: datetime) -> list[Delivery]:
    """Every file of the four weeks from `start` to `end`, in the order in which they come.

    Wiltshire sends two weeks in full, first every other morning and then every one; Avon and
    Somerset sends what changed every third day; Dorset sent three weeks in full about once a
    week, and then stopped.
    """
    made = [
        Delivery(force, start, start - timedelta(days=21), start - timedelta(hours=1), True)
        for force in REFERENCE_STARTS
    ]
    made += _wiltshire(start, end)
    made += _avon(start, end)
    made += [
        Delivery("dorset", at, at - timedelta(days=21), at - timedelta(hours=3), True)
        for at in (start + timedelta(days=days, hours=5) for days in (5, 11, 17))
    ]
    return sorted(made, key=lambda one: (one.at, one.force))


def _wiltshire(start: datetime, end: datetime) -> Iterator[Delivery]:
    for day in (*range(0, _BEFORE_DAILY, 2), *range(_BEFORE_DAILY, (end - start).days + 1)):
        at = (start + timedelta(days=day)).replace(hour=6, minute=40, second=0, microsecond=0)
        if start < at <= end:
            to = at - timedelta(minutes=30)
            yield Delivery("wiltshire", at, to - timedelta(days=14), to, True)


def _avon(start: datetime, end: datetime) -> Iterator[Delivery]:
    covered = start - timedelta(hours=1)
    at = start + timedelta(days=3, hours=2)
    while at <= end:
        yield Delivery("avon-and-somerset", at, covered, at - timedelta(hours=1), False)
        covered, at = at - timedelta(hours=1), at + timedelta(days=3)


def write_file(
    delivery: Delivery, records: Sequence[PlannedRecord], *, seed: int
) -> tuple[bytes, Declaration]:
    """The bytes of a delivery's file and what the force declares of it."""
    rows = [
        row for record in records if _is_in(record, delivery) for row in _rows(record, delivery)
    ]
    for at in _trap_times(delivery):
        rows += trap_rows(delivery.force, at, Random(f"{seed}/{delivery.force}/{at}"))  # noqa: S311
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    declared = Declaration(
        delivery.covers_from, delivery.covers_to, delivery.is_full, rows=len(rows)
    )
    return (_BYTE_ORDER_MARK + text.getvalue()).encode(), declared


def _is_in(record: PlannedRecord, delivery: Delivery) -> bool:
    if record.force != delivery.force:
        return False
    held = record.is_held if delivery.is_full else record.is_news
    return held(delivery.covers_from, delivery.covers_to)


def _rows(record: PlannedRecord, delivery: Delivery) -> list[Row]:
    """The record as it stands at the end of the period, one row for each victim."""
    row = {
        "force": record.force,
        "crime_reference": record.reference,
        "incident_number": record.incident_number,
        "recorded_at": _written(record.recorded),
        "reported_at": _written(record.reported),
        "occurred_from": _written(record.occurred_from),
        "occurred_to": _written(record.occurred_to),
        "offence_code": record.offence,
        "postcode": record.place.postcode,
        "place": record.place.words,
    }
    for change in record.changes:
        if change.at < delivery.covers_to:
            row |= {"offence_code": change.offence} if change.offence else {}
            row |= {"removal_code": change.removal} if change.removal else {}
            if change.outcome:
                row |= {"outcome_type": change.outcome, "outcome_date": _written(change.at)}
    return [row | _named(victim.name, victim.born.isoformat()) for victim in record.victims] or [
        row
    ]


def _named(name: str, born: str) -> Row:
    return {"victim_name": name, "victim_date_of_birth": born}


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _trap_times(delivery: Delivery) -> list[datetime]:
    """When the odd rows of a file were recorded: every fifth day, and once at least."""
    if not delivery.is_full:
        return [delivery.covers_to - timedelta(hours=5)]
    first = delivery.covers_from.replace(hour=14, minute=0, second=0, microsecond=0)
    # Counted from a fixed day, so that one file holds the same odd rows as the next.
    first += timedelta(days=-first.toordinal() % _TRAPS_EVERY.days)
    first += timedelta() if first >= delivery.covers_from else _TRAPS_EVERY
    times = []
    while first < delivery.covers_to:
        times.append(first)
        first += _TRAPS_EVERY
    return times


def trap_rows(force: str, at: datetime, rng: Random) -> list[Row]:
    """Rows as real extracts have them, recorded around `at`. Two are refused, the rest is taken."""
    start = f"{REFERENCE_STARTS[force]}{to_london(at):%y}"
    serials = iter(rng.sample(range(8_000_000, 9_000_000), 12))

    def plain(**cells: str) -> Row:
        return {
            "force": force,
            "crime_reference": f"{start}{next(serials)}",
            "recorded_at": _written(at),
            "reported_at": _written(at - timedelta(hours=3)),
            "occurred_from": _written(at - timedelta(hours=9)),
            "occurred_to": _written(at - timedelta(hours=8)),
            "offence_code": "49",
            "place": place(rng, force).words,
        } | cells

    several = plain(offence_code="8N")
    victims = [_named(one.name, one.born.isoformat()) for one in (person(rng), person(rng))]
    wrapped = plain()
    wrapped["crime_reference"] = f'="{wrapped["crime_reference"]}"'
    return [
        # One row for each victim, and one for a suspect, who is not named.
        *(several | victim for victim in victims),
        several,
        plain(incident_number="No incident linked", reported_at="No incident linked"),
        plain(outcome_date="CANCELLED", removal_code="C4"),
        plain(occurred_from=_written(at - timedelta(hours=2)), occurred_to=_written(at)),
        plain(offence_code="8T"),
        plain(offence_code="N100/2"),
        plain(recorded_at=f"{to_london(at):%d/%m/%Y}", reported_at=""),
        wrapped,
        plain() | {"crime_reference": "5.42E+10"},
        plain(place='=HYPERLINK("example.invalid","map")'),
    ]
