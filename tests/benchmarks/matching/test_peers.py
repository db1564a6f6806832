"""The peers get a fair chance: their rows are prepared, and their best point is taken."""

import pytest

from tests.benchmarks.matching.flattening import flat_record, flat_report, reference_of, split
from tests.benchmarks.matching.generating import Plan, generate
from tests.benchmarks.matching.peer_rules import exact_scores, ladder_scores
from tests.benchmarks.matching.peers import Scores, best, curve, least_hidden, point
from tests.benchmarks.matching.rows import Truth


@pytest.fixture(scope="module")
def truths_and_scores() -> tuple[list[Truth], dict[str, Scores]]:
    """A small set, and what the two peers without a library make of it."""
    batches = list(generate(Plan(records=3000, reports=600)))
    reports = [flat_report(one) for batch in batches for one in batch.reports]
    records = [flat_record(one) for batch in batches for one in batch.records]
    truths = [one for batch in batches for one in batch.truths]
    return truths, {
        "exact": exact_scores(reports, records),
        "ladder": ladder_scores(reports, records),
    }


def test_the_exact_reference_finds_what_was_typed_well_and_hides_repeat_victims(
    truths_and_scores: tuple[list[Truth], dict[str, Scores]],
) -> None:
    truths, scores = truths_and_scores
    found = point(scores["exact"], truths, 1.0)
    assert found.right.value > 0.9
    assert 0.4 < found.wrongly_alerted.value < 0.75
    assert found.hidden.hits > 0


def test_a_ladder_of_rules_finds_more_than_the_reference_alone(
    truths_and_scores: tuple[list[Truth], dict[str, Scores]],
) -> None:
    truths, scores = truths_and_scores
    ladder, exact = (best(curve(scores[name], truths)) for name in ("ladder", "exact"))
    assert ladder.f1 > exact.f1
    assert ladder.wrongly_alerted.value < 0.3


def test_of_a_curve_the_strictest_point_hides_least() -> None:
    truths = [truth(1, (10,)), truth(2, ()), truth(3, (30,))]
    scores: Scores = {1: [(9.0, 10)], 2: [(5.0, 99)], 3: [(4.0, 30), (2.0, 31)]}
    points = curve(scores, truths)
    assert [one.hidden.hits for one in points] == [1, 1, 0]
    assert [one.wrongly_alerted.hits for one in points] == [0, 1, 1]
    strict = least_hidden(points, 0.5)
    assert strict is not None
    assert strict.hidden.hits == 0
    assert least_hidden(points, -1.0) is None


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("54240012345", "54 24 0012345"),
        ("Crime ref no. CR/000123/25", "cr/123/2025"),
        ("0614-150825", "log 0614 150825"),
    ],
)
def test_a_number_is_the_same_for_the_peers_however_it_was_typed(typed: str, held: str) -> None:
    # Zeros within a run cannot be told; all else can.
    assert reference_of(typed).lstrip("0")[-3:] == reference_of(held)[-3:]
    assert reference_of("CR/000123/25") == reference_of("ref: cr/123/25")


def test_names_are_taken_apart_either_way_round() -> None:
    assert split("Łukasz Kowalczyk") == split("KOWALCZYK, Lukasz")
    assert split("Anna") == ("anna", "")
    assert split("") == ("", "")


def truth(number: int, records: tuple[int, ...]) -> Truth:
    """The truth about a report, with only what the marks need."""
    return Truth(
        *(number, records, "8N", False, "british", "f", 30, "kent"), 3.0 if records else None
    )
