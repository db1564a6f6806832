"""A liaison sends a file: looks at it, takes it, keeps its receipt, by mouse and by keyboard."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.hands import Hand, KeyHand
from tests.rig.people import PASSWORD, add_person
from tests.rig.supplies import file_of, row
from tests.rig.watch import PHONE, WIDE

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
ROWS = [row(), row("54/2/26", recorded_at="Tuesday"), row("54/3/26", outcome_type="66")]


def by_mouse(people: People) -> Hand:
    """Somebody with a mouse and without script; each page is seen wide and narrow."""
    return people.comes(script=False, sizes=(PHONE, WIDE))


def by_keyboard(people: People) -> Hand:
    """Somebody with the keyboard alone, on a small screen."""
    return people.comes(size=PHONE, kind=KeyHand)


@pytest.mark.parametrize("comes", [by_mouse, by_keyboard])
def test_a_liaison_looks_at_a_file_before_it_is_taken_and_keeps_its_receipt(
    people: People, site: Site, tmp_path: Path, comes: Callable[[People], Hand]
) -> None:
    add_person(site, "liaison", force_id="wiltshire")
    file = tmp_path / "records.csv"
    file.write_bytes(file_of(ROWS))
    hand = comes(people)
    hand.goes("/account/sign-in")
    hand.types("email", "liaison@example.org")
    hand.types("password", PASSWORD)
    hand.presses("Sign in", among="main")
    hand.presses("Records", among=".or-nav")
    for ending in ("Drop the file", "Take the file"):
        hand.presses("Send a file")
        # The window in which a file is chosen is the browser's own.
        hand.page.set_input_files("input[type=file]", file)
        hand.types("covers_from", "2026-02-01")
        hand.types("covers_to", "2026-02-28")
        hand.chooses("kind", "full")
        hand.types("rows", "3")
        hand.presses("Send the file and look at it")
        assert "Nothing is taken yet" in hand.says
        assert "not a date and time like" in hand.says
        hand.presses(ending)
    assert "The file was taken" in hand.says
    shown = json.loads(hand.saves("Save the receipt"))["fields"]
    assert {"sha256", "rows_refused", "form"} < {field["name"] for field in shown}
