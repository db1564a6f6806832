"""What a victim says raises what oversight must look at, and no pressure makes it go away."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.alerts.lifecycle import act, history
from portal.alerts.models import Alert
from portal.matching.deciding import confirm
from portal.matching.models import Match
from portal.matching.statements import Said
from portal.site import Site
from tests.rig.audited import audit
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, file_report, look_again
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reviewed import waiting_case
from tests.rig.stated import (
    REFERENCE,
    alerts_like,
    match_state,
    matched,
    record_of,
    says,
    takes_back,
)
from tests.rig.supplies import take
from tests.rig.watched import file_watched

HERS = {
    "victim_name": "Ada Quill",
    "victim_date_of_birth": "04/05/1990",
    "place": "Harbour Lane",
    "postcode": "SN1 1AA",
}


def kinds(site: Site) -> list[str]:
    return [one.kind for one in alerts_of(site)]


def deeds(site: Site, alert: Alert) -> list[str]:
    with site.database.reading() as session:
        there = session.get_one(Alert, alert.id)
        return [one.action for one in history(session, there, keyring=site.keyring)]


def test_that_a_record_is_not_theirs_opens_the_match_again_and_tells_oversight(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    assert match_state(site) == "accepted"
    one = says(site, filed, "not_mine", words="I live in another street.")
    (alert,) = alerts_like(site, "contested")
    assert alert.cause == f"statement:{one}"
    assert alert.facts["objection"] == "not_my_report"
    assert match_state(site) == "refused"
    clock.advance(days=3)
    assert len(alerts_like(site, "contested")) == 1
    assert "unrecorded" in kinds(site)
    assert audit(site) == []


def test_that_the_words_are_wrong_leaves_the_match_as_it_is(site: Site, clock: HandClock) -> None:
    filed, _ = matched(site, clock)
    says(site, filed, "not_what_i_said", words="They were in my bedroom.")
    (alert,) = alerts_like(site, "contested")
    assert alert.facts["objection"] == "not_what_i_reported"
    assert match_state(site) == "accepted"
    clock.advance(days=3)
    look_again(site)
    assert "unrecorded" not in kinds(site)


def test_that_police_said_no_is_looked_at_before_the_limit_and_raises_no_breach(
    site: Site, clock: HandClock
) -> None:
    filed = file_watched(site)
    clock.advance(hours=1)
    look_again(site)
    assert kinds(site) == []
    says(site, filed, "refused", reference="", how="phone", reason="No evidence, they said.")
    (alert,) = alerts_like(site, "contested")
    assert alert.facts == {"record_version": "", "objection": "will_not_record"}
    assert alert.raised_at < filed.report.filed_at + timedelta(hours=24)  # type: ignore[operator]
    assert kinds(site) == ["contested"]
    clock.advance(days=3)
    look_again(site)
    assert kinds(site) == ["contested", "unrecorded"]
    assert audit(site) == []


@pytest.mark.parametrize("kind", ["not_mine", "not_what_i_said", "refused"])
def test_taking_it_back_clears_nothing_and_is_said_on_the_alert(
    site: Site, clock: HandClock, kind: Said
) -> None:
    filed, _ = matched(site, clock)
    one = says(site, filed, kind)
    (alert,) = alerts_like(site, "contested")
    takes_back(site, filed, one)
    (after,) = alerts_like(site, "contested")
    assert after.state == "open"
    assert deeds(site, alert) == ["taken_back"]
    look_again(site)
    assert deeds(site, alert) == ["taken_back"]
    assert audit(site) == []


def test_a_statement_taken_back_before_anybody_looked_raises_nothing(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    takes_back(site, filed, says(site, filed, "not_what_i_said"))
    assert alerts_like(site, "contested") == []


def test_a_resolved_alert_is_not_written_on_when_the_statement_is_taken_back(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    one = says(site, filed, "not_what_i_said")
    (alert,) = alerts_like(site, "contested")
    person = add_person(site, "inspector")
    with site.database.transaction() as session:
        account = session.get_one(Account, person)
        act(
            session,
            alert.id,
            "resolve",
            account=account,
            reason="The force has changed the words.",
            keyring=site.keyring,
            now=site.now(),
        )
    takes_back(site, filed, one)
    (after,) = alerts_like(site, "contested")
    assert after.state == "resolved"
    assert deeds(site, alert) == ["resolved"]


@pytest.mark.parametrize("outcome", ["14", "16"])
@pytest.mark.parametrize("order", ["said first", "outcome first"])
def test_an_outcome_that_the_victim_disputes_is_found_whichever_came_first(
    site: Site, clock: HandClock, outcome: str, order: str
) -> None:
    filed, record = matched(site, clock)
    if order == "said first":
        says(site, filed, "supports", reference="")
        assert alerts_like(site, "disputed_outcome") == []
    clock.advance(hours=5)
    day = f"{site.now():%Y-%m-%d}"
    take(site, [dict(record) | {"outcome_type": outcome, "outcome_date": day}], is_full=False)
    if order == "outcome first":
        assert alerts_like(site, "disputed_outcome") == []
        says(site, filed, "supports", reference="")
    (alert,) = alerts_like(site, "disputed_outcome")
    assert alert.facts == {"outcome_type": int(outcome)}
    assert len(alerts_like(site, "disputed_outcome")) == 1
    assert audit(site) == []


def test_an_outcome_with_the_victims_support_is_not_disputed(site: Site, clock: HandClock) -> None:
    filed, _ = matched(site, clock, outcome_type="15")
    says(site, filed, "supports", reference="")
    assert alerts_like(site, "disputed_outcome") == []


def test_a_lesser_offence_is_a_lead_until_the_victim_stands_by_what_they_said(
    site: Site, clock: HandClock
) -> None:
    filed, record = matched(site, clock)
    clock.advance(hours=5)
    take(site, [dict(record) | {"offence_code": "58A"}], is_full=False)
    look_again(site)
    person = add_person(site, "inspector")
    decide(site, person)
    (alert,) = alerts_like(site, "downgraded")
    assert alert.stage == "lead"
    says(site, filed, "stands_by")
    (after,) = alerts_like(site, "downgraded")
    assert (after.id, after.stage, after.state) == (alert.id, "full", "open")
    assert deeds(site, alert) == ["victim_confirmed"]
    look_again(site)
    assert deeds(site, alert) == ["victim_confirmed"]
    assert audit(site) == []


def test_a_victim_who_chose_the_wrong_offence_leaves_a_lead_for_a_person(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, offence_code="58A")
    person = add_person(site, "inspector")
    decide(site, person)
    (alert,) = alerts_like(site, "downgraded")
    assert alert.stage == "lead"
    says(site, filed, "chose_wrong")
    (after,) = alerts_like(site, "downgraded")
    assert (after.stage, after.state) == ("lead", "open")
    assert deeds(site, alert) == ["victim_doubted"]
    assert audit(site) == []


def decide(site: Site, person: object) -> None:
    """An inspector accepts whatever is proposed, and the sweep looks."""
    with site.database.transaction() as session:
        match = session.scalars(select(Match)).one()
        if match.state == "proposed":
            confirm(
                session,
                match.id,
                account=session.get_one(Account, person),
                reason="The same number.",
                version_id=match.version_id,
                keyring=site.keyring,
                now=site.now(),
            )
    look_again(site)


def test_a_rape_with_an_incident_note_alone_is_told_of_after_the_limit(
    site: Site, clock: HandClock
) -> None:
    filed = file_watched(site, category="raped", reference=REFERENCE)
    clock.advance(hours=3)
    take(site, [record_of(site, offence_code="N100/1")], is_full=False)
    assert alerts_like(site, "incident_only") == []
    clock.advance(days=2)
    (alert,) = alerts_like(site, "incident_only")
    assert alert.stage == "full"
    assert "unrecorded" in kinds(site)
    assert len(alerts_like(site, "incident_only")) == 1
    assert audit(site) == []
    assert filed.id


def test_another_offence_with_an_incident_note_is_only_without_a_record(
    site: Site, clock: HandClock
) -> None:
    file_report(site)
    clock.advance(hours=3)
    take(site, [record_of(site, offence_code="N100/1")], is_full=False)
    clock.advance(days=3)
    assert alerts_like(site, "incident_only") == []


def becomes(site: Site, clock: HandClock, record: dict[str, str], code: str) -> None:
    """The force makes another offence of the record, and the jobs look."""
    clock.advance(hours=5)
    take(site, [dict(record) | {"offence_code": code}], is_full=False)
    look_again(site)


def test_having_doubted_one_record_silences_nothing_once_only_a_note_is_left(
    site: Site, clock: HandClock
) -> None:
    filed, record = matched(site, clock, category="raped", offence_code="19C", **HERS)
    says(site, filed, "chose_wrong")
    clock.advance(days=3)
    assert alerts_like(site, "incident_only") == []
    becomes(site, clock, record, "N100/1")
    (alert,) = alerts_like(site, "incident_only")
    assert alert.stage == "full"
    assert audit(site) == []


def test_a_record_that_a_person_accepted_and_that_became_a_note_is_told_of_too(
    site: Site, clock: HandClock
) -> None:
    _, record = matched(site, clock, category="raped", offence_code="19C", **HERS)
    inspector = add_person(site, "inspector")
    with site.database.transaction() as session:
        session.scalars(select(Match)).one().decided_by = inspector
    clock.advance(days=3)
    becomes(site, clock, record, "N100/1")
    assert len(alerts_like(site, "incident_only")) == 1


@pytest.mark.parametrize(
    "corrections", [["raped"], ["raped", "theft-person"], ["raped", "hurt", "burglary-home"]]
)
def test_a_rape_that_was_ever_said_counts_for_an_incident_note_whatever_is_said_since(
    site: Site, clock: HandClock, corrections: list[str]
) -> None:
    filed = file_watched(site, reference=REFERENCE)
    for category in corrections:
        Own(site, filed).correct("what", 1, category=category, other="")
    clock.advance(hours=3)
    take(site, [record_of(site, offence_code="N100/1")], is_full=False)
    clock.advance(days=3)
    assert len(alerts_like(site, "incident_only")) == 1
    assert audit(site) == []


def test_what_was_never_called_a_rape_is_none_with_an_incident_note(
    site: Site, clock: HandClock
) -> None:
    filed = file_watched(site, reference=REFERENCE)
    Own(site, filed).correct("what", 1, category="hurt", other="")
    clock.advance(hours=3)
    take(site, [record_of(site, offence_code="N100/1")], is_full=False)
    clock.advance(days=3)
    assert alerts_like(site, "incident_only") == []
