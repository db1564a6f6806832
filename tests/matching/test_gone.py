"""Of a removed record that was the report's, or the note of it, a reader can say just that."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.errors import Refused
from portal.matching.gone import confirm_gone
from portal.matching.models import Match
from portal.matching.queries import Waiting, accepted_for, removed_for, surely_removed
from portal.site import Site
from tests.matching.test_judging import Sure, burglary, look
from tests.matching.test_rerunning import all_matches, comparer_of, rerun
from tests.rig.audited import audit
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, look_again
from tests.rig.people import add_person
from tests.rig.reached import entries_of
from tests.rig.reviewed import (
    INCIDENT,
    allegation_of,
    case_of,
    crowd,
    crowded_case,
    named,
    reads,
    reopens,
    waiting_case,
)
from tests.rig.stated import says
from tests.rig.supplies import row, take

REMOVED = {"removal_code": "C2"}
NOTE = {"offence_code": "N100/1"}


def pcc(site: Site, name: str = "pcc") -> UUID:
    return add_person(site, "pcc", force_id="wiltshire", name=name)


def states(site: Site) -> dict[str, str]:
    with site.database.reading() as session:
        return {str(one.record_id): one.state for one in session.scalars(select(Match))}


def says_gone(site: Site, one: Waiting, account_id: UUID) -> None:
    with site.database.transaction() as session:
        confirm_gone(
            session,
            one.match.id,
            account=session.get_one(Account, account_id),
            reason="It fits.",
            version_id=one.version.id,
            keyring=site.keyring,
            now=site.now(),
        )


def kinds(site: Site) -> list[str]:
    look_again(site)
    return sorted(one.kind for one in alerts_of(site))


def put_back(site: Site, clock: HandClock, **cells: str) -> None:
    clock.advance(hours=1)
    plain = {"offence_code": "28E", "incident_number": INCIDENT}
    made = f"{site.now():%Y-%m-%d %H:%M}"
    take(site, [row("54/7/26", recorded_at=made, **(plain | cells))], is_full=False)
    look_again(site)


def test_that_it_was_the_record_raises_cancelled_and_stills_nothing(
    site: Site, clock: HandClock
) -> None:
    filed, office = waiting_case(site, clock, **REMOVED), pcc(site)
    assert kinds(site) == []
    assert reads(site, filed, office, "record") == "accept"
    assert kinds(site) == ["cancelled"]
    with site.database.reading() as session:
        assert accepted_for(session, allegation_of(site, filed)) == []
        (gone,) = surely_removed(session, allegation_of(site, filed))
    assert (gone.match.state, gone.match.decided_by) == ("ended", office)
    clock.advance(days=2)
    assert kinds(site) == ["cancelled", "unrecorded"]
    assert {one.stage for one in alerts_of(site)} == {"full"}
    case = case_of(site, filed, office)
    assert [one.record.reference for one in case.gone] == ["54/7/26"]
    assert case.proposed == []
    assert audit(site) == []


def test_that_it_is_only_a_note_of_a_rape_raises_incident_only_and_two_people_say_so(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, category="raped", **NOTE)
    first, second = pcc(site), add_person(site, "inspector")
    with site.database.reading() as session:
        assert session.scalars(select(Match.zone)).one() == "possible"
    assert reads(site, filed, first, "record") == "second"
    clock.advance(days=2)
    assert kinds(site) == ["unrecorded"]
    assert reads(site, filed, second, "record") == "accept"
    assert kinds(site) == ["incident_only", "unrecorded"]
    assert [one for one in alerts_of(site) if one.state == "resolved"] == []
    assert audit(site) == []


def test_no_one_person_says_it_of_a_rape(site: Site, clock: HandClock) -> None:
    filed, office = waiting_case(site, clock, category="raped", **REMOVED), pcc(site)
    reads(site, filed, office, "record")
    (one,) = case_of(site, filed, office).proposed
    with pytest.raises(Refused, match="somebody else"):
        says_gone(site, one, office)


def test_two_who_differ_about_it_leave_it_to_an_inspector(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock, category="raped", **REMOVED)
    assert reads(site, filed, pcc(site), "record") == "second"
    assert reads(site, filed, pcc(site, "other"), "none") == "third"
    assert reads(site, filed, add_person(site, "inspector"), "record") == "accept"
    assert kinds(site) == ["cancelled"]


def test_of_a_record_that_stands_nobody_says_so(site: Site, clock: HandClock) -> None:
    filed, office = waiting_case(site, clock), pcc(site)
    (one,) = case_of(site, filed, office).proposed
    with pytest.raises(Refused, match="Look again"):
        says_gone(site, one, office)


def test_another_that_may_stand_in_its_place_is_still_read(site: Site, clock: HandClock) -> None:
    filed, office = waiting_case(site, clock, occurred_from="", occurred_to=""), pcc(site)
    at = f"{site.now() - timedelta(hours=20):%Y-%m-%d %H:%M}"
    cells = {"offence_code": "28E", "incident_number": INCIDENT, "occurred_from": at}
    made = f"{site.now():%Y-%m-%d %H:%M}"
    take(site, [row("54/8/26", recorded_at=made, **cells, **REMOVED)], is_full=False)
    look_again(site)
    shown = case_of(site, filed, office).proposed
    assert [one.record.reference for one in shown] == ["54/8/26", "54/7/26"]
    number = [one.record.reference for one in shown].index("54/8/26")
    assert reads(site, filed, office, "record", candidate=number) == "accept"
    assert sorted(states(site).values()) == ["ended", "proposed"], "not even for a minute"
    look_again(site)
    case = case_of(site, filed, office)
    assert [one.record.reference for one in case.proposed] == ["54/7/26"]
    assert case.step == "first"
    assert reads(site, filed, office, "record") == "accept"
    clock.advance(days=5)
    assert kinds(site) == ["cancelled"]


def test_the_entry_says_what_it_was_and_the_person_can_say_that_it_is_not_theirs(
    site: Site, clock: HandClock
) -> None:
    filed, office = waiting_case(site, clock, **REMOVED), pcc(site)
    reads(site, filed, office, "record")
    newest = entries_of(site, filed.id)[-1]
    assert newest.kind == "match_gone"
    assert newest.fields["record.reference"] == "54/7/26"
    assert newest.fields["record.removed"] == "C2"
    assert newest.fields["record.is_note"] is False
    assert newest.fields["decided.role"] == "pcc"
    says(site, filed, "not_mine", reference="54/7/26")
    assert set(states(site).values()) == {"refused"}
    assert case_of(site, filed, office).gone == []
    assert "contested" in kinds(site)
    assert audit(site) == []


def test_it_stands_whatever_the_force_sends_of_it_while_it_is_gone(
    site: Site, clock: HandClock
) -> None:
    filed, office = waiting_case(site, clock, **REMOVED), pcc(site)
    reads(site, filed, office, "record")
    look_again(site)
    for cells in ({"removal_code": "C1"}, {"removal_code": "C1", "incident_number": ""}):
        put_back(site, clock, **cells)
        assert set(states(site).values()) == {"ended"}
        assert len(case_of(site, filed, office).gone) == 1
        stood = all_matches(site)
        done = rerun(site, comparer_of(site))
        assert (done.same, done.other) == (1, 0)
        assert all_matches(site) == stood
    assert kinds(site).count("cancelled") == 2
    assert [one for one in audit(site) if one.what == "match"] == []


def test_once_it_is_put_back_a_person_reads_it_as_the_record_that_it_is(
    site: Site, clock: HandClock
) -> None:
    filed, office = waiting_case(site, clock, **REMOVED), pcc(site)
    reads(site, filed, office, "record")
    look_again(site)
    put_back(site, clock)
    assert set(states(site).values()) == {"proposed"}
    case = case_of(site, filed, office)
    assert (case.gone, case.readings, case.step) == ([], [], "first")
    stood = all_matches(site)
    assert rerun(site, comparer_of(site)).other == 0
    assert all_matches(site) == stood
    assert [one for one in audit(site) if one.what == "match"] == []
    assert reads(site, filed, office, "record") == "accept"
    clock.advance(days=5)
    assert kinds(site) == ["cancelled"]
    assert [one for one in audit(site) if one.what == "match"] == []


def test_what_the_rules_are_sure_of_once_it_is_put_back_they_match(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    allegation = crime.report(site, Sure())
    take(site, [crime.record(removal_code="C2", incident_number="")])
    look(site)
    with site.database.transaction() as session:
        match = session.scalars(select(Match)).one()
        match.state, match.decided_at = "proposed", None
    office = add_person(site, "inspector")
    _say(site, office)
    look(site)
    with site.database.reading() as session:
        match = session.scalars(select(Match)).one()
    assert (match.state, match.zone, match.gates) == ("ended", "automatic", ["removed"])
    clock.advance(hours=1)
    take(site, [crime.record()], is_full=False)
    look(site)
    assert set(states(site).values()) == {"accepted"}
    stood = all_matches(site)
    rerun(site, comparer_of(site))
    assert all_matches(site) == stood
    with site.database.reading() as session:
        assert removed_for(session, allegation) == []
    assert [one for one in audit(site) if one.what == "match"] == []


def _say(site: Site, account_id: UUID) -> None:
    with site.database.transaction() as session:
        match = session.scalars(select(Match)).one()
        confirm_gone(
            session,
            match.id,
            account=session.get_one(Account, account_id),
            reason="It fits.",
            version_id=match.version_id,
            keyring=site.keyring,
            now=site.now(),
        )


def test_who_said_it_by_mistake_has_it_looked_at_again(site: Site, clock: HandClock) -> None:
    filed, office = waiting_case(site, clock, **REMOVED), pcc(site)
    reads(site, filed, office, "record")
    look_again(site)
    clock.advance(hours=1)
    case = case_of(site, filed, office)
    reopens(site, filed, office, "54/7/26")
    look_again(site)
    assert set(states(site).values()) == {"proposed"}
    with site.database.reading() as session:
        assert removed_for(session, case.allegation.id) == []
    assert reads(site, filed, office, "none") == "refuse"
    assert audit(site) == []


def test_where_too_many_fit_one_that_is_named_can_be_gone(site: Site, clock: HandClock) -> None:
    filed: Filed = crowded_case(site, clock, **REMOVED)
    office, other = pcc(site), pcc(site, "other")
    assert named(site, filed, office, "54/2/26", "record") == "accept"
    assert kinds(site) == ["cancelled"]
    for _ in range(2):
        case = case_of(site, filed, other)
        assert [one.record.reference for one in case.gone] == ["54/2/26"]
        with pytest.raises(Refused, match="decided about this record"):
            named(site, filed, other, "54/2/26", "record")
        crowd(site, filed)
        with site.database.reading() as session:
            assert len(removed_for(session, case.allegation.id)) == 1
    clock.advance(days=3)
    crowd(site, filed)
    assert "unrecorded" in kinds(site)
    assert [one for one in audit(site) if one.what == "match"] == []
