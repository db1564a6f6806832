from portal.matching.card import Measured, model_card
from portal.matching.fairness import Cell
from portal.matching.measuring import Outcome, Share, measure
from portal.matching.model import LEVELS, load_model

MODEL = load_model()
FIGURES = measure(
    [Outcome(False, True, "alert")] * 40
    + [Outcome(True, False, "automatic", (True,), ((7.0, True),))] * 60
)


def card() -> str:
    women = Cell("sex", "women", Share(1, 200), None, Share(10, 400))
    return model_card(MODEL, [Measured("a test", FIGURES)], [women])


def test_the_card_says_what_the_model_was_made_from_and_must_not_be_used_for() -> None:
    text = card()
    assert MODEL.version in text
    assert all(str(value) in text for value in MODEL.about.values())
    assert "must not be used for" in text


def test_the_card_states_errors_with_their_intervals() -> None:
    text = card()
    assert "| unrecorded crimes hidden by an automatic match | 0.00 % (0 of 40; 95 %:" in text
    assert "| sex | women | 0.50 % (1 of 200;" in text
    assert "too few" in text
    assert "| 6 to 8 | 0.9922 | 1.0000 | 60 |" in text


def test_every_weight_stands_on_the_card() -> None:
    rows = [line for line in card().splitlines() if line.startswith("| birth_date |")]
    assert len(rows) == len(LEVELS["birth_date"])


def test_a_card_without_groups_has_no_table_of_them() -> None:
    assert "Errors by group" not in model_card(MODEL, [])
