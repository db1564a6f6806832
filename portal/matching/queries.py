"""Reading matches: what is accepted, what waits for a person, and whom it waits for."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.matching.models import Judgement, Match
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.police.queries import find_current_version
from portal.reports.models import Allegation


@dataclass(frozen=True)
class Accepted:
    """An accepted match with its record and the record's newest version."""

    match: Match
    record: CrimeRecord
    version: CrimeRecordVersion


@dataclass(frozen=True)
class Waiting:
    """A proposed match that a person has to decide, with both sides. Nothing here is sealed."""

    match: Match
    allegation: Allegation
    record: CrimeRecord
    version: CrimeRecordVersion


def accepted_for(session: Session, allegation_id: UUID) -> list[Accepted]:
    """The accepted matches of an allegation with a crime record that stands: never with an N100,
    nor with one that the force removed since, whoever accepted it.
    """
    return [one for one in _all_accepted(session, allegation_id) if not one.version.is_gone]


def confirmed_before_gone(session: Session, allegation_id: UUID) -> list[Accepted]:
    """Accepted matches with what is no crime record that stands any more. A person confirmed it
    before the force removed it or made it an N100: the rules let go of such a one.
    """
    return [one for one in _all_accepted(session, allegation_id) if one.version.is_gone]


def _all_accepted(session: Session, allegation_id: UUID) -> list[Accepted]:
    rows = session.execute(
        select(Match, CrimeRecord)
        .join(CrimeRecord, CrimeRecord.id == Match.record_id)
        .where(Match.allegation_id == allegation_id, Match.state == "accepted")
        .order_by(Match.decided_at)
    ).all()
    found: list[Accepted] = []
    for match, record in rows:
        version = find_current_version(session, record.id)
        if version is not None:
            found.append(Accepted(match, record, version))
    return found


def removed_for(session: Session, allegation_id: UUID) -> list[Accepted]:
    """Matches that were accepted once and whose record the force has removed since.

    Also when another record has taken the place of it, but not when it fits no more, unless a
    person confirmed it: that stands. One of which a person said so when it was gone is one too.
    """
    rows = session.execute(
        select(Match, CrimeRecord)
        .join(CrimeRecord, CrimeRecord.id == Match.record_id)
        .where(
            Match.allegation_id == allegation_id,
            Match.state.in_(("accepted", "proposed", "ended")),
            or_(Match.zone != "none", Match.state == "accepted", Match.decided_by.is_not(None)),
            Match.decided_at.is_not(None),
        )
    ).all()
    found = [
        Accepted(match, record, version)
        for match, record in rows
        if (version := find_current_version(session, record.id)) is not None
    ]
    return [one for one in found if one.version.removal_code is not None]


def surely_removed(session: Session, allegation_id: UUID) -> list[Accepted]:
    """Those of `removed_for` that are surely of this report by what the record says last, or by
    what a person said, and of a number that no accepted one has: of what names somebody else by now
    nobody is shown anything.
    """
    accepted = {one.record.reference for one in accepted_for(session, allegation_id)}
    return [
        one
        for one in removed_for(session, allegation_id)
        if one.match.zone == "automatic" or one.match.decided_by is not None
        if one.record.reference not in accepted
    ]


def is_waiting(session: Session, allegation_id: UUID) -> bool:
    """Whether a person has to look: a match is proposed, or too many would fit to propose one."""
    query = select(Match.id).where(Match.allegation_id == allegation_id, Match.state == "proposed")
    if session.scalar(query.limit(1)) is not None:
        return True
    judgement = session.get(Judgement, allegation_id)
    return judgement is not None and judgement.state == "crowded"


def review_queue(
    session: Session, account: Account, *, at_most: int = 50, after: int = 0
) -> list[Waiting]:
    """The proposed matches that this person may see, the oldest allegation first."""
    rows = session.execute(
        _seen_by(account)
        .where(Match.state == "proposed")
        .order_by(Allegation.clock_starts_at, Match.proposed_at, Match.id)
        .offset(after)
        .limit(at_most)
    ).all()
    return [
        Waiting(match, allegation, record, session.get_one(CrimeRecordVersion, match.version_id))
        for match, allegation, record in rows
    ]


def find_waiting(session: Session, account: Account, match_id: UUID) -> Waiting | None:
    """One match, decided or not, if this person may see it."""
    row = session.execute(_seen_by(account).where(Match.id == match_id)).one_or_none()
    if row is None:
        return None
    match, allegation, record = row
    return Waiting(match, allegation, record, session.get_one(CrimeRecordVersion, match.version_id))


def matches_of(session: Session, allegation_id: UUID) -> list[Waiting]:
    """Every match of an allegation that was ever more than kept, or put back before a reader."""
    rows = session.execute(
        _joined()
        .where(
            Match.allegation_id == allegation_id,
            or_(Match.state != "kept", Match.reopened_at.is_not(None)),
        )
        .order_by(Match.proposed_at, Match.log_odds.desc(), Match.id)
    ).all()
    return [
        Waiting(match, allegation, record, session.get_one(CrimeRecordVersion, match.version_id))
        for match, allegation, record in rows
    ]


def _joined() -> Select[Match, Allegation, CrimeRecord]:
    return (
        select(Match, Allegation, CrimeRecord)
        .join(Allegation, Allegation.id == Match.allegation_id)
        .join(CrimeRecord, CrimeRecord.id == Match.record_id)
    )


def _seen_by(account: Account) -> Select[Match, Allegation, CrimeRecord]:
    query = _joined()
    if account.role == "inspector":
        return query
    if account.role not in ("pcc", "registrar"):
        return query.where(false())
    return query.where(Allegation.force_id == account.force_id, Allegation.force_id.is_not(None))
