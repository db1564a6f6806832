"""What a victim's statements give reason to look at, and what they change about alerts.

A statement that was taken back raises nothing new and settles nothing: whoever presses a victim
must not gain by it. The alert says that it was taken back, and a person decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.alerts.findings import Finding
from portal.alerts.models import Alert, AlertAction
from portal.alerts.raising import Docket, OwnAction, find_alert
from portal.alerts.record_findings import Objection, contested, disputed_outcome, incident_only
from portal.matching.models import Match, Question, Statement
from portal.matching.queries import Accepted
from portal.matching.statements import standing, statements_on
from portal.police.models import CrimeRecord
from portal.police.queries import find_current_version
from portal.reference.categories import find_category
from portal.reports.drafts import read_answers
from portal.reports.models import Allegation
from portal.sealing import Keyring

_OBJECTIONS: Mapping[str, Objection] = {
    "not_mine": "not_my_report",
    "not_what_i_said": "not_what_i_reported",
    "refused": "will_not_record",
}
_LIKELY = frozenset({"automatic", "likely"})
_NOTES: Mapping[OwnAction, str] = {
    "victim_confirmed": "The victim stands by what they reported.",
    "victim_doubted": "The victim says that they chose another offence than they meant.",
    "taken_back": "The victim has taken the statement back. Consider whether somebody pressed "
    "them; only a person can end this.",
}


def find_in_statements(
    session: Session, allegation: Allegation, accepted: Sequence[Accepted]
) -> Iterator[Finding]:
    """What the statements that stand give reason to look at, beside the accepted records."""
    said = statements_on(session, allegation.id)
    for one in standing(said, "not_mine", "not_what_i_said", "refused"):
        ref = _record_ref(session, one)
        yield contested(str(one.id), version_ref=ref, objection=_OBJECTIONS[one.kind])
    supports = standing(said, "supports")
    for record in accepted if supports else ():
        found = disputed_outcome(
            str(supports[-1].id),
            outcome_type=record.version.outcome_type,
            victim_supports=True,
        )
        if found is not None:
            yield found


def find_incident_only(
    session: Session, allegation: Allegation, accepted: Sequence[Accepted], *, keyring: Keyring
) -> Iterator[Finding]:
    """A rape that the victim confirmed, of which police hold only an N100. To be asked once the
    recording limit is over, because until then police may still be at it.

    A victim confirms it by reporting it themselves or by agreeing to the report. That they chose
    the wrong offence is always said of one accepted record, and where one is accepted nothing is
    raised here; once it is not, what they said of it says nothing of a note. The N100 is theirs
    when it fits well by the model, when they were asked about its number and said yes, when a
    person accepted it while it was a crime record still, or said that it is the note of this.
    """
    # A rape counts that was ever said, whatever it was corrected to since.
    chosen = [find_category(each) for each in allegation.categories]
    if accepted or not any(each is not None and "rape" in each.flags for each in chosen):
        return
    for match, record in _incidents(session, allegation):
        version = find_current_version(session, record.id)
        found = incident_only(
            f"{record.force_id}/{record.reference_key}/incident",
            rape_confirmed=_is_confirmed(session, allegation, keyring),
            is_incident=version is not None and version.is_incident,
            has_crime_record=False,
        )
        if found is not None and _is_theirs(session, match):
            yield found


def confirm_lead(
    session: Session, finding: Finding, allegation: Allegation, docket: Docket
) -> None:
    """Bring a lead that was raised before up to what the victim has answered since.

    "Yes" makes it full. With "no" it stays a lead, and says so. Nothing makes a full one a lead.
    """
    if finding.kind != "downgraded" or finding.lead:
        return
    alert = find_alert(session, allegation.id, finding.kind, finding.cause)
    if alert is not None and alert.stage == "lead":
        alert.stage = "full"
        _note_once(session, alert, "victim_confirmed", docket)


def doubt_leads(session: Session, allegation: Allegation, docket: Docket) -> None:
    """Say on the open leads of an allegation that the victim chose another offence than meant."""
    said = statements_on(session, allegation.id)
    if not standing(said, "chose_wrong"):
        return
    leads = select(Alert).where(
        Alert.allegation_id == allegation.id,
        Alert.kind == "downgraded",
        Alert.stage == "lead",
        Alert.state != "resolved",
    )
    for alert in session.scalars(leads).all():
        _note_once(session, alert, "victim_doubted", docket)


def note_taken_back(session: Session, allegation: Allegation, docket: Docket) -> None:
    """Say on open alerts that the statement which raised them was taken back."""
    for one in statements_on(session, allegation.id):
        if one.taken_back_at is None:
            continue
        for kind in ("contested", "disputed_outcome"):
            alert = find_alert(session, allegation.id, kind, f"statement:{one.id}")
            if alert is not None and alert.state != "resolved":
                _note_once(session, alert, "taken_back", docket)


def _note_once(session: Session, alert: Alert, action: OwnAction, docket: Docket) -> None:
    query = select(AlertAction.id).where(
        AlertAction.alert_id == alert.id, AlertAction.action == action
    )
    if session.scalar(query.limit(1)) is None:
        docket.note(session, alert, action, _NOTES[action])


def _record_ref(session: Session, one: Statement) -> str:
    if one.record_id is None:
        return ""
    record = session.get_one(CrimeRecord, one.record_id)
    return f"{record.force_id}/{record.reference_key}"


def _incidents(session: Session, allegation: Allegation) -> Sequence[Any]:
    return session.execute(
        select(Match, CrimeRecord)
        .join(CrimeRecord, CrimeRecord.id == Match.record_id)
        .where(
            Match.allegation_id == allegation.id,
            or_(
                Match.state.in_(("proposed", "accepted")),
                (Match.state == "ended") & Match.decided_by.is_not(None),
            ),
        )
        .order_by(CrimeRecord.force_id, CrimeRecord.reference)
    ).all()


def _is_confirmed(session: Session, allegation: Allegation, keyring: Keyring) -> bool:
    who = read_answers(session, allegation.report_id, keyring=keyring).get("who") or {}
    return who.get("who_for") == "self" or who.get("agrees") == "yes"


def _is_theirs(session: Session, match: Match) -> bool:
    by_a_person = match.state == "accepted" or match.decided_by is not None
    return by_a_person or match.zone in _LIKELY or _said_yes(session, match)


def _said_yes(session: Session, match: Match) -> bool:
    query = select(Question.id).where(
        Question.allegation_id == match.allegation_id,
        Question.record_id == match.record_id,
        Question.asks == "victim",
        Question.answer == "yes",
    )
    return session.scalar(query.limit(1)) is not None
