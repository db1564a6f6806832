import pytest

from portal.matching.model import LEVELS, load_model
from portal.matching.older_levels import as_of_today

TODAY = ("exact/same", "exact/downgrade", "exact/rare-downgrade", "apart/same", "apart/other")


def test_levels_of_today_stay_as_they_are() -> None:
    data = {level: {"M": 0.5} for level in TODAY}
    assert as_of_today(TODAY, data) is data


def test_a_level_that_was_told_apart_later_has_the_weight_that_it_was_counted_with() -> None:
    data = {level: {"M": 0.4, "S": 0.1} for level in TODAY if "rare" not in level}
    found = as_of_today(TODAY, data)
    assert found["exact/downgrade"] == found["exact/rare-downgrade"] == {"M": 0.2, "S": 0.05}
    assert found["exact/same"] == found["apart/other"] == {"M": 0.4, "S": 0.1}
    assert list(found) == list(TODAY)


def test_what_had_no_condition_has_the_same_share_under_each() -> None:
    data = {level: {"M": 0.3} for level in ("same", "downgrade", "other")}
    found = as_of_today(TODAY, data)
    assert found["exact/same"] == found["apart/same"] == {"M": 0.3}
    assert found["exact/downgrade"] == {"M": 0.15}


@pytest.mark.parametrize(
    "levels", [("exact/same",), (*TODAY, "exact/graver"), ("same", "exact/same", "other")]
)
def test_a_file_with_a_level_too_few_or_too_many_is_refused(levels: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="the levels must be exact/same"):
        as_of_today(TODAY, {level: {"M": 0.5} for level in levels})


def test_what_is_no_share_in_an_older_file_is_left_to_be_refused() -> None:
    data = {level: {"M": 10**400} for level in TODAY if "rare" not in level}
    assert as_of_today(TODAY, data)["exact/downgrade"] == {"M": 10**400}


@pytest.mark.parametrize("version", [f"four-class-{number}" for number in range(1, 6)])
def test_every_model_that_was_ever_shipped_can_be_read(version: str) -> None:
    model = load_model(version)
    assert {field: tuple(levels) for field, levels in model.shares.items()} == LEVELS


@pytest.mark.parametrize("version", [f"four-class-{number}" for number in range(2, 5)])
def test_an_earlier_model_weighs_a_rare_lesser_offence_as_it_weighed_all(version: str) -> None:
    weights = load_model(version).weights["offence"]
    assert weights["exact/rare-downgrade"] == weights["exact/downgrade"]
