"""Somebody chooses how to be reached, takes a change back, and writes with those who help."""

import logging
import re
from uuid import UUID

import pytest

from portal.cli.jobs import JOBS, run_once
from portal.notifications.addresses import number_of
from portal.site import Site
from tests.journeys.conftest import People
from tests.promises.test_nothing_gives_away import TELLING
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report
from tests.rig.hands import Hand, KeyHand
from tests.rig.letters import ADDRESS, letters, numbers
from tests.rig.people import PASSWORD, add_person
from tests.rig.reached import supporter_writes
from tests.rig.running import Running
from tests.rig.watch import PHONE, WIDE, Size

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]

CANARIES = ("Quaggamire", "Zebulonta", "Kinkajoure", "Numbatwick", "narwhal@", "900 982")
"""Words, a code word, and addresses, which no log, address, subject or letter may hold."""
WAYS = [
    pytest.param(Hand, True, WIDE, id="with a mouse"),
    pytest.param(Hand, False, PHONE, id="without script on a small phone"),
    pytest.param(KeyHand, True, WIDE, id="by keyboard"),
]


@pytest.fixture
def maria(site: Site) -> UUID:
    return add_person(site, "advocate", name="maria")


@pytest.fixture
def filed(site: Site, maria: UUID) -> Filed:
    return file_report(site, filed_by=maria)


def comes_back(hand: Hand, code: str) -> None:
    """Open it with the return code."""
    hand.goes("/back")
    hand.types("code", code)
    hand.presses("Continue", among="main")
    assert hand.path == "/back/open"


def sent_to_person(site: Site) -> list[str]:
    """The subjects of what went to the person, as files in the folder of a demonstration."""
    run_once(site, [job for job in JOBS if job.name in ("notices", "messages")])
    folder = site.settings.mail.folder
    assert folder is not None
    texts = [path.read_text() for path in sorted(folder.glob("*.eml"))] if folder.exists() else []
    return [text for text in texts if f"To: {ADDRESS}" in text and "something new" in text]


def nothing_is_given_away(
    site: Site, hand: Hand, addresses: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """No canary is in a log, an address, a subject or a letter."""
    folder = site.settings.mail.folder
    assert folder is not None
    files = [path.read_text() for path in folder.glob("*")] if folder.exists() else []
    waiting = [f"{each.subject}\n{each.body}" for each in letters(site)]
    bodies = [re.sub(r"^To: .*$", "", text, flags=re.MULTILINE) for text in files]
    seen = "\n".join([caplog.text, *addresses, *bodies, *waiting])
    for canary in CANARIES:
        assert canary not in seen
    for each in letters(site):
        assert not TELLING.search(each.subject)
        assert "://" not in each.body
        assert number_of(each.address) or "@" in each.address


@pytest.mark.parametrize(("kind", "script", "size"), WAYS)
def test_somebody_chooses_a_way_with_hours_changes_it_and_takes_that_back(
    people: People,
    served: Running,
    clock: HandClock,
    filed: Filed,
    maria: UUID,
    caplog: pytest.LogCaptureFixture,
    kind: type[Hand],
    script: bool,
    size: Size,
) -> None:
    caplog.set_level(logging.DEBUG)
    site, hand = served.site, people.comes(kind=kind, script=script, size=size)
    seen: list[str] = []
    hand.page.on("framenavigated", lambda frame: seen.append(frame.url))
    comes_back(hand, filed.code)
    hand.presses("Choose how you may be reached")
    hand.chooses("way", "email")
    hand.types("address", "narwhal")
    hand.chooses("purpose", "news")
    hand.picks("start", "9")
    hand.picks("end", "17")
    hand.presses("Continue", among="main")
    assert "There is a problem" in hand.says
    hand.types("address", ADDRESS)
    hand.presses("Continue", among="main")
    hand.types("number", numbers(site)[-1])
    hand.presses("Continue", among="main")
    assert "Your safe way is confirmed" in hand.says
    assert "From 9am until 5pm" in hand.says

    supporter_writes(site, filed.id, maria, "Numbatwick")
    hand.presses("Go back without changing anything")
    hand.presses("Close")
    clock.advance(hours=9)
    supporter_writes(site, filed.id, maria, "Quaggamire")
    assert sent_to_person(site) == [], "it is six in the evening"
    clock.advance(hours=15)
    assert len(sent_to_person(site)) == 1, "it is nine in the morning"
    assert len(sent_to_person(site)) == 1

    comes_back(hand, filed.code)
    hand.presses("Look at it or change it")
    hand.chooses("way", "call")
    hand.types("phone", "07700 900 982")
    hand.types("phone_again", "07700 900 983")
    hand.types("code_word", "Zebulonta")
    hand.chooses("calling", "message")
    hand.types("code", filed.code)
    hand.presses("Continue", among="main")
    assert "not the same" in hand.says
    hand.types("phone_again", "07700 900 982")
    hand.types("code", filed.code)
    hand.presses("Continue", among="main")
    assert "The caller says your code word first." in hand.says
    assert "Zebulonta" not in hand.page.content()
    hand.goes("/back/open")
    assert "Your safe way was changed." in hand.says or "A phone number was chosen" in hand.says
    hand.presses("Put it back")
    assert "It is as it was before the change." in hand.says
    assert ADDRESS in hand.says
    hand.presses("Remove it")
    hand.types("code", filed.code)
    hand.presses("Remove it", among="main")
    assert "You are not contacted now." in hand.says
    clock.advance(minutes=20)
    hand.presses("Put it back")
    assert hand.path == "/back/safe-way/put-back"
    hand.types("code", filed.code)
    hand.presses("Put it back", among="main")
    assert "Your safe way is confirmed" in hand.says

    clock.advance(days=91)
    comes_back(hand, filed.code)
    hand.presses("No. Send nothing there")
    assert "Nothing is sent there any more." in hand.says
    hand.presses("It is safe again")
    assert not hand.page.is_visible("#still-safe")
    nothing_is_given_away(site, hand, seen, caplog)


@pytest.mark.parametrize(("kind", "script", "size"), WAYS)
def test_somebody_writes_with_their_supporter_and_with_an_inspector(
    people: People,
    served: Running,
    clock: HandClock,
    filed: Filed,
    caplog: pytest.LogCaptureFixture,
    kind: type[Hand],
    script: bool,
    size: Size,
) -> None:
    caplog.set_level(logging.DEBUG)
    site, hand = served.site, people.comes(kind=kind, script=script, size=size)
    add_person(site, "inspector")
    seen: list[str] = []
    hand.page.on("framenavigated", lambda frame: seen.append(frame.url))
    comes_back(hand, filed.code)
    for whom, words in (
        ("Your supporter", "Quaggamire"),
        ("The people who watch over the police", "Kinkajoure"),
    ):
        hand.goes("/back/messages")
        hand.presses(whom, among="main")
        hand.presses("Send", among="main")
        assert "There is a problem" in hand.says
        hand.types("words", words)
        hand.presses("Send", among="main")
        assert "Your message is sent." in hand.says
        assert words in hand.says
    hand.presses("Back")
    clock.advance(minutes=30)

    helper = people.works("maria@example.org", PASSWORD)
    helper.page.on("framenavigated", lambda frame: seen.append(frame.url))
    helper.goes("/advocate")
    assert "Something new" in helper.says
    helper.presses("1 unread message")
    helper.presses(f"Open the messages of what was sent on {SENT_ON}", among="main")
    assert "Quaggamire" in helper.says
    assert "Kinkajoure" not in helper.says
    helper.types("words", "Numbatwick")
    helper.presses("Send", among="main")
    assert "No message waits for you." in helper.says

    inspector = people.works("inspector@example.org", PASSWORD)
    inspector.goes("/oversight/messages")
    inspector.presses(f"Sent on {SENT_ON}", among="main")
    inspector.presses("Open", among="main")
    assert "There is a problem" in inspector.says
    inspector.types("reason", "To answer them")
    inspector.presses("Open", among="main")
    assert "Kinkajoure" in inspector.says
    assert "Quaggamire" not in inspector.says
    inspector.types("words", "We look into it.")
    inspector.presses("Send", among="main")
    assert "Your message is sent." in inspector.says

    comes_back(hand, filed.code)
    assert "2 new" in hand.says
    assert "Your supporter wrote to you." in hand.says
    assert "Numbatwick" not in hand.says
    hand.presses("Messages")
    hand.presses("Your supporter", among="main")
    assert "Numbatwick" in hand.says
    hand.goes("/back/open")
    assert "1 new" in hand.says
    run_once(site, [job for job in JOBS if job.name in ("notices", "messages")])
    nothing_is_given_away(site, hand, seen, caplog)


SENT_ON = "2 March 2026, 9am"
