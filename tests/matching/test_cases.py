"""Promises about cases: what waits, in which order, for whom; nothing in it is personal."""

from uuid import uuid4

import pytest

from portal.accounts.models import Account
from portal.matching.cases import (
    count_cases,
    find_case,
    next_case,
    queue,
    reads_of,
)
from portal.matching.explained import find_explanation
from portal.matching.urgency import harm_of
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reviewed import allegation_of, case_of, reads, waiting_case
from tests.rig.watched import ABOUT


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
        assert find_case(session, account, uuid4()) is None


def test_a_case_has_three_candidates_at_most_with_an_explanation_that_names_nobody(
    site: Site, clock: HandClock
) -> None:
    references = tuple(f"54/{number}/26" for number in range(10, 15))
    filed = waiting_case(site, clock, references=references)
    case = case_of(site, filed, add_person(site, "inspector"))
    assert len(case.proposed) == 3
    assert not case.is_double
    for one in case.proposed:
        explained = find_explanation(one.match, one.allegation, one.record)
        assert explained is not None
        assert len(explained.subtotals) == 3
        assert ABOUT["name"].split()[1] not in repr(explained)
    assert reads_of(case.readings) == []


def test_a_sexual_offence_on_either_side_needs_two(site: Site, clock: HandClock) -> None:
    inspector = add_person(site, "inspector")
    assert case_of(site, waiting_case(site, clock, category="raped"), inspector).is_double
    other = waiting_case(site, clock, references=("54/9/26",), offence_code="20A")
    assert case_of(site, other, inspector).is_double


def test_a_sexual_offence_that_was_corrected_away_twice_still_needs_two(
    site: Site, clock: HandClock
) -> None:
    inspector = add_person(site, "inspector")
    filed = waiting_case(site, clock)
    for category in ("raped", "hurt", "theft-person"):
        Own(site, filed).correct("what", 1, category=category, other="")
    assert case_of(site, filed, inspector).is_double
    with site.database.reading() as session:
        (waits,) = queue(session, session.get_one(Account, inspector), now=clock())
    assert waits.harm == harm_of("raped")
