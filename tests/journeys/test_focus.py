"""Whoever goes by keyboard sees where they are, in forced colours too, on every control."""

import pytest

from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.filed import file_report
from tests.rig.hands import Hand
from tests.rig.looking import OPEN_ALL, WIDTH
from tests.rig.people import PASSWORD, add_person
from tests.rig.telling import Teller, prefill
from tests.rig.watch import PHONE

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
ANYBODYS = ("/", "/start/before", "/back", "/easy-read", "/receipts/check", "/account/sign-in")
DRAFT = ("/start/1/what", "/start/1/when", "/start/way", "/start/words", "/start/files")
SENT = ("/back/open", "/back/safe-way", "/back/end", "/back/show/1", "/back/say/told/1")
STAFFS = ("/oversight", "/oversight/alerts", "/oversight/review", "/account")
# In forced colours a browser draws no shadow and no background of ours, but every line, transparent
# ones too: there a line has to change.
UNSEEN = """() => {
    const forced = matchMedia("(forced-colors: active)").matches;
    const line = (kind, width, colour) => kind === "none" || !parseFloat(width) ? ""
        : [kind, width, forced ? "" : colour].join();
    const look = style => [
        line(style.outlineStyle, style.outlineWidth, style.outlineColor),
        line(style.borderTopStyle, style.borderTopWidth, style.borderTopColor),
        line(style.borderBottomStyle, style.borderBottomWidth, style.borderBottomColor),
        ...(forced ? [] : [style.boxShadow, style.backgroundColor])].join();
    // A radio button that cannot be seen shows its focus on what is drawn for its label.
    const drawn = element => [element, ...(element.labels ?? [])].filter(each =>
        getComputedStyle(each).opacity !== "0").flatMap(each => [
        look(getComputedStyle(each)), look(getComputedStyle(each, "::before"))]).join("|");
    const all = document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']");
    const faults = [];
    for (const each of all) {
        // What is not drawn, or is out of the order of the Tab key, never has the focus.
        if (!each.getClientRects().length || each.tabIndex < 0 || each.disabled) continue;
        document.activeElement.blur();
        const plain = drawn(each);
        each.focus();
        if (document.activeElement !== each) continue;
        if (drawn(each) === plain) faults.push(each.outerHTML.slice(0, 120));
    }
    return faults;
}"""


def unseen_on(hand: Hand, *addresses: str) -> list[str]:
    """Every control of these pages of which nobody sees that it has the focus."""
    found = []
    for address in addresses:
        hand.goes(address)
        hand.page.evaluate(OPEN_ALL)
        hand.page.keyboard.press("Tab")  # so that the browser shows the focus of a keyboard
        found += [f"{address}: {each}" for each in hand.page.evaluate(UNSEEN)]
        found += [f"{address}: {each}" for each in hand.page.evaluate(WIDTH)]
    return found


NO_LINES = """() => {
    const style = new CSSStyleSheet();
    style.replaceSync(`:is(*, #a#b#c) { outline: none !important; box-shadow: none !important;
        background: none !important; border: 1px solid red !important; }`);
    document.adoptedStyleSheets = [style];
}"""


def test_a_focus_that_nobody_sees_is_found(people: People) -> None:
    hand = people.comes(size=PHONE)
    prefill(people.served.site, Teller(hand, {}).starts(), upto="words")
    hand.goes("/start/1/when")
    hand.page.evaluate(NO_LINES)
    hand.page.keyboard.press("Tab")
    unseen = hand.page.evaluate(UNSEEN)
    assert {each[1:3] for each in unseen} >= {"a ", "bu", "su"}, unseen


@pytest.mark.parametrize("colours", ["active", "none"])
def test_the_focus_is_seen_on_every_control_of_a_small_phone(
    people: People, site: Site, colours: str
) -> None:
    hand = people.comes(size=PHONE, forced_colors=colours)
    assert hand.page.evaluate("matchMedia('(forced-colors: active)').matches") == (
        colours == "active"
    )
    found = unseen_on(hand, *ANYBODYS)
    prefill(site, Teller(hand, {}).starts(), upto="words")
    found += unseen_on(hand, *DRAFT)
    filed = file_report(site, told=site.now())
    hand.goes("/back")
    hand.types("code", filed.code)
    hand.presses("Continue", among="main")
    found += unseen_on(hand, *SENT)
    assert not found


def test_staff_see_the_focus_in_forced_colours(people: People, site: Site) -> None:
    add_person(site, "inspector")
    hand = people.comes(size=PHONE, forced_colors="active")
    hand.goes("/account/sign-in")
    hand.types("email", "inspector@example.org")
    hand.types("password", PASSWORD)
    hand.presses("Sign in", among="main")
    assert not unseen_on(hand, *STAFFS)
