"""Somebody adds pictures and messages: with and without script, by keyboard, on a small phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Route

from portal.cli.jobs import run_once
from portal.evidence.parts import PART
from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.filed import agree_inbox, file_report
from tests.rig.hands import Hand, KeyHand
from tests.rig.people import PASSWORD, add_person
from tests.rig.uploads import HONEST, SCRIPT, add, jpeg
from tests.rig.watch import PHONE

pytestmark = pytest.mark.journey
LONG = jpeg() + bytes(range(256)) * 14_000  # four parts


@pytest.fixture
def backend() -> str:
    """One kind of database: what a browser does with files does not depend on it."""
    return "sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files on somebody's telephone."""
    (tmp_path / "me.jpg").write_bytes(jpeg((600, 400)))
    (tmp_path / "film.jpg").write_bytes(LONG)
    (tmp_path / "page.html").write_bytes(SCRIPT)
    return tmp_path


def comes_back(hand: Hand, site: Site) -> None:
    """Open with the code what was sent before, and go to the files."""
    hand.goes("/back")
    hand.types("code", file_report(site, way="keep").code)
    hand.presses("Continue", among="main")
    hand.presses("Your files")


def chooses(hand: Hand, *files: Path) -> None:
    """Choose files in the browser's own control."""
    hand.page.set_input_files("#files", files)


def test_without_script_files_are_added_named_and_looked_at(
    people: People, site: Site, folder: Path
) -> None:
    hand = people.comes(script=False, size=PHONE)
    comes_back(hand, site)
    chooses(hand, folder / "me.jpg", folder / "film.jpg", folder / "page.html")
    hand.presses("Add")
    assert "2 files were added. These were not:" in hand.says
    assert "page.html: It is a web page" in hand.says
    run_once(site)
    hand.follows(hand.page.locator("#added a").first)
    hand.unfolds("Show the copy")
    hand.unfolds("Its fingerprint")
    assert hand.saves("Save it back to this device") == (folder / "me.jpg").read_bytes()
    hand.presses("Back to your files")
    hand.follows(hand.page.locator("#added a[href='/back/files/2']"))


def test_with_script_a_file_is_sent_in_parts_and_said_to_be_there(
    people: People, site: Site, folder: Path
) -> None:
    hand = people.comes(size=PHONE)
    parts = list[str]()
    hand.page.on("request", lambda each: parts.append(each.url) if each.method == "POST" else None)
    comes_back(hand, site)
    chooses(hand, folder / "film.jpg", folder / "me.jpg")
    with hand.page.expect_navigation(url=lambda url: url.endswith("done=3")):
        hand.page.click("#files-form button")
    hand.watch.look(hand.page)
    assert "All that you chose was added." in hand.says
    assert "film.jpg" in hand.says
    assert [url.rsplit("/", 1)[1] for url in parts[-8:]] == [
        *("begin", "1", "2", "3", "4", "finish"),
        *("begin", "1", "finish"),
    ][-8:]


def test_what_is_refused_is_said_where_it_was_chosen(
    people: People, site: Site, folder: Path
) -> None:
    hand = people.comes()
    comes_back(hand, site)
    chooses(hand, folder / "page.html", folder / "me.jpg")
    hand.page.click("#files-form button")
    hand.page.locator("#files-again").wait_for()
    hand.watch.look(hand.page)
    said = hand.page.inner_text("#files-said")
    assert "page.html: It is a web page" in said
    assert "me.jpg was added." in said
    hand.presses("Show the list anew")
    assert "me.jpg" in hand.says


def test_a_lost_connection_goes_on_after_the_page_is_loaded_anew(
    people: People, site: Site, folder: Path
) -> None:
    hand = people.comes()
    comes_back(hand, site)
    asked = list[str]()

    def cut(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    hand.page.route("**/back/files/*/3", cut)
    chooses(hand, folder / "film.jpg")
    hand.page.click("#files-form button")
    hand.page.get_by_text("The connection was lost.").wait_for()
    hand.page.unroute("**/back/files/*/3")
    hand.goes("/back/files")
    assert "Not wholly here yet" in hand.says
    assert f"{2 * PART / 1e6:.1f} MB of {len(LONG) / 1e6:.1f} MB are here." in hand.says
    sent = list[str]()
    hand.page.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    chooses(hand, folder / "film.jpg")
    with hand.page.expect_navigation(url=lambda url: url.endswith("done=3")):
        hand.page.click("#files-form button")
    hand.watch.look(hand.page)
    assert [url.rsplit("/", 1)[1] for url in sent] == ["begin", "3", "4", "finish"]
    assert "Not wholly here" not in hand.says
    assert asked


def test_somebody_at_a_force_opens_a_copy_and_then_saves_the_original(
    people: People, site: Site, folder: Path
) -> None:
    agree_inbox(site)
    filed = file_report(site, way="pass")
    add(site, filed.id, (folder / "me.jpg").read_bytes(), "me.jpg")
    add(site, filed.id, HONEST["pdf"], "bill.pdf")
    run_once(site)
    add_person(site, "liaison", force_id="wiltshire")
    hand = people.works("liaison@example.org", PASSWORD)
    hand.follows(hand.page.locator("main a[href^='/force/']").first)
    hand.types("reason", "To read what they added.")
    hand.presses("Write it down and open", among="main")
    hand.presses("2 files were added")
    assert b"%PDF" in hand.saves("Open the copy of file 2")
    hand.unfolds("The original of file 1")
    assert hand.saves("Save the original of file 1") == (folder / "me.jpg").read_bytes()
    with hand.page.expect_navigation(url=lambda url: url.endswith("/1")) as shown:
        hand.page.get_by_role("button", name="Open the copy of file 1").click()
    assert shown.value is not None
    assert shown.value.headers["content-type"] == "image/jpeg"


def test_by_keyboard_alone_a_file_is_added_to_a_draft_and_removed(
    people: People, site: Site, folder: Path
) -> None:
    hand = people.comes(script=False, kind=KeyHand)
    hand.goes("/start")
    hand.presses("Start", among="main")
    hand.presses("Go on", among="main")
    hand.goes("/start/files")
    chooses(hand, folder / "me.jpg")
    hand.presses("Add", among="#files-form")
    assert "1 file was added. It is kept as it is." in hand.says
    hand.follows(hand.page.locator("#added a[href$='/remove']"))
    hand.presses("Remove it", among="main")
    assert "The file was removed." in hand.says
    assert "me.jpg" not in hand.says
