"""All reports beside all records, in memory: nothing missed, nothing spilt, no drowning."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.errors import Refused
from portal.matching.blocking import is_within, record_keys, report_keys
from portal.matching.bulk import Bulk
from portal.matching.levels import compare
from portal.matching.model import load_model
from portal.matching.settling import is_worth_keeping
from portal.matching.shared_tokens import SharedBy, seen_by
from portal.matching.sides import (
    PersonSide,
    RecordSide,
    ReportSide,
    person_side,
    place_side,
    record_side,
    report_side,
    tokenise_person,
)
from portal.matching.tokenise import token_maker
from portal.matching.weighing import kind_of
from portal.sealing import Tokens
from tests.benchmarks.matching.generating import Plan, generate
from tests.benchmarks.matching.ours import columns_of, side_of_record, side_of_report
from tests.benchmarks.matching.rows import RawRecord
from tests.rig import columned

MODEL = load_model()
TOKENS = Tokens(b"k" * 32)
DAY = date(2026, 3, 1)


def bulk_of(reports: dict[int, ReportSide], *, most_found: int = 500) -> Bulk:
    made = Bulk(MODEL, memory_limit="300MB", most_found=most_found)
    made.add_reports(reports)
    return made


def report(name: str = "Alex Fen") -> ReportSide:
    return report_side(
        references=["54/123456/26"],
        force_id="wiltshire",
        occurred=(DAY, DAY),
        told=(DAY, DAY),
        offence_codes=["28E"],
        place=place_side("SN1 1AA", "Swindon"),
        victim=person_side(name=name, birth_date="1990-02-08"),
    )


def record(*people: PersonSide) -> RecordSide:
    return record_side(
        references=["54/123456/26"],
        force_id="wiltshire",
        occurred=(DAY, DAY),
        recorded=DAY,
        offence_code="28E",
        place=place_side("SN1 1AA", "Swindon"),
        victims=people or (person_side(name="Alex Fen", birth_date="1990-02-08"),),
    )


def test_it_keeps_exactly_what_each_pair_by_itself_would_be_kept_for() -> None:
    reports: dict[int, ReportSide] = {}
    records: dict[int, RecordSide] = {}
    raw: dict[int, RawRecord] = {}
    for batch in generate(Plan(records=2_000, reports=200)):
        reports |= {one.number: side_of_report(one) for one in batch.reports}
        raw |= {one.row: one for one in batch.records}
    records |= {number: side_of_record(one) for number, one in raw.items()}
    expected = {}
    theirs = {number: record_keys(side) for number, side in records.items()}
    for one, side in reports.items():
        ours = report_keys(side)
        for other, candidate in records.items():
            shared = ours & theirs[other]
            if any(is_within(side, candidate, key.rule, MODEL) for key in shared):
                levels = compare(side, candidate, MODEL)
                if is_worth_keeping(levels, MODEL, kind=kind_of(side)):
                    expected[one, other] = levels
    numbers = sorted(records)
    parts = [numbers[start : start + 700] for start in range(0, len(numbers), 700)]
    by_side, in_columns = bulk_of(reports), bulk_of(reports)
    found = [
        pair for some in parts for pair in by_side.take_records({one: records[one] for one in some})
    ]
    looked_at: set[int] = set()

    def side(number: int) -> RecordSide:
        looked_at.add(number)
        return records[number]

    also = [
        pair
        for some in parts
        for pair in in_columns.take_columns(columns_of([raw[one] for one in some]), side)
    ]
    assert len(expected) > 150
    assert {(pair.report, pair.record): pair.levels for pair in found} == expected
    assert also == found
    assert in_columns.found == by_side.found
    # Few had to be looked at as a whole.
    assert len(looked_at) < len(records) // 5
    for each in (by_side, in_columns):
        each.close()


@pytest.mark.parametrize(
    "other",
    [
        record(person_side(name="Jo Hill"), person_side(name="Alex Fen", birth_date="1990-02-08")),
        record(tokenise_person(person_side(name="Alex Fen"), TOKENS.token)),
        record(person_side(name="Alex Fen", telephones=["07700900123", "07700900124"])),
        replace(record(), incident_numbers=frozenset({"LOG\x00\ud800"})),
    ],
)
def test_what_no_plain_row_can_hold_is_compared_all_the_same(other: RecordSide) -> None:
    made = bulk_of({7: report()})
    (pair,) = made.take_records({9: other})
    assert (pair.report, pair.record) == (7, 9)
    assert pair.levels == compare(report(), other, MODEL)
    made.close()


def test_a_victim_whom_a_force_told_by_tokens_is_found_by_the_key_that_they_share() -> None:
    secret = b"s" * 32
    told = tokenise_person(
        person_side(name="Alex Fen", birth_date="1990-02-08"), token_maker(secret)
    )
    other = replace(record(told), references=frozenset(), reference_runs=frozenset())
    made = Bulk(MODEL, memory_limit="300MB", shared_keys={"key-1": secret})
    made.add_reports({7: report()})
    shared = SharedBy((secret,))
    (pair,) = made.take_records({9: other}, {9: shared})
    assert pair.levels == compare(seen_by(report(), other, shared, MODEL), other, MODEL)
    assert (pair.levels.surname, pair.levels.birth_date) == ("same-2", "same")
    made.close()


def test_a_supply_in_which_everything_fits_everything_is_worked_through_in_parts() -> None:
    made = bulk_of({number: report() for number in range(30)}, most_found=20)
    found = made.take_records({number: record() for number in range(100)})
    assert made.crowded == set(range(30))
    assert found == []
    assert made.take_records({100: record()}) == []
    made.close()


def test_a_lot_with_too_many_pairs_is_halved_and_gives_the_same() -> None:
    reports = {number: report() for number in range(5)}
    records = {number: record() for number in range(8)}
    whole, parts = bulk_of(reports), Bulk(MODEL, memory_limit="300MB", most_hits=80)
    parts.add_reports(reports)
    assert sorted(parts.take_records(records)) == whole.take_records(records)
    assert parts.found == whole.found == dict.fromkeys(range(5), 8)
    for each in (whole, parts):
        each.close()


@settings(max_examples=40, deadline=None)
@given(
    some.lists(columned.reports, min_size=1, max_size=15),
    some.lists(columned.rows, min_size=1, max_size=15),
)
def test_in_columns_the_same_is_found_and_kept_whatever_people_typed(
    asked: list[ReportSide], told: list[columned.Row]
) -> None:
    reports = dict(enumerate(asked))
    sides = {number: columned.side_of(one) for number, one in enumerate(told)}
    by_side, in_columns = bulk_of(reports), bulk_of(reports)
    found = in_columns.take_columns(columned.columns_of(told), sides.__getitem__)
    assert found == by_side.take_records(sides)
    assert in_columns.found == by_side.found
    for each in (by_side, in_columns):
        each.close()


def test_columns_with_too_many_pairs_are_halved_and_give_the_same() -> None:
    row = ("wiltshire", "28E", (DAY, DAY), 0, 1, "SN1 1AA", "Swindon", "Alex Fen", "1990-02-08")
    told = [(*row, "", "", f"54/12345{number}/26", "") for number in range(8)]
    sides = {number: columned.side_of(one) for number, one in enumerate(told)}
    reports = {number: report() for number in range(5)}
    whole, parts = bulk_of(reports), Bulk(MODEL, memory_limit="300MB", most_hits=80)
    parts.add_reports(reports)
    columns = columned.columns_of(told)
    found = whole.take_columns(columns, sides.__getitem__)
    assert len(found) == 40
    assert parts.take_columns(columns, sides.__getitem__) == found
    for each in (whole, parts):
        each.close()


@pytest.mark.parametrize("limit", ["1MB", "lots"])
def test_a_limit_that_cannot_do_is_refused_in_plain_words(limit: str) -> None:
    with pytest.raises(Refused):
        Bulk(MODEL, memory_limit=limit).add_reports(dict.fromkeys(range(5_000), report()))
