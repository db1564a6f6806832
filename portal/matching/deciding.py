"""Deciding on a match: by a person who is entitled to, with a reason, in the ledger."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.ledger.service import NewEntry, append
from portal.matching.gathering import stub_of
from portal.matching.models import Judgement, Match, Reading
from portal.matching.queries import find_waiting
from portal.matching.readers import DECIDERS
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.police.queries import find_current_version
from portal.reference import offences
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation
from portal.sealing import Keyring

_LONGEST_REASON = 2000


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
    record that stands, when it is claimed already for the same victim, or when it is about a
    sexual offence and nobody else has read it and said the same.
    """
    match, allegation = _decidable(session, match_id, account, reason)
    if match.state == "accepted":
        raise Refused("Nothing was changed. This match is accepted already.")
    current = _check_shown(session, match, version_id)
    _check_record(match, current)
    if needs_two(allegation.category, [current.offence_code]):
        _check_second_reader(session, match, account)
    # Two people may confirm two claims on one record at once: the second has to see the first.
    session.get_one(CrimeRecord, match.record_id, with_for_update=True)
    if is_claimed(session, match.record_id, match.claim, apart_from=allegation.id):
        raise Refused(
            "Nothing was changed. This crime record is already matched for the same person. "
            "Refuse that match first if it is wrong."
        )
    return _decide(session, match, allegation, "accepted", account, reason, keyring, now)


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
    match, allegation = _decidable(session, match_id, account, reason)
    _check_shown(session, match, version_id)
    return _decide(session, match, allegation, "refused", account, reason, keyring, now)


def needs_two(category: str, offence_codes: Iterable[str]) -> bool:
    """Whether two people have to agree before a record is accepted: a sexual offence was reported,
    or recorded.
    """
    return stub_of(category, can_tell=True).is_sexual or any(
        offences.is_sexual(code) for code in offence_codes
    )


def is_claimed(
    session: Session, record_id: int, claim: bytes, *, apart_from: UUID | None = None
) -> bool:
    """Whether a record is accepted for this claim, by an allegation other than `apart_from`."""
    query = select(Match.id).where(
        Match.record_id == record_id, Match.claim == claim, Match.state == "accepted"
    )
    if apart_from is not None:
        query = query.where(Match.allegation_id != apart_from)
    return session.scalar(query.limit(1)) is not None


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


def _decidable(
    session: Session, match_id: UUID, account: Account, reason: str
) -> tuple[Match, Allegation]:
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
    if len(reason) > _LONGEST_REASON:
        raise Refused(f"The reason can be up to {_LONGEST_REASON} characters long.")
    # Both were read before the lock, and whoever held that may have decided, or swept: to set what
    # one believes to be set already would write nothing.
    allegation = session.scalars(
        select(Allegation)
        .where(Allegation.id == waiting.allegation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    session.refresh(waiting.match)
    if waiting.match.state in ("refused", "ended"):
        raise Refused("Nothing was changed. Somebody has decided this match already.")
    return waiting.match, allegation


def _check_shown(session: Session, match: Match, version_id: int) -> CrimeRecordVersion:
    current = find_current_version(session, match.record_id)
    if current is None or current.id != version_id:
        raise Refused(
            "Nothing was changed. The force changed this record after you opened the page. "
            "Look again."
        )
    return current


def _check_second_reader(session: Session, match: Match, account: Account) -> None:
    query = select(Reading.id).where(
        Reading.allegation_id == match.allegation_id,
        Reading.record_id == match.record_id,
        Reading.version_id == match.version_id,
        Reading.verdict == "record",
        Reading.account_id != account.id,
        Reading.role.in_(DECIDERS),
    )
    if session.scalar(query.limit(1)) is None:
        raise Refused(
            "Nothing was changed. This is about a sexual offence, so somebody else has to read it "
            "and say the same."
        )


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


def _decide(
    session: Session,
    match: Match,
    allegation: Allegation,
    state: str,
    account: Account,
    reason: str,
    keyring: Keyring,
    now: datetime,
) -> Match:
    data_key = get_data_key(session, allegation.report_id, keyring=keyring)
    match.state = state
    match.decided_at = now
    match.decided_by = account.id
    match.sealed_reason = data_key.seal(reason.strip().encode(), f"match-reason:{match.id}")
    allegation.to_sweep = True
    # What becomes of its other candidates depends on this one.
    session.execute(
        update(Judgement).where(Judgement.allegation_id == allegation.id).values(to_settle=True)
    )
    session.flush()
    record = session.get_one(CrimeRecord, match.record_id)
    version = session.get_one(CrimeRecordVersion, match.version_id)
    fields = matched_fields(match, allegation, record, version) | {
        "decided.role": account.role,
        "decided.organisation": account.organisation,
        "decided.reason": reason.strip(),
    }
    kind = "matched" if state == "accepted" else "match_refused"
    append(session, [NewEntry(kind, allegation.report_id, fields, data_key.seal)], now=now)
    return match
