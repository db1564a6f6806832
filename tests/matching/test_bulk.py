"""All reports beside all records, in memory: nothing missed, nothing spilt, no drowning."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from portal.errors import Refused
from portal.matching import bulk
from portal.matching.blocking import is_within, record_keys, report_keys
from portal.matching.bulk import Bulk
from portal.matching.bulk_sql import TABLES
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
from tests.benchmarks.matching.ours import side_of_record, side_of_report

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
    for batch in generate(Plan(records=2_000, reports=200)):
        reports |= {one.number: side_of_report(one) for one in batch.reports}
        records |= {one.row: side_of_record(one) for one in batch.records}
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
    made = bulk_of(reports)
    numbers = sorted(records)
    found = [
        pair
        for start in range(0, len(numbers), 700)
        for pair in made.take_records({one: records[one] for one in numbers[start : start + 700]})
    ]
    made.close()
    assert len(expected) > 150
    assert {(pair.report, pair.record): pair.levels for pair in found} == expected


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
    shared = SharedBy(secret, with_place=False)
    (pair,) = made.take_records({9: other}, {9: shared})
    assert pair.levels == compare(seen_by(report(), shared), other, MODEL)
    assert (pair.levels.surname, pair.levels.birth_date) == ("same-2", "same")
    made.close()


def test_a_supply_in_which_everything_fits_everything_is_worked_through_in_parts() -> None:
    made = bulk_of({number: report() for number in range(30)}, most_found=20)
    found = made.take_records({number: record() for number in range(100)})
    assert made.crowded == set(range(30))
    assert len(found) <= 30 * 100
    assert made.take_records({100: record()}) == []
    made.close()


def test_a_lot_with_too_many_pairs_is_halved_and_gives_the_same() -> None:
    reports = {number: report() for number in range(5)}
    records = {number: record() for number in range(8)}
    whole, parts = bulk_of(reports), Bulk(MODEL, memory_limit="300MB", most_pairs=12)
    parts.add_reports(reports)
    assert sorted(parts.take_records(records)) == whole.take_records(records)
    assert parts.found == whole.found == dict.fromkeys(range(5), 8)
    for each in (whole, parts):
        each.close()


def test_nothing_that_was_opened_can_reach_a_disk() -> None:
    duck = bulk.connect("100MB")
    assert duck.execute("SELECT current_setting('temp_directory')").fetchone() == ("",)
    duck.execute("CREATE TABLE names AS SELECT 'Alex Fen' AS name")
    for query in (
        "COPY names TO '/tmp/names.csv'",
        "ATTACH '/tmp/names.db'",
        "SET temp_directory = '/tmp'",
        "SET enable_external_access = true",
    ):
        with pytest.raises(Exception, match=r"(?i)disabled|locked|permission"):
            duck.execute(query)
    duck.close()


@pytest.mark.parametrize("limit", ["1MB", "lots"])
def test_a_limit_that_cannot_do_is_refused_in_plain_words(limit: str) -> None:
    with pytest.raises(Refused):
        Bulk(MODEL, memory_limit=limit).add_reports(dict.fromkeys(range(5_000), report()))


def test_keys_put_in_together_are_the_keys_put_in_one_by_one_and_another_shape_is_refused() -> None:
    found = []
    for rows, spread in (
        ([(1, [5, 6], 3, None, 4), (2, [7], 3, 3, 4)], "token"),
        ([(1, 5, 3, None, 4), (1, 6, 3, None, 4), (2, 7, 3, 3, 4)], ""),
    ):
        duck = bulk.connect("100MB")
        shape = ", ".join(f"{name} {kind}" for name, kind in TABLES["record_keys"].items())
        duck.execute(f"CREATE TABLE record_keys ({shape})")
        bulk.insert(duck, "record_keys", rows, spread=spread)
        found.append(duck.sql("FROM record_keys ORDER BY ALL").fetchall())
        with pytest.raises(duckdb.Error):
            bulk.insert(duck, "record_keys", rows, spread="" if spread else "token")
        duck.close()
    assert found[0] == found[1] == [(1, 5, 3, None, 4), (1, 6, 3, None, 4), (2, 7, 3, 3, 4)]
