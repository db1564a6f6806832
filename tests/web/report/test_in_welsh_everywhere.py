"""The promise to who reads Welsh: whatever happened is called by its Welsh name on every page.

A report of many things, a report with a police record, and one that the police will not write
down are opened, and every link on their pages is followed.
"""

import re
from html import unescape

import pytest
from flask import Flask

from portal.languages.translating import WELSH, gettext, speaking
from portal.reference.categories import all_categories
from portal.reference.offences import all_offences
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import file_report, look_again
from tests.rig.people import site_of
from tests.rig.stated import matched, says
from tests.rig.welsh import english_in

LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')
NOT_SAID = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)
NOT_FOLLOWED = re.compile(
    r"/leave|/language/|/static/|/log|/receipts|/account"
    r"|/(start|back)/(print|receipt|everything/file)"
    r"|.*/([2-9]|\d\d)\b"
)
"""What leads away, is a file, or asks about a further thing what is asked about the first."""
TYPED = (
    *("demonstration.invalid/on-record", "He took the blue bicycle and said my name."),
    "The police were told at 9am on Monday 2 March 2026.",
    "The police were told at 8am on Monday 2 March 2026.",
)
"""What is shown as it was typed, or as a receipt holds it."""
WAYS = ("other", "words", "told", "wish", "right")
SLUGS = [each.slug for each in all_categories()]
MANY = 13

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)


def english_labels() -> list[str]:
    """What categories and offences are called in English, where Welsh says something else."""
    named = {
        words
        for one in all_categories()
        for words in (one.words, one.name, one.hint, one.group)
        if len(words) > len("Sexual")
    }
    named |= {one.title for one in all_offences().values()}
    with speaking(WELSH):
        return sorted(words for words in named if gettext(words) != words)


LABELS = re.compile("|".join(rf"(?<!\w){re.escape(words)}(?!\w)" for words in english_labels()))


def walk(app: Flask, code: str, *others: str) -> tuple[int, list[str]]:
    """Open a report in Welsh and follow every link; how many pages, and what was English."""
    client = app.test_client()
    client.get("/language/cy?page=/")
    assert client.post("/back", data={"code": code}).location == "/back/open"
    waiting, seen, english = ["/back/open", *others], set[str](), list[str]()
    while waiting:
        address = waiting.pop()
        if address in seen or NOT_FOLLOWED.match(address):
            continue
        seen.add(address)
        page = client.get(address, follow_redirects=True)
        assert page.status_code == 200, address
        if page.mimetype != "text/html":
            continue
        said = " ".join(unescape(NOT_SAID.sub(" | ", page.text)).split())
        english += [f"{address}: {each}" for each in LABELS.findall(said)]
        english += [f"{address}: {each}" for each in english_in(page.text, *TYPED)]
        waiting += [unescape(each) for each in LINK.findall(page.text)]
    return len(seen), english


def test_the_labels_that_are_looked_for_are_found_where_they_stand(app: Flask) -> None:
    assert app
    assert LABELS.search("Part 2: Someone said they would kill me or somebody else.")
    assert LABELS.search("The police wrote it down as “Criminal damage to a dwelling”.")


@pytest.mark.parametrize("first", range(0, len(SLUGS), MANY))
def test_whatever_happened_has_its_welsh_name_on_every_page_of_it(
    app: Flask, site: Site, clock: HandClock, first: int
) -> None:
    filed = file_report(site, categories=SLUGS[first : first + MANY], told=site.now())
    clock.advance(hours=72)
    look_again(site)
    pages, english = walk(app, filed.code)
    assert not english
    assert pages > MANY


def test_what_police_wrote_down_and_what_was_said_about_it_too(
    app: Flask, site: Site, clock: HandClock
) -> None:
    filed, _record = matched(site, clock, offence_code="58A")
    look_again(site)
    says(site, filed, "not_what_i_said")
    pages, english = walk(app, filed.code, *(f"/back/say/{word}/1" for word in WAYS))
    assert not english
    assert pages > MANY
