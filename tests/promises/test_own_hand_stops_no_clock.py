"""Whatever a person does with their own report, in whatever order, no clock stops or moves."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.cli.jobs import JOBS, run_once
from portal.errors import OnRecordError
from portal.ledger.erasure import check_erasure
from portal.site import Site
from tests.rig.audited import audit_in
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, file_report, look_again
from tests.rig.own import Own
from tests.rig.people import add_person

pytestmark = pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
Act = Callable[[Own], None]
ACTS: dict[str, Act] = {
    "add": lambda own: own.add(f"More, at {own.clock()}."),
    "lesser": lambda own: own.correct("what", 1, category="damage-home", other=""),
    "fraud": lambda own: own.correct("what", 1, category="fraud", other=""),
    "graver": lambda own: own.correct("what", 1, category="raped", other=""),
    "told later": lambda own: own.correct(
        "told", kind="exact", day="2", month="3", year="2026", time="08:59"
    ),
    "told never": lambda own: own.correct("told", kind="unknown"),
    "force": lambda own: own.correct("told_how", channel="101", force="kent"),
    "when": lambda own: own.correct("when", 1, kind="unknown"),
    "name": lambda own: own.correct("about", name=f"Ada {own.clock():%H%M}"),
    "withdraw": Own.withdraw,
    "take up": Own.take_up,
    "ask to erase": Own.ask_to_erase,
    "keep": Own.keep,
    "stop supporter": Own.stop_supporter,
    "allow supporter": Own.allow_supporter,
    "an hour passes": lambda own: own.clock.advance(hours=1) and None,
    "a day passes": lambda own: own.clock.advance(hours=25) and None,
    "the jobs run": lambda own: look_again(own.site) and None,
}


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(names=st.lists(st.sampled_from(sorted(ACTS)), min_size=3, max_size=14))
def test_no_order_of_acts_stops_or_moves_a_clock_or_loses_an_entry_or_an_alert(
    site: Site, clock: HandClock, names: list[str]
) -> None:
    advocate = add_person(site, "advocate", name=f"supporter-{clock.advance(seconds=1):%j%H%M%S}")
    filed = file_report(site, categories=["raped"], told=clock(), filed_by=advocate)
    own = Own(site, filed)
    look_again(site)
    before, raised, kinds = own.clocks(), set[object](), own.kinds()
    for name in names:
        # What is not lawful at the moment is refused, and changes nothing.
        with suppress(OnRecordError):
            ACTS[name](own)
        if own.row().erase_due_at and own.clock() >= own.row().erase_due_at:
            break
        assert own.clocks() == before, name
        found = own.kinds()
        assert found[: len(kinds)] == kinds, name
        kinds = found
        ours = {one.id for one in own.allegations()}
        mine = {(one.id, one.state) for one in alerts_of(site) if one.allegation_id in ours}
        assert {one for one, _ in mine} >= {one for one, _ in raised}, name
        assert {state for _, state in mine} <= {"open"}, name
        raised = mine
    clock.advance(hours=49)
    look_again(site)
    ours = {one.id for one in own.allegations()}
    assert [one.state for one in alerts_of(site) if one.allegation_id in ours] == ["open"]


def test_after_a_busy_life_the_audit_finds_nothing(site: Site, clock: HandClock) -> None:
    advocate = add_person(site, "advocate")
    reports = [
        Own(site, file_report(site, categories=["raped"], told=clock(), filed_by=advocate))
        for _ in range(3)
    ]
    for number, name in enumerate([*ACTS, *reversed(ACTS)]):
        for own in reports[: 1 + number % 3]:
            with suppress(OnRecordError):
                ACTS[name](own)
    reports[0].ask_to_erase()
    clock.advance(hours=72)
    run_once(site, [job for job in JOBS if not job.waits_outside])
    with site.database.reading() as session:
        assert audit_in(site, session, check_erasure) == []
