"""In columns a record has the keys that its side has, and what no column holds is set apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.matching import bulk_database
from portal.matching.blocking import NUMBER_RULES, record_keys, report_keys
from portal.matching.columns import Cleaner, Columns, Wanted, parted
from portal.matching.screening import keys_sql
from portal.matching.sides import ReportSide
from tests.rig.columned import Row, columns_of, fill_lot, reports, rows, side_of


@settings(max_examples=30, deadline=None)
@given(some.lists(rows, min_size=1, max_size=30), some.lists(reports, max_size=10))
def test_a_record_in_columns_has_the_very_keys_that_its_side_has(
    told: list[Row], asked: list[ReportSide]
) -> None:
    plain, odd = parted(columns_of(told))
    assert sorted((*plain.record, *odd)) == list(range(len(told)))
    if not plain.record:
        return
    ours = {key for one in asked for key in report_keys(one)}
    duck = bulk_database.connect("100MB")
    lot = fill_lot(duck, plain, asked)
    duck.execute("CREATE TABLE number_keys (record BIGINT, key VARCHAR)")
    if lot.number_keys:
        duck.executemany("INSERT INTO number_keys VALUES (?, ?)", lot.number_keys)
    found: dict[int, set[str]] = {one: set() for one in plain.record}
    for record, key in duck.sql(keys_sql()).project("record, key").fetchall():
        found[record].add(key)
    duck.close()
    for record in plain.record:
        for rule, value in record_keys(side_of(told[record])):
            key = f"{rule}|{value}"
            if rule in NUMBER_RULES:
                # Only where a report may have it too are numbers looked at.
                assert key in found[record] or (rule, value) not in ours
            elif value.strip("|"):
                assert key in found[record]
            found[record].discard(key)
    assert not any(found.values())


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("reference", "54/123456/2026"),
        ("reference", "54/123456/26\n"),
        ("reference", "５４/123456/26"),
        ("reference", "1" * 201),
        ("incident_number", "LOG\x00"),
        ("email", "a@b.example\x00"),
        ("email", "\ud800@b.example"),
        ("offence_code", "28\u202e"),
    ],
)
def test_a_record_that_no_column_holds_is_set_apart_and_those_beside_it_are_not(
    column: str, text: str
) -> None:
    one = ("wiltshire", "28E", None, 0, 1, "SN1 1AA", "Swindon", "Alex Fen", "", "", "", "1/26", "")
    columns = columns_of([one, one, one])._replace(**{column: ["", text, ""]})
    plain, odd = parted(columns)
    assert (list(plain.record), list(odd)) == ([0, 2], [1])
    assert list(getattr(plain, column)) == ["", ""]


def test_columns_without_a_record_are_columns() -> None:
    nothing = Columns(*([],) * len(Columns._fields))
    assert parted(nothing) == (nothing, ())


def test_nothing_that_was_looked_at_is_remembered_when_it_is_forgotten() -> None:
    cleaner = Cleaner()
    one = ("wiltshire", "28E", None, 0, 1, "SN1 1AA", "Swindon", "Alex Fen", "", "", "", "1/26", "")
    cleaner.clean(columns_of([one]), Wanted())
    assert cleaner.remembers() == 2
    cleaner.forget()
    assert cleaner.remembers() == 0
