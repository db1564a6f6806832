"""The product's own model on the generated rows: candidates, scores, assignment, states."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from portal.clock import LONDON
from portal.matching.assignment import Wish, assign, merge_duplicates, rivals
from portal.matching.blocking import Key, is_within, record_keys, report_keys
from portal.matching.columns import Columns
from portal.matching.levels import Levels, compare
from portal.matching.model import Model
from portal.matching.settling import (
    Kept,
    chance_of_none,
    has_other_number,
    is_duplicate,
    is_worth_keeping,
    rank,
)
from portal.matching.sides import (
    RecordSide,
    ReportSide,
    person_side,
    place_side,
    record_side,
    report_side,
)
from portal.matching.times import is_before_it
from portal.matching.weighing import Scored, kind_of, state_among
from portal.reference.categories import find_category
from tests.benchmarks.matching.rows import RawRecord, RawReport


class _Days(dict[str, int]):
    def __missing__(self, text: str) -> int:
        self[text] = date.fromisoformat(text).toordinal() if text else 0
        return self[text]


_DAYS = _Days()


@dataclass(frozen=True)
class Found:
    """Reports with their candidates, by the number of the report and the row of the record."""

    sides: Mapping[int, ReportSide]
    records: Mapping[int, RecordSide]
    candidates: Mapping[int, frozenset[int]]


@dataclass(frozen=True)
class Settled:
    """What came out for each report: its state, the rows that it was given, and its scores."""

    states: Mapping[int, str]
    links: Mapping[int, tuple[int, ...]]
    scored: Mapping[int, Scored]


def side_of_report(report: RawReport) -> ReportSide:
    """A generated report as the model sees it."""
    born = report.birth_year
    if report.birth_day:
        born = f"{report.birth_year}-{report.birth_month}-{report.birth_day}"
    return report_side(
        references=report.references,
        incident_numbers=report.incident_numbers,
        force_id=report.force_id,
        occurred=_days(report.occurred_from, report.occurred_to),
        began=_moment(report.occurred_from) if "T" in report.occurred_from else None,
        told=_days(report.told_from, report.told_to),
        offence_codes=_codes(report.category),
        place=place_side(report.postcode, report.town),
        victim=person_side(
            name=report.name,
            birth_date=born,
            telephones=[report.telephone],
            emails=[report.email],
        ),
        is_handed_over=report.is_handover,
    )


def side_of_record(record: RawRecord) -> RecordSide:
    """A generated record as the model sees it."""
    victim = person_side(
        name=record.victim_name,
        birth_date=record.birth_date,
        telephones=[record.telephone],
        emails=[record.email],
    )
    is_known = victim.is_named or victim.birth_date or victim.telephones or victim.emails
    return record_side(
        references=[record.crime_reference],
        incident_numbers=[record.incident_number],
        force_id=record.force_id,
        occurred=_moments(record.occurred_from, record.occurred_to),
        received=_moment(record.reported_at),
        recorded=_moment(record.recorded_at),
        offence_code=record.offence_code,
        place=place_side(record.postcode, record.town),
        victims=[victim] if is_known else [],
        is_incident=record.removal.startswith("N100"),
        is_removed=bool(record.removal),
    )


def columns_of(records: Sequence[RawRecord]) -> Columns:
    """Generated records, one or more, as a full run opens them: in columns."""
    columns = zip(*records, strict=True)
    told: dict[str, Any] = dict(zip(RawRecord._fields, columns, strict=True))
    ends = zip(told["occurred_from"], told["occurred_to"], strict=True)
    return Columns(
        record=told["row"],
        force_id=told["force_id"],
        offence_code=told["offence_code"],
        first_day=[_DAYS[one[:10]] for one in told["occurred_from"]],
        last_day=[_DAYS[(until or since)[:10]] for since, until in ends],
        received=[_DAYS[one[:10]] for one in told["reported_at"]],
        recorded=[_DAYS[one[:10]] for one in told["recorded_at"]],
        postcode=told["postcode"],
        place=told["town"],
        name=told["victim_name"],
        birth_date=told["birth_date"],
        telephone=told["telephone"],
        email=told["email"],
        reference=told["crime_reference"],
        incident_number=told["incident_number"],
    )


def find(reports: Iterable[RawReport], records: Iterable[RawRecord], model: Model) -> Found:
    """Every candidate of every report; records stream by and only candidates are kept."""
    sides = {one.number: side_of_report(one) for one in reports}
    wanted: dict[Key, list[int]] = defaultdict(list)
    for number, side in sides.items():
        for key in report_keys(side):
            wanted[key].append(number)
    found: dict[int, set[int]] = {number: set() for number in sides}
    kept: dict[int, RecordSide] = {}
    for record in records:
        side = side_of_record(record)
        for key in record_keys(side):
            for number in wanted.get(key, ()):
                if record.row not in found[number] and is_within(
                    sides[number], side, key.rule, model
                ):
                    found[number].add(record.row)
                    kept[record.row] = side
    return Found(sides, kept, {number: frozenset(rows) for number, rows in found.items()})


def settle(found: Found, model: Model) -> Settled:
    """Score every report, merge duplicates, give each record to one victim; losers see a person."""
    scored = {
        number: score(side, {row: found.records[row] for row in found.candidates[number]}, model)
        for number, side in found.sides.items()
    }
    return share(scored, found.sides, model)


def score(side: ReportSide, records: Mapping[int, RecordSide], model: Model) -> Scored:
    """What the product makes of a report and its candidates, which it ranks by what it keeps."""
    compared = {row: compare(side, record, model) for row, record in records.items()}
    return score_kept(side, records, compared, model)


def score_kept(
    side: ReportSide,
    records: Mapping[int, RecordSide],
    compared: Mapping[int, Levels],
    model: Model,
) -> Scored:
    """As `score`, from levels that are known."""
    kept = [
        Kept(
            *(row, levels, _event(records[row])),
            is_incident=records[row].is_incident,
            is_removed=records[row].is_removed,
            is_early=is_before_it(side, records[row]),
        )
        for row, levels in compared.items()
        if is_worth_keeping(levels, model, kind=kind_of(side))
    ]
    ranked = tuple(rank(side, kept, model))
    state = state_among(ranked, side, records)
    return Scored(ranked, chance_of_none(ranked, kept), state, model.version)


def _event(record: RecordSide) -> bytes | None:
    return repr((record.force_id, record.moments)).encode() if record.moments else None


def share(scored: Mapping[int, Scored], sides: Mapping[int, ReportSide], model: Model) -> Settled:
    """Give each record to one victim, and see what becomes of each report.

    A removed record that is surely the report's counts as found, as it does in the product, where
    it raises `cancelled` and nobody is asked.
    """
    links: dict[int, list[int]] = defaultdict(list)
    wishes = {
        (number, one.record_id): Wish(
            number, one.record_id, one.log_odds, has_other_number(one.levels)
        )
        for number, result in scored.items()
        for one in result.candidates
        if one.zone == "automatic"
    }
    gone = {
        (number, one.record_id)
        for number, result in scored.items()
        for one in result.candidates
        if "removed" in one.gates
    }
    merged = _merged(wishes.values(), sides, model)
    for is_gone in (False, True):
        some = [wish for pair, wish in wishes.items() if (pair in gone) == is_gone]
        for wish in assign(some, merged).given:
            links[int(str(wish.report))].append(int(str(wish.claim)))
    states = {
        number: "review" if result.state == "automatic" and number not in links else result.state
        for number, result in scored.items()
    }
    return Settled(states, {number: tuple(rows) for number, rows in links.items()}, scored)


def _merged(
    wishes: Iterable[Wish], sides: Mapping[int, ReportSide], model: Model
) -> dict[Hashable, Hashable]:
    """Duplicate reports of one person about one event, among those that want one record."""

    def are_one(one: object, other: object) -> bool:
        return is_duplicate(sides[int(str(one))], sides[int(str(other))], model)

    return merge_duplicates(rivals(wishes), are_one)


def name_lists(records: Iterable[RawRecord]) -> Iterator[tuple[str, str]]:
    """Forename and surname of each named victim, for frequencies."""
    for record in records:
        side = side_of_record(record)
        for victim in side.victims:
            yield str(victim.forenames[0]) if victim.forenames else "", str(victim.surname)


@cache
def _codes(category: str) -> tuple[str, ...]:
    known = find_category(category)
    return tuple(known.codes) if known else ()


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON) if text else None


def _moments(since: str, until: str) -> tuple[datetime, datetime] | None:
    """To the minute, as the product reads a force's export: crimes of one incident share them."""
    first, last = _moment(since), _moment(until or since)
    return (first, last) if first and last else None


def _days(since: str, until: str) -> tuple[date, date] | None:
    if not since:
        return None
    return date.fromisoformat(since[:10]), date.fromisoformat((until or since)[:10])
