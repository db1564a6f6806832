"""A site fits a model to its own rows: the same rows give the same model, and few give none."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from portal.errors import Refused
from portal.matching.model import CURRENT, DATA, load_model
from portal.matching.opening import Supplies
from portal.matching.refitting import Fitted, fit_here, try_on
from portal.site import Site
from tests.matching.test_judging import Sure, burglary
from tests.rig.pairs import record, report
from tests.rig.supplies import take

MODEL = load_model()
LAST = ("Quill", "Ruck", "Stope", "Tarn")


def start() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"model_{CURRENT}.json").read_text())
    return found


def town(site: Site) -> None:
    # A town in which nobody is called like anybody else.
    names = [f"{first} {last}" for first in ("Ada", "Ben", "Cyd", "Dov") for last in LAST]
    tell(site, names)


def tell(site: Site, names: Sequence[str]) -> None:
    """A burglary at the home of each, at another time and with a number unlike the others."""
    told = [
        burglary(
            number * 1_371,
            name=name,
            born=f"19{40 + number}-0{number % 9 + 1}-11",
            at=burglary().at - timedelta(hours=11 * number),
        )
        for number, name in enumerate(names, 1)
    ]
    for one in told:
        one.report(site, Sure())
    take(site, [one.record() for one in told])


def fitted(site: Site, **changed: object) -> Fitted:
    wanted: dict[str, Any] = {"seed": 1, "most_reports": 100, "fewest_anchors": 3}
    with site.database.reading() as session:
        return fit_here(
            session,
            start(),
            supplies=Supplies(site.keyring),
            version="ours-2",
            made="2026-03-02",
            **(wanted | changed),
        )


def test_the_same_rows_and_seed_give_the_same_model_and_it_says_what_it_rests_on(
    site: Site,
) -> None:
    town(site)
    steps: list[int] = []
    one, other = fitted(site), fitted(site, advance=steps.append)
    assert one.text == other.text
    assert sum(steps) == 16 + 2 * 16
    assert one.model.version == "ours-2"
    assert one.model.bounds == MODEL.bounds
    assert one.model.limits == MODEL.limits
    about = json.loads(one.text)["about"]
    assert about["started from"] == CURRENT
    assert "12 reports against 16 records" in about["data"]
    assert one.anchors >= 3
    # Nobody is in it but by how common a name is.
    assert "quill" not in one.text.lower()


def test_too_few_known_records_are_said_and_nothing_is_fitted(site: Site) -> None:
    town(site)
    with pytest.raises(Refused, match=r"A fit needs 300, or it would learn chance"):
        fitted(site, fewest_anchors=300)


def test_a_site_without_a_report_is_told_the_same(site: Site) -> None:
    with pytest.raises(Refused, match="Only 0 reports"):
        fitted(site)


def test_each_report_is_tried_without_its_number_and_without_its_record() -> None:
    with_record, without = try_on([(report(), {7: record()})], MODEL)
    assert (with_record.is_recorded, with_record.state, with_record.links) == (
        True,
        "automatic",
        (True,),
    )
    assert (without.is_recorded, without.state, without.links) == (False, "alert", ())


def test_another_crime_of_the_same_person_counts_as_hidden_when_it_is_matched() -> None:
    later = record(references=["54240099999"])
    found = list(try_on([(report(), {7: record(), 8: later})], MODEL))
    assert found[1].links in ((), (False,))
    assert not found[1].is_recorded


def test_a_report_of_which_nothing_is_known_is_not_tried() -> None:
    assert list(try_on([(report(references=["1/1/24"]), {7: record()})], MODEL)) == []
