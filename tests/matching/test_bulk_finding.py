"""Candidates of a full run are those of the other way, and a crowd is set aside."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as some

from portal.matching.blocking import is_within, record_keys, report_keys
from portal.matching.bulk_database import connect
from portal.matching.bulk_finding import Finder
from portal.matching.model import load_model
from portal.matching.sides import RecordSide, ReportSide, person_side, place_side
from tests.rig import columned
from tests.rig.pairs import record, report

MODEL = load_model()


@settings(max_examples=30, deadline=None)
@given(
    some.lists(columned.reports, min_size=1, max_size=10),
    some.lists(columned.rows.map(columned.side_of), min_size=1, max_size=10),
)
def test_a_pair_is_found_when_it_shares_a_key_within_its_days(
    asked: list[ReportSide], told: list[RecordSide]
) -> None:
    duck = connect("100MB")
    finder = Finder(duck, most_found=500, most_hits=10**6)
    finder.add_reports(dict(enumerate(asked)), MODEL, {})
    assert finder.take_records(dict(enumerate(told)))
    found = set(duck.sql("FROM pairs").fetchall())
    duck.close()
    expected = {
        (one, other)
        for one, side in enumerate(asked)
        for other, candidate in enumerate(told)
        if any(
            key.value.strip("|") and is_within(side, candidate, key.rule, MODEL)
            for key in report_keys(side) & record_keys(candidate)
        )
    }
    assert found == expected
    assert finder.found.total() == len(expected)


def test_two_keys_that_differ_in_two_figures_are_two() -> None:
    # DuckDB has one hash for "yate|29A|739474" and "yate|20A|739473".
    day = date.fromordinal(739473)
    duck = connect("100MB")
    finder = Finder(duck, most_found=500, most_hits=10**6)
    yate = {"force_id": "", "references": [], "place": place_side("", "Yate")}
    told = report(offence_codes=["29A"], occurred=(day, day), victim=person_side(), **yate)
    finder.add_reports({1: told}, MODEL, {})
    assert ("town-offence-day", "yate|29A|739474") in report_keys(told)
    finder.take_records({1: record(offence_code="20A", occurred=(day, day), victims=[], **yate)})
    assert duck.sql("FROM pairs").fetchall() == []
    finder.take_records({2: record(offence_code="29A", occurred=(day, day), victims=[], **yate)})
    assert duck.sql("FROM pairs").fetchall() == [(1, 2)]
    duck.close()


def test_of_a_report_with_too_many_candidates_nothing_more_is_found() -> None:
    duck = connect("100MB")
    finder = Finder(duck, most_found=2, most_hits=10**6)
    finder.add_reports({1: report(), 2: report(force_id="kent", references=[])}, MODEL, {})
    for number in range(3):
        finder.take_records({number: record(force_id="wiltshire")})
    assert finder.crowded == {1, 2}
    assert duck.sql("FROM pairs").fetchall() == []
    duck.close()
