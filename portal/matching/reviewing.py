"""A person reads a case: the reading, its entry in the ledger, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.ledger.service import NewEntry, append
from portal.matching import deciding
from portal.matching.agreement import Agreement, Pair, agreement
from portal.matching.beside import Named, keep_named, put_beside
from portal.matching.cases import Case, find_case, readings_by_case, reads_of
from portal.matching.gone import confirm_gone
from portal.matching.models import Judgement, Reading
from portal.matching.queries import Waiting
from portal.matching.readers import DECIDERS, Step, Verdict, counted
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation, ReportKey
from portal.sealing import Keyring

_LONGEST_REASON = 2000
_IS_CROWDED = Judgement.state == "crowded"
CHANGED = (
    "Nothing was changed. What is compared here is not what it was when you opened the page. "
    "Look again."
)


@dataclass(frozen=True)
class ReadingSeen:
    """A reading as others may see it. `reference` is the record's, "" for none."""

    at: datetime
    role: str
    organisation: str
    is_own: bool
    verdict: str
    reference: str
    reason: str = field(repr=False)


def read(
    session: Session,
    allegation_id: UUID,
    verdict: Verdict,
    *,
    record_id: int | None = None,
    account: Account,
    reason: str,
    seen: bytes,
    named: Named | None = None,
    keyring: Keyring,
    now: datetime,
) -> Step:
    """Keep what a person makes of a case, and do what follows; what has to happen next.

    "accept" and "refuse" are done by then. `record_id` names the record that it is; `seen` is the
    case's mark as the page showed it. `named` is the one that the reader named where there are too
    many to compare. A registrar's reading is a proposal and counts for nothing.
    Raises NotFound, NotAllowed, or Refused: without a reason, when what is compared has changed,
    when this person has read it, or when the record cannot be accepted.
    """
    case = _locked_case(session, account, allegation_id, named, now)
    chosen = _chosen(case, verdict, record_id)
    _check(case, account, reason, seen)
    data_key = get_data_key(session, case.allegation.report_id, keyring=keyring)
    made = Reading(
        allegation_id=allegation_id,
        account_id=account.id,
        role=account.role,
        verdict=verdict,
        record_id=chosen.record.id if chosen else None,
        version_id=chosen.match.version_id if chosen else None,
        seen=seen,
        is_double=case.is_double,
        model_version=case.proposed[0].match.model_version,
        at=now,
        sealed_reason=b"",
    )
    session.add(made)
    session.flush()
    made.sealed_reason = data_key.seal(reason.strip().encode(), context_of_reading(made))
    fields = _fields(session, case, made, account, reason.strip())
    entry = NewEntry("match_read", case.allegation.report_id, fields, data_key.seal)
    append(session, [entry], now=now)
    if account.role not in DECIDERS:
        return case.step
    after = Case(**{**vars(case), "readings": [*case.readings, made]})
    _follow(session, after, chosen, account, reason, keyring, now)
    return after.step


def readings_seen(
    session: Session, case: Case, account: Account, *, keyring: Keyring
) -> list[ReadingSeen]:
    """The readings that this person may see: all once they read it themselves, or cannot; once
    nothing is left to read, those from which a decision of a person came that stands.

    Whoever still has to read sees none but a registrar's proposal: a second reader who knows what
    the first said is none.
    """
    blind = case.may_read(account)
    readings = case.readings if case.proposed or case.crowd else _decided_by(session, case)
    shown = [one for one in readings if not blind or one.role not in DECIDERS]
    if not shown or session.get(ReportKey, case.allegation.report_id) is None:
        return []
    data_key = get_data_key(session, case.allegation.report_id, keyring=keyring)
    return [
        ReadingSeen(
            one.at,
            one.role,
            session.get_one(Account, one.account_id).organisation,
            one.account_id == account.id,
            one.verdict,
            session.get_one(CrimeRecord, one.record_id).reference if one.record_id else "",
            data_key.open(one.sealed_reason, context_of_reading(one)).decode(),
        )
        for one in shown
    ]


def _decided_by(session: Session, case: Case) -> list[Reading]:
    """What was read up to the last decision of a person. What was read after it may count yet: the
    rules can take a candidate away, and give it back as it was.
    """
    decided = (one.match for one in (*case.accepted, *case.refused, *case.gone))
    last = [one.decided_at for one in decided if one.decided_by and one.decided_at]
    one = case.allegation.id
    every = readings_by_case(session, [one], None)[one] if last else []
    return [each for each in every if each.at <= max(last)]


def agreement_of(session: Session) -> Agreement:
    """How far the first two readers of each case agree, where two people have to."""
    crowded = set(session.scalars(select(Judgement.allegation_id).where(_IS_CROWDED)))
    by_report: dict[UUID, list[list[Reading]]] = {}
    query = select(Reading).where(Reading.is_double, Reading.role.in_(DECIDERS))
    for one in session.scalars(query.order_by(Reading.id)):
        cases = by_report.setdefault(one.allegation_id, [])
        named = one.allegation_id in crowded
        case = next((each for each in cases if any(_meet(one, by, named) for by in each)), None)
        if case is None:
            cases.append([one])
        else:
            case.append(one)
    found = [each for cases in by_report.values() for each in cases if len(each) > 1]
    return agreement([_pair(each) for each in found])


def _meet(one: Reading, other: Reading, named: bool) -> bool:
    """Whether two readings are of one case: of the same candidates, or, where each reader `named` a
    record, both said that theirs is it.
    """
    return one.seen == other.seen or (named and one.verdict == other.verdict == "record")


def _pair(readings: Sequence[Reading]) -> Pair:
    first, second = readings[:2]
    if first.verdict == second.verdict == "record" and first.record_id != second.record_id:
        return "record", "another_record"
    return first.verdict, second.verdict


def _locked_case(
    session: Session, account: Account, allegation_id: UUID, named: Named | None, now: datetime
) -> Case:
    query = select(Allegation).where(Allegation.id == allegation_id).with_for_update()
    session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    case = find_case(session, account, allegation_id)
    if case is None:
        raise NotFound("There is no such case, or it is not one of yours to see.")
    return case if named is None else put_beside(session, case, named, now=now)


def _chosen(case: Case, verdict: Verdict, record_id: int | None) -> Waiting | None:
    if verdict != "record":
        return None
    for one in case.proposed:
        if one.record.id == record_id:
            return one
    raise Refused(CHANGED)


def _check(case: Case, account: Account, reason: str, seen: bytes) -> None:
    if case.has_read(account):
        raise Refused("Nothing was changed. You have read this already; somebody else has to.")
    if seen != case.seen or not case.proposed:
        raise Refused(CHANGED)
    if account.role in DECIDERS and not case.may_read(account):
        raise NotAllowed(
            "Nothing was changed. Two people have read this and do not agree, so an inspector has "
            "to decide."
        )
    if not reason.strip():
        raise Refused("Nothing was changed. Say why, in a sentence.")
    if len(reason) > _LONGEST_REASON:
        raise Refused(f"The reason can be up to {_LONGEST_REASON} characters long.")


def _follow(
    session: Session,
    case: Case,
    chosen: Waiting | None,
    account: Account,
    reason: str,
    keyring: Keyring,
    now: datetime,
) -> None:
    if case.step in ("accept", "refuse"):
        case = keep_named(session, case)
        chosen = next((one for one in case.proposed if chosen and _is_same(one, chosen)), None)
    if case.step == "accept" and chosen is not None:
        gone = chosen.version.is_gone
        confirm = confirm_gone if gone else deciding.confirm
        confirm(
            session,
            chosen.match.id,
            account=account,
            reason=reason,
            version_id=case.newest[chosen.record.id],
            keyring=keyring,
            now=now,
        )
        if not gone:
            # Another may stand in the place of what is gone: that is still to be read.
            _ask_no_more(case, chosen)
    elif case.step == "refuse":
        for one in case.proposed:
            deciding.refuse(
                session,
                one.match.id,
                account=account,
                reason=reason,
                version_id=case.newest[one.record.id],
                keyring=keyring,
                now=now,
            )


def _is_same(one: Waiting, other: Waiting) -> bool:
    return one.record.id == other.record.id


def _ask_no_more(case: Case, chosen: Waiting) -> None:
    """As `judging` would: once a person accepted a record only a weightier one is asked about."""
    for one in case.proposed:
        if one.match.id != chosen.match.id and (one.match.total or 0) <= (chosen.match.total or 0):
            one.match.state = "kept" if one.match.decided_at is None else "ended"


def _fields(
    session: Session, case: Case, made: Reading, account: Account, reason: str
) -> dict[str, object]:
    """What the entry commits to: what was read, by which model, and what was made of it."""
    seen = [
        {
            "force": one.record.force_id,
            "reference": one.record.reference,
            "version": _number(session, one.match.version_id),
        }
        for one in case.proposed
    ]
    record = next((one.record for one in case.proposed if one.record.id == made.record_id), None)
    return {
        "allegation": case.allegation.ordinal,
        "read.number": len(counted(reads_of(case.readings))) + 1,
        "read.of_two": made.is_double,
        "read.verdict": made.verdict,
        "read.records": seen,
        "record.force": record.force_id if record else None,
        "record.reference": record.reference if record else None,
        "record.version": _number(session, made.version_id),
        "match.model": made.model_version,
        "decided.role": account.role,
        "decided.organisation": account.organisation,
        "decided.reason": reason,
    }


def _number(session: Session, version_id: int | None) -> int | None:
    return session.get_one(CrimeRecordVersion, version_id).number if version_id else None


def context_of_reading(reading: Reading) -> str:
    """What binds the reason of a reading to it."""
    return f"reading-reason:{reading.id}"
