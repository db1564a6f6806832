"""Draws pages in a browser as they were sent, and looks at each: wide, narrow, in large letters.

The pages come from `tests.rig.crawling`, the files beside them from the folder: no site is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from portal.web.security import CONTENT_SECURITY_POLICY
from tests.rig.crawling import Seen
from tests.rig.looking import (
    COVERED,
    LARGE_LETTERS,
    NAMES,
    OPEN_ALL,
    SPACED,
    WIDTH,
    complaints,
)
from tests.rig.watch import WIDE, ZOOMED, Size

_ROOT = Path(__file__).parents[2]
_HOME = "http://record.test"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HALF: Size = (640, 512)  # 1280 by 1024 at 200 %


@dataclass
class Shown:
    """What was wrong with one page, by what was looked for; and its weight in bytes."""

    where: str
    asks: bool
    weight: int = 0
    complaints: list[str] = field(default_factory=list)
    misfits: list[str] = field(default_factory=list)
    ways_out: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def show_all(browser: Browser, pages: list[Seen]) -> list[Shown]:
    """Draw each page and look at it."""
    context = browser.new_context(base_url=_HOME, reduced_motion="reduce")
    page = context.new_page()
    served: dict[str, int] = {}

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        kind, body = _body(path, pages)
        served[path] = len(body)
        headers = {"Content-Type": kind, "Content-Security-Policy": CONTENT_SECURITY_POLICY}
        route.fulfill(body=body, headers=headers)

    context.route("**/*", answer)
    try:
        return [_show(page, number, seen, served) for number, seen in enumerate(pages)]
    finally:
        context.close()


def _body(path: str, pages: list[Seen]) -> tuple[str, bytes]:
    if path.startswith("/static/"):
        file = _ROOT / path.lstrip("/")
        return _KINDS[file.suffix], file.read_bytes()
    return "text/html; charset=utf-8", pages[int(path.strip("/"))].html.encode()


def _show(page: Page, number: int, seen: Seen, served: dict[str, int]) -> Shown:
    where = f"{seen.address} ({seen.status}, {seen.who})"
    shown = Shown(where, asks=seen.asks)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.goto(f"/{number}")
    shown.weight = _weight(page, number, served)
    shown.ways_out += _faults(where, page.evaluate(COVERED))
    shown.names += _faults(where, page.evaluate(NAMES))
    page.evaluate(OPEN_ALL)
    shown.complaints += _faults(where, complaints(page, wide=True))
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    there = f"{where}, zoomed"
    shown.complaints += _faults(there, complaints(page, wide=False))
    shown.misfits += _faults(there, page.evaluate(WIDTH))
    shown.ways_out += _faults(there, page.evaluate(COVERED))
    page.evaluate(SPACED)
    shown.misfits += _faults(f"{there}, spaced", page.evaluate(WIDTH))
    page.set_viewport_size({"width": _HALF[0], "height": _HALF[1]})
    page.evaluate(LARGE_LETTERS)
    shown.misfits += _faults(f"{where}, large", page.evaluate(WIDTH))
    shown.ways_out += _faults(f"{where}, large", page.evaluate(COVERED))
    shown.complaints += _faults(
        where, [f"the console says {each}" for each in said if "404" not in each]
    )
    return shown


def _weight(page: Page, number: int, served: dict[str, int]) -> int:
    """What a first look at this page loads: the page, and every file that it names."""
    files = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    paths = {urlsplit(each).path for each in files}
    return served[f"/{number}"] + sum(served[path] for path in paths if path in served)


def _faults(where: str, found: list[Any]) -> Iterator[str]:
    return (f"{where}: {each}" for each in found)
