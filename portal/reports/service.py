"""A report's path: submitted, told, passed on, withdrawn. One transaction each (DESIGN 9).

What its person does with it later is in `withdrawing`, `additions`,
`corrections` and `closing`.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.errors import Refused
from portal.languages.translating import _
from portal.ledger.code_chain import REQUEST_KEY
from portal.ledger.service import NewEntry, append
from portal.reference.terms import find_terms
from portal.reports import states
from portal.reports.closed import check_not_erasing
from portal.reports.drafts import Answers, get_data_key, get_report, open_answers
from portal.reports.filing import (
    check_complete,
    flatten,
    force_of,
    interval_of,
    is_agreed,
    may_pass,
    needs_consent_now,
    start_of,
    way_in,
    with_consent,
)
from portal.reports.handovers import deliver, notify_force
from portal.reports.models import Allegation, Report
from portal.reports.starts import Start, work_out_start
from portal.reports.visits import end_visits_of
from portal.sealing import DataKey, Keyring


def submit(session: Session, report_id: UUID, *, keyring: Keyring, now: datetime) -> Report:
    """File a draft: its allegations, its first entry and any handover commit as one.

    A report that was filed before is returned as it is, so that a double click or a retry gives
    one report. Raises Refused while a needed answer is missing.
    """
    report = get_report(session, report_id, lock=True)
    if states.is_final(report.state):
        return report
    data_key = get_data_key(session, report_id, keyring=keyring)
    answers = open_answers(report, data_key)
    check_complete(answers)
    _check_handover(session, answers)
    _file(session, report, answers, now=now)
    entries = [_submitted(report, answers, now, data_key)]
    if way_in(answers) == "pass":
        force_id = str(answers["pass"]["force"])
        handover = deliver(session, report, force_id, now=now)
        notify_force(session, handover, keyring=keyring, now=now)
        entries.append(_handed_over(report, force_id, now, data_key))
    report.entry_index = append(session, entries, now=now)[0]
    return report


def tell(
    session: Session,
    report_id: UUID,
    told: Mapping[str, str],
    told_how: Mapping[str, str],
    *,
    agrees_now: str = "",
    keyring: Keyring,
    now: datetime,
) -> Report:
    """A kept report becomes one that police were told about.

    `agrees_now` ("yes", "no", "cannot_ask") is what the victim says now, needed where somebody
    else filed it without their "yes". Raises Refused without it, and from another state.
    """
    report = get_report(session, report_id, lock=True)
    report.state = _moved_later(report, states.Move.TOLD)
    data_key = get_data_key(session, report_id, keyring=keyring)
    consent = _consent(open_answers(report, data_key), agrees_now, is_agreed)
    start = work_out_start("told", told=interval_of(told, now=now), filed_at=now, delivered_at=None)
    force_id = told_how.get("force")
    allegations = allegations_of(session, report_id)
    for allegation in allegations:
        if force_id and force_id != "unsure":
            allegation.force_id = force_id
        _start_clock(allegation, start)
    report.changed_at = now
    report.unfinished = None
    fields = flatten({"told": dict(told), "told_how": dict(told_how)} | consent)
    fields |= _start_fields(start)
    append(session, [NewEntry("told_police", report.id, fields, data_key.seal)], now=now)
    return report


def pass_on(
    session: Session,
    report_id: UUID,
    force_id: str,
    *,
    agrees_now: str = "",
    keyring: Keyring,
    now: datetime,
) -> Report:
    """A kept report is passed to a force that agreed that its inbox counts as receipt.

    `agrees_now` is as for `tell`, but only "yes" will do. Raises Refused without it, from another
    state, or when the force did not agree.
    """
    report = get_report(session, report_id, lock=True)
    report.state = _moved_later(report, states.Move.PASS)
    _check_inbox(session, force_id)
    data_key = get_data_key(session, report_id, keyring=keyring)
    consent = _consent(open_answers(report, data_key), agrees_now, may_pass)
    start = work_out_start("pass", told=None, filed_at=now, delivered_at=now)
    for allegation in allegations_of(session, report_id):
        allegation.force_id = force_id
        _start_clock(allegation, start)
    handover = deliver(session, report, force_id, now=now)
    notify_force(session, handover, keyring=keyring, now=now)
    report.changed_at = now
    report.unfinished = None
    entry = _handed_over(report, force_id, now, data_key, flatten(consent))
    append(session, [entry], now=now)
    return report


def withdraw(
    session: Session,
    report_id: UUID,
    *,
    keyring: Keyring,
    now: datetime,
    visit: str | None = None,
) -> Report:
    """Stop contact and looks. A clock that started keeps running: pressure must clear no alert.

    Every browser that holds it open is closed, but the one of the token `visit`. Withdrawing
    twice changes nothing. Raises Refused for a draft, which nobody else can see, and while an
    erasure waits.
    """
    report = get_report(session, report_id, lock=True)
    if report.withdrawn_at is not None:
        return report
    if not states.is_final(report.state):
        raise Refused(_("This was not sent yet, so there is nothing to withdraw."))
    check_not_erasing(report)
    report.withdrawn_at = now
    report.unfinished = None
    end_visits_of(session, report_id, now=now, but=visit)
    data_key = get_data_key(session, report_id, keyring=keyring)
    append(session, [NewEntry("withdrawn", report.id, {}, data_key.seal)], now=now)
    return report


def _moved_later(report: Report, move: str) -> str:
    if not states.is_final(report.state):
        raise Refused(_("This was not sent yet. Open it, and choose there what we do with it."))
    return _moved(report, move)


def _moved(report: Report, move: str) -> str:
    check_not_erasing(report)
    withdrawn = report.withdrawn_at is not None
    return states.after(report.state, move, withdrawn=withdrawn).value


def allegations_of(session: Session, report_id: UUID) -> list[Allegation]:
    """The allegations of a filed report in their order; none for a draft."""
    query = select(Allegation).where(Allegation.report_id == report_id)
    return list(session.scalars(query.order_by(Allegation.ordinal)))


def _file(session: Session, report: Report, answers: Answers, *, now: datetime) -> None:
    way = way_in(answers)
    start = start_of(answers, now=now)
    report.state = _moved(report, way)
    report.filed_at = report.changed_at = now
    report.unfinished = None
    allegations = [
        _allegation(report.id, ordinal, answers, given, now=now)
        for ordinal, given in enumerate(answers["allegations"], 1)
    ]
    for allegation in allegations:
        _start_clock(allegation, start)
    session.add_all(allegations)
    session.flush()


def _allegation(
    report_id: UUID, ordinal: int, answers: Answers, given: Answers, *, now: datetime
) -> Allegation:
    when = interval_of(given.get("when"), now=now)
    return Allegation(
        id=uuid4(),
        report_id=report_id,
        ordinal=ordinal,
        category=given["what"]["category"],
        force_id=force_of(answers, given),
        occurred_from=when.earliest if when else None,
        occurred_to=when.latest if when else None,
    )


def _start_clock(allegation: Allegation, start: Start | None) -> None:
    if start is None:
        return
    allegation.clock_starts_at = start.at
    allegation.clock_event = start.event
    allegation.clock_basis = start.basis
    allegation.to_match = allegation.to_sweep = True


def _consent(
    answers: Answers, agrees_now: str, is_enough: Callable[[Answers], bool]
) -> dict[str, str]:
    """What the ledger keeps of the victim's agreement to a later move."""
    if not needs_consent_now(answers):
        return {}
    if not agrees_now or not is_enough(with_consent(answers, agrees_now)):
        raise Refused(
            _(
                "Nothing was changed. The person this happened to has not agreed. If they agree "
                "now, say so and send it again. Until then it stays here."
            )
        )
    return {"agrees_now": agrees_now}


def _check_handover(session: Session, answers: Answers) -> None:
    if way_in(answers) == "pass":
        _check_inbox(session, str(answers["pass"]["force"]))


def _check_inbox(session: Session, force_id: str) -> None:
    terms = find_terms(session, force_id)
    if terms is None or terms.inbox_agreed_at is None:
        raise Refused(
            _(
                "Nothing was sent yet. That police force has not agreed to take this from us. You "
                "can tell them yourself and say when, or keep it here for now."
            )
        )


def _submitted(report: Report, answers: Answers, now: datetime, data_key: DataKey) -> NewEntry:
    fields = flatten(answers) | _start_fields(start_of(answers, now=now))
    if report.request_key is not None:
        fields[REQUEST_KEY] = base64.b64encode(report.request_key).decode()
    return NewEntry("submitted", report.id, fields, data_key.seal)


def _start_fields(start: Start | None) -> dict[str, object]:
    if start is None:
        return {}
    return {
        "clock.starts_at": timestamp(start.at),
        "clock.event": start.event,
        "clock.basis": start.basis,
    }


def _handed_over(
    report: Report,
    force_id: str,
    now: datetime,
    data_key: DataKey,
    more: Mapping[str, object] | None = None,
) -> NewEntry:
    start = work_out_start("pass", told=None, filed_at=now, delivered_at=now)
    fields = {"force": force_id, **(more or {}), **_start_fields(start)}
    return NewEntry("handed_over", report.id, fields, data_key.seal)
