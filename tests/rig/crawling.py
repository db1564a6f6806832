"""Walks through the site as somebody does who follows every link and presses every button empty."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

_MOST_OF_ONE = 3  # pages of one address and one kind, for one walk
_LINK = re.compile(r'<a\b(?![^>]*\bdownload\b)[^>]*\bhref="([^"#]+)')
_SLOW = "report.print_sheet"  # a QR code for each: only where a walk begins
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_ASKS = re.compile(r'<(?:textarea(?![^>]*hidden)|select|input(?![^>]*type="hidden"))')
_TAG = re.compile(r"<([a-z][a-z0-9]*)\b([^>]*)")
_CLASS = re.compile(r'class="([^"]*)"')


@dataclass(frozen=True)
class Seen:
    """A page as it was sent: who saw it, where, and what it was."""

    who: str
    address: str
    endpoint: str
    status: int
    html: str = field(repr=False)

    @property
    def asks(self) -> bool:
        """Whether a form on it asks for something."""
        return any(
            'method="post"' in attributes and _ASKS.search(inside)
            for attributes, inside in _FORM.findall(self.html)
        )

    @property
    def kind(self) -> tuple[str, int, frozenset[tuple[str, str]]]:
        """What the page is made of: two pages of one kind differ only in their words."""
        tags = _TAG.findall(self.html)
        made = frozenset((tag, "".join(_CLASS.findall(rest))) for tag, rest in tags)
        return self.endpoint, self.status, made


@dataclass
class Crawl:
    """All pages that were seen by anybody, each kind once."""

    app: Flask
    pages: dict[object, Seen] = field(default_factory=dict)
    reached: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    walked: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)

    def walk(self, who: str, client: FlaskClient, *starts: str) -> None:
        """Follow every link from these pages on, then send each form that asks something, empty.

        Links to addresses in `known` are not followed.
        """
        walked: set[str] = set()
        of_one: Counter[object] = Counter()  # by address without numbers, and by kind
        waiting, forms = list(starts), list[Seen]()
        while waiting:
            address = waiting.pop(0)
            if address in walked:
                continue
            walked.add(address)
            of_one[_pattern(address)] += 1
            if of_one[_pattern(address)] > _MOST_OF_ONE and address not in starts:
                continue
            seen = self.look(who, client.get(address, follow_redirects=True), address)
            if seen is None or of_one[seen.kind] >= _MOST_OF_ONE:
                continue
            of_one[seen.kind] += 1
            new = (link for link in _links(seen.html) if link not in walked | self.known)
            waiting += [link for link in new if self.endpoint(link) != _SLOW]
            forms.append(seen)
        self.walked |= walked
        for seen in forms:
            self._send_empty(who, client, seen)

    def fill(self, who: str, client: FlaskClient, address: str, **typed: object) -> None:
        """Send what was typed, and keep the page where that leads."""
        self.look(who, client.post(address, data=typed, follow_redirects=True), address)

    def addresses(self, who: str, endpoint: str) -> list[str]:
        """Where this person saw pages of a view."""
        return list(dict.fromkeys(self.reached.get((who, endpoint), [])))

    def look(self, who: str, response: TestResponse, address: str = "") -> Seen | None:
        """Keep a page that was sent; None if it is no page."""
        if response.mimetype != "text/html" or response.status_code in (302, 303, 307):
            return None
        address = response.request.path if response.history else address or response.request.path
        seen = Seen(who, address, self.endpoint(address), response.status_code, response.text)
        self.pages.setdefault(seen.kind, seen)
        self.reached.setdefault((who, seen.endpoint), []).append(address)
        return seen

    def endpoint(self, address: str, method: str = "GET") -> str:
        """Which view answers at an address; "" for none."""
        try:
            return str(self.app.url_map.bind("").match(urlsplit(address).path, method)[0])
        except HTTPException:
            return ""

    def endpoints(self) -> set[str]:
        """The views whose own pages were seen."""
        return {seen.endpoint for seen in self.pages.values() if seen.status == 200}

    def _send_empty(self, who: str, client: FlaskClient, seen: Seen) -> None:
        for attributes, inside in _FORM.findall(seen.html):
            if 'method="post"' not in attributes or not _ASKS.search(inside):
                continue
            action = re.search(r'action="([^"]*)"', attributes)
            address = unescape(action[1]) if action else seen.address.partition("?")[0]
            hidden = {unescape(name): unescape(value) for name, value in _HIDDEN.findall(inside)}
            self.look(who, client.post(address, data=hidden, follow_redirects=True), address)


def _links(html: str) -> Iterator[str]:
    for found in _LINK.findall(html):
        link = unescape(found)
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or parts.path == "/leave" or not link.startswith("/"):
            continue
        if len(parse_qsl(parts.query)) <= 1:  # a filter of one kind is enough
            yield link


def _pattern(address: str) -> str:
    """An address without what differs between two of one kind."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|(?<==).*", "*", address)
