import copy
import json
from pathlib import Path
from typing import Any

import pytest

from portal.matching.levels import Levels
from portal.matching.model import CURRENT, DATA, LEVELS, BadModel, load_model, read_model
from portal.matching.posterior import weigh


def data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"model_{CURRENT}.json").read_text())
    return found


def test_the_model_in_use_is_read_and_gives_bits() -> None:
    model = load_model()
    assert model.version == CURRENT
    assert set(model.weights) == set(LEVELS)
    assert model.weights["birth_date"]["same"][0] > 8
    assert model.weights["birth_date"]["missing"] == (0, 0, 0, 0)


def test_a_pair_of_an_older_version_is_still_explained_by_it_and_outlasts_a_new_one() -> None:
    old = load_model("four-class-1")
    assert old.shares["offence"]["exact/same"] == old.shares["offence"]["apart/same"]
    assert (
        old.weights["delay"]["near/handed/within"] == old.weights["delay"]["near/received/same-day"]
    )
    kept = Levels(forename="same-3", delay="near/received/same-day", offence="same")
    assert weigh(kept, old).another == weigh(kept._replace(offence="exact/same"), old).another
    now = load_model()
    assert weigh(kept, now).another == weigh(kept._replace(offence="apart/same"), now).another


def test_another_day_speaks_against_the_event_and_hardly_about_the_person() -> None:
    when = load_model().weights["when"]
    assert when["month-apart"][1] < 0 < when["same-day"][1]


def test_sexual_offences_have_stricter_limits() -> None:
    limits = load_model().limits
    assert limits["sexual"].automatic > limits["any"].automatic


def change(path: str, value: object) -> dict[str, Any]:
    made = copy.deepcopy(data())
    *parents, last = path.split("/")
    inner = made
    for parent in parents:
        inner = inner[parent]
    inner[last] = value
    return made


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", "other"),
        ("fields/email", {}),
        ("fields/email/same/M", 0.0),
        ("fields/email/same/M", 0.1),
        ("fields/email/same/M", "much"),
        ("fields/email/same/M", float("nan")),
        ("fields/email/same", {}),
        ("expected/any/U", -1.0),
        ("expected/sexual", None),
        ("limits/any/alert", 100.0),
        ("limits/any/automatic", float("inf")),
        ("limits/any/automatic", float("nan")),
        ("limits/any/surprise", 1.0),
        ("bounds/most_found", 0),
        ("bounds/kept_below", 0.0),
        ("bounds/same_person", None),
        ("windows/telephone", -1),
        ("windows/telephone", "long"),
        ("names/surnames", ["smith"]),
        ("names", None),
    ],
)
def test_a_model_that_does_not_hold_together_is_refused(path: str, value: object) -> None:
    with pytest.raises(BadModel):
        read_model(change(path, value), CURRENT)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000, "nul"])
def test_a_file_that_is_no_model_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "model_broken-1.json").write_text(text)
    with pytest.raises(BadModel):
        load_model("broken-1", tmp_path)


@pytest.mark.parametrize("version", ["none-such", "../../etc", ""])
def test_a_model_that_is_not_there_is_refused(version: str) -> None:
    with pytest.raises(BadModel):
        load_model(version)
