"""How somebody uses a page: with a mouse or a finger, or with the keyboard alone."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

from tests.rig.watch import Watch

MOST_TABS = 150
_HAS_FOCUS = "element => document.activeElement === element"
# What shows the focus may be drawn on the element, or on the label that stands for a radio button.
_FOCUS_SHOWS = """() => {
    const element = document.activeElement;
    const drawn = () => [element, ...(element.labels ?? [])].flatMap(each =>
        [getComputedStyle(each), getComputedStyle(each, "::before")].map(style =>
            [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow,
             style.backgroundColor, style.borderTopWidth].join())).join("|");
    const focused = drawn();
    element.blur();
    const plain = drawn();
    element.focus();
    return focused !== plain;
}"""
_COVERED = """() => {
    const element = document.activeElement;
    const bar = document.querySelector(".or-bar");
    if (bar.contains(element)) return false;
    const place = element.getBoundingClientRect();
    return place.top < bar.getBoundingClientRect().bottom - 1 || place.top > innerHeight;
}"""


class Hand:
    """A mouse or a finger on one page."""

    def __init__(self, page: Page, watch: Watch) -> None:
        self.page = page
        self.watch = watch

    @property
    def path(self) -> str:
        """The path of the address of the page."""
        return urlsplit(self.page.url).path

    @property
    def says(self) -> str:
        """What the page says, but for the frame around it."""
        return self.page.inner_text("main")

    def goes(self, address: str) -> None:
        """Type an address."""
        self.page.goto(address)
        self.watch.look(self.page)

    def presses(self, words: str, *, among: str = "body", nth: int = 0) -> None:
        """Use a link or button by its words, and arrive at the next page."""
        self.follows(self._named(words, among).nth(nth))

    def follows(self, target: Locator) -> None:
        """Use a link or button, and arrive at the next page."""
        self._arrive(lambda: self._use(target))

    def presses_to_tab(self, words: str, *, among: str = "body") -> "Hand":
        """Use a link that leads to another tab; the same hand there. This page stays as it is."""
        with self.page.expect_popup() as waiting:
            self._use(self._named(words, among).first)
        there = type(self)(waiting.value, self.watch)
        there.page.wait_for_load_state("load")
        self.watch.look(there.page)
        return there

    def chooses(self, name: str, value: str) -> None:
        """Choose a radio button, or tick a box."""
        self.page.check(f"input[name='{name}'][value='{value}']")

    def types(self, name: str, text: str) -> None:
        """Write into a box by its id."""
        self.page.fill(f"#{name}", text)

    def picks(self, name: str, value: str) -> None:
        """Pick from a list by its id."""
        self.page.select_option(f"#{name}", value)

    def leaves(self) -> None:
        """Use the way out, which no watch looks behind."""
        with self.page.expect_navigation(url=lambda url: "localhost" in url):
            self._use(self.page.locator("a[data-leave]"))

    def unfolds(self, words: str) -> None:
        """Open what is folded away under these words, the first of them."""
        self._use(self.page.locator("summary", has_text=words).first)

    def saves(self, words: str, *, among: str = "body") -> bytes:
        """Use a link that saves a file; what is in it."""
        with self.page.expect_download() as waiting:
            self._use(self._named(words, among).first)
        return waiting.value.path().read_bytes()

    def _named(self, words: str, among: str) -> Locator:
        within = self.page.locator(among)
        link = within.get_by_role("link", name=words, exact=True)
        return link.or_(within.get_by_role("button", name=words, exact=True))

    def _arrive(self, use: Callable[[], None]) -> None:
        with self.page.expect_navigation(wait_until="load"):
            use()
        self.watch.look(self.page)

    def _use(self, target: Locator) -> None:
        target.click()


class KeyHand(Hand):
    """The keyboard alone: Tab, Space, Enter, the arrows, and letters typed into boxes."""

    def __init__(self, page: Page, watch: Watch) -> None:
        super().__init__(page, watch)
        self._shown: set[str] = set()

    def goes(self, address: str) -> None:
        """Type an address; the first press of Tab reaches the way out."""
        super().goes(address)
        self._first_is_out()

    def chooses(self, name: str, value: str) -> None:
        """Tab to the group; Space on the one wanted, or arrows to it."""
        of_name = f"document.activeElement?.name === {name!r}"
        self._tab_until(lambda: self.page.evaluate(of_name), name)
        self.page.keyboard.press("Space")
        at = "document.activeElement?.value"
        for _ in range(MOST_TABS):
            if self.page.evaluate(at) == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no {value!r} among {name!r} by keyboard")

    def types(self, name: str, text: str) -> None:
        """Tab to the box, which marks what is in it, and write."""
        self._reach(self.page.locator(f"#{name}"))
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def picks(self, name: str, value: str) -> None:
        """Tab to the list and type how the choice begins."""
        box = self.page.locator(f"#{name}")
        self._reach(box)
        self.page.keyboard.type(box.locator(f"option[value='{value}']").inner_text())
        assert box.input_value() == value

    def _arrive(self, use: Callable[[], None]) -> None:
        super()._arrive(use)
        if self.page.locator(".govuk-error-summary").count():
            # What is wrong is read out first. Polling a script would break the page's own policy.
            self.page.locator(".govuk-error-summary:focus").wait_for()
        elif not self.page.locator(".govuk-notification-banner--success").count():
            self._first_is_out()

    def _first_is_out(self) -> None:
        self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.activeElement.matches('a[data-leave]')"), self.path

    def _use(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def _reach(self, target: Locator) -> None:
        handle = target.element_handle()
        if not self.page.evaluate(_HAS_FOCUS, handle):
            self._tab_until(lambda: self.page.evaluate(_HAS_FOCUS, handle), str(target))

    def _tab_until(self, reached: Callable[[], Any], what: str) -> None:
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if reached():
                self._check_focus()
                return
        raise AssertionError(f"no way to {what} by keyboard on {self.path}")

    def _check_focus(self) -> None:
        kind = self.page.evaluate("document.activeElement.tagName + document.activeElement.type")
        assert not self.page.evaluate(_COVERED), f"{kind} on {self.path} is under the bar"
        if kind not in self._shown:
            self._shown.add(kind)
            assert self.page.evaluate(_FOCUS_SHOWS), f"{kind} on {self.path} shows no focus"
