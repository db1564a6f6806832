"""What a person keeps and shows: a sheet of paper, a PDF, and a file that shows one thing."""

import json
from pathlib import Path

import pytest

from tests.journeys.conftest import People
from tests.rig.hands import Hand, KeyHand
from tests.rig.telling import NAME, WORDS, Teller, prefill
from tests.rig.verifier import verifies
from tests.rig.watch import PHONE, WIDE, ZOOMED, Size

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize(
    ("kind", "script", "size"),
    [
        pytest.param(Hand, False, WIDE, id="without script"),
        pytest.param(KeyHand, True, WIDE, id="by keyboard"),
        pytest.param(Hand, True, PHONE, id="on a small phone"),
        pytest.param(KeyHand, True, ZOOMED, id="by keyboard at 400 % zoom"),
    ],
)
def test_somebody_prints_a_receipt_saves_it_and_shows_one_thing_of_it(
    people: People, tmp_path: Path, kind: type[Hand], script: bool, size: Size
) -> None:
    hand = people.comes(kind=kind, script=script, size=size)
    teller = Teller(hand, {})
    code = teller.starts()
    prefill(people.served.site, code)
    hand.goes("/start/check")
    teller.sends()

    hand.presses("Print a receipt, or save it as a PDF")
    assert NAME not in hand.says
    assert hand.page.locator("#square-code svg").count()
    assert not hand.page.locator("#return-code").count()
    assert hand.saves("Save it as a PDF").startswith(b"%PDF")
    hand.unfolds("Put the return code on the same sheet")
    hand.presses("Put the return code on the sheet all the same")
    assert code in "".join(hand.page.inner_text("#return-code").split())
    hand.presses("Take the return code off the sheet")
    assert not hand.page.locator("#return-code").count()

    hand.goes("/receipts")
    policy = hand.saves("The policy file")
    hand.goes("/back/open")
    hand.unfolds("and its receipt")
    hand.follows(hand.page.locator("a[href='/back/show/1']"))
    hand.page.locator("main input:checked").first.wait_for()
    what = hand.page.locator("input[name='part_1']").first.get_attribute("value")
    hand.chooses("part_1", str(what))
    hand.presses("Continue", among="main")
    assert "A reader will not learn" in hand.says
    assert WORDS.splitlines()[0] not in hand.says
    receipt = hand.saves("Save the receipt that shows this")
    shown = {each["name"] for each in json.loads(receipt)["fields"]}
    assert {"kind", "at"} < shown
    assert len(shown) == 3
    verifies(tmp_path, receipt, policy)
