"""Deciding on a match: by a person who is entitled to, with a reason, in the ledger."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.ledger.service import NewEntry, append
from portal.matching.choosing import current_model
from portal.matching.claiming import is_told_twice
from portal.matching.models import Judgement, Match
from portal.matching.queries import find_waiting
from portal.matching.readers import DECIDERS
from portal.matching.second_reader import check_second_reader, needs_two
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.police.queries import find_current_version
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation
from portal.sealing import DataKey, Keyring

LONGEST_REASON = 2000
_ENTRIES = {"accepted": "matched", "proposed": "match_ended"}


def confirm(
    session: Session,
    match_id: UUID,
    *,
    account: Account,
    reason: str,
    version_id: int,
    keyring: Keyring,
    now: datetime,
) -> Match:
    """A person accepts a proposed match. `version_id` is the newest version of the record that
    they were shown.

    Raises NotFound, NotAllowed, or Refused: when the record has changed since, when it is no crime
    record that stands, when it is claimed already for another crime of the same victim, or when it
    is about a sexual offence and nobody else has read it and said the same.
    """
    match, allegation = decidable(session, match_id, account, reason)
    if match.state == "accepted":
        raise Refused("Nothing was changed. This match is accepted already.")
    current = check_shown(session, match, version_id)
    _check_record(match, current)
    if needs_two(allegation.categories, [current.offence_code]):
        check_second_reader(session, match, account)
    # Two people may confirm two claims on one record at once: the second has to see the first.
    session.get_one(CrimeRecord, match.record_id, with_for_update=True)
    match.duplicate_of = told_before(session, match, keyring)
    return decide(session, match, allegation, "accepted", account, reason, keyring, now)


def refuse(
    session: Session,
    match_id: UUID,
    *,
    account: Account,
    reason: str,
    version_id: int,
    keyring: Keyring,
    now: datetime,
) -> Match:
    """A person refuses a match, proposed or accepted. `version_id` is the newest version of the
    record that they were shown. Raises NotFound, NotAllowed, or Refused when it has changed since.
    """
    match, allegation = decidable(session, match_id, account, reason)
    check_shown(session, match, version_id)
    return decide(session, match, allegation, "refused", account, reason, keyring, now)


def disown(
    session: Session,
    match_id: UUID,
    *,
    reason: str = "",
    keyring: Keyring,
    now: datetime,
) -> Match:
    """The victim says that a crime record is not that of their report: it is refused for good.

    Late evidence reopens: the next run of matching decides anew on all other candidates, and of
    other reports that wanted the record. Whoever calls this has checked that it is their report.
    Raises NotFound without such a match or once the report was erased, Refused for one that is
    refused already or a reason of more than 2000 characters.
    """
    match = session.get(Match, match_id)
    if match is None:
        raise NotFound("There is no such match to decide.")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"The reason can be up to {LONGEST_REASON} characters long.")
    allegation = lock_pair(session, match)
    if match.state == "refused":
        raise Refused("Nothing was changed. This record was refused already.")
    data_key = get_data_key(session, allegation.report_id, keyring=keyring)
    said = reason.strip()
    match.state, match.decided_at, match.decided_by = "refused", now, None
    match.sealed_reason = data_key.seal(said.encode(), f"match-reason:{match.id}")
    return put_on_record(
        session,
        match,
        allegation,
        data_key,
        {"decided.role": "victim", "decided.organisation": "", "decided.reason": said},
        now,
    )


def own_again(session: Session, match_id: UUID, *, keyring: Keyring, now: datetime) -> Match:
    """The victim takes back that a record is not theirs: it waits for a person again.

    Never accepted by itself: somebody said both, so somebody else looks. Whoever calls this has
    checked that it is their report. Raises Refused for a match that the victim did not refuse.
    """
    match = session.get_one(Match, match_id)
    allegation = lock_pair(session, match)
    if match.state != "refused" or match.decided_by is not None:
        raise Refused("Nothing was changed. Somebody else has decided about this record.")
    data_key = get_data_key(session, allegation.report_id, keyring=keyring)
    match.state, match.sealed_reason = "proposed", None
    # What was read of it before led to a decision that the person has undone.
    match.reopened_at = now
    # What the force made of it meanwhile was not compared: a decision stands by what it saw.
    allegation.to_match = True
    said = {"decided.role": "victim", "decided.organisation": "", "decided.reason": ""}
    return put_on_record(session, match, allegation, data_key, said, now)


def is_claimed(session: Session, record_id: int, claim: bytes) -> bool:
    """Whether a record is accepted for this claim."""
    return session.scalar(_claimed(record_id, claim).limit(1)) is not None


def _claimed(record_id: int, claim: bytes) -> Select[Match]:
    return select(Match).where(
        Match.record_id == record_id, Match.claim == claim, Match.state == "accepted"
    )


def told_before(session: Session, match: Match, keyring: Keyring) -> UUID | None:
    """The allegation that has this record for the same victim, if it is the same crime told twice.

    Raises Refused when it is another crime.
    """
    query = _claimed(match.record_id, match.claim).where(Match.id != match.id)
    holders = session.scalars(query.order_by(Match.decided_at, Match.id)).all()
    if not holders:
        return None
    if not is_told_twice(session, match, holders, current_model(session), keyring=keyring):
        raise Refused(
            "Nothing was changed. This crime record is already matched for the same person. "
            "Refuse that match first if it is wrong."
        )
    first = next((one for one in holders if one.duplicate_of is None), holders[0])
    return first.allegation_id


def matched_fields(
    match: Match, allegation: Allegation, record: CrimeRecord, version: CrimeRecordVersion
) -> dict[str, object]:
    """What a ledger entry about a match commits to."""
    return {
        "allegation": allegation.ordinal,
        "record.force": record.force_id,
        "record.reference": record.reference,
        "record.version": version.number,
        "match.zone": match.zone,
        "match.model": match.model_version,
    }


def decidable(
    session: Session, match_id: UUID, account: Account, reason: str
) -> tuple[Match, Allegation]:
    """A match that this person may decide on, locked. Raises NotFound, NotAllowed or Refused."""
    waiting = find_waiting(session, account, match_id)
    if waiting is None:
        raise NotFound("There is no such match to decide.")
    if account.role not in DECIDERS:
        raise NotAllowed(
            "Nothing was changed. A PCC office or an inspector has to decide this; you can say "
            "what you think of it."
        )
    if not reason.strip():
        raise Refused("Nothing was changed. Say why, in a sentence.")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"The reason can be up to {LONGEST_REASON} characters long.")
    allegation = lock_pair(session, waiting.match)
    if waiting.match.state in ("refused", "ended"):
        raise Refused("Nothing was changed. Somebody has decided this match already.")
    return waiting.match, allegation


def lock_pair(session: Session, match: Match) -> Allegation:
    """The allegation of a pair, locked, with the pair as it is by then."""
    # Both were read before the lock, and whoever held that may have decided, or swept: to set what
    # one believes to be set already would write nothing.
    allegation = session.scalars(
        select(Allegation)
        .where(Allegation.id == match.allegation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    session.refresh(match)
    return allegation


def check_shown(session: Session, match: Match, version_id: int) -> CrimeRecordVersion:
    """The newest version of the record. Raises Refused unless it is the one that was shown."""
    current = find_current_version(session, match.record_id)
    if current is None or current.id != version_id:
        raise Refused(
            "Nothing was changed. The force changed this record after you opened the page. "
            "Look again."
        )
    return current


def _check_record(match: Match, current: CrimeRecordVersion) -> None:
    if current.is_incident:
        raise Refused(
            "Nothing was changed. This is the note of a reported incident (N100) and not a crime "
            "record, so it cannot be confirmed."
        )
    if current.removal_code is not None:
        raise Refused(
            "Nothing was changed. The force has removed this record, so it cannot be confirmed."
        )
    if match.version_id != current.id:
        raise Refused(
            "Nothing was changed. The force changed this record, and what is compared here is "
            "from before. Look again in a few minutes."
        )


def decide(
    session: Session,
    match: Match,
    allegation: Allegation,
    state: str,
    account: Account,
    reason: str,
    keyring: Keyring,
    now: datetime,
    entry: tuple[str, Mapping[str, object]] = ("", {}),
) -> Match:
    """Write what a person decided. `entry`: its kind and more of its fields, where `state` alone
    does not tell.
    """
    data_key = get_data_key(session, allegation.report_id, keyring=keyring)
    match.state = state
    match.decided_at = now
    match.decided_by = account.id
    match.sealed_reason = data_key.seal(reason.strip().encode(), f"match-reason:{match.id}")
    said = {
        "decided.role": account.role,
        "decided.organisation": account.organisation,
        "decided.reason": reason.strip(),
    }
    kind, more = entry
    return put_on_record(session, match, allegation, data_key, {**said, **more}, now, kind)


def put_on_record(
    session: Session,
    match: Match,
    allegation: Allegation,
    data_key: DataKey,
    said: Mapping[str, object],
    now: datetime,
    kind: str = "",
) -> Match:
    """Append the entry, and have everybody decided on again who wants the record or wanted it.

    `kind` is that of the entry where the new state does not tell.
    """
    allegation.to_sweep = True
    session.flush()
    wanting = select(Match.allegation_id).where(Match.record_id == match.record_id)
    session.execute(
        update(Judgement).where(Judgement.allegation_id.in_(wanting)).values(to_settle=True)
    )
    record = session.get_one(CrimeRecord, match.record_id)
    version = session.get_one(CrimeRecordVersion, match.version_id)
    fields = {**matched_fields(match, allegation, record, version), **said}
    kind = kind or _ENTRIES.get(match.state, "match_refused")
    append(session, [NewEntry(kind, allegation.report_id, fields, data_key.seal)], now=now)
    return match
