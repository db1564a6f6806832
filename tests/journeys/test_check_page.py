"""Somebody checks a receipt in their browser: on the page, from a square code, or from disk."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import People
from tests.rig.address import to_digits, to_raw
from tests.rig.hands import KeyHand
from tests.rig.ledger import FIELDS, changed, make_file, make_policy
from tests.rig.telling import HAPPENED, PERSON, Teller, event, told
from tests.rig.watch import PHONE, WIDE, ZOOMED, Size

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
DIGITS = to_digits(to_raw(json.loads(make_file({"kind", "at"}))))
NO_ED25519 = """() => {
    const old = SubtleCrypto.prototype.importKey;
    SubtleCrypto.prototype.importKey = function (format, data, how, ...rest) {
        if (how.name === "Ed25519") {
            throw new DOMException("Unrecognized name.", "NotSupportedError");
        }
        return old.call(this, format, data, how, ...rest);
    };
}"""


def choose(page: Page, folder: Path, what: str, data: bytes, name: str = "") -> None:
    """Choose a file by its label."""
    path = folder / (name or f"{what}.bin")
    path.write_bytes(data)
    page.set_input_files(f"#{what}-file", path)


def check(page: Page) -> None:
    page.get_by_role("button", name="Check", exact=True).click()


@pytest.mark.parametrize("size", [WIDE, PHONE, ZOOMED])
def test_a_good_a_changed_and_an_unreadable_receipt_get_their_verdicts(
    people: People, tmp_path: Path, size: Size
) -> None:
    hand = people.comes(size=size)
    hand.goes("/receipts/check")
    page, result = hand.page, hand.page.locator("#check-result")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    check(page)
    expect(result).to_contain_text("There is nothing to check yet")
    choose(page, tmp_path, "receipt", make_file())
    check(page)
    expect(result).to_contain_text("Consistent, signer unknown.")
    hand.watch.look(page)
    choose(page, tmp_path, "policy", make_policy())
    check(page)
    expect(result.get_by_role("heading", name="Proved.", exact=True)).to_be_visible()
    expect(result).to_contain_text(f"{FIELDS['at']}")
    hand.watch.look(page)
    bad = json.loads(make_file())["fields"]
    bad[0]["value"] = "another"
    choose(page, tmp_path, "receipt", changed(make_file(), fields=bad))
    check(page)
    expect(result.get_by_role("heading", name="Not proved.", exact=True)).to_be_visible()
    expect(result).to_contain_text("The fields do not give the entry")
    expect(result).not_to_contain_text("another")
    hand.watch.look(page)
    choose(page, tmp_path, "receipt", b"x")
    check(page)
    expect(result.get_by_role("heading", name="Cannot be read.", exact=True)).to_be_visible()
    expect(result).to_contain_text("The receipt is not JSON")
    hand.watch.look(page)
    assert sent == []


def in_view(page: Page) -> bool:
    """Whether what has the focus begins on the screen, and is the result's first part."""
    found: bool = page.evaluate(
        """() => {
            const first = document.getElementById("check-result").firstElementChild;
            const { top, bottom } = first.getBoundingClientRect();
            return document.activeElement === first && top > -1 && bottom <= innerHeight;
        }"""
    )
    return found


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_verdict_names_its_files_comes_into_view_and_goes_when_another_is_chosen(
    people: People, tmp_path: Path, size: Size
) -> None:
    hand = people.comes(size=size)
    hand.goes("/receipts/check")
    page, result = hand.page, hand.page.locator("#check-result")
    check(page)
    assert in_view(page)
    for what, data in (("receipt", make_file()), ("policy", make_policy())):
        choose(page, tmp_path, what, data)
        expect(result).to_be_empty()
        check(page)
        expect(result).to_contain_text("the receipt file “receipt.bin”")
        assert in_view(page)
    expect(result).to_contain_text("with the policy file “policy.bin”.")
    expect(result.get_by_role("heading", name="Proved.", exact=True)).to_be_focused()
    choose(page, tmp_path, "receipt", make_file().replace(b"bicycle", b"tricycle"), "other.bin")
    expect(result).to_be_empty()
    check(page)
    expect(result.get_by_role("heading", name="Not proved.", exact=True)).to_be_focused()
    expect(result).to_contain_text("the receipt file “other.bin”")
    with page.expect_file_chooser():
        page.click("#policy-file")
    expect(result).to_be_empty()
    for what, words, data in (
        ("receipt", "Or paste it", make_file()),
        ("policy", "Or paste the policy", make_policy()),
    ):
        check(page)
        expect(result).not_to_be_empty()
        page.get_by_text(words).click()
        page.fill(f"#{what}-text", data.decode())
        expect(result).to_be_empty()
    check(page)
    expect(result).to_contain_text("This is about the pasted receipt, with the pasted policy.")


def test_a_file_chosen_while_another_is_judged_gets_no_verdict_of_that_other(
    people: People, tmp_path: Path
) -> None:
    hand = people.comes()
    hand.goes("/receipts/check")
    choose(hand.page, tmp_path, "receipt", make_file())
    hand.page.evaluate(
        """() => {
            document.getElementById("check-now").click();
            document.getElementById("policy-file").dispatchEvent(new Event("change"));
        }"""
    )
    hand.page.wait_for_timeout(300)
    expect(hand.page.locator("#check-result")).to_be_empty()


def test_the_address_of_a_square_code_is_judged_at_once(people: People) -> None:
    hand = people.comes()
    hand.goes(f"/receipts/check#{DIGITS}")
    result = hand.page.locator("#check-result")
    expect(result).to_contain_text("Consistent, signer unknown.")
    expect(result).to_contain_text("the receipt in the address of this page, with no policy.")
    expect(result).to_contain_text(f"{FIELDS['at']}")
    assert in_view(hand.page)
    verdict, boxes = result.bounding_box(), hand.page.locator("#check-tool").bounding_box()
    assert verdict
    assert boxes
    assert verdict["y"] < boxes["y"]
    hand.page.get_by_text("Or paste the policy").click()
    hand.page.fill("#policy-text", make_policy().decode())
    check(hand.page)
    expect(result.get_by_role("heading", name="Proved.", exact=True)).to_be_visible()
    hand.goes("/receipts")
    hand.goes(f"/receipts/check#{DIGITS[:-1]}")
    expect(hand.page.locator("#check-result")).to_contain_text("does not hold a whole receipt")


def test_somebody_sees_the_browsers_own_check_beside_what_the_site_says(
    people: People, tmp_path: Path
) -> None:
    hand = people.comes(sizes=(PHONE, WIDE))
    teller = Teller(hand, {**PERSON, **told(), **event(1, "hurt", HAPPENED)})
    teller.starts()
    teller.answers_all()
    teller.sends()
    beside = hand.page.locator("#browser-check")
    expect(beside).to_contain_text("This browser checked the receipt itself: Proved. Entry ")
    expect(beside).to_contain_text("The key that it used comes from this site")
    hand.watch.look(hand.page)
    receipt = hand.saves("Save the receipt with all of your answers")
    hand.goes("/back/open")
    expect(hand.page.locator("#browser-check")).to_contain_text("Proved. Entry ")
    hand.goes("/receipts/check")
    choose(hand.page, tmp_path, "receipt", receipt)
    hand.page.get_by_role("button", name="Use this site’s own policy").click()
    result = hand.page.locator("#check-result")
    expect(result.get_by_role("heading", name="Proved.", exact=True)).to_be_visible()
    expect(hand.page.locator("#own-policy-said")).to_contain_text("It trusts this site.")
    expect(result).to_contain_text("with this site’s own policy.")
    assert hand.page.input_value("#policy-text").startswith("log ")
    choose(hand.page, tmp_path, "policy", make_policy())
    expect(hand.page.locator("#own-policy-said")).to_be_empty()


def test_without_script_the_page_says_how_to_check_and_claims_no_check(people: People) -> None:
    hand = people.comes(script=False)
    hand.goes("/receipts/check")
    expect(hand.page.locator("#check-tool")).to_be_hidden()
    assert "python3 verify.py receipt.json --policy on-record-policy.txt" in hand.says
    assert 'python3 verify.py --address "ADDRESS"' in hand.says
    teller = Teller(hand, {**PERSON, **told(), **event(1, "hurt", HAPPENED)})
    teller.starts()
    teller.answers_all()
    teller.sends()
    assert "This browser" not in hand.says


def test_a_browser_that_cannot_check_signatures_says_so_and_names_the_program(
    people: People,
) -> None:
    hand = people.comes()
    hand.page.add_init_script(f"({NO_ED25519})()")
    hand.goes("/receipts/check")
    expect(hand.page.locator("#check-why")).to_contain_text("This browser is too old")
    expect(hand.page.locator("#check-tool")).to_be_hidden()
    assert "python3 verify.py" in hand.says


def test_the_page_can_be_used_by_keyboard_alone(people: People) -> None:
    hand = people.comes(kind=KeyHand, size=ZOOMED)
    assert isinstance(hand, KeyHand)
    hand.goes("/receipts/check")
    for words, box, text in (
        ("Or paste it", "receipt-text", make_file().decode()),
        ("Or paste the policy", "policy-text", make_policy().decode()),
    ):
        hand._reach(hand.page.locator("summary", has_text=words))
        hand.page.keyboard.press("Enter")
        hand.types(box, text)
    hand._use(hand.page.get_by_role("button", name="Check", exact=True))
    result = hand.page.locator("#check-result")
    expect(result.get_by_role("heading", name="Proved.", exact=True)).to_be_visible()


def test_the_saved_page_works_from_disk_without_a_network(
    people: People, browser: Browser, tmp_path: Path
) -> None:
    hand = people.comes()
    hand.goes("/receipts/check")
    saved = tmp_path / "check.html"
    saved.write_bytes(hand.saves("save it as one file"))
    context = browser.new_context(offline=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: said.append(request.url))
    page.goto(f"{saved.as_uri()}#{DIGITS}")
    result = page.locator("#check-result")
    expect(result).to_contain_text("Consistent, signer unknown.")
    choose(page, tmp_path, "policy", make_policy())
    check(page)
    expect(result.get_by_role("heading", name="Proved.", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert said == [f"{saved.as_uri()}#{DIGITS}"] or said == [saved.as_uri()]
    context.close()
