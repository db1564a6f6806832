"""A reader who pressed the wrong button has a way back, and what the person said stays theirs."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.matching import deciding
from portal.matching.models import Match, Question
from portal.matching.queries import removed_for
from portal.matching.queueing import queue
from portal.matching.reopening import can_look_again
from portal.matching.reopening import look_again as reopen
from portal.site import Site
from tests.matching.test_asking import asks, says
from tests.matching.test_rerunning import all_matches, comparer_of, rerun
from tests.rig.audited import audit
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, look_again
from tests.rig.people import add_person
from tests.rig.reached import entries_of, kinds_of
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
from tests.rig.stated import matched
from tests.rig.stated import says as states_it
from tests.rig.supplies import row, take


def pcc(site: Site, name: str = "pcc") -> UUID:
    return add_person(site, "pcc", force_id="wiltshire", name=name)


def states(site: Site) -> list[str]:
    with site.database.reading() as session:
        return list(session.scalars(select(Match.state).order_by(Match.record_id)))


def only_match(site: Site) -> Match:
    with site.database.reading() as session:
        return session.scalars(select(Match)).one()


def refuses(site: Site, filed: Filed, account_id: UUID) -> None:
    """This person says that what is accepted is not its record after all."""
    case = case_of(site, filed, account_id)
    with site.database.transaction() as session:
        deciding.refuse(
            session,
            case.accepted[0].match.id,
            account=session.get_one(Account, account_id),
            reason="It is another event.",
            version_id=case.newest[case.accepted[0].record.id],
            keyring=site.keyring,
            now=site.now(),
        )


def again(site: Site, filed: Filed, account_id: UUID, **changes: Any) -> None:  # noqa: ANN401
    case = case_of(site, filed, account_id)
    with site.database.transaction() as session:
        reopen(
            session,
            case.allegation.id,
            **{
                "record_ids": [one.record.id for one in case.refused],
                "account": session.get_one(Account, account_id),
                "reason": "I pressed the wrong button.",
                "keyring": site.keyring,
                "now": site.now(),
                **changes,
            },
        )


def test_whoever_pressed_none_by_mistake_reads_it_again_and_it_can_be_accepted(
    site: Site, clock: HandClock
) -> None:
    filed, office = waiting_case(site, clock, references=("54/7/26", "54/8/26")), pcc(site)
    reads(site, filed, office, "none")
    look_again(site)
    clock.advance(hours=1)
    reopens(site, filed, office)
    look_again(site)
    assert states(site) == ["proposed", "proposed"]
    with site.database.reading() as session:
        (waiting,) = queue(session, session.get_one(Account, office), now=site.now())
    assert (waiting.step, waiting.is_mine, waiting.has_read) == ("first", True, False)
    assert case_of(site, filed, office).readings == []
    assert reads(site, filed, office, "record") == "accept"
    look_again(site)
    assert sorted(states(site)) == ["accepted", "kept"]
    clock.advance(days=5)
    look_again(site)
    assert alerts_of(site) == []
    assert [one for one in audit(site) if one.what == "match"] == []


def test_it_is_an_entry_with_who_and_why(site: Site, clock: HandClock) -> None:
    filed, office = waiting_case(site, clock), pcc(site)
    reads(site, filed, office, "none")
    reopens(site, filed, office)
    newest = entries_of(site, filed.id)[-1]
    assert newest.kind == "match_reopened"
    assert newest.fields["record.reference"] == "54/7/26"
    assert newest.fields["decided.role"] == "pcc"
    assert newest.fields["decided.reason"] == "I pressed the wrong button."
    assert audit(site) == []
    with site.database.transaction() as session:
        session.execute(update(Match).values(reopened_at=None))
    assert "looked at again" in str(audit(site))


def test_one_of_several_can_be_looked_at_again(site: Site, clock: HandClock) -> None:
    filed, office = waiting_case(site, clock, references=("54/7/26", "54/8/26")), pcc(site)
    reads(site, filed, office, "none")
    reopens(site, filed, office, "54/8/26")
    look_again(site)
    assert sorted(states(site)) == ["proposed", "refused"]
    case = case_of(site, filed, office)
    assert [one.record.reference for one in case.proposed] == ["54/8/26"]
    assert [one.record.reference for one in case.refused] == ["54/7/26"]


def test_two_people_read_a_rape_anew_and_no_reading_of_before_is_one_of_the_two(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, category="raped")
    first, second, inspector = pcc(site), pcc(site, "other"), add_person(site, "inspector")
    reads(site, filed, first, "record")
    reads(site, filed, second, "none")
    reads(site, filed, inspector, "none")
    assert states(site) == ["refused"]
    clock.advance(hours=1)
    reopens(site, filed, second)
    look_again(site)
    match = only_match(site)
    with pytest.raises(Refused, match="somebody else"), site.database.transaction() as session:
        deciding.confirm(
            session,
            match.id,
            account=session.get_one(Account, second),
            reason="It fits.",
            version_id=match.version_id,
            keyring=site.keyring,
            now=site.now(),
        )
    assert reads(site, filed, second, "record") == "second"
    assert states(site) == ["proposed"]
    assert reads(site, filed, first, "record") == "accept"


def test_the_alert_waits_for_no_reader_twice(site: Site, clock: HandClock) -> None:
    filed, office = waiting_case(site, clock), pcc(site)
    reads(site, filed, office, "none")
    clock.advance(days=2)
    look_again(site)
    assert [one.stage for one in alerts_of(site)] == ["full"]
    reopens(site, filed, office)
    look_again(site)
    assert [one.stage for one in alerts_of(site)] == ["full"]
    reads(site, filed, office, "record")
    look_again(site)
    assert [one.state for one in alerts_of(site)] == ["resolved"]


def test_what_the_rules_were_sure_of_a_person_decides_once_a_person_refused_it(
    site: Site, clock: HandClock
) -> None:
    filed, record = matched(site, clock)
    office = pcc(site)
    accepted = only_match(site)
    assert accepted.state == "accepted"
    clock.advance(hours=1)
    refuses(site, filed, office)
    look_again(site)
    clock.advance(hours=1)
    reopens(site, filed, office)
    assert only_match(site).zone == "likely", "before the next run too"
    for _ in range(2):
        look_again(site)
        match = only_match(site)
        assert (match.state, match.zone, match.gates) == ("proposed", "likely", ["reopened"])
    assert match.decided_at == accepted.decided_at, "it was accepted once"
    take(site, [record | {"removal_code": "C2"}], is_full=False)
    look_again(site)
    assert "cancelled" in [one.kind for one in alerts_of(site)]
    assert [one for one in audit(site) if one.what == "match"] == []


def test_what_was_never_accepted_counts_as_accepted_once_no_more_than_before(
    site: Site, clock: HandClock
) -> None:
    filed, office = waiting_case(site, clock, removal_code="C2"), pcc(site)
    reads(site, filed, office, "none")
    reopens(site, filed, office)
    look_again(site)
    with site.database.reading() as session:
        assert removed_for(session, allegation_of(site, filed)) == []


def test_the_force_s_changes_meanwhile_are_compared_and_a_full_run_finds_the_same(
    site: Site, clock: HandClock
) -> None:
    filed, office = waiting_case(site, clock, references=("54/7/26", "54/8/26")), pcc(site)
    reads(site, filed, office, "none")
    look_again(site)
    clock.advance(hours=1)
    cells = {"incident_number": INCIDENT, "recorded_at": f"{site.now():%Y-%m-%d %H:%M}"}
    take(site, [row("54/7/26", offence_code="28E", outcome_type="1", **cells)], is_full=False)
    look_again(site)
    before = case_of(site, filed, office).refused[0].match
    reopens(site, filed, office)
    look_again(site)
    assert states(site) == ["proposed", "proposed"]
    after = next(one.match for one in case_of(site, filed, office).proposed if before.id)
    assert all(
        one.match.version_id == case_of(site, filed, office).newest[one.record.id]
        for one in case_of(site, filed, office).proposed
    ), after
    stood = all_matches(site)
    done = rerun(site, comparer_of(site))
    assert (done.same, done.other) == (1, 0)
    assert all_matches(site) == stood


def test_one_that_fits_no_more_stays_so_that_the_rules_never_take_it_for_new(
    site: Site, clock: HandClock
) -> None:
    filed, office = waiting_case(site, clock), pcc(site)
    reads(site, filed, office, "none")
    reopens(site, filed, office)
    clock.advance(hours=1)
    take(site, [row("54/7/26", incident_number="5403260999999")], is_full=False)
    look_again(site)
    match = only_match(site)
    assert (match.state, match.levels, match.reopened_at is not None) == ("kept", None, True)
    stood = all_matches(site)
    rerun(site, comparer_of(site))
    assert all_matches(site) == stood
    assert [one for one in audit(site) if one.what == "match"] == []
    clock.advance(hours=1)
    at = f"{site.now():%Y-%m-%d %H:%M}"
    cells = {"incident_number": INCIDENT, "recorded_at": at, "offence_code": "28E"}
    take(site, [row("54/7/26", **cells)], is_full=False)
    look_again(site)
    assert states(site) == ["proposed"]


def test_it_is_read_beside_a_record_that_was_accepted_meanwhile(
    site: Site, clock: HandClock
) -> None:
    filed, office = waiting_case(site, clock, occurred_from="", occurred_to=""), pcc(site)
    reads(site, filed, office, "none")
    at = f"{site.now() - timedelta(hours=20):%Y-%m-%d %H:%M}"
    cells = {"occurred_from": at, "occurred_to": at, "offence_code": "28E"}
    made = f"{site.now() - timedelta(hours=3):%Y-%m-%d %H:%M}"
    other = row("54/9/26", incident_number=INCIDENT, recorded_at=made, **cells)
    take(site, [other], is_full=False)
    look_again(site)
    reads(site, filed, office, "record")
    clock.advance(hours=1)
    reopens(site, filed, office)
    look_again(site)
    assert states(site) == ["proposed", "accepted"]
    reads(site, filed, office, "none")
    look_again(site)
    assert states(site) == ["refused", "accepted"]


@pytest.mark.parametrize("how", ["asked", "asked after a reader", "stated"])
def test_what_the_person_said_is_not_theirs_stays_refused(
    site: Site, clock: HandClock, how: str
) -> None:
    office = pcc(site)
    if how == "stated":
        filed, _ = matched(site, clock)
        states_it(site, filed, "not_mine")
    else:
        filed = waiting_case(site, clock)
        question = asks(site, filed, add_person(site, "inspector"))
        with site.database.transaction() as session:
            session.get_one(Question, question).kind = "event"
        if how == "asked after a reader":
            reads(site, filed, office, "none")
        says(site, filed, question, "no")
    look_again(site)
    case = case_of(site, filed, office)
    with site.database.reading() as session:
        assert can_look_again(session, case) == []
    with pytest.raises(Refused, match="not theirs"):
        reopens(site, filed, office)
    assert states(site) == ["refused"]


def test_nobody_else_can_and_not_without_a_reason_nor_twice(site: Site, clock: HandClock) -> None:
    filed, office = waiting_case(site, clock), pcc(site)
    with pytest.raises(Refused):
        again(site, filed, office, record_ids=[case_of(site, filed, office).proposed[0].record.id])
    reads(site, filed, office, "none")
    record_ids = [case_of(site, filed, office).refused[0].record.id]
    registrar = add_person(site, "registrar", force_id="wiltshire")
    with pytest.raises(NotAllowed):
        again(site, filed, registrar)
    with site.database.reading() as session:
        kent = session.get_one(Account, add_person(site, "pcc", force_id="kent", name="kent"))
    with pytest.raises(NotFound):
        again(site, filed, office, account=kent)
    for changes in ({"reason": "  "}, {"reason": "x" * 2001}, {"record_ids": []}):
        with pytest.raises(Refused):
            again(site, filed, office, **changes)
    again(site, filed, office)
    with pytest.raises(Refused):
        again(site, filed, office, record_ids=record_ids)
    assert kinds_of(site, filed.id).count("match_reopened") == 1


def test_where_too_many_fit_it_can_be_named_again_and_is_read_anew(
    site: Site, clock: HandClock
) -> None:
    filed = crowded_case(site, clock, category="raped")
    first, second, inspector = pcc(site), pcc(site, "other"), add_person(site, "inspector")
    named(site, filed, first, "54/2/26", "record")
    named(site, filed, second, "54/2/26", "none")
    assert named(site, filed, inspector, "54/2/26", "none") == "refuse"
    with pytest.raises(Refused, match="decided about this record"):
        named(site, filed, second, "54/2/26", "record")
    clock.advance(hours=1)
    reopens(site, filed, second)
    crowd(site, filed)
    assert case_of(site, filed, second).refused == []
    assert named(site, filed, second, "54/2/26", "record") == "second"
    assert named(site, filed, first, "54/2/26", "record") == "accept"
    assert [one for one in audit(site) if one.what == "match"] == []


def test_no_more_stand_beside_a_report_than_letters_and_what_was_put_back_is_among_them(
    site: Site, clock: HandClock
) -> None:
    references = tuple(f"54/{number}/26" for number in range(1, 7))
    filed, office = waiting_case(site, clock, references=references), pcc(site)
    first = {one.record.reference for one in case_of(site, filed, office).proposed}
    reads(site, filed, office, "none")
    look_again(site)
    reopens(site, filed, office)
    case = case_of(site, filed, office)
    assert {one.record.reference for one in case.proposed} == first
    assert reads(site, filed, office, "none") == "refuse"
    assert states(site).count("refused") == 3, "of the others nobody said anything"
