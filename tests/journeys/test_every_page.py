"""Every page, as everybody who has one sees it: checked by two programs, and measured."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from portal.app import create_app
from portal.config import Settings
from tests.rig import nu
from tests.rig.clock import HandClock
from tests.rig.compiled import COMPILED
from tests.rig.crawling import Crawl, Seen
from tests.rig.everyone import see_everything
from tests.rig.showing import Shown, show_all

pytestmark = pytest.mark.journey
NO_PAGES = frozenset(
    {
        # Files that are saved, and what programs read.
        "force.describe",
        "force.read_supply",
        "force.receipt",
        "log.checkpoint",
        "log.later_checkpoint",
        "log.later_tile",
        "log.opening",
        "log.tile",
        "oversight.proof",
        "report.check_file",
        "report.entry_receipt",
        "report.policy",
        "report.print_file",
        "report.receipt",
        "report.short_receipt",
        "report.show_file",
        "report.verifier",
        "static",
        "report.everything_file",
        "report.file_copy",
        "report.file_original",
        # What only leads elsewhere.
        "language",
        "report.go_on",
        "report.leave",
    }
)
# What the checker of 2020 takes for a fault, and why it is none.
NO_FAULTS = (
    # The design system's own markup for a group of dates, for old screen readers.
    "The “group” role is unnecessary for element “fieldset”.",
    # Every browser in use has it by now.
    "The “inputmode” attribute is not supported in all browsers.",
    # ARIA 1.2 lets a list be named.
    "Possible misuse of “aria-label”.",
)


@pytest.fixture(scope="module")
def app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site on a database of its own, for all tests here."""
    folder = tmp_path_factory.mktemp("every-page")
    shutil.copy(sqlite_template, folder / "on-record.sqlite")
    url = f"sqlite:///{folder / 'on-record.sqlite'}"
    settings = replace(
        Settings.for_demonstration(folder / "instance", database_url=url),
        code_hash_memory_kib=64,
        code_hash_passes=1,
        password_memory_kib=64,
        password_passes=1,
    )
    clock = HandClock()
    made = create_app(settings, now=clock, compiled=COMPILED)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    made.extensions["clock"] = clock
    yield made
    made.extensions["on_record"].database.engine.dispose()


@pytest.fixture(scope="module")
def crawl(app: Flask) -> Crawl:
    """What everybody saw."""
    return see_everything(app, app.extensions["clock"])


@pytest.fixture(scope="module")
def pages(crawl: Crawl) -> list[Seen]:
    """One page of each kind."""
    return list(crawl.pages.values())


@pytest.fixture(scope="module")
def shown(browser: Browser, pages: list[Seen]) -> list[Shown]:
    """Each of them as a browser draws it."""
    return show_all(browser, pages)


SEEN_BY_OTHERS = frozenset(
    {
        *("advocate.files", "advocate.thread", "force.files"),
        *("oversight.files", "oversight.thread"),
        *("report.closed_now", "report.erased", "report.safe_way_again"),
        *("report.safe_way_former", "report.saved_for_later"),
    }
)
"""Each needs a look or a change of its own: test_files, test_contact, test_own_hand and
test_erasing come by, and axe with them."""


def told(faults: list[str]) -> str:
    """The faults, each once, with how many there are."""
    return "\n".join([f"{len(faults)} faults:", *sorted(set(faults))[:40]])


def test_everybody_together_reaches_every_page(app: Flask, crawl: Crawl) -> None:
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    missed = rules - crawl.endpoints()
    assert missed - SEEN_BY_OTHERS == NO_PAGES
    assert {seen.status for seen in crawl.pages.values()} >= {
        *(200, 400, 403, 404, 405, 409, 413, 422, 429, 500, 503)
    }


def test_the_html_checker_finds_nothing(pages: list[Seen], tmp_path: Path) -> None:
    for number, seen in enumerate(pages):
        (tmp_path / f"{number}.html").write_text(seen.html)
    (tmp_path / "wrong.html").write_text("<!DOCTYPE html><title>x</title><p><li>")
    found = nu.check(tmp_path)
    assert "wrong.html" in {one.name for one in found}, "it would find a fault"
    assert not [
        f"{pages[int(Path(one.name).stem)].address}: {one.message} {one.extract}"
        for one in found
        if one.name != "wrong.html" and not one.message.startswith(NO_FAULTS)
    ]


def test_axe_finds_nothing_wide_or_narrow(shown: list[Shown]) -> None:
    faults = [fault for each in shown for fault in each.complaints]
    assert not faults, told(faults)


def test_every_page_fits_a_small_screen_and_large_letters(shown: list[Shown]) -> None:
    faults = [fault for each in shown for fault in each.misfits]
    assert not faults, told(faults)


def test_the_way_out_is_first_large_enough_and_never_covered(shown: list[Shown]) -> None:
    faults = [fault for each in shown for fault in each.ways_out]
    assert not faults, told(faults)


def test_every_control_has_a_name_and_every_page_its_landmarks(shown: list[Shown]) -> None:
    faults = [fault for each in shown for fault in each.names]
    assert not faults, told(faults)


def test_a_page_with_a_form_weighs_at_most_100_kilobytes(shown: list[Shown]) -> None:
    weights = {each.where: each.weight for each in shown if each.asks}
    assert len(weights) > 60
    assert max(weights.values()) <= 100_000, sorted(weights.items(), key=lambda each: -each[1])[:9]
