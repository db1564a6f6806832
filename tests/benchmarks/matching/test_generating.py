"""The generator keeps what it promises: its rates, its seeds, its size, its independence."""

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from math import sqrt
from pathlib import Path

import pytest

from tests.benchmarks.matching.generating import Plan, generate
from tests.benchmarks.matching.rates import Rates
from tests.benchmarks.matching.rows import Batch, RawReport, Truth

REPORTS = 3000
RATES = Rates()


def rows(plan: Plan) -> Batch:
    """Everything of a small plan at once."""
    whole = Batch([], [], [])
    for batch in generate(plan):
        for one, part in zip(whole, batch, strict=True):
            one.extend(part)
    return whole


@pytest.fixture(scope="module")
def made() -> Batch:
    """Many reports and few records beside them."""
    return rows(Plan(records=9000, reports=REPORTS))


def near(found: int, of: int, share: float) -> bool:
    """Whether a count is within four standard errors of its share."""
    return abs(found / of - share) <= 4 * sqrt(share * (1 - share) / of)


@pytest.mark.parametrize(
    ("missing", "share"),
    [
        (lambda one: not one.name, RATES.no_name),
        (lambda one: not one.birth_year, RATES.no_birth_date),
        (lambda one: not one.telephone, RATES.no_telephone),
        (lambda one: not one.email, RATES.no_email),
        (lambda one: not one.postcode, RATES.no_postcode),
        (lambda one: not one.occurred_from, RATES.no_date),
    ],
)
def test_a_victim_leaves_out_as_much_as_was_assumed(
    made: Batch, missing: Callable[[RawReport], bool], share: float
) -> None:
    assert near(sum(map(missing, made.reports)), len(made.reports), share)


def test_a_recorded_victim_gives_a_number_as_often_as_was_assumed(made: Batch) -> None:
    given = [
        bool(report.references or report.incident_numbers)
        for report, truth in zip(made.reports, made.truths, strict=True)
        if truth.is_recorded
    ]
    assert near(given.count(False), len(given), RATES.no_reference)


def test_as_many_crimes_go_unrecorded_as_was_assumed(made: Batch) -> None:
    sexual = [truth for truth in made.truths if truth.is_sexual]
    other = [truth for truth in made.truths if not truth.is_sexual]
    assert near(unrecorded(sexual), len(sexual), RATES.unrecorded_sexual)
    assert near(unrecorded(other), len(other), RATES.unrecorded)
    assert 0.12 <= unrecorded(made.truths) / len(made.truths) <= 0.16


def test_a_third_of_the_unrecorded_have_another_crime_on_file(made: Batch) -> None:
    alone = [truth for truth in made.truths if not truth.is_recorded]
    repeats = [truth for truth in alone if "same-victim" in truth.rivals.values()]
    given = [truth for truth in repeats if "number-of-another" in truth.marks]
    assert near(len(repeats), len(alone), RATES.repeat)
    assert near(len(given), len(repeats), RATES.number_of_another)


@pytest.mark.parametrize(
    ("mark", "share"),
    [
        ("late", RATES.late),
        ("cancelled", RATES.cancelled),
        ("community-resolution", RATES.community),
        ("downgraded", 0.06),
        ("two-records", RATES.two_records),
        ("transferred", RATES.transferred),
    ],
)
def test_police_misrecord_as_much_as_was_assumed(made: Batch, mark: str, share: float) -> None:
    recorded = [truth for truth in made.truths if truth.is_recorded]
    assert near(sum(mark in truth.marks for truth in recorded), len(recorded), share)


def test_victims_err_and_repeat_themselves_as_much_as_was_assumed(made: Batch) -> None:
    marks = Counter(mark for truth in made.truths for mark in truth.marks)
    assert near(marks["wrong-force"], REPORTS, RATES.slip_force)
    assert near(sum(truth.same_as is not None for truth in made.truths), REPORTS, RATES.duplicate)
    assert marks["housemate-reports"] > 0


def test_doubled_noise_doubles_the_errors_and_nothing_else() -> None:
    noisy = Plan(noise=2).effective
    assert noisy.slip_name == 2 * RATES.slip_name
    assert noisy.no_name == RATES.no_name
    assert noisy.unrecorded == RATES.unrecorded
    quiet = rows(Plan(records=2000, reports=1000))
    loud = rows(Plan(records=2000, reports=1000, noise=2))
    assert misplaced(loud.reports, loud) > 1.4 * misplaced(quiet.reports, quiet)


def test_the_same_seed_gives_the_same_rows_on_every_machine() -> None:
    plan = Plan(seed=7, records=300, reports=30)
    text = "\n".join(map(repr, (*rows(plan).reports, *rows(plan).records)))
    assert sha256(text.encode()).hexdigest()[:16] == "c927eca0b5c8ff45"
    assert rows(plan) != rows(Plan(seed=8, records=300, reports=30))


def test_reports_about_sexual_offences_alone_can_be_asked_for() -> None:
    found = rows(Plan(records=600, reports=300, sexual=1.0))
    assert all(truth.is_sexual for truth in found.truths)
    assert any(not record.offence_code.startswith(("19", "20")) for record in found.records)


def test_the_stream_holds_little_and_gives_the_size_that_was_asked_for() -> None:
    batches = list(generate(Plan(records=6000, reports=60)))
    assert all(len(batch.records) < 3500 for batch in batches)
    assert 6000 <= sum(len(batch.records) for batch in batches) < 6100


def test_every_record_has_a_reference_of_its_own_in_its_force(made: Batch) -> None:
    references = {(record.force_id, record.crime_reference) for record in made.records}
    assert len(references) == len(made.records)
    assert {truth.number for truth in made.truths} == {report.number for report in made.reports}
    known = {record.row for record in made.records}
    assert all(known.issuperset((*truth.records, *truth.rivals)) for truth in made.truths)


def test_the_generator_knows_nothing_of_the_product() -> None:
    for name in ("generating", "stories", "reporting", "registering", "events", "people"):
        tree = ast.parse(Path(__file__).with_name(f"{name}.py").read_text("utf-8"))
        names = [
            node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
        ] + [
            one.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for one in node.names
        ]
        assert not [one for one in names if one.split(".")[0] == "portal"]


def unrecorded(truths: Sequence[Truth]) -> int:
    """How many have no crime record."""
    return sum(not truth.is_recorded for truth in truths)


def misplaced(reports: Sequence[RawReport], whole: Batch) -> int:
    """How many reports of recorded events lie apart from their record, in days or by force."""
    records = {record.row: record for record in whole.records}
    found = 0
    for report, truth in zip(reports, whole.truths, strict=True):
        if not truth.records or not report.occurred_from:
            continue
        record = records[truth.records[0]]
        outside = not (
            report.occurred_from <= record.occurred_to[:10]
            and record.occurred_from[:10] <= report.occurred_to
        )
        found += outside or bool(report.force_id and "wrong-force" in truth.marks)
    return found
