"""Cases: an allegation with the candidates that a person has to decide on, and who reads next.

Nothing here is sealed, and nothing tells who somebody is: levels, weights, categories, forces and
times. Names and words are opened elsewhere, with a reason (`reports.looks`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.matching.asking_first import awaited
from portal.matching.models import Judgement, Match, Reading
from portal.matching.queries import Waiting, matches_of
from portal.matching.readers import Read, Step, Verdict, may_read, next_step
from portal.matching.second_reader import needs_two
from portal.matching.statements import refused_among
from portal.matching.urgency import harm_of, urgency
from portal.police.models import CrimeRecordVersion
from portal.police.queries import find_current_version
from portal.reports.models import Allegation

_AT_ONCE = 500
_MARK_BYTES = 16


@dataclass(frozen=True)
class Case:
    """One allegation with what a person decides on.

    `proposed` are its candidates, the likeliest first; `accepted` what counts as its record now.
    `seen` stands for exactly these candidates in these versions, and `readings` are those that
    were made of them. `no_record` is the chance, 0 to 1, that none of them is it.
    """

    allegation: Allegation
    proposed: Sequence[Waiting]
    accepted: Sequence[Waiting]
    newest: dict[int, int]
    seen: bytes
    readings: Sequence[Reading]
    is_double: bool
    no_record: float

    @property
    def step(self) -> Step:
        """What has to happen next."""
        return next_step(reads_of(self.readings), double=self.is_double)

    def may_read(self, account: Account) -> bool:
        """Whether this person may read it now."""
        reads = reads_of(self.readings)
        return bool(self.proposed) and may_read(
            account.id, account.role, reads, double=self.is_double
        )

    def has_read(self, account: Account) -> bool:
        """Whether this person has read it as it is now."""
        return any(one.account_id == account.id for one in self.readings)


@dataclass(frozen=True)
class Queued:
    """A case in the queue: how urgent, and whether this person may read it now.

    `is_refused`: the victim says that police told them that they will not record it.
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

    @property
    def urgency(self) -> float:
        """What the queue is ordered by, the most urgent first."""
        return urgency(self.no_record, self.harm, self.waited)


def find_case(session: Session, account: Account, allegation_id: UUID) -> Case | None:
    """One allegation with its candidates, if this person may see it and it was ever compared."""
    query = select(Allegation).where(Allegation.id == allegation_id, _seen_by(account))
    allegation = session.scalars(query).one_or_none()
    if allegation is None:
        return None
    known = matches_of(session, allegation_id)
    proposed = _in_order(one for one in known if one.match.state == "proposed")
    accepted = [one for one in known if one.match.state == "accepted"]
    if not known:
        return None
    newest = _newest(session, [*proposed, *accepted])
    seen = _mark([one.match for one in proposed], newest)
    return Case(
        allegation=allegation,
        proposed=proposed,
        accepted=accepted,
        newest=newest,
        seen=seen,
        readings=_readings(session, [allegation_id], {allegation_id: seen})[allegation_id],
        is_double=needs_two(allegation.categories, [one.version.offence_code for one in proposed]),
        no_record=_no_record(session, [allegation_id])[allegation_id],
    )


def queue(session: Session, account: Account, *, now: datetime) -> list[Queued]:
    """Every case that waits and that this person may see: theirs to read first, by urgency.

    Those come before all others of which police said that they will not record them: there may
    still be time, and nothing else will bring a record. Where the victim was asked first, and has
    time to answer, nobody needs to read yet.
    """
    found: dict[UUID, Allegation] = {}
    proposed: dict[UUID, list[tuple[Match, str]]] = defaultdict(list)
    rows = session.execute(
        select(Allegation, Match, CrimeRecordVersion.offence_code)
        .join(Match, Match.allegation_id == Allegation.id)
        .join(CrimeRecordVersion, CrimeRecordVersion.id == Match.version_id)
        .where(Match.state == "proposed", _seen_by(account))
    )
    for allegation, match, code in rows:
        found[allegation.id] = allegation
        proposed[allegation.id].append((match, code))
    chances = _no_record(session, found)
    readings = _readings(session, found, None)
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
                no_record=chances[one],
                harm=max(harm_of(each) for each in allegation.categories),
                waited=max(now - since, timedelta(0)),
                step=next_step(reads, double=double),
                is_mine=may_read(account.id, account.role, reads, double=double),
                has_read=any(each.reader == account.id for each in reads),
                is_refused=one in refused,
            )
        )
    return sorted(
        made,
        key=lambda one: (not one.is_mine, not one.is_refused, -one.urgency, str(one.allegation.id)),
    )


def count_cases(session: Session, account: Account, *, now: datetime) -> int:
    """How many allegations that this person may see wait for somebody to decide."""
    waiting = _waiting(session, account)
    return len(waiting) - len(_later(session, waiting, now))


def count_apart(session: Session, account: Account, *, now: datetime) -> dict[str, int]:
    """How many allegations that this person may see have nothing to read: "crowded" with too many
    records that fit, "ask" with too little told to compare them, "awaited" with a question first
    that only the victim can answer.
    """
    later = len(_later(session, _waiting(session, account), now))
    rows = session.execute(
        select(Judgement.state, func.count())
        .join(Allegation, Allegation.id == Judgement.allegation_id)
        .where(Judgement.state.in_(("crowded", "ask")), _seen_by(account))
        .group_by(Judgement.state)
    )
    return {state: many for state, many in rows} | {"awaited": later}


def next_case(session: Session, account: Account, *, now: datetime) -> UUID | None:
    """The case that this person should read next; None when there is none for them."""
    waiting = queue(session, account, now=now)
    return waiting[0].allegation.id if waiting and waiting[0].is_mine else None


def reads_of(readings: Iterable[Reading]) -> list[Read]:
    """Rows as the rule reads them."""
    return [
        Read(one.account_id, one.role, cast(Verdict, one.verdict), one.record_id)
        for one in readings
    ]


def _waiting(session: Session, account: Account) -> set[UUID]:
    query = select(Match.allegation_id).join(Allegation, Allegation.id == Match.allegation_id)
    return set(session.scalars(query.where(Match.state == "proposed", _seen_by(account))))


def _later(session: Session, allegation_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those whose victim was asked first and may answer yet, unless police will not record it."""
    later = awaited(session, allegation_ids, now=now)
    return later.difference(refused_among(session, later))


def _seen_by(account: Account) -> ColumnElement[bool]:
    if account.role == "inspector":
        return true()
    if account.role not in ("pcc", "registrar") or account.force_id is None:
        return false()
    return Allegation.force_id == account.force_id


def _in_order(sides: Iterable[Waiting]) -> list[Waiting]:
    return sorted(
        sides,
        key=lambda one: (-(one.match.log_odds or 0.0), one.record.force_id, one.record.reference),
    )


def _newest(session: Session, sides: Sequence[Waiting]) -> dict[int, int]:
    """The newest version of each record, by the record's number."""
    found = {one.record.id: find_current_version(session, one.record.id) for one in sides}
    return {key: version.id for key, version in found.items() if version is not None}


def _mark(matches: Iterable[Match], newest: dict[int, int]) -> bytes:
    parts = sorted(
        f"{one.record_id}:{one.version_id}:{newest.get(one.record_id)}:{one.model_version}"
        for one in matches
    )
    return sha256("|".join(parts).encode()).digest()[:_MARK_BYTES]


def _readings(
    session: Session, allegation_ids: Collection[UUID], seen: dict[UUID, bytes] | None
) -> dict[UUID, list[Reading]]:
    """The readings of each, oldest first; with `seen` only those of what is there now."""
    found: dict[UUID, list[Reading]] = {one: [] for one in allegation_ids}
    wanted = list(allegation_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(Reading).where(Reading.allegation_id.in_(wanted[start : start + _AT_ONCE]))
        for one in session.scalars(query.order_by(Reading.id)):
            if seen is None or one.seen == seen[one.allegation_id]:
                found[one.allegation_id].append(one)
    return found


def _current(session: Session, readings: Sequence[Reading], matches: Sequence[Match]) -> list[Read]:
    if not readings:
        return []
    newest = {one.record_id: find_current_version(session, one.record_id) for one in matches}
    seen = _mark(matches, {key: one.id for key, one in newest.items() if one is not None})
    return reads_of(one for one in readings if one.seen == seen)


def _no_record(session: Session, allegation_ids: Collection[UUID]) -> dict[UUID, float]:
    """The chance of each that it has no record; sure to have none while nothing was weighed."""
    found = dict.fromkeys(allegation_ids, 1.0)
    wanted = list(allegation_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        rows = session.execute(
            select(Judgement.allegation_id, Judgement.no_record).where(
                Judgement.allegation_id.in_(wanted[start : start + _AT_ONCE])
            )
        )
        found.update({one: chance for one, chance in rows if chance is not None})
    return found
