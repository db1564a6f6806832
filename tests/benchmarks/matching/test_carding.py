"""The card of the shipped model: tried on sets of its own, and for whom it errs more."""

from portal.matching.model import CURRENT
from tests.benchmarks.matching.carding import main


def test_the_card_says_how_the_model_does_and_for_whom_it_errs_more_and_writes_nothing() -> None:
    card = main(["7", "--records", "3000", "--print"])
    assert card.startswith(f"# Model card: {CURRENT}\n")
    for said in ("doubled noise, seed 8", "sexual offences alone, seed 9", "Errors by group"):
        assert said in card
    assert "reports: seeds 7, and 10 to 13. A cell that is too small" in card
    for group in ("name origin", "under 18", "against a person", "| sex |"):
        assert group in card
