"""Two ways to the very end: everything in Welsh up to the copy, and a safe way by text message."""

import io
import zipfile

import pytest

from portal.cli.jobs import JOBS, run_once
from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.filed import file_report, look_again
from tests.rig.hands import Hand, KeyHand
from tests.rig.letters import numbers
from tests.rig.people import add_person
from tests.rig.reached import supporter_writes
from tests.rig.telling import HAPPENED, NAME, PERSON, WORDS, event, told
from tests.rig.watch import PHONE
from tests.rig.welsh import english_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
PAGES = {**PERSON, **told(), **event(1, "threat-to-kill", HAPPENED)}
TYPED = (
    *(*WORDS.splitlines(), NAME, "demonstration.invalid/on-record"),
    "The police were told at 8:17pm on Sunday 1 March 2026.",
)
MOST_PAGES = 30
MOBILE = "07700 900 982"


def reads_welsh(hand: Hand) -> None:
    """Nothing on the page is English but what was typed, or what a receipt holds."""
    assert hand.page.locator("html").get_attribute("lang") == "cy", hand.path
    assert not english_in(hand.page.content(), *TYPED), hand.path


def goes_on(hand: Hand) -> None:
    """Press the one button that goes on."""
    hand.follows(hand.page.locator("main form .govuk-button:not(.or-language)").first)
    reads_welsh(hand)


def test_somebody_tells_it_all_in_welsh_and_saves_a_welsh_copy(
    people: People, site: Site, clock: HandClock
) -> None:
    hand = people.comes(size=PHONE)
    hand.goes("/")
    hand.presses("Cymraeg")
    reads_welsh(hand)
    hand.goes("/start/before")
    goes_on(hand)
    code = "".join(hand.page.inner_text("#return-code").split())
    goes_on(hand)
    for _ in range(MOST_PAGES):
        if hand.path == "/start/check":
            break
        page = hand.path.removeprefix("/start/")
        for what, name, given in PAGES.get(page, [("chooses", "more", "no")]):
            getattr(hand, what)(name, given)
        goes_on(hand)
    goes_on(hand)
    assert hand.path == "/start/done"
    clock.advance(hours=72)
    look_again(site)
    hand.goes("/back")
    hand.types("code", code)
    goes_on(hand)
    assert hand.path == "/back/open"
    assert "Dywedodd rhywun y byddai’n fy lladd" in hand.says
    hand.goes("/back/everything")
    reads_welsh(hand)
    copy = zipfile.ZipFile(
        io.BytesIO(hand.saves("Cadw’r copi", among="main")),
    )
    page = copy.read("readable.html").decode()
    assert '<html lang="cy"' in page
    assert WORDS.splitlines()[0] in page
    assert not english_in(page, *TYPED)
    hand.leaves()


@pytest.mark.parametrize("kind", [Hand, KeyHand])
def test_a_safe_way_by_text_message_from_choosing_it_to_the_message(
    people: People, site: Site, clock: HandClock, kind: type[Hand]
) -> None:
    maria = add_person(site, "advocate", name="maria")
    filed = file_report(site, filed_by=maria)
    hand = people.comes(size=PHONE, kind=kind)
    hand.goes("/back")
    hand.types("code", filed.code)
    hand.presses("Continue", among="main")
    hand.presses("Choose how you may be reached")
    hand.chooses("way", "text")
    hand.types("mobile", MOBILE)
    hand.chooses("purpose", "news")
    hand.presses("Continue", among="main")
    assert hand.path == "/back/safe-way/number"
    hand.types("number", "1234 5678")
    hand.presses("Continue", among="main")
    assert "That number does not fit" in hand.says
    hand.types("number", numbers(site)[-1])
    hand.presses("Continue", among="main")
    assert "Your safe way is confirmed" in hand.says
    clock.advance(hours=1)
    supporter_writes(site, filed.id, maria, "I can come on Monday.")
    run_once(site, [job for job in JOBS if job.name in ("notices", "messages")])
    folder = site.settings.mail.folder
    assert folder is not None
    sent = [path.read_text() for path in folder.glob("*") if path.is_file()]
    news = [text for text in sent if "something new" in text]
    assert len(news) == 1
    assert "Monday" not in news[0]
    assert "://" not in news[0]
