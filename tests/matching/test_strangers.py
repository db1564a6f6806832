import json

from portal.matching.levels import Levels
from portal.matching.model import CURRENT, DATA, load_model
from portal.matching.strangers import stranger_shares

MODEL = load_model()
START = json.loads((DATA / f"model_{CURRENT}.json").read_text())["fields"]
STRANGER = Levels("different", "different", "different", offence="apart/other", when="far-apart")


def test_what_befell_a_stranger_does_not_depend_on_when_it_did() -> None:
    pairs = [STRANGER] * 30 + [STRANGER._replace(offence="apart/same")] * 10
    found = stranger_shares(pairs, START, MODEL)["offence"]
    assert found["exact/same"] == found["near/same"] == found["apart/same"]
    assert 0.2 < found["exact/same"] < 0.26


def test_two_that_belong_together_by_chance_are_no_strangers() -> None:
    same = Levels("same-5", "same-5", "same", "same", reference="together/same", place="unit")
    found = stranger_shares([STRANGER] * 50 + [same], START, MODEL)
    assert found == stranger_shares([STRANGER] * 50, START, MODEL)


def test_what_is_too_rare_to_be_drawn_keeps_the_share_that_it_starts_from() -> None:
    found = stranger_shares([STRANGER] * 50, START, MODEL)["email"]
    assert abs(found["same"] - START["email"]["same"]["U"]) < 1e-9
