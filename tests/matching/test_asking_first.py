"""Where only the person can know, they are asked before anybody reads; a yes makes the match."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.alerts.models import Alert, Clock
from portal.errors import Refused
from portal.ledger.service import timeline
from portal.matching.asking import ask
from portal.matching.asking_first import ANSWER_TIME
from portal.matching.models import Match
from portal.matching.questions import Answer
from portal.matching.stating import state as say
from portal.police.models import CrimeRecordVersion
from portal.reports.drafts import get_data_key
from portal.reports.service import withdraw
from portal.site import Site
from tests.rig.asked import (
    REFERENCE,
    comes,
    number_case,
    questions,
    recorded,
    says,
    still_asked,
    the_match,
    told,
    waits,
)
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, look_again
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reviewed import case_of, reads
from tests.rig.supplies import row, take


def take_away(site: Site) -> None:
    with site.database.reading() as session:
        version = session.scalars(
            select(CrimeRecordVersion).order_by(CrimeRecordVersion.id.desc())
        ).first()
    assert version is not None
    gone = row(
        REFERENCE,
        offence_code=version.offence_code,
        recorded_at=f"{version.recorded_at:%Y-%m-%d %H:%M}",
        occurred_from=f"{version.occurred_from:%Y-%m-%d %H:%M}",
        victim_name="Ada Quill",
        removal_code="C2",
    )
    take(site, [gone], is_full=False)


def kinds(site: Site, filed: Filed) -> list[str]:
    with site.database.reading() as session:
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        return [one.kind for one in timeline(session, filed.id, data_key.open)]


def test_who_typed_the_number_of_what_may_be_another_crime_is_asked_at_once_and_once(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock)
    match = the_match(site)
    assert (match.state, match.zone, match.gates) == ("proposed", "likely", ["another"])
    (question,) = questions(site)
    assert (question.asks, question.kind, question.asked_by) == ("victim", "event", None)
    assert kinds(site, filed)[-1] == "victim_asked"
    look_again(site)
    assert len(questions(site)) == 1


def test_a_yes_makes_the_match_and_stops_the_clock_without_a_reader(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock)
    says(site, filed, "yes")
    look_again(site)
    match = the_match(site)
    assert (match.state, match.zone, match.gates) == ("accepted", "automatic", [])
    assert match.decided_by is None
    with site.database.reading() as session:
        assert session.scalars(select(Clock.met_at)).one() is not None
    assert kinds(site, filed)[-3:] == ["victim_asked", "victim_answered", "matched"]
    look_again(site)
    assert the_match(site).state == "accepted"


def test_a_yes_needs_the_return_code_and_a_no_needs_nothing(site: Site, clock: HandClock) -> None:
    filed = number_case(site, clock)
    with pytest.raises(Refused, match="return code"):
        says(site, filed, "yes", with_code=False)
    look_again(site)
    assert the_match(site).state == "proposed"
    says(site, filed, "no", with_code=False)
    assert the_match(site).state == "refused"


@pytest.mark.parametrize(
    ("category", "offence"),
    [
        *(("raped", "8N"), ("sexual-assault", "8N"), ("burglary-home", "17A")),
        *(("raped", "20A"), ("raped", "88E"), ("sexual-assault", "88E"), ("sexual-assault", "19C")),
    ],
)
def test_a_sexual_offence_that_police_wrote_down_as_another_is_read_by_two_and_nobody_is_asked(
    site: Site, clock: HandClock, category: str, offence: str
) -> None:
    number_case(site, clock, category=category, offence_code=offence)
    assert the_match(site).state == "proposed"
    assert questions(site) == []
    assert waits(site, add_person(site, "inspector")) == (1, 1, 0)


def test_who_was_raped_is_asked_whether_the_record_of_a_rape_is_of_this_or_of_another(
    site: Site, clock: HandClock
) -> None:
    before = f"{site.now() - timedelta(days=4):%Y-%m-%d %H:%M}"
    filed = number_case(
        site,
        clock,
        category="raped",
        offence_code="19C",
        occurred_from=before,
        occurred_to=before,
    )
    assert (the_match(site).state, the_match(site).zone) == ("proposed", "likely")
    (question,) = questions(site)
    assert (question.asks, question.kind, question.asked_by) == ("victim", "event", None)
    says(site, filed, "yes")
    look_again(site)
    assert (the_match(site).state, the_match(site).decided_by) == ("accepted", None)


def test_of_two_things_with_one_number_nobody_is_asked_which_it_is_by_a_yes_to_each(
    site: Site, clock: HandClock
) -> None:
    number_case(site, clock, "burglary-home", "damage-vehicle")
    with site.database.reading() as session:
        states = session.scalars(select(Match.state)).all()
    assert sorted(states) == ["proposed", "proposed"]
    assert questions(site) == []


@pytest.mark.parametrize(("answer", "state"), [("yes", "accepted"), ("no", "proposed")])
def test_who_typed_the_number_with_a_slip_is_asked_and_their_no_leaves_it_to_a_reader(
    site: Site, clock: HandClock, answer: Answer, state: str
) -> None:
    filed = number_case(site, clock, number="54/13457/26", crime_reference="54/13475/26")
    (question,) = questions(site)
    assert (question.kind, question.asked_by) == ("near", None)
    says(site, filed, answer)
    look_again(site)
    assert (the_match(site).state, the_match(site).decided_by) == (state, None)
    waiting = int(answer == "no")
    assert waits(site, add_person(site, "inspector")) == (waiting, waiting, 0)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_of_a_record_that_police_removed_a_yes_stops_no_clock_and_tells_it_at_once(
    site: Site, clock: HandClock, answer: Answer
) -> None:
    filed = number_case(site, clock, removal_code="C2")
    assert (the_match(site).state, the_match(site).gates) == ("proposed", ["removed", "another"])
    (one,) = still_asked(site, filed)
    assert one.is_removed
    says(site, filed, answer)
    look_again(site)
    assert the_match(site).state == {"yes": "ended", "no": "refused"}[answer]
    with site.database.reading() as session:
        raised = set(session.scalars(select(Alert.kind)))
        assert session.scalars(select(Clock.met_at)).all() == [None]
    assert ("cancelled" in raised) == (answer == "yes")
    assert still_asked(site, filed) == []
    if answer == "yes":
        with site.database.transaction() as session:
            asked = {"reference": REFERENCE, "keyring": site.keyring, "now": site.now()}
            say(session, filed.id, 1, "not_mine", **asked)  # type: ignore[arg-type]
        assert the_match(site).state == "refused", "a yes can be undone"


def test_a_removed_record_is_not_asked_about_while_another_may_be_the_one(
    site: Site, clock: HandClock
) -> None:
    told(site, clock, crime_reference="54/7/26")
    gone = recorded(site, "54/7/26", "8N", days=1, removal_code="C3", incident_number="")
    comes(site, gone, recorded(site, "54/98/26", "49", days=1, incident_number=""))
    assert questions(site) == []
    assert waits(site, add_person(site, "inspector")) == (1, 1, 0)


def test_a_record_removed_after_a_yes_is_told_at_once_and_asked_of_nobody(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock)
    says(site, filed, "yes")
    look_again(site)
    take_away(site)
    look_again(site)
    assert the_match(site).state == "ended"
    with site.database.reading() as session:
        kinds_raised = set(session.scalars(select(Alert.kind)))
    assert "cancelled" in kinds_raised
    assert waits(site, add_person(site, "inspector")) == (0, 0, 0)


def test_what_is_moot_is_not_asked_any_more(site: Site, clock: HandClock) -> None:
    filed = number_case(site, clock)
    assert len(still_asked(site, filed)) == 1
    assert reads(site, filed, add_person(site, "inspector"), "none") == "refuse"
    assert still_asked(site, filed) == []
    with pytest.raises(Refused, match="not asked any more"):
        says(site, filed, "yes")


def test_a_no_refuses_the_record_and_the_alert_comes(site: Site, clock: HandClock) -> None:
    filed = number_case(site, clock)
    says(site, filed, "no")
    clock.advance(days=3)
    look_again(site)
    assert the_match(site).state == "refused"
    with site.database.reading() as session:
        assert [one.kind for one in session.scalars(select(Alert))] == ["unrecorded"]


def test_a_case_waits_48_hours_for_the_answer_and_then_for_a_reader(
    site: Site, clock: HandClock
) -> None:
    number_case(site, clock)
    inspector = add_person(site, "inspector")
    assert waits(site, inspector) == (0, 0, 1)
    clock.advance(seconds=(ANSWER_TIME - timedelta(seconds=1)).total_seconds())
    assert waits(site, inspector) == (0, 0, 1)
    clock.advance(seconds=1)
    assert waits(site, inspector) == (1, 1, 0)


def test_an_alert_waits_no_longer_for_an_answer_than_for_a_reader(
    site: Site, clock: HandClock
) -> None:
    number_case(site, clock)
    clock.advance(days=2)
    look_again(site)
    with site.database.reading() as session:
        (alert,) = session.scalars(select(Alert))
    assert alert.stage == "awaiting_review"
    clock.advance(hours=49)
    look_again(site)
    with site.database.reading() as session:
        (alert,) = session.scalars(select(Alert))
    assert alert.stage == "full"


def test_who_does_not_know_leaves_it_to_a_reader(site: Site, clock: HandClock) -> None:
    filed = number_case(site, clock)
    inspector = add_person(site, "inspector")
    says(site, filed, "unknown")
    look_again(site)
    assert waits(site, inspector) == (1, 1, 0)
    match = the_match(site)
    assert (match.state, match.zone) == ("proposed", "likely")


def test_a_reader_need_not_wait_where_police_said_that_they_will_not_record_it(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock)
    inspector = add_person(site, "inspector")
    with site.database.transaction() as session:
        say(session, filed.id, 1, "refused", keyring=site.keyring, now=site.now())
    assert waits(site, inspector) == (1, 1, 0)


def test_whoever_opens_the_case_may_decide_before_the_answer_comes(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock)
    inspector = add_person(site, "inspector")
    case = case_of(site, filed, inspector)
    with site.database.reading() as session:
        assert case.may_read(session.get_one(Account, inspector))
    with site.database.transaction() as session:
        again = ask(
            session,
            case.allegation.id,
            case.proposed[0].record.id,
            "victim",
            account=session.get_one(Account, inspector),
            keyring=site.keyring,
            now=site.now(),
        )
        assert again.id == questions(site)[0].id


def test_a_yes_makes_no_match_any_more_once_the_record_says_somebody_else(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock)
    says(site, filed, "yes")
    look_again(site)
    assert the_match(site).state == "accepted"
    changed = row(
        REFERENCE,
        offence_code="8N",
        recorded_at=f"{site.now() - timedelta(hours=3):%Y-%m-%d %H:%M}",
        victim_name="Bertram Other",
        victim_date_of_birth="1961-01-30",
    )
    take(site, [changed], is_full=False)
    look_again(site)
    assert the_match(site).state != "accepted"


def test_whoever_withdrew_is_not_asked(site: Site, clock: HandClock) -> None:
    filed = number_case(site, clock, victim_name="Bertram Other")
    assert questions(site) == []
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=site.now())
    take(site, [row(REFERENCE, offence_code="8N", victim_name="Ada Quill")], is_full=False)
    look_again(site)
    assert questions(site) == []


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_answer_stands(site: Site, clock: HandClock, answer: Answer) -> None:
    filed = number_case(site, clock)
    says(site, filed, answer)
    with pytest.raises(Refused):
        says(site, filed, "unknown")


def test_who_said_yes_can_still_say_that_the_record_is_not_theirs_and_that_stays(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock)
    says(site, filed, "yes")
    look_again(site)
    with site.database.transaction() as session:
        say(
            session,
            *(filed.id, 1, "not_mine"),
            reference=REFERENCE,
            keyring=site.keyring,
            now=site.now(),
        )
    look_again(site)
    assert the_match(site).state == "refused"


def test_nobody_is_asked_first_about_a_number_that_they_typed_in_a_correction(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock, number="54/99/26")
    assert questions(site) == []
    Own(site, filed).correct(
        "told_how", channel="101", force="wiltshire", crime_reference=REFERENCE
    )
    look_again(site)
    assert the_match(site).state == "proposed"
    assert questions(site) == []


def test_a_yes_settles_nothing_once_it_turns_out_to_be_a_sexual_offence(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock)
    Own(site, filed).correct("what", 1, category="raped", other="")
    says(site, filed, "yes")
    look_again(site)
    assert the_match(site).state == "proposed"


def test_what_is_corrected_after_the_question_takes_nothing_from_the_answer(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock)
    Own(site, filed).correct("where", 1, place="Harbour Lane 7", postcode="SN1 1AA")
    says(site, filed, "yes")
    look_again(site)
    assert the_match(site).state == "accepted"
