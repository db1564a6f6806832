"""What a full run leaves out without a closer look could never have been worth keeping."""

from dataclasses import replace
from itertools import product

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.matching import bulk_database, screening
from portal.matching.blocking import BY_FIGURES, NUMBER_RULES, record_keys, report_keys
from portal.matching.bulk_finding import turned
from portal.matching.bulk_rows import is_odd
from portal.matching.columns import Columns, parted
from portal.matching.levels import TO_SPARE, Levels, compare
from portal.matching.model import LEVELS, Model, load_model
from portal.matching.numbers import MISSING
from portal.matching.posterior import weigh
from portal.matching.settling import is_worth_keeping, least_kept
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.weighing import kind_of
from tests.rig.columned import Row, columns_of, fill_lot, nearly, reports, rows, side_of
from tests.rig.pairs import DAY, person, report

MODEL = load_model()
_OFFENCES = {"offences": "int64", "code": "object", "class": "int64", "is_less": "bool"}
_SHARED = {"report": "int64", "record": "int64", "by_figures": "bool"}


def left_of(asked: list[ReportSide], told: list[Row], model: Model) -> set[tuple[int, int]]:
    """What is left of every report beside every record, whether or not they share a key."""
    plain, odd = parted(columns_of(told))
    left = {(one, other) for one in range(len(asked)) for other in odd}
    if plain.record:
        duck = prepared(asked, told, plain, model)
        found = duck.execute(screening.screen_sql(model)).fetchall()
        left.update((one, other) for one, other, _ in found)
        duck.close()
    return left


def prepared(
    asked: list[ReportSide], told: list[Row], plain: Columns, model: Model
) -> DuckDBPyConnection:
    """Every report beside every record that columns hold, ready to be screened."""
    sets = {one.offence_codes: number for number, one in enumerate(asked)}
    sought = [
        screening.sought_row(number, one, sets[one.offence_codes], model)
        for number, one in enumerate(asked)
    ]
    offences = list(screening.offence_rows(sets, {*plain.offence_code}, model))
    shared = []
    for (one, side), other in product(enumerate(asked), plain.record):
        both = report_keys(side) & record_keys(side_of(told[other]))
        if rules := {key.rule for key in both if key.rule in NUMBER_RULES}:
            shared.append((one, other, rules == {BY_FIGURES}))
    duck = bulk_database.connect("100MB")
    fill_lot(duck, plain, asked)
    for name, values, kinds in (
        ("sought", sought, screening.SOUGHT_COLUMNS),
        ("offence_classes", offences, _OFFENCES),
        ("shared", shared, _SHARED),
    ):
        made = f"CREATE TABLE {name} AS FROM given"
        bulk_database.fill(duck, made, turned(values, kinds), kinds)
    duck.execute("CREATE TABLE pairs AS SELECT report, record FROM sought, lot")
    return duck


@pytest.mark.parametrize("version", ["four-class-1", "four-class-3", "four-class-5"])
@settings(max_examples=40, deadline=None)
@given(
    asked=some.lists(reports, min_size=1, max_size=12),
    told=some.lists(rows, min_size=1, max_size=12),
    kept_below=some.floats(0, 80),
)
def test_no_pair_that_is_worth_keeping_is_left_out_whatever_people_typed(
    version: str, asked: list[ReportSide], told: list[Row], kept_below: float
) -> None:
    # Wherever the limit lies: so that many pairs lie near it.
    model = load_model(version)
    model = replace(model, bounds=replace(model.bounds, kept_below=kept_below))
    left = left_of(asked, told, model)
    for (one, side), (other, row) in product(enumerate(asked), enumerate(told)):
        levels = compare(side, side_of(row), model)
        if is_worth_keeping(levels, model, kind=kind_of(side)):
            assert (one, other) in left, levels


@pytest.mark.parametrize("version", ["four-class-1", "four-class-3", "four-class-5"])
@settings(max_examples=60, deadline=None)
@given(told=some.lists(rows, min_size=1, max_size=16), data=some.data())
def test_each_level_is_in_the_class_that_was_told_and_no_pair_weighs_more_than_was_told(
    version: str, told: list[Row], data: some.DataObject
) -> None:
    model = load_model(version)
    model = replace(model, bounds=replace(model.bounds, kept_below=1000.0))
    asked = data.draw(some.lists(some.one_of(reports, nearly(told)), min_size=1, max_size=16))
    plain, _ = parted(columns_of(told))
    if not plain.record:
        return
    duck = prepared(asked, told, plain, model)
    found = duck.execute(screening.screen_sql(model, with_classes=True)).fetchall()
    names = [one[0] for one in duck.description]
    duck.close()
    assert len(found) == len(asked) * len(plain.record)
    for values in found:
        row = dict(zip(names, values, strict=True))
        side, other = asked[row["report"]], side_of(told[row["record"]])
        levels, kind = compare(side, other, model), kind_of(side)
        if is_odd(side, (side.victim,), side.place):
            continue
        assert weigh(levels, model, kind=kind).total - least_kept(model, kind=kind) <= (
            row["most"] + TO_SPARE
        ), levels
        for field, classes in screening.CLASSES.items():
            level = getattr(levels, field)
            column = "happened" if field == "when" else field
            if column not in row or (field == "force" and level == MISSING):
                continue
            if field in ("forename", "surname") and is_turned(levels, side, other):
                continue
            assert level in [*classes.values()][row[column] - 1], (field, levels)


def is_turned(levels: Levels, side: ReportSide, other: RecordSide) -> bool:
    """Whether names stand for one another: no class says so, but what both weigh together."""
    theirs = other.victims[0].forenames
    both = bool(side.victim.forenames) and bool(theirs)
    return levels.forename == "swapped" or (levels.forename == MISSING and both)


def test_a_stranger_of_the_town_is_left_out_and_the_same_person_is_not() -> None:
    asked = [report()]
    home = ("wiltshire", "28E", (DAY, DAY), 0, 1, "SN1 1AA", "Swindon")
    ann = (*home, "Ann Example", "1990-02-28", "", "", "54240099999", "")
    strange = ("SN2 2AA", "Swindon", "Bo Fisk", "1971-05-05", "", "", "54240088888", "")
    bo = ("wiltshire", "39", (DAY, DAY), 0, 1, *strange)
    assert left_of(asked, [ann, bo], MODEL) == {(0, 0)}


def test_a_report_that_no_row_can_hold_is_left_with_all_its_pairs() -> None:
    two = person(telephones=["07700 900123", "07700 900124"])
    row = ("kent", "39", None, 0, 1, "", "Bath", "Bo Fisk", "1971-05-05", "", "", "1/26", "")
    assert left_of([report(victim=two)], [row], MODEL) == {(0, 0)}


def test_every_level_that_a_field_can_have_is_in_a_class() -> None:
    for field, classes in screening.CLASSES.items():
        assert {one for levels in classes.values() for one in levels} >= {*LEVELS[field]}
    assert screening.number_of("force", "same") == 1
