"""Where too many records fit, a reader names one; what they decide is held to what it always is."""

from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.matching.asking import answer_by_victim, ask
from portal.matching.beside import find_named
from portal.matching.explained import find_explanation
from portal.matching.measuring import Share
from portal.matching.models import Judgement, Match, Question, Reading
from portal.matching.queueing import queue
from portal.matching.reviewing import agreement_of
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.audited import audit
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, look_again
from tests.rig.people import add_person
from tests.rig.reached import kinds_of
from tests.rig.reviewed import allegation_of, beside, case_of, crowd, crowded_case, name, named
from tests.rig.supplies import row, take
from tests.rig.watched import ABOUT


def pcc(site: Site, who: str = "pcc") -> UUID:
    return add_person(site, "pcc", force_id="wiltshire", name=who)


def states(site: Site) -> list[str]:
    with site.database.reading() as session:
        return list(session.scalars(select(Match.state)))


def many(site: Site, table: type[Match | Reading | Question]) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_record_that_is_named_stands_beside_the_report_and_nothing_is_written(
    site: Site, clock: HandClock
) -> None:
    filed, office = crowded_case(site, clock), pcc(site)
    case = beside(site, filed, office, "crime ref 54/2/26")
    (one,) = case.proposed
    assert one.record.reference == "54/2/26"
    assert one.match.chance is None, "nothing that competes with it was weighed"
    with site.database.reading() as session:
        explained = find_explanation(one.match, one.allegation, one.record, session)
        assert case.may_read(session.get_one(Account, office))
    assert explained is not None
    assert ABOUT["name"].split()[1] not in repr(explained)
    assert many(site, Match) == 0
    assert case_of(site, filed, office).proposed == []


def test_only_a_record_that_shares_something_with_the_report_can_be_named(
    site: Site, clock: HandClock
) -> None:
    filed, office = crowded_case(site, clock), pcc(site)
    take(site, [row("54/99/26", incident_number="5403260000999")], is_full=False)
    look_again(site)
    crowd(site, filed)
    case = case_of(site, filed, office)
    with site.database.reading() as session:
        found = {one: find_named(session, case.allegation, one) for one in ("54/99/26", "", "x")}
        assert set(found.values()) == {None}
        other = find_named(session, session.get_one(Allegation, case.allegation.id), "54/3/26")
    assert other is not None
    for bad in (0, -1, 999_999, 2**70):
        with pytest.raises(NotFound), site.database.transaction() as session:
            ask(
                session,
                case.allegation.id,
                bad,
                "victim",
                account=session.get_one(Account, office),
                named=name(site, bad),
                keyring=site.keyring,
                now=site.now(),
            )
    assert many(site, Question) == 0


def test_what_is_accepted_settles_the_alert_and_stands_whatever_comes(
    site: Site, clock: HandClock
) -> None:
    filed, office = crowded_case(site, clock), pcc(site)
    assert named(site, filed, office, "54/2/26", "record") == "accept"
    assert states(site) == ["accepted"]
    assert kinds_of(site, filed.id)[-2:] == ["match_read", "matched"]
    crowd(site, filed)
    take(site, [row("54/50/26", incident_number="5403260000321")], is_full=False)
    look_again(site)
    crowd(site, filed)
    assert "accepted" in states(site)
    clock.advance(days=5)
    look_again(site)
    assert [one for one in alerts_of(site) if one.kind == "unrecorded"] == []
    assert audit(site) == []


def test_one_that_is_refused_is_not_offered_again_and_the_alert_becomes_full(
    site: Site, clock: HandClock
) -> None:
    filed, office = crowded_case(site, clock), pcc(site)
    assert named(site, filed, office, "54/2/26", "none") == "refuse"
    assert states(site) == ["refused"]
    with pytest.raises(Refused, match="decided about this record"):
        beside(site, filed, office, "54/2/26")
    assert [one.record.reference for one in case_of(site, filed, office).refused] == ["54/2/26"]
    clock.advance(days=5)
    look_again(site)
    (alert,) = [one for one in alerts_of(site) if one.kind == "unrecorded"]
    assert alert.stage == "full"


def test_a_rape_is_accepted_when_two_people_name_the_same_record(
    site: Site, clock: HandClock
) -> None:
    filed = crowded_case(site, clock, category="raped")
    first, second = pcc(site), pcc(site, "other")
    assert named(site, filed, first, "54/2/26", "record") == "second"
    assert states(site) == []
    with pytest.raises(Refused, match="You have read this"):
        named(site, filed, first, "54/2/26", "record")
    assert named(site, filed, second, "54/3/26", "none") == "third", "of another record"
    assert named(site, filed, second, "54/2/26", "record") == "accept"
    assert states(site) == ["accepted"]
    with site.database.reading() as session:
        assert agreement_of(session).same == Share(1, 1)


def test_where_two_name_different_records_of_a_rape_an_inspector_decides(
    site: Site, clock: HandClock
) -> None:
    filed = crowded_case(site, clock, category="raped")
    first, second, third = pcc(site), pcc(site, "other"), pcc(site, "third")
    assert named(site, filed, first, "54/2/26", "record") == "second"
    assert named(site, filed, second, "54/3/26", "record") == "third"
    for reference in ("54/2/26", "54/3/26", "54/4/26"):
        with pytest.raises(NotAllowed, match="an inspector has"):
            named(site, filed, third, reference, "record")
        with pytest.raises(Refused, match="You have read this"):
            named(site, filed, second, reference, "record")
    assert states(site) == []
    with site.database.reading() as session:
        office = session.get_one(Account, third)
        (waits,) = queue(session, office, now=site.now())
        assert waits.step == "third"
        found = agreement_of(session)
    assert (found.same, found.counts) == (Share(0, 1), {("record", "another_record"): 1})
    assert named(site, filed, add_person(site, "inspector"), "54/2/26", "record") == "accept"
    assert states(site) == ["accepted"]
    with site.database.reading() as session:
        assert agreement_of(session).same == Share(0, 1), "the first two did not agree"


def test_what_an_inspector_refused_no_longer_stands_against_another_record(
    site: Site, clock: HandClock
) -> None:
    filed = crowded_case(site, clock, category="raped")
    first, second, third = pcc(site), pcc(site, "other"), pcc(site, "third")
    named(site, filed, first, "54/2/26", "record")
    named(site, filed, second, "54/3/26", "record")
    assert named(site, filed, add_person(site, "inspector"), "54/2/26", "none") == "refuse"
    assert named(site, filed, third, "54/3/26", "record") == "accept"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_without_a_reason_nothing_is_decided(site: Site, clock: HandClock, reason: str) -> None:
    filed, office = crowded_case(site, clock), pcc(site)
    with pytest.raises(Refused):
        named(site, filed, office, "54/2/26", "record", reason=reason)
    with pytest.raises(Refused, match="Look again"):
        named(site, filed, office, "54/2/26", "record", seen=b"other")
    assert (many(site, Match), many(site, Reading)) == (0, 0)


def test_what_the_rules_had_matched_before_there_were_too_many_can_be_decided_on(
    site: Site, clock: HandClock
) -> None:
    filed, office = crowded_case(site, clock), pcc(site)
    case = beside(site, filed, office, "54/2/26")
    with site.database.transaction() as session:
        before = case.proposed[0].match
        before.state, before.zone, before.levels, before.total = "ended", "none", None, None
        before.decided_at = site.now()
        session.add(before)
    assert named(site, filed, office, "54/2/26", "record") == "accept"
    with site.database.reading() as session:
        match = session.scalars(select(Match)).one()
    assert (match.state, match.zone, match.levels is not None) == ("accepted", "possible", True)


def test_the_person_is_asked_about_a_record_that_is_named_and_their_no_counts(
    site: Site, clock: HandClock
) -> None:
    filed, office = crowded_case(site, clock), pcc(site)
    record_id = beside(site, filed, office, "54/2/26").proposed[0].record.id
    with site.database.transaction() as session:
        question = ask(
            session,
            allegation_of(site, filed),
            record_id,
            "victim",
            account=session.get_one(Account, office),
            named=name(site, record_id),
            keyring=site.keyring,
            now=site.now(),
        )
        session.execute(update(Question).values(kind="event"))
    with site.database.transaction() as session:
        answer_by_victim(session, filed.id, question.id, "no", keyring=site.keyring, now=site.now())
    with pytest.raises(Refused, match="says that it is not theirs"):
        beside(site, filed, office, "54/2/26")
    assert beside(site, filed, office, "54/3/26").proposed
    assert kinds_of(site, filed.id)[-2:] == ["match_refused", "victim_answered"]
    for most_found in (5, 6):
        crowd(site, filed, most_found)
        case = case_of(site, filed, office)
        assert [one.record.reference for one in case.refused] == ["54/2/26"]
        assert "54/2/26" not in [one.record.reference for one in case.proposed]
    assert len(case.proposed) == 3, "few enough fit by now"
    assert [one for one in audit(site) if one.what == "match"] == []


def test_where_few_enough_fit_nothing_is_named(site: Site, clock: HandClock) -> None:
    filed, office = crowded_case(site, clock), pcc(site)
    crowd(site, filed, most_found=6)
    case = beside(site, filed, office, "54/2/26")
    assert len(case.proposed) == 3
    with site.database.reading() as session:
        judgement = session.get_one(Judgement, case.allegation.id)
    assert judgement.state == "review"
