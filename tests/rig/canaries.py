"""Words that stand nowhere else, and the eyes that look for them wherever they could have gone."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from playwright.sync_api import BrowserContext, Frame, Request

from portal.cli.json_lines import JsonLines

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TYPED: Mapping[str, str] = {
    "relation": "her Zwiebeltante",
    "other": "a Quokkaraid happened",
    "place": "7 Wobblestone Row",
    "postcode": "ZE9 9QX",
    "incident": "INC-88311447",
    "reference": "54/90717/26",
    "officer": "PC Grumbelthwaite",
    "words": "The Vlimmerish man came at noon.",
    "name": "Zelphinia Oxbury",
    "contact": "quaggalone@narwhal.example",
    "times": "only on Plumbersday",
    "safe way": "bandicootish@narwhal.example",
    "mistake": "31/Yonuary",
    "lost words": "Unsent Kestrelwind words",
    "look": "because of the Fjordmouse",
}
_PIECE = 6  # the first letters of a word say as much as all of it


def pieces(typed: Mapping[str, str]) -> dict[str, str]:
    """For each thing that was typed, its longest word, or all of it: nothing else holds that."""
    longest = {what: max(text.split(), key=len) for what, text in typed.items()}
    return {what: word if len(word) >= _PIECE else typed[what] for what, word in longest.items()}


class Notebook(logging.Handler):
    """Every line that any logger writes, whatever its level, as the site would format it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line, and the bare words and arguments of it."""
        self.lines.append(JsonLines().format(record))
        self.lines.append(f"{record.getMessage()} {record.args!r} {record.exc_text or ''}")


@dataclass
class Eyes:
    """What stands in addresses, titles, headers and cookies while somebody uses the site."""

    addresses: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    referers: list[str] = field(default_factory=list)
    access_log: list[str] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    cookies: set[str] = field(default_factory=set)

    def watch(self, context: BrowserContext) -> None:
        """Look at all that this browser asks for and shows."""
        context.on("request", self._asked)
        context.on("page", lambda page: page.on("load", lambda each: self._loaded(each.main_frame)))

    def listen(self, app: Flask) -> None:
        """Write down each request as a web server's log of accesses would."""
        inner = app.wsgi_app

        def noting(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']}"
            referer = environ.get("HTTP_REFERER", "")
            self.access_log.append(f'"{asked}" "{referer}" "{environ.get("HTTP_USER_AGENT")}"')
            self.referers += [referer] if referer else []
            return inner(environ, start_response)

        app.wsgi_app = noting  # type: ignore[method-assign]

    def look_at_storage(self, context: BrowserContext) -> None:
        """What the browser keeps for the site, beside its history."""
        for page in context.pages:
            self.stored.append(
                page.evaluate(
                    """async () => JSON.stringify([
                        {...localStorage}, {...sessionStorage}, document.cookie, window.name,
                        history.state, await indexedDB.databases(),
                        "caches" in window ? await caches.keys() : [],
                        (await navigator.serviceWorker?.getRegistrations() ?? []).length])"""
                )
            )
        self.cookies |= {cookie["name"] for cookie in context.cookies()}

    def _asked(self, request: Request) -> None:
        self.addresses.append(request.url)

    def _loaded(self, frame: Frame) -> None:
        self.titles.append(frame.title())


def found_in(text: str | bytes, typed: Mapping[str, str]) -> list[str]:
    """Which of the words stand in a text or in bytes, plainly, escaped or as hexadecimal digits."""
    held = text.encode() if isinstance(text, str) else text
    held = held.lower()
    found = {
        what: None
        for what, word in pieces(typed).items()
        for form in {word, word[:_PIECE], word.replace("/", "%2f"), json.dumps(word).strip('"')}
        if form.lower().encode() in held or form.lower().encode().hex().encode() in held
    }
    return list(found)


def files_of(database_url: str) -> bytes:
    """Every byte of an SQLite database and of its log."""
    path = Path(database_url.removeprefix("sqlite:///"))
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))
