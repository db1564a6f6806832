"""A victim says something about what police made of their report: the row, the entry, what follows.

Nothing is ever deleted: a statement can be taken back, and both stay on record. Taking one back
clears no alert, because pressure on a victim must not (DESIGN section 3); the alert says so, and a
person decides. `docs/what-happened.md` has the rules.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import NotFound, Refused
from portal.languages.translating import _, lazy
from portal.ledger.service import NewEntry, append
from portal.matching.deciding import disown, own_again
from portal.matching.models import Match, Statement
from portal.matching.queries import Accepted, accepted_for, surely_removed
from portal.matching.statements import (
    ABOUT_A_RECORD,
    DETAILS,
    Said,
    context_of_statement,
    standing,
    statements_on,
)
from portal.police.models import CrimeRecord
from portal.reports.closed import check_not_erasing
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import Allegation, Report
from portal.reports.pace import DAY
from portal.sealing import Keyring

LONGEST_WORDS = 2000
MOST = 50
"""Statements about one allegation, taken back or not. After so many the same can be said again once
in 24 hours, and what was not said before at once: nobody with an open page can fill the log, and
nobody can use up for good what there is to say.
"""
_CLOSED = lazy(
    "Nothing was saved. You withdrew this, so nothing more can be added to it. What is on record "
    "stays there."
)
_NOT_TOLD = lazy(
    "Nothing was saved. The police were not told of this yet, so there is nothing that they did "
    "about it."
)
_NO_RECORD = lazy(
    "Nothing was saved. That police record is not matched with this any more. Go back and look at "
    "where it stands now."
)
_FULL = lazy(
    "Nothing was added, because this was said and taken back many times. All that you said before "
    "is kept. You can say it again tomorrow. If it cannot wait, write a message to the office that "
    "watches over the police: go back and choose Messages."
)


def state(
    session: Session,
    report_id: UUID,
    ordinal: int,
    kind: Said,
    *,
    reference: str = "",
    details: Mapping[str, str] | None = None,
    keyring: Keyring,
    now: datetime,
) -> Statement:
    """Put a victim's statement about one allegation on record. The same again is the one there is.

    `reference` names the accepted crime record, for the kinds that are about one; `details` are
    some of `statements.DETAILS`. "Not mine" takes the record from the report at once, and matching
    decides anew. Whoever calls this has checked that it is their report. Raises NotFound without
    such an allegation; Refused when the report is closed, nobody was told, the record is not
    accepted, the words are too long, or there are `MOST` and this was said within 24 hours.
    """
    report = get_report(session, report_id, lock=True)
    allegation = _locked(session, report_id, ordinal)
    _check(report, allegation)
    said = _cleaned(details or {})
    about = _record_of(session, allegation, kind, reference) if kind in ABOUT_A_RECORD else None
    there = _same(session, allegation, kind, about)
    if there is not None:
        return there
    _check_room(session, allegation, kind, about, now)
    made = Statement(
        id=uuid4(),
        allegation_id=allegation.id,
        kind=kind,
        record_id=about.record.id if about else None,
        at=now,
    )
    data_key = get_data_key(session, report_id, keyring=keyring)
    if said:
        made.sealed = data_key.seal_json(said, context_of_statement(made.id))
    session.add(made)
    allegation.to_sweep = True
    if kind == "not_mine" and about is not None:
        disown(session, about.match.id, reason="", keyring=keyring, now=now)
    fields = _fields(made, allegation, about.record if about else None)
    fields |= {f"statement.{name}": words for name, words in said.items()}
    append(session, [NewEntry("stated", report_id, fields, data_key.seal)], now=now)
    return made


def take_back(
    session: Session, report_id: UUID, statement_id: UUID, *, keyring: Keyring, now: datetime
) -> Statement:
    """A victim no longer says it. Twice changes nothing more. Alerts stay, and say so.

    A record that they said was not theirs waits for a person again. Raises NotFound for another
    report's statement, Refused when the report is closed.
    """
    report = get_report(session, report_id, lock=True)
    found = session.execute(
        select(Statement, Allegation)
        .join(Allegation, Allegation.id == Statement.allegation_id)
        .where(Statement.id == statement_id, Allegation.report_id == report_id)
    ).one_or_none()
    if found is None:
        raise NotFound(_("There is no such statement about what you sent."))
    made, allegation = found[0], _locked(session, report_id, found[1].ordinal)
    session.refresh(made)
    if made.taken_back_at is not None:
        return made
    _check(report, allegation)
    made.taken_back_at = now
    allegation.to_sweep = True
    record = session.get_one(CrimeRecord, made.record_id) if made.record_id else None
    if made.kind == "not_mine":
        _own_again(session, made, keyring=keyring, now=now)
    data_key = get_data_key(session, report_id, keyring=keyring)
    fields = _fields(made, allegation, record)
    append(session, [NewEntry("statement_taken_back", report_id, fields, data_key.seal)], now=now)
    return made


def _own_again(session: Session, made: Statement, *, keyring: Keyring, now: datetime) -> None:
    match = session.scalars(
        select(Match).where(
            Match.allegation_id == made.allegation_id, Match.record_id == made.record_id
        )
    ).one_or_none()
    # A person may have refused it since; then that stands.
    if match is not None and match.state == "refused" and match.decided_by is None:
        own_again(session, match.id, keyring=keyring, now=now)


def _locked(session: Session, report_id: UUID, ordinal: int) -> Allegation:
    found = session.scalars(
        select(Allegation)
        .where(Allegation.report_id == report_id, Allegation.ordinal == ordinal)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(_("There is no such part of what you sent."))
    return found


def _check(report: Report, allegation: Allegation) -> None:
    if report.withdrawn_at is not None or report.erased_at is not None:
        raise Refused(_CLOSED)
    check_not_erasing(report)
    if allegation.clock_starts_at is None:
        raise Refused(_NOT_TOLD)


def _cleaned(details: Mapping[str, str]) -> dict[str, str]:
    said = {name: details.get(name, "").strip() for name in DETAILS}
    if any(len(words) > LONGEST_WORDS for words in said.values()):
        most = f"{LONGEST_WORDS:,}"
        raise Refused(_("Nothing was saved. Keep each answer to %(most)s characters.", most=most))
    return {name: words for name, words in said.items() if words}


def _record_of(session: Session, allegation: Allegation, kind: Said, reference: str) -> Accepted:
    known = accepted_for(session, allegation.id)
    if kind == "not_mine":
        # What was theirs until police removed it raised an alert; that too they can take from it.
        known += surely_removed(session, allegation.id)
    for one in known:
        if one.record.reference == reference:
            return one
    raise Refused(_NO_RECORD)


def _same(
    session: Session, allegation: Allegation, kind: Said, about: Accepted | None
) -> Statement | None:
    record_id = about.record.id if about else None
    there = standing(statements_on(session, allegation.id), kind)
    return next((one for one in there if one.record_id == record_id), None)


def _check_room(
    session: Session,
    allegation: Allegation,
    kind: Said,
    about: Accepted | None,
    now: datetime,
) -> None:
    said = statements_on(session, allegation.id)
    record_id = about.record.id if about else None
    lately = {(one.kind, one.record_id) for one in said if one.at > now - DAY}
    if len(said) >= MOST and (kind, record_id) in lately:
        raise Refused(_FULL)


def _fields(
    made: Statement, allegation: Allegation, record: CrimeRecord | None
) -> dict[str, object]:
    fields: dict[str, object] = {
        "allegation": allegation.ordinal,
        "statement": str(made.id),
        "statement.kind": made.kind,
    }
    if record is not None:
        fields |= {"record.force": record.force_id, "record.reference": record.reference}
    return fields
