"""Promises about the queue: what waits, in which order, and for whom."""

from collections.abc import Callable

import pytest

from portal.accounts.models import Account
from portal.matching.cases import find_case
from portal.matching.queueing import count_apart, count_cases, next_case, queue
from portal.matching.urgency import harm_of
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.early import early_case
from tests.rig.filed import Filed
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reviewed import (
    INCIDENT,
    allegation_of,
    case_of,
    crowded_case,
    named,
    reads,
    waiting_case,
)
from tests.rig.supplies import row, take

OTHER = "5403260000777"


def test_the_gravest_comes_first_and_what_one_has_read_comes_last(
    site: Site, clock: HandClock
) -> None:
    lesser = waiting_case(site, clock)
    graver = waiting_case(site, clock, category="raped", references=("54/8/26",))
    inspector = add_person(site, "inspector")
    ids = [allegation_of(site, one) for one in (graver, lesser)]
    with site.database.reading() as session:
        account = session.get_one(Account, inspector)
        found = queue(session, account, now=site.now())
        assert [one.allegation.id for one in found] == ids
        assert next_case(session, account, now=site.now()) == ids[0]
        assert all(0 <= one.no_record <= 1 for one in found)
    assert reads(site, graver, inspector, "record") == "second"
    with site.database.reading() as session:
        found = queue(session, account, now=site.now())
        assert [(one.allegation.id, one.is_mine, one.has_read) for one in found] == [
            (ids[1], True, False),
            (ids[0], False, True),
        ]
        assert next_case(session, account, now=site.now()) == ids[1]
        assert count_cases(session, account, now=site.now()) == 2


def test_what_is_held_back_by_the_hours_alone_is_not_read_last(
    site: Site, clock: HandClock
) -> None:
    rape, lesser = early_case(site), waiting_case(site, clock)
    inspector = add_person(site, "inspector")
    with site.database.reading() as session:
        first, last = queue(session, session.get_one(Account, inspector), now=site.now())
    assert (first.allegation.report_id, last.allegation.report_id) == (rape.id, lesser.id)
    assert first.no_record == pytest.approx(0.5, abs=0.01)
    case = case_of(site, rape, inspector)
    assert case.no_record < 0.02, "the model, which weighs days, is nearly sure"
    assert case.counted == first.no_record


@pytest.mark.parametrize(
    ("role", "force", "sees"),
    [("pcc", "wiltshire", 1), ("pcc", "kent", 0), ("registrar", "wiltshire", 1)],
)
def test_an_office_sees_the_cases_of_its_own_force_and_a_registrar_has_none_to_decide(
    site: Site, clock: HandClock, role: str, force: str, sees: int
) -> None:
    filed = waiting_case(site, clock)
    account_id = add_person(site, role, force_id=force)
    with site.database.reading() as session:
        account = session.get_one(Account, account_id)
        found = queue(session, account, now=site.now())
        assert len(found) == count_cases(session, account, now=site.now()) == sees
        assert (find_case(session, account, allegation_of(site, filed)) is not None) == bool(sees)
        assert all(one.is_mine == (role == "pcc") for one in found)


@pytest.mark.parametrize("make", [waiting_case, crowded_case])
def test_a_graver_answer_that_was_corrected_away_goes_on_counting_as_harm(
    site: Site, clock: HandClock, make: Callable[[Site, HandClock], Filed]
) -> None:
    inspector, filed = add_person(site, "inspector"), make(site, clock)

    def harm() -> float:
        with site.database.reading() as session:
            (waits,) = queue(session, session.get_one(Account, inspector), now=clock())
        return waits.harm

    assert harm() == harm_of("burglary-home")
    for category in ("raped", "theft-person", "hurt"):
        Own(site, filed).correct("what", 1, category=category, other="")
        assert harm() == harm_of("raped"), category


def test_what_too_many_records_fit_waits_below_what_can_be_read_and_is_never_next(
    site: Site, clock: HandClock
) -> None:
    crowded = crowded_case(site, clock, category="raped", incident=OTHER)
    lesser = waiting_case(site, clock, references=("54/9/26",))
    inspector = add_person(site, "inspector")
    with site.database.reading() as session:
        account = session.get_one(Account, inspector)
        first, last = queue(session, account, now=site.now())
        assert (first.allegation.report_id, first.crowd) == (lesser.id, 0)
        assert (last.allegation.report_id, last.crowd, last.candidates) == (crowded.id, 6, 0)
        assert (last.is_mine, last.step) == (False, "first")
        assert last.urgency > first.urgency
        assert count_cases(session, account, now=site.now()) == 2
        assert count_apart(session, account, now=site.now()) == {"ask": 0, "awaited": 0}
    assert reads(site, lesser, inspector, "record") == "accept"
    with site.database.reading() as session:
        assert next_case(session, session.get_one(Account, inspector), now=site.now()) is None


def test_the_queue_says_that_somebody_named_a_record_until_it_is_decided(
    site: Site, clock: HandClock
) -> None:
    filed = crowded_case(site, clock, category="raped")
    first, second = add_person(site, "inspector"), add_person(site, "pcc", force_id="wiltshire")

    def waiting(account_id: object) -> list[tuple[str, bool]]:
        with site.database.reading() as session:
            account = session.get_one(Account, account_id)
            return [(one.step, one.has_read) for one in queue(session, account, now=site.now())]

    assert waiting(first) == [("first", False)]
    assert named(site, filed, first, "54/2/26", "record") == "second"
    assert (waiting(first), waiting(second)) == ([("second", True)], [("second", False)])
    assert named(site, filed, second, "54/2/26", "record") == "accept"
    assert (waiting(first), waiting(second)) == ([], [])


def test_what_too_many_fit_waits_again_once_the_force_removed_what_a_person_confirmed(
    site: Site, clock: HandClock
) -> None:
    filed = crowded_case(site, clock, category="raped")
    first, second = add_person(site, "inspector"), add_person(site, "pcc", force_id="wiltshire")

    def waiting(account_id: object) -> list[tuple[str, bool]]:
        with site.database.reading() as session:
            account = session.get_one(Account, account_id)
            found = queue(session, account, now=site.now())
            assert count_cases(session, account, now=site.now()) == len(found)
            return [(one.step, one.has_read) for one in found]

    for one in (first, second):
        named(site, filed, one, "54/2/26", "record")
    assert waiting(first) == []
    clock.advance(days=1)
    sent = {"incident_number": INCIDENT, "offence_code": "19C", "removal_code": "C2"}
    take(site, [row("54/2/26", **sent)], is_full=False)
    assert [step for step, _ in waiting(first)] == ["first"]
    # What was said of the one that is gone is no reading of the next that somebody names.
    third = add_person(site, "pcc", force_id="wiltshire", name="other")
    named(site, filed, third, "54/3/26", "none")
    assert (waiting(third), waiting(first)) == ([("second", True)], [("second", False)])
