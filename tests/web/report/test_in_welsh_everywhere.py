"""The promise to who reads Welsh, on every page of every report of the demonstration's story."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.languages.translating import WELSH, gettext, speaking
from portal.reference.categories import all_categories
from portal.reference.offences import all_offences
from portal.reports.codes import format_code
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.people import site_of
from tests.rig.story import Tale, tell
from tests.rig.welsh import english_in

LINK = re.compile(r'<a [^>]*?href="([^"#]+)')
TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)
LEADS_AWAY = (
    "/leave",
    "/language/",
    "http",
    "tel:",
    "mailto:",
    "/static/",
    "/log",
    "/back/print",
    "/start/print",
    "/back/receipt",
    "/receipts",
    "/start/receipt",
    "/back/everything/file",
    "/start/before",
    "/start/code",
)


@pytest.fixture
def tale(app: Flask) -> Tale:
    return tell(site_of(app))


def english_labels() -> set[str]:
    """What categories and offences are called in English, where Welsh says something else."""
    named = {
        words for one in all_categories() for words in (one.words, one.name, one.hint, one.group)
    }
    named |= {str(offence.title) for offence in all_offences()}
    with speaking(WELSH):
        return {words for words in named if words and len(words) > 5 and gettext(words) != words}


def test_every_page(tale, client):
    labels = english_labels()
    found = []
    for chapter, code in tale.told.codes.items():
        client = client.application.test_client()
        client.get("/language/cy?page=/")
        r = client.post("/back", data={"code": code})
        if r.status_code != 303:
            print(chapter, r.status_code)
            continue
        todo, seen = ["/back/open"], set()
        while todo:
            a = todo.pop()
            if a in seen:
                continue
            seen.add(a)
            p = client.get(a)
            if p.mimetype != "text/html" or p.status_code != 200:
                if p.status_code in (301, 302, 303):
                    todo.append(p.location)
                elif p.status_code != 200:
                    print(a, p.status_code)
                continue
            said = " ".join(unescape(TAG.sub("\n", p.text)).split())
            for l in labels:
                if re.search(r"(?<!\w)" + re.escape(l) + r"(?!\w)", said):
                    found.append((chapter, a, l))
            for e in english_in(p.text):
                found.append(("", re.sub("[0-9]+", "N", a), "E", e))
            for h in LINK.findall(p.text):
                h = unescape(h)
                if h.startswith("/") and not h.startswith(LEADS_AWAY) and not h.startswith("//"):
                    todo.append(h)
        print(chapter, len(seen), sorted(seen)[:0])
    for f in sorted(set(found)):
        print(f)
    assert 0
