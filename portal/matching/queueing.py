"""The queue: every case that waits for a person, in the order in which they should be read.

A case with too many records to compare stands in it too, below those that can be read: somebody has
to learn which record it is before there is anything to read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.matching.asking_first import awaited
from portal.matching.cases import (
    chances_of_none,
    mark_of,
    of_crowd,
    readings_by_case,
    reads_of,
    seen_by,
)
from portal.matching.claiming import batched
from portal.matching.models import Judgement, Match, Reading
from portal.matching.readers import Read, Step, may_read, next_step
from portal.matching.second_reader import needs_two
from portal.matching.statements import refused_among
from portal.matching.urgency import count_unrecorded, harm_of, urgency
from portal.police.models import CrimeRecordVersion
from portal.police.queries import find_current_version
from portal.police.standing import is_standing
from portal.reports.models import Allegation

_AT_ONCE = 500


@dataclass(frozen=True)
class Queued:
    """A case in the queue: how urgent, and whether this person may read it now. `no_record` is the
    chance of no record as it counts here (`urgency.count_unrecorded`).

    `is_refused`: the victim says that police told them that they will not record it. `crowd` is
    how many records share something with it, at least, where they are too many to compare.
    """

    allegation: Allegation
    candidates: int
    no_record: float
    harm: float
    waited: timedelta
    step: Step
    is_mine: bool
    has_read: bool
    is_refused: bool = False
    crowd: int = 0

    @property
    def urgency(self) -> float:
        """What the queue is ordered by, the most urgent first."""
        return urgency(self.no_record, self.harm, self.waited)


def queue(session: Session, account: Account, *, now: datetime) -> list[Queued]:
    """Every case that waits and that this person may see: theirs to read first, by urgency.

    Those come before all others of which police said that they will not record them: there may
    still be time, and nothing else will bring a record. Where the victim was asked first, and has
    time to answer, nobody needs to read yet. What has too many records to compare is nobody's to
    read, and stands among those that this person has read.
    """
    found: dict[UUID, Allegation] = {}
    proposed: dict[UUID, list[tuple[Match, str]]] = defaultdict(list)
    rows = session.execute(
        select(Allegation, Match, CrimeRecordVersion.offence_code)
        .join(Match, Match.allegation_id == Allegation.id)
        .join(CrimeRecordVersion, CrimeRecordVersion.id == Match.version_id)
        .where(Match.state == "proposed", seen_by(account))
    )
    for allegation, match, code in rows:
        found[allegation.id] = allegation
        proposed[allegation.id].append((match, code))
    chances = chances_of_none(session, found)
    readings = readings_by_case(session, found, None)
    refused = refused_among(session, found)
    later = _later(session, found, now)
    made: list[Queued] = []
    for one, allegation in found.items():
        if one in later:
            continue
        matches = [match for match, _ in proposed[one]]
        reads = _current(session, readings[one], matches)
        codes = [code for _, code in proposed[one]]
        double = needs_two(allegation.categories, codes)
        since = allegation.clock_starts_at or min(match.proposed_at for match in matches)
        made.append(
            Queued(
                allegation=allegation,
                candidates=len(matches),
                no_record=count_unrecorded(chances[one], _held(matches)),
                harm=max(harm_of(each) for each in allegation.categories),
                waited=max(now - since, timedelta(0)),
                step=next_step(reads, double=double),
                is_mine=may_read(account.id, account.role, reads, double=double),
                has_read=any(each.reader == account.id for each in reads),
                is_refused=one in refused,
            )
        )
    return sorted(
        [*made, *_crowded(session, account, now)],
        key=lambda one: (not one.is_mine, not one.is_refused, -one.urgency, str(one.allegation.id)),
    )


def count_cases(session: Session, account: Account, *, now: datetime) -> int:
    """How many allegations that this person may see wait for somebody to decide."""
    waiting = _waiting(session, account)
    crowded = session.scalar(select(func.count()).select_from(_too_many(account).subquery())) or 0
    return len(waiting) - len(_later(session, waiting, now)) + crowded


def count_apart(session: Session, account: Account, *, now: datetime) -> dict[str, int]:
    """How many allegations that this person may see have nothing to read and are not in the queue:
    "ask" with too little told to compare them, "awaited" with a question first that only the victim
    can answer.
    """
    too_little = session.scalar(
        select(func.count())
        .select_from(Judgement)
        .join(Allegation, Allegation.id == Judgement.allegation_id)
        .where(Judgement.state == "ask", seen_by(account))
    )
    later = len(_later(session, _waiting(session, account), now))
    return {"ask": too_little or 0, "awaited": later}


def next_case(session: Session, account: Account, *, now: datetime) -> UUID | None:
    """The case that this person should read next; None when there is none for them."""
    waiting = queue(session, account, now=now)
    return waiting[0].allegation.id if waiting and waiting[0].is_mine else None


def _too_many(account: Account) -> Select[Allegation, int]:
    """What has too many records to compare, and no record that stands which anybody or anything
    gave it.
    """
    settled = exists().where(
        Match.allegation_id == Allegation.id,
        or_(
            Match.state == "proposed",
            and_(Match.state == "accepted", is_standing(Match.record_id)),
        ),
    )
    return (
        select(Allegation, Judgement.found)
        .join(Judgement, Judgement.allegation_id == Allegation.id)
        .where(Judgement.state == "crowded", ~settled, seen_by(account))
    )


def _crowded(session: Session, account: Account, now: datetime) -> list[Queued]:
    found = {one.id: (one, crowd) for one, crowd in session.execute(_too_many(account))}
    readings = readings_by_case(session, found, None)
    refused = refused_among(session, found)
    decided = _decided(session, found)
    made: list[Queued] = []
    for key, (one, crowd) in found.items():
        counting = _of_last(session, readings[key], decided[key])
        reads = reads_of(counting)
        double = needs_two(one.categories, ()) or any(each.is_double for each in counting)
        step = next_step(reads, double=double)
        made.append(
            Queued(
                allegation=one,
                candidates=0,
                no_record=1.0,
                harm=max(harm_of(each) for each in one.categories),
                waited=max(now - (one.clock_starts_at or now), timedelta(0)),
                step="first" if step in ("accept", "refuse") else step,
                is_mine=False,
                has_read=any(each.reader == account.id for each in reads),
                is_refused=key in refused,
                crowd=max(1, crowd),
            )
        )
    return made


def _of_last(
    session: Session, readings: Sequence[Reading], decided: Collection[int]
) -> list[Reading]:
    """What counts, of several records that were named, for the one that was last said to be it; if
    none was, for the one that was read last.
    """
    said = [one for one in readings if one.record_id and one.record_id not in decided]
    if not readings:
        return []
    last = (said or readings)[-1]
    return of_crowd(session, readings, last.seen, last.model_version, decided)


def _decided(session: Session, allegation_ids: Collection[UUID]) -> dict[UUID, set[int]]:
    """The records about which somebody decided, by allegation."""
    found: dict[UUID, set[int]] = defaultdict(set)
    rows = select(Match.allegation_id, Match.record_id).where(
        Match.allegation_id.in_(list(allegation_ids)),
        or_(
            Match.state.in_(("refused", "accepted")),
            (Match.state == "ended") & Match.decided_by.is_not(None),
        ),
    )
    for one, record_id in session.execute(rows):
        found[one].add(record_id)
    return found


def _waiting(session: Session, account: Account) -> set[UUID]:
    query = select(Match.allegation_id).join(Allegation, Allegation.id == Match.allegation_id)
    return set(session.scalars(query.where(Match.state == "proposed", seen_by(account))))


def _held(matches: Iterable[Match]) -> list[tuple[float | None, Collection[str]]]:
    return [(one.chance, one.gates or ()) for one in matches]


def _later(session: Session, allegation_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those whose victim was asked first and may answer yet, unless police will not record it."""
    later = awaited(session, allegation_ids, now=now)
    # What somebody had looked at again, a person reads, whoever was asked about it before.
    again: set[UUID] = set()
    for some in batched(sorted(later), _AT_ONCE):
        query = select(Match.allegation_id).where(
            Match.allegation_id.in_(some),
            Match.state == "proposed",
            Match.reopened_at.is_not(None),
        )
        again.update(session.scalars(query))
    return later.difference(refused_among(session, later), again)


def _current(session: Session, readings: Sequence[Reading], matches: Sequence[Match]) -> list[Read]:
    if not readings:
        return []
    newest = {one.record_id: find_current_version(session, one.record_id) for one in matches}
    seen = mark_of(matches, {key: one.id for key, one in newest.items() if one is not None})
    return reads_of(one for one in readings if one.seen == seen)
