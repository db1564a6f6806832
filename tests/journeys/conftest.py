"""A browser, a served site, and people at it, for every journey."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from portal.config import Settings
from portal.site import Site
from tests.rig.browser import get_browser
from tests.rig.clock import HandClock
from tests.rig.hands import Hand
from tests.rig.running import Running, running, weather
from tests.rig.watch import PHONE, WIDE, Size, Watch

OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all journeys; each has its own contexts in it."""
    opened = playwright.chromium.launch(executable_path=str(get_browser()), args=list(OPTIONS))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[str]:
    """The other website to which leaving leads."""
    with weather() as address:
        yield address


@pytest.fixture
def served(settings: Settings, clock: HandClock, elsewhere: str) -> Iterator[Running]:
    """The site at an address, with its clock moved by hand."""
    with running(replace(settings, leave_url=elsewhere), clock) as found:
        yield found


@pytest.fixture
def site(served: Running) -> Site:
    """The installation that the browser sees."""
    return served.site


@dataclass
class People:
    """Opens a browser for each person, and in the end asks every watch what it saw."""

    browser: Browser
    served: Running
    elsewhere: str
    stack: ExitStack
    judged: set[str]
    watches: list[Watch] = field(default_factory=list)

    def comes(
        self,
        *,
        script: bool = True,
        size: Size = WIDE,
        sizes: tuple[Size, ...] = (),
        kind: type[Hand] = Hand,
        **options: Any,  # noqa: ANN401 - whatever a browser context takes
    ) -> Hand:
        """Somebody at a browser of their own. With `sizes` each new page is seen at all of them."""
        context = self.browser.new_context(
            base_url=self.served.address,
            java_script_enabled=script,
            viewport={"width": size[0], "height": size[1]},
            **options,
        )
        self.stack.callback(context.close)
        context.set_default_timeout(15_000)
        watch = Watch(
            context,
            self.served.address,
            self.elsewhere,
            sizes=sizes or (size,),
            script=script,
            judged=self.judged,
        )
        self.watches.append(watch)
        return kind(context.new_page(), watch)

    def works(self, email: str, password: str) -> Hand:
        """Somebody who signs in; their pages are seen wide and narrow."""
        hand = self.comes(sizes=(PHONE, WIDE))
        hand.goes("/account/sign-in")
        hand.types("email", email)
        hand.types("password", password)
        hand.presses("Sign in", among="main")
        return hand


@pytest.fixture(scope="session")
def judged() -> set[str]:
    """The page states that axe has looked at: once for all journeys of a worker is enough."""
    return set()


@pytest.fixture
def people(browser: Browser, served: Running, elsewhere: str, judged: set[str]) -> Iterator[People]:
    """The people of a journey. Whatever any of them saw that was wrong fails it."""
    with ExitStack() as stack:
        made = People(browser, served, elsewhere, stack, judged)
        yield made
        for watch in made.watches:
            watch.check()
