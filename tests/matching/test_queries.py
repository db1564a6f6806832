"""Matches are read by whom they concern, the oldest first, and an N100 never counts as a record."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.service import get_account_by_id
from portal.matching.deciding import confirm
from portal.matching.models import Match
from portal.matching.queries import (
    accepted_for,
    find_waiting,
    is_waiting,
    matches_of,
    removed_for,
    review_queue,
    surely_removed,
)
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.asked import comes, recorded, the_match, told
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.people import add_person
from tests.rig.supplies import row, take
from tests.rig.watched import waiting_match


def person(site: Site, role: str, force: str | None = None, name: str = "") -> Account:
    account_id = add_person(site, role, force_id=force, name=name)
    with site.database.reading() as session:
        return get_account_by_id(session, account_id)


def allegation_of(site: Site, filed: Filed) -> UUID:
    with site.database.reading() as session:
        return session.scalars(select(Allegation.id).where(Allegation.report_id == filed.id)).one()


def match_id(site: Site) -> UUID:
    with site.database.reading() as session:
        return session.scalars(select(Match.id)).one()


def decide(site: Site, match: UUID, account: Account) -> None:
    with site.database.transaction() as session:
        confirm(
            session,
            match,
            account=account,
            reason="Both say so.",
            version_id=session.get_one(Match, match).version_id,
            keyring=site.keyring,
            now=site.now(),
        )


def test_a_proposed_match_waits_and_is_not_accepted_until_a_person_says_so(
    site: Site, clock: HandClock
) -> None:
    allegation = allegation_of(site, waiting_match(site, clock))
    with site.database.reading() as session:
        assert is_waiting(session, allegation)
        assert accepted_for(session, allegation) == []
    decide(site, match_id(site), person(site, "inspector"))
    with site.database.reading() as session:
        assert not is_waiting(session, allegation)
        (accepted,) = accepted_for(session, allegation)
    assert accepted.record.reference == "54/7/26"
    assert accepted.version.number == 1


def test_an_accepted_match_speaks_with_the_newest_version_of_its_record(
    site: Site, clock: HandClock
) -> None:
    allegation = allegation_of(site, waiting_match(site, clock))
    decide(site, match_id(site), person(site, "inspector"))
    clock.advance(hours=1)
    take(site, [row("54/7/26", offence_code="58A", recorded_at="2026-03-02 12:00")])
    with site.database.reading() as session:
        (accepted,) = accepted_for(session, allegation)
    assert (accepted.version.number, accepted.version.offence_code) == (2, "58A")


def test_a_match_whose_record_became_the_note_of_an_incident_is_no_accepted_record(
    site: Site, clock: HandClock
) -> None:
    allegation = allegation_of(site, waiting_match(site, clock))
    decide(site, match_id(site), person(site, "inspector"))
    clock.advance(hours=1)
    take(site, [row("54/7/26", offence_code="N100/1", recorded_at="2026-03-02 12:00")])
    with site.database.reading() as session:
        assert accepted_for(session, allegation) == []


def test_a_record_that_a_person_confirmed_is_told_of_when_it_is_removed_whatever_it_weighs(
    site: Site, clock: HandClock
) -> None:
    allegation = allegation_of(site, waiting_match(site, clock))
    with site.database.transaction() as session:
        # As one that the person said was not theirs, unread, before they took that back.
        session.get_one(Match, match_id(site)).zone = "none"
    decide(site, match_id(site), person(site, "inspector"))
    clock.advance(hours=1)
    take(site, [row("54/7/26", offence_code="28E", removal_code="C2")], is_full=False)
    with site.database.reading() as session:
        (gone,) = removed_for(session, allegation)
        assert accepted_for(session, allegation) == [], "no record of it stands"
        assert [one.record.reference for one in surely_removed(session, allegation)] == ["54/7/26"]
    assert gone.version.removal_code == "C2"


def test_another_allegation_has_no_match_of_its_own(site: Site, clock: HandClock) -> None:
    waiting_match(site, clock)
    other = allegation_of(site, file_report(site))
    with site.database.reading() as session:
        assert not is_waiting(session, other)
        assert accepted_for(session, other) == []
        assert matches_of(session, other) == []


@pytest.mark.parametrize(
    ("role", "force", "sees"),
    [
        ("inspector", None, True),
        ("pcc", "wiltshire", True),
        ("registrar", "wiltshire", True),
        ("pcc", "kent", False),
        ("liaison", "wiltshire", False),
        ("advocate", None, False),
        ("administrator", None, False),
    ],
)
def test_a_match_is_seen_by_oversight_of_its_force_and_by_nobody_else(
    site: Site, clock: HandClock, role: str, force: str | None, sees: bool
) -> None:
    waiting_match(site, clock)
    account = person(site, role, force)
    with site.database.reading() as session:
        assert bool(review_queue(session, account)) == sees
        assert (find_waiting(session, account, match_id(site)) is not None) == sees


def test_a_match_of_a_report_without_a_known_force_waits_for_an_inspector(
    site: Site, clock: HandClock
) -> None:
    filed = file_report(site, force="unsure", told_how={"incident_number": "54032677"})
    take(site, [row("54/7/26", incident_number="54032677")])
    look_again(site)
    with site.database.reading() as session:
        (one,) = review_queue(session, person(site, "inspector"))
        assert review_queue(session, person(site, "pcc", "wiltshire")) == []
    assert one.allegation.report_id == filed.id


def test_the_queue_begins_with_the_oldest_clock_and_goes_on_where_a_page_ended(
    site: Site, clock: HandClock
) -> None:
    cells = {"offence_code": "28E", "recorded_at": "2026-03-02 08:30"}
    numbers = {number: f"540326000{number}" for number in (1, 2, 3)}
    take(
        site,
        [row(f"54/{one}/26", incident_number=given, **cells) for one, given in numbers.items()],
    )
    for number, hours in ((1, 5), (2, 20), (3, 10)):
        file_report(
            site,
            told=clock() - timedelta(hours=hours),
            told_how={"incident_number": numbers[number]},
        )
    look_again(site)
    inspector = person(site, "inspector")
    with site.database.reading() as session:
        pages = [review_queue(session, inspector, at_most=2, after=after) for after in (0, 2, 4)]
    references = [[one.record.reference for one in page] for page in pages]
    assert references == [["54/2/26", "54/3/26"], ["54/1/26"], []]


def test_a_decided_match_leaves_the_queue_and_can_still_be_found(
    site: Site, clock: HandClock
) -> None:
    allegation = allegation_of(site, waiting_match(site, clock))
    inspector = person(site, "inspector")
    decide(site, match_id(site), inspector)
    with site.database.reading() as session:
        assert review_queue(session, inspector) == []
        found = find_waiting(session, inspector, match_id(site))
        assert found is not None
        assert found.match.state == "accepted"
        assert [one.match.id for one in matches_of(session, allegation)] == [found.match.id]
        assert find_waiting(session, inspector, uuid4()) is None


@pytest.mark.parametrize(("now_names", "many"), [("Ada Quill", 1), ("Bela Quill", 0)])
def test_of_a_removed_record_only_what_is_still_theirs_is_surely_theirs(
    site: Site, clock: HandClock, now_names: str, many: int
) -> None:
    filed = told(site, clock, "hurt", crime_reference="54/7/26")
    theirs = recorded(site, "54/7/26", "8N", days=1, incident_number="")
    comes(site, theirs)
    assert the_match(site).state == "accepted"
    named = {**theirs, "victim_name": now_names, "victim_date_of_birth": ""}
    comes(site, named)
    comes(site, {**named, "removal_code": "C2"})
    with site.database.reading() as session:
        one = session.scalars(select(Allegation.id).where(Allegation.report_id == filed.id)).one()
        assert len(surely_removed(session, one)) == many
