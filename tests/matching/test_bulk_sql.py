"""Whatever people typed, the SQL sees every pair as the model does, in DuckDB and by its text."""

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.matching import bulk_sql
from portal.matching.bulk_database import insert
from portal.matching.bulk_rows import Row, record_row, report_row
from portal.matching.levels import Levels, compare
from portal.matching.model import load_model
from portal.matching.posterior import weigh
from portal.matching.settling import is_worth_keeping
from portal.matching.sides import (
    RecordSide,
    ReportSide,
    person_side,
    place_side,
    record_side,
    report_side,
)
from portal.matching.weighing import kind_of

MODEL = load_model()
DAY = date(2026, 3, 1)

_names = some.sampled_from(
    (
        *("", "Alex Fen", "Alexander Fen", "Sandy Fenn", "A Fen", "Fen Alex", "Fen", "Alex"),
        *("Alxe Fen", "Maria Oak-Hill", "Maria Hill", "Jo Maria Hill", "José Hill", "Ø Ǽ"),
        *(
            "Mohammed Ali",
            "Muhamad Aly",
            "محمد علي",
            "Nul\\x00 Name",
            "Sei\\u2028 Jo",
            "\\ud800 Fen",
        ),
    )
)
_births = some.sampled_from(("", "1990", "1990-02-08", "1990-08-02", "1990-02-18", "1990-01-01"))
_phones = some.lists(some.sampled_from(("07700900123", "07700900132", "07700 900 124")), max_size=2)
_mails = some.lists(
    some.sampled_from(("a@example.org", "aa@example.org", "b@b.example")), max_size=1
)
_numbers = some.lists(
    some.sampled_from(
        ("54/123456/26", "54/123465/26", "54/0123456/2026", "99123456", "54260012345", "log 12")
    ),
    max_size=3,
)
_days = some.one_of(
    some.none(),
    some.tuples(some.integers(0, 120), some.sampled_from((0, 1, 5, 20, 50))).map(
        lambda pair: (DAY + timedelta(pair[0]), DAY + timedelta(sum(pair)))
    ),
)
_places = some.builds(
    place_side,
    some.sampled_from(("", "SN1 1AA", "SN1 1AB", "SN1 2AA", "SN1", "BA1 1AA")),
    some.sampled_from(("", "High Street, Swindon", "Bath")),
)
_people = some.builds(
    person_side, name=_names, birth_date=_births, telephones=_phones, emails=_mails
)
_forces = some.sampled_from(("", "wiltshire", "dorset"))
_codes = some.sampled_from(("", "8N", "19C", "28E", "58A", "105A"))
_reports = some.builds(
    report_side,
    references=_numbers,
    incident_numbers=_numbers,
    force_id=_forces,
    occurred=_days,
    told=_days,
    offence_codes=some.frozensets(_codes.filter(bool), max_size=2),
    place=_places,
    victim=_people,
    is_handed_over=some.booleans(),
)
_records = some.builds(
    record_side,
    references=_numbers,
    incident_numbers=_numbers,
    force_id=_forces,
    occurred=_days,
    received=_days.map(lambda pair: pair and pair[0]),
    recorded=_days.map(lambda pair: pair and pair[1]),
    offence_code=_codes,
    place=_places,
    victims=some.lists(_people, max_size=2).map(tuple),
)


def fill(duck: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    columns = bulk_sql.TABLES[table]
    shape = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    duck.execute(f"CREATE TABLE {table} ({shape})")
    insert(duck, table, [[row[name] for name in columns] for row in rows])


def prepared(reports: list[ReportSide], records: list[RecordSide]) -> duckdb.DuckDBPyConnection:
    """Every report beside every record, whether or not they share a key."""
    duck = duckdb.connect(":memory:")
    for macro in bulk_sql.DUCKDB:
        duck.execute(macro)
    sets = [one.offence_codes for one in reports]
    codes = {one.offence_code for one in records}
    rows = [report_row(number, one, number, MODEL) for number, one in enumerate(reports)]
    fill(duck, "reports", rows)
    fill(duck, "records", [record_row(number, one) for number, one in enumerate(records)])
    for table, made in (
        ("offence_levels", bulk_sql.offence_rows(sets, codes, MODEL)),
        ("weights", bulk_sql.weight_rows(MODEL)),
        ("kinds", bulk_sql.kind_rows(MODEL)),
    ):
        fill(duck, table, [dict(zip(bulk_sql.TABLES[table], row, strict=True)) for row in made])
    duck.execute("CREATE TABLE pairs AS SELECT report, record FROM reports, records")
    duck.execute(f"CREATE TABLE levels AS {bulk_sql.levels_sql()}")
    return duck


@settings(max_examples=12, deadline=None)
@given(some.lists(_reports, min_size=1, max_size=20), some.lists(_records, min_size=1, max_size=20))
def test_the_sql_finds_the_levels_and_keeps_the_pairs_that_the_model_does(
    reports: list[ReportSide], records: list[RecordSide]
) -> None:
    duck = prepared(reports, records)
    weighed = duck.sql(bulk_sql.totals_sql()).project("report, record, total").fetchall()
    left = {(one, other): total for one, other, total in weighed}
    columns = ", ".join(("report", "record", "odd", *bulk_sql.FIELDS))
    for one, other, is_odd, *found in duck.table("levels").project(columns).fetchall():
        expected = compare(reports[one], records[other], MODEL)
        kind = kind_of(reports[one])
        if not is_odd:
            assert Levels(*found) == expected
            if (one, other) in left:
                total = weigh(expected, MODEL, kind=kind).total
                assert left[one, other] == pytest.approx(total, abs=1e-9)
        if is_odd or is_worth_keeping(expected, MODEL, kind=kind):
            assert (one, other) in left
    duck.close()
