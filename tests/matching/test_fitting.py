import json
from random import Random
from typing import Any

import pytest

from portal.matching.fitting import Case, Sample, fit
from portal.matching.levels import Levels
from portal.matching.model import CLASSES, CURRENT, DATA, LEVELS, Model, load_model, read_model

MODEL = load_model()
REGISTER = 50_000


def start() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"model_{CURRENT}.json").read_text())
    return found


GROUPS = {"same-day": "exact", "next-day": "near", "days-apart": "near", "week-apart": "week"}
OVERLAPS = ("same-week", "same-month", "same-season")


def group_of(field: str, found: dict[str, str]) -> str:
    """What the levels of a field start with, given the levels of the fields before it."""
    group = "overlap" if found.get("when") in OVERLAPS else GROUPS.get(found.get("when", ""), "far")
    delay = found.get("delay", "")
    together = delay.endswith(("/same-day", "/day-before", "/day-after"))
    if field == "delay":
        return f"{group}/received/"
    if field == "reference":
        return "unknown/" if not delay else "together/" if together else "apart/"
    if field == "offence" and group != "exact":
        at_once = delay.endswith("/same-day")
        group = "apart" if not at_once else "overlap" if group == "overlap" else "near"
    return f"{group}/" if field == "offence" else ""


def drawn(model: Model, class_: int, random: Random) -> Levels:
    """Levels of a pair of this class, as the model says that they come out."""
    found: dict[str, str] = {}
    for field in ("when", "delay", *(field for field in LEVELS if field not in ("when", "delay"))):
        if random.random() < 0.3 and field != "when":
            continue
        group = [level for level in LEVELS[field] if level.startswith(group_of(field, found))]
        weights = [model.shares[field][level][class_] for level in group]
        (found[field],) = random.choices(group, weights)
    return Levels(**found)


def sample(model: Model, reports: int, random: Random) -> Sample:
    cases = []
    for _ in range(reports):
        classes = [0] * (random.random() < 0.85) + [2] * (random.random() < 0.5)
        classes += [3] * (random.random() < 0.4) + [4] * (random.random() < 0.1) + [1]
        cases.append(Case("any", tuple(drawn(model, one, random) for one in classes)))
    return Sample(cases, [drawn(model, 1, random) for _ in range(4000)], REGISTER)


def blurred(data: dict[str, Any]) -> dict[str, Any]:
    """The model half forgotten: every share half way to an even one."""
    for field, levels in data["fields"].items():
        groups = {"delay": 18, "reference": 3, "offence": 4}.get(field, 1)
        for shares in levels.values():
            for one in CLASSES:
                if one != "U":
                    shares[one] = (shares[one] + groups / len(levels)) / 2
    return data


def error(data: dict[str, Any], field: str, class_: int) -> float:
    truth = MODEL.shares[field]
    name = CLASSES[class_]
    return sum(abs(data["fields"][field][one][name] - truth[one][class_]) for one in truth)


def test_weights_are_learned_without_anybody_saying_which_pairs_belong_together() -> None:
    before = blurred(start())
    found = fit(sample(MODEL, 900, Random(8)), before, version="learned-1")
    model = read_model(found, "learned-1")
    for field in ("birth_date", "when", "offence", "telephone"):
        assert error(found, field, 0) < error(before, field, 0) / 2
    for field in ("when", "offence"):
        assert error(found, field, 2) < 0.9 * error(before, field, 2)
    assert found["expected"]["any"]["M"] == pytest.approx(0.85, abs=0.06)
    assert found["expected"]["any"]["U"] == REGISTER
    assert model.weights["when"]["month-apart"][1] < -2


def test_the_same_sample_gives_the_same_model() -> None:
    small = sample(MODEL, 60, Random(3))
    assert fit(small, start(), version="a-1") == fit(small, start(), version="a-1")


def test_nothing_is_learned_where_nobody_gave_a_reference() -> None:
    nobody = Sample([Case("any", (Levels(forename="same-1"),))], [Levels()], REGISTER)
    with pytest.raises(ValueError, match="reference"):
        fit(nobody, start(), version="a-1")
