"""Her own hand on her report: add, correct, withdraw and take up again, who sees it, a copy."""

import io
import zipfile

import pytest

from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.hands import Hand, KeyHand
from tests.rig.telling import HAPPENED, NAME, PERSON, WORDS, Teller, event, file_told, told
from tests.rig.watch import PHONE, WIDE, ZOOMED, Size

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
PAGES = {**PERSON, **told(), **event(1, "stalking-harassment", HAPPENED)}


@pytest.mark.parametrize(
    ("kind", "script", "size"),
    [
        pytest.param(Hand, False, PHONE, id="without script on a small phone"),
        pytest.param(Hand, True, WIDE, id="with script"),
        pytest.param(KeyHand, True, PHONE, id="by keyboard on a small phone"),
        pytest.param(KeyHand, True, ZOOMED, id="by keyboard at 400 % zoom"),
    ],
)
def test_she_adds_corrects_withdraws_takes_it_up_again_and_saves_a_copy(
    people: People, kind: type[Hand], script: bool, size: Size
) -> None:
    hand = people.comes(kind=kind, script=script, size=size)
    teller = Teller(hand, PAGES)
    teller.starts()

    # In the middle she has to stop; what she typed is not finished.
    teller.answers()
    teller.answers()
    hand.chooses("kind", "exact")
    hand.types("exact-day", "41")
    hand.presses("Save and go on later")
    assert "Your return code, once more" in hand.says
    hand.presses("I have kept it. Close")
    assert "It is closed now" in hand.says
    teller.comes_back()
    hand.presses("Continue where you were")
    assert hand.path == "/start/1/when"
    assert hand.page.input_value("#exact-day") == "41"
    teller.answers_all()
    teller.sends()

    hand.goes("/back/open")
    hand.presses("Add something")
    hand.presses("Continue", among="main")
    assert "Write what you want to add, or go back" in hand.says
    hand.types("words", "He came back on Sunday.")
    hand.presses("Continue", among="main")
    hand.presses("Add it", among="main")
    assert "It is added to what you sent." in hand.says
    assert "He came back on Sunday." in hand.says

    hand.presses("Correct a mistake")
    assert "keeps running from the same moment" in hand.says
    hand.follows(hand.page.locator("a[href='/back/correct/0/about']").first)
    hand.types("name", "Ida Quill")
    hand.presses("Continue", among="main")
    assert NAME in hand.says
    hand.presses("Correct it", among="main")
    assert f"First: {NAME}" in hand.says
    assert "Ida Quill" in hand.says
    assert "There is no gap" in hand.says

    hand.presses("See who can open it")
    assert "They do not work for the police" in hand.says
    hand.goes("/back/open")
    hand.presses("Withdraw it")
    hand.presses("Withdraw", among="form")
    assert "You withdrew it on" in hand.says
    hand.presses("Take it up again")
    assert "You took it up again." in hand.says

    hand.presses("Save a copy of everything")
    assert "Whoever can open files on this device" in hand.says
    copy = zipfile.ZipFile(io.BytesIO(hand.saves("Save the copy")))
    page = copy.read("readable.html").decode()
    for words in (WORDS.splitlines()[0], "He came back on Sunday.", "Ida Quill", NAME):
        assert words in page
    assert len([name for name in copy.namelist() if name.startswith("receipts/")]) == 5


def test_the_page_of_the_copy_opens_from_disk_without_script_or_network(
    people: People, site: Site
) -> None:
    hand = people.comes(script=False)
    Teller(hand, {}).comes_back(file_told(site))
    hand.goes("/back/everything")
    copy = zipfile.ZipFile(io.BytesIO(hand.saves("Save the copy")))
    other = people.browser.new_context(viewport={"width": 320, "height": 640}, offline=True)
    page = other.new_page()
    page.set_content(copy.read("readable.html").decode())
    assert WORDS.splitlines()[0] in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    other.close()
