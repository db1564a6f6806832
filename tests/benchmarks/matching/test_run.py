"""The matching's benchmark in small: it runs, it says its marks, and nobody's crime is hidden."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from portal.matching.model import load_model
from tests.benchmarks.matching.curve import Trace, draw
from tests.benchmarks.matching.febrl import _keys
from tests.benchmarks.matching.figures import Figures, sexual_line
from tests.benchmarks.matching.generating import SEED, Plan
from tests.benchmarks.matching.page import picture, tables, write
from tests.benchmarks.matching.peers import best
from tests.benchmarks.matching.sets import Run, main_set, peer_set
from tests.benchmarks.matching.shares import Share


@pytest.fixture(scope="module")
def run() -> Run:
    """A small set with many reports; of the peers those that need no library."""
    run = Run(Plan(seed=SEED, records=4000, reports=400), load_model())
    main_set(run)
    run.peers = {
        name: peer
        for name in ("Exact reference", "Ladder of 8 rules")
        if (peer := peer_set(run.plan, name))
    }
    return run


def test_hardly_a_crime_is_hidden_and_hardly_a_match_is_wrong(run: Run) -> None:
    found = run.figures
    assert isinstance(found, Figures)
    assert found.hidden.of >= 40
    assert found.hidden.hits <= 1
    assert found.right.value >= 0.99


def test_few_victims_are_told_that_nothing_was_recorded_when_it_was(run: Run) -> None:
    found = run.figures
    assert isinstance(found, Figures)
    assert found.wrongly_alerted.value <= 0.05
    assert found.alerts_right.value >= 0.75
    assert found.to_a_person.value <= 0.25


def test_the_tables_hold_every_mark(run: Run) -> None:
    said = tables(run)
    for words in ("hidden", "matches right", "alerts right", "wrongly alerted", "To a person"):
        assert words in said


def test_what_was_measured_replaces_what_was_measured_before(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "matching.md"
    page.write_text("before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n")
    write(run, tmp_path)
    write(run, tmp_path)
    text = page.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert text.count("| Unrecorded crimes hidden |") == 1
    assert (tmp_path / "matching-curve.svg").exists()


def test_the_picture_is_one_that_any_reader_of_svg_can_open(run: Run) -> None:
    root = ElementTree.fromstring(picture(run))  # noqa: S314 - made a line above
    assert root.tag.endswith("svg")
    assert "script" not in picture(run)
    assert best(run.ours).f1 > 0.5


def test_a_method_that_hides_nothing_still_has_its_place_in_the_picture() -> None:
    drawn = draw(
        [Trace("none", [(0.0, 0.0), (1.0, 1.0)], (0.0, 0.0), "#000")],
        mark=(0.02, 0.005),
        caption="<&>",
    )
    ElementTree.fromstring(drawn)  # noqa: S314 - made a line above
    assert "nan" not in drawn
    assert "inf" not in drawn


def test_too_few_sexual_offences_never_meet_their_mark() -> None:
    nobody = Share(0, 0)
    for share, met in ((Share(0, 5999), False), (Share(0, 6000), True), (Share(3, 6000), False)):
        found = Figures(*(nobody,) * 13)
        assert sexual_line(replace(found, hidden_sexual=share)).met is met


def test_an_interval_is_wilsons() -> None:
    # Printed by the inspectorate's audit of 314 crimes, 260 of them recorded.
    low, high = Share(260, 314).interval
    assert (round(low, 3), round(high, 3)) == (0.782, 0.866)


def test_persons_of_the_outside_set_meet_by_any_field_but_none_that_is_empty() -> None:
    row = dict.fromkeys(("given_name", "surname", "date_of_birth", "address_1", "suburb"), "")
    assert _keys({**row, "postcode": "4223"}) == {("postcode", "4223")}
