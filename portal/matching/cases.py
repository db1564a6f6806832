"""Cases: an allegation with the candidates that a person has to decide on, and who reads next.

Nothing here is sealed, and nothing tells who somebody is: levels, weights, categories, forces and
times. Names and words are opened elsewhere, with a reason (`reports.looks`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.clock import timestamp
from portal.matching.gone import is_said_gone
from portal.matching.models import Judgement, Match, Reading
from portal.matching.queries import Waiting, matches_of
from portal.matching.readers import Read, Step, Verdict, may_read, next_step
from portal.matching.second_reader import needs_two
from portal.matching.shortlisting import MOST_PROPOSED
from portal.matching.urgency import count_unrecorded
from portal.police.queries import find_current_version
from portal.reports.models import Allegation

_AT_ONCE = 500
_MARK_BYTES = 16


@dataclass(frozen=True)
class Case:
    """One allegation with what a person decides on.

    `proposed` are its candidates, the likeliest first; `accepted` what counts as its record now.
    `seen` stands for exactly these candidates in these versions, and `readings` are those that
    were made of them. `no_record` is the model's chance, 0 to 1, that none of them is it. `crowd`
    is how many records share something with it, at least, where they are too many to compare: then
    no chance is known, and a candidate is there only once a reader named it (`beside`). `refused`
    is what was decided against, and `gone` what was its record, or is the note of it.
    `is_unsettled`: something changed, and the chances are those of before.
    """

    allegation: Allegation
    proposed: Sequence[Waiting]
    accepted: Sequence[Waiting]
    newest: dict[int, int]
    seen: bytes
    readings: Sequence[Reading]
    is_double: bool
    no_record: float
    crowd: int = 0
    is_unsettled: bool = False
    refused: Sequence[Waiting] = ()
    gone: Sequence[Waiting] = ()

    @property
    def counted(self) -> float:
        """The chance of no record by which the queue is ordered."""
        matches = [one.match for one in self.proposed]
        return count_unrecorded(self.no_record, [(one.chance, one.gates or ()) for one in matches])

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


def find_case(session: Session, account: Account, allegation_id: UUID) -> Case | None:
    """One allegation with its candidates, if this person may see it and it was ever compared."""
    query = select(Allegation).where(Allegation.id == allegation_id, seen_by(account))
    allegation = session.scalars(query).one_or_none()
    if allegation is None:
        return None
    known = matches_of(session, allegation_id)
    proposed = _shortlisted(one for one in known if one.match.state == "proposed")
    crowd = 0 if proposed else _crowd(session, allegation_id)
    if not known and not crowd:
        return None
    case = Case(
        allegation=allegation,
        proposed=(),
        accepted=[one for one in known if one.match.state == "accepted"],
        newest={},
        seen=b"",
        readings=(),
        is_double=False,
        no_record=chances_of_none(session, [allegation_id])[allegation_id],
        crowd=crowd,
        is_unsettled=_is_unsettled(session, allegation_id),
        refused=_in_order(one for one in known if one.match.state == "refused"),
        gone=_in_order(one for one in known if is_said_gone(session, one.match)),
    )
    return with_candidates(session, case, proposed)


def with_candidates(session: Session, case: Case, proposed: Sequence[Waiting]) -> Case:
    """The case with exactly these candidates, and what was made of them as they are now."""
    one = case.allegation.id
    newest = _newest(session, [*proposed, *case.accepted])
    seen = mark_of([each.match for each in proposed], newest)
    codes = [each.version.offence_code for each in proposed]
    double = needs_two(case.allegation.categories, codes)
    if case.crowd and proposed:
        decided = {each.record.id for each in (*case.accepted, *case.refused, *case.gone)}
        every = readings_by_case(session, [one], None)[one]
        version = proposed[0].match.model_version
        readings = of_crowd(session, every, seen, version, decided)
        # Where another record that somebody named needs two, this one does.
        double = double or any(each.is_double for each in readings)
    else:
        readings = readings_by_case(session, [one], {one: seen})[one]
    return replace(
        case, proposed=proposed, newest=newest, seen=seen, readings=readings, is_double=double
    )


def of_crowd(
    session: Session,
    readings: Iterable[Reading],
    seen: bytes,
    model_version: str,
    decided: Collection[int],
) -> list[Reading]:
    """Of the readings of a report that too many records fit, those that count for the record that
    `seen` stands for: those of it, and those by which another is the record, while it is as it was
    read and nothing was `decided` about it. That another is not, says nothing of this one.
    """
    found: list[Reading] = []
    every = list(readings)
    again = _reopened(session, every[0].allegation_id) if every else {}
    for one in every:
        if one.seen != seen:
            if one.record_id is None or one.record_id in decided:
                continue
            if one.record_id in again and one.at < again[one.record_id]:
                continue
            newest = find_current_version(session, one.record_id)
            if newest is None or (newest.id, model_version) != (one.version_id, one.model_version):
                continue
        found.append(one)
    return found


def reads_of(readings: Iterable[Reading]) -> list[Read]:
    """Rows as the rule reads them."""
    return [
        Read(one.account_id, one.role, cast(Verdict, one.verdict), one.record_id)
        for one in readings
    ]


def seen_by(account: Account) -> ColumnElement[bool]:
    """Which allegations this person may see, for a query."""
    if account.role == "inspector":
        return true()
    if account.role not in ("pcc", "registrar") or account.force_id is None:
        return false()
    return Allegation.force_id == account.force_id


def _crowd(session: Session, allegation_id: UUID) -> int:
    judgement = session.get(Judgement, allegation_id)
    return max(1, judgement.found) if judgement and judgement.state == "crowded" else 0


def _is_unsettled(session: Session, allegation_id: UUID) -> bool:
    judgement = session.get(Judgement, allegation_id)
    return judgement is not None and judgement.to_settle


def _reopened(session: Session, allegation_id: UUID) -> dict[int, datetime]:
    """Since when each record of an allegation is looked at again."""
    rows = session.execute(
        select(Match.record_id, Match.reopened_at).where(
            Match.allegation_id == allegation_id, Match.reopened_at.is_not(None)
        )
    )
    return {record_id: at for record_id, at in rows if at is not None}


def _shortlisted(sides: Iterable[Waiting]) -> list[Waiting]:
    """As many as stand beside a report, in their order: what somebody put back before the others.
    There are more until the rules choose among them anew.
    """
    again_first = sorted(_in_order(sides), key=lambda one: one.match.reopened_at is None)
    return _in_order(again_first[:MOST_PROPOSED])


def _in_order(sides: Iterable[Waiting]) -> list[Waiting]:
    return sorted(
        sides,
        key=lambda one: (-(one.match.log_odds or 0.0), one.record.force_id, one.record.reference),
    )


def _newest(session: Session, sides: Sequence[Waiting]) -> dict[int, int]:
    """The newest version of each record, by the record's number."""
    found = {one.record.id: find_current_version(session, one.record.id) for one in sides}
    return {key: version.id for key, version in found.items() if version is not None}


def mark_of(matches: Iterable[Match], newest: dict[int, int]) -> bytes:
    """What stands for exactly these candidates, beside the newest version of each record. Another
    once one is looked at again, so that what was read of it before counts no more.
    """
    parts = sorted(
        f"{one.record_id}:{one.version_id}:{newest.get(one.record_id)}:{one.model_version}"
        + (f":{timestamp(one.reopened_at)}" if one.reopened_at else "")
        for one in matches
    )
    return sha256("|".join(parts).encode()).digest()[:_MARK_BYTES]


def readings_by_case(
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


def chances_of_none(session: Session, allegation_ids: Collection[UUID]) -> dict[UUID, float]:
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
