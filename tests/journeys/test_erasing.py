"""Erasing for good: with and without script, by keyboard, on a small screen."""

import pytest

from portal.cli.jobs import run_once
from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.hands import Hand, KeyHand
from tests.rig.people import PASSWORD, add_person
from tests.rig.telling import WORDS, Teller, file_told
from tests.rig.watch import PHONE, WIDE

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize(("script", "kind"), [(True, Hand), (False, Hand), (True, KeyHand)])
def test_a_person_erases_what_they_sent_and_oversight_keeps_an_alert_without_it(
    people: People, site: Site, clock: HandClock, script: bool, kind: type[Hand]
) -> None:
    add_person(site, "inspector")
    sizes = (PHONE,) if kind is KeyHand else (PHONE, WIDE)
    victim = people.comes(script=script, sizes=sizes, size=sizes[0], kind=kind)
    # How it is told, page by page, other journeys see.
    teller = Teller(victim, {})
    teller.code = file_told(site)
    clock.advance(hours=49)
    run_once(site)

    teller.comes_back()
    victim.presses("Erase it for good", among="main")
    assert victim.path == "/back/end"
    assert b"on-record-receipt" in victim.saves("Save the receipt with all of your answers")
    victim.presses("Close it now, and erase it")
    assert "It is all still here" in victim.says
    assert "Tick the box" in victim.says
    victim.types("code", teller.code.lower())
    victim.chooses("sure", "yes")
    victim.presses("Close it now, and erase it")
    assert victim.path == "/back/closed"
    assert "It is closed, and will be erased" in victim.says
    assert WORDS.splitlines()[0] not in victim.says

    # Somebody else had asked with her phone: she stops it, and asks again herself later.
    clock.advance(hours=48)
    teller.comes_back()
    victim.presses("Keep it after all")
    assert "You kept it. It is not erased." in victim.says
    assert "You asked us to erase it." in victim.says
    victim.presses("Erase it for good", among="main")
    victim.types("code", teller.code)
    victim.chooses("sure", "yes")
    victim.presses("Close it now, and erase it")
    teller.comes_back()
    victim.presses("Leave it, and close")
    clock.advance(hours=72)
    run_once(site)
    teller.comes_back()
    assert "That code opens nothing here" in victim.says

    inspector = people.works("inspector@example.org", PASSWORD)
    inspector.presses("No record in time")
    inspector.presses("No record in time", among="table")
    assert "asked us to erase the report" in inspector.says
    assert WORDS not in inspector.says
