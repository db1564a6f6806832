"""What was withdrawn can be taken up again, and a supporter stopped and allowed again."""

import pytest

from portal.errors import NotFound, Refused
from portal.matching.questions import to_answer
from portal.reports.caseload import cases_of, get_case
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, file_report, look_again
from tests.rig.own import Own
from tests.rig.people import add_person


def test_taking_it_up_again_lets_looks_and_contact_go_on(site: Site, clock: HandClock) -> None:
    inspector = add_person(site, "inspector")
    own = Own(site, file_report(site, told=clock()))
    own.withdraw()
    with pytest.raises(Refused, match="withdrew it"):
        own.opened_by(inspector)
    own.take_up()
    own.take_up()
    assert own.row().withdrawn_at is None
    own.opened_by(inspector)
    assert own.kinds() == ["submitted", "withdrawn", "taken_up", "looked_at"]
    with site.database.reading() as session:
        assert to_answer(session, own.row()) == []


def test_withdrawing_and_undoing_it_clear_no_alert_and_stop_no_clock(
    site: Site, clock: HandClock
) -> None:
    own = Own(site, file_report(site, told=clock()))
    look_again(site)
    before = own.clocks()
    own.withdraw()
    clock.advance(hours=49)
    assert look_again(site) == 1
    (alert,) = alerts_of(site)
    own.take_up()
    own.withdraw()
    look_again(site)
    assert own.clocks() == before
    assert [(one.id, one.state) for one in alerts_of(site)] == [(alert.id, "open")]


def test_a_supporter_who_was_stopped_neither_finds_nor_opens_it(
    site: Site, clock: HandClock
) -> None:
    advocate = add_person(site, "advocate")
    own = Own(site, file_report(site, filed_by=advocate))
    own.stop_supporter()
    own.stop_supporter()
    assert own.row().supporter_stopped_at == clock()
    with site.database.reading() as session:
        assert cases_of(session, advocate, keyring=site.keyring) == []
        with pytest.raises(NotFound):
            get_case(session, advocate, own.filed.id, keyring=site.keyring)
    with pytest.raises(NotFound):
        own.opened_by(advocate)
    own.allow_supporter()
    own.allow_supporter()
    with site.database.reading() as session:
        assert len(cases_of(session, advocate, keyring=site.keyring)) == 1
    assert own.kinds() == ["submitted", "supporter_stopped", "supporter_allowed"]


def test_without_a_supporter_there_is_nobody_to_stop(site: Site) -> None:
    own = Own(site, file_report(site))
    with pytest.raises(Refused, match="No supporter"):
        own.stop_supporter()


def test_while_an_erasure_waits_nothing_is_withdrawn_or_taken_up(site: Site) -> None:
    own = Own(site, file_report(site))
    own.withdraw()
    own.ask_to_erase()
    with pytest.raises(Refused, match="going to be erased"):
        own.take_up()
    own.keep()
    own.take_up()
    own.ask_to_erase()
    with pytest.raises(Refused, match="going to be erased"):
        own.withdraw()
