"""What is held of every page that a journey reaches, whoever walks it.

A watch looks at each page state once: width, the way out, title and address; and at all that the
browser does meanwhile: requests elsewhere, errors and refusals by the content policy. What axe says
of pages as they are sent is in `journeys/test_every_page.py`; here it sees what scripts change.
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

Size = tuple[int, int]
WIDE: Size = (1280, 900)
PHONE: Size = (320, 640)
ZOOMED: Size = (320, 256)  # 1280 by 1024 at 400 %

TELLING = re.compile(r"\b(crime|police|abuse|victim|rape|report)", re.IGNORECASE)
_AXE = (Path(__file__).parents[1] / "journeys" / "axe.min.js").read_text(encoding="utf-8")
_RULES = json.dumps(
    {
        "runOnly": {
            "type": "tag",
            "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        },
        "resultTypes": ["violations"],
        "preload": False,
    }
)
# Axe sees what is open, so every "Why we ask" is opened first; they are closed again after.
_COMPLAINTS = f"""async () => {{
    const shut = [...document.querySelectorAll("details:not([open])")];
    shut.forEach(each => {{ each.open = true; }});
    const found = await axe.run(document, {_RULES});
    shut.forEach(each => {{ each.open = false; }});
    return found.violations.map(each => [each.id, each.nodes[0].html.slice(0, 300)]);
}}"""
_CHANGED_BY_SCRIPT = frozenset({"/receipts/check", "/start/done", "/back/open"})
_FACTS = """() => {
    const leave = document.querySelector("a[data-leave]");
    const place = leave ? leave.getBoundingClientRect() : null;
    const first = document.querySelector("a[href], button, input, select, textarea, summary");
    return {
        title: document.title,
        width: document.documentElement.scrollWidth,
        leaveIsFirst: leave !== null && first === leave,
        leaveInView: place !== null && place.top >= 0 && place.bottom <= innerHeight
            && place.left >= 0 && place.right <= innerWidth,
        raised: document.querySelectorAll("[tabindex]:not([tabindex='0']):not([tabindex='-1'])")
            .length,
        mistakes: document.querySelectorAll(".govuk-error-summary").length,
        shape: [...new Set([...document.querySelectorAll("main *")]
            .map(each => each.tagName + "." + each.className))].sort().join(),
        headings: document.querySelectorAll("h1").length,
    };
}"""
_ONE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


class Watch:
    """Looks at every page of one browser context; `check` says at the end what was wrong."""

    def __init__(
        self,
        context: BrowserContext,
        home: str,
        elsewhere: str,
        *,
        sizes: tuple[Size, ...] = (WIDE,),
        script: bool = True,
        judged: set[str] | None = None,
    ) -> None:
        """`home` is the site's address; `elsewhere` is where leaving leads.

        `judged` are the page states that axe has seen; watches may share them.
        """
        self._home = home
        self._elsewhere = elsewhere
        self._sizes = sizes
        self._script = script
        self._judged = set() if judged is None else judged
        self._looked = False
        self._titles: dict[str, str] = {}
        self.faults: list[str] = []
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", self._failed)

    def look(self, page: Page) -> None:
        """Hold the page as it stands to what every page promises."""
        if not page.url.startswith(self._home):
            return
        facts = page.evaluate(_FACTS)
        name = _ONE.sub("*", urlsplit(page.url).path)
        self._read(page.url, name, facts)
        self._looked = True
        kind = f"{facts['mistakes']} {facts['shape']}"
        for width, height in self._sizes:
            state = f"{name} {width}x{height} {self._script} {kind}"
            new = state not in self._judged
            if len(self._sizes) > 1:
                if not new:
                    continue
                page.set_viewport_size({"width": width, "height": height})
                facts = page.evaluate(_FACTS)
            self._fits(page.url, facts, width)
            if new:
                self._judged.add(state)
                if self._script and name in _CHANGED_BY_SCRIPT:
                    self._judge(page, name, width)

    def check(self) -> None:
        """Raises AssertionError with everything that was wrong on any page."""
        if self.faults or not self._looked:
            raise AssertionError("\n".join(["On the pages of this journey:", *self.faults]))

    def _read(self, url: str, name: str, facts: dict[str, Any]) -> None:
        title = facts["title"]
        self._must(not TELLING.search(title), f"the title {title!r} of {name} tells")
        self._must(not TELLING.search(urlsplit(url).path), f"the address {name} tells")
        self._must(facts["leaveIsFirst"], f"on {name} the way out is not first")
        self._must(facts["raised"] == 0, f"{name} changes the order of the Tab key")
        self._must(facts["headings"] == 1, f"{name} has {facts['headings']} main headings")
        self._must(
            title.startswith("Error: ") == (facts["mistakes"] > 0),
            f"{name} has the title {title!r} and {facts['mistakes']} error summaries",
        )
        known = self._titles.setdefault(title, name)
        self._must(known == name, f"{known} and {name} share the title {title!r}")

    def _fits(self, url: str, facts: dict[str, Any], width: int) -> None:
        where = f"{urlsplit(url).path} at {width}"
        self._must(facts["width"] <= width, f"{where} is {facts['width']} wide")
        self._must(facts["leaveInView"], f"{where} has the way out out of view")

    def _judge(self, page: Page, name: str, width: int) -> None:
        page.evaluate(_AXE)
        for rule, html in page.evaluate(_COMPLAINTS):
            self.faults.append(f"{name} at {width}: axe {rule} {html}")

    def _must(self, is_so: bool, otherwise: str) -> None:
        if not is_so:
            self.faults.append(otherwise)

    def _asked(self, request: Request) -> None:
        own = request.url.startswith((self._home + "/", "data:"))
        left = request.url.startswith(self._elsewhere) and request.is_navigation_request()
        self._must(own or left, f"a request to {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # A page of an error has its status, and a load that is broken off by going on has failed:
        # the browser says so of both. What is asked of others `_asked` sees.
        of_load = message.text.startswith("Failed to load resource") and (
            " status of 4" in message.text or "net::ERR_FAILED" in message.text
        )
        if message.type in ("error", "warning") and not of_load:
            self.faults.append(f"the console says {message.text!r}")

    def _failed(self, error: WebError) -> None:
        self.faults.append(f"script failed: {error.error}")
