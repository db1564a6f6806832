"""Comparing pairs, and keeping those that can matter with their levels and the model's version."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from portal.matching.claims import claim_of
from portal.matching.compared import Compared, weigh_record
from portal.matching.finding import records_for
from portal.matching.keying import write_report_keys
from portal.matching.levels import add_numbers, compare_near
from portal.matching.model import Model
from portal.matching.models import Judgement, KeyedRecord, Match
from portal.matching.opening import OpenedRecord, Supplies, open_candidates
from portal.matching.settling import is_worth_keeping
from portal.matching.shared_tokens import seen_by
from portal.matching.sides import ReportSide
from portal.matching.unopened import wait_for_candidates
from portal.matching.weighing import kind_of
from portal.matching.zones import can_tell
from portal.reports.models import Allegation
from portal.sealing import Tokens

# Made once: to put a query together costs as much as to ask it.
_WANTED: BindParameter[Any] = bindparam("allegation_ids", expanding=True)
_AFRESH = {"populate_existing": True}
_MATCHES = select(Match).where(Match.allegation_id.in_(_WANTED)).execution_options(**_AFRESH)
_JUDGEMENTS = (
    select(Judgement).where(Judgement.allegation_id.in_(_WANTED)).execution_options(**_AFRESH)
)


@dataclass(frozen=True)
class Comparer:
    """What comparing needs beside the rows: the model, the keys, the time; and where another limit
    of candidates holds than the model's, that.
    """

    model: Model
    supplies: Supplies
    tokens: Tokens
    now: datetime
    at_most: int | None = None

    @property
    def most_found(self) -> int:
        """With more candidates than this a report has too many. About 60 is usual."""
        return self.model.bounds.most_found if self.at_most is None else self.at_most


def stands(match: Match) -> bool:
    """Whether a person decided on it: that stands until a person changes it. What they said of a
    record that is gone (`gone`) stands by the record instead.
    """
    return match.state == "refused" or (match.decided_by is not None and match.state != "ended")


def compare_whole(
    session: Session, told: Sequence[tuple[Allegation, ReportSide]], comparer: Comparer
) -> int:
    """Find and compare every candidate of each allegation anew; how many pairs."""
    sides = {allegation.id: side for allegation, side in told}
    write_report_keys(
        session,
        sides,
        comparer.model,
        tokens=comparer.tokens,
        shared_keys=comparer.supplies.shared_keys,
    )
    kept, judgements = matches_by_record(session, sides), judgements_of(session, sides)
    many = 0
    # What is read here hangs on nothing that is kept: it is written when all are compared.
    with session.no_autoflush:
        for allegation, side in told:
            one = allegation.id
            found, compared = _compare_candidates(session, one, side, comparer)
            keep_whole(
                session,
                allegation,
                side,
                len(found),
                compared,
                kept.get(one, {}),
                judgements.get(one),
                comparer,
                closed=_closed(session, found, compared.keys(), kept.get(one, {}).keys()),
            )
            many += len(compared)
    session.flush()
    return many


def _closed(session: Session, found: Set[int], compared: Set[int], kept: Set[int]) -> Set[int]:
    """Records of which nothing is known: those `found` that do not open, so that they were not
    `compared`; and of others that a pair is `kept` with all that have no keys, because nobody could
    open them to make some.
    """
    others = kept - found
    if not others:
        return found - compared
    query = select(KeyedRecord.record_id).where(KeyedRecord.record_id.in_(others))
    return (found - compared) | (others - set(session.scalars(query)))


def _compare_candidates(
    session: Session, allegation_id: UUID, side: ReportSide, comparer: Comparer
) -> tuple[set[int], dict[int, Compared]]:
    """The candidates, and what came of each that opens; of too many, nothing."""
    found = set(records_for(session, allegation_id, at_most=comparer.most_found))
    if len(found) > comparer.most_found:
        return found, {}
    opened = open_candidates(session, found, comparer.supplies)
    if lost := found - opened.keys():
        wait_for_candidates(session, lost, comparer.supplies, now=comparer.now)
    return found, {
        record_id: compare_record(side, record, comparer) for record_id, record in opened.items()
    }


def keep_whole(
    session: Session,
    allegation: Allegation,
    side: ReportSide,
    found: int,
    compared: Mapping[int, Compared],
    kept: Mapping[int, Match],
    known: Judgement | None,
    comparer: Comparer,
    *,
    closed: Set[int] = frozenset(),
) -> None:
    """Keep what came of comparing an allegation with all of its `found` candidates, and forget
    what was kept of others. With more than the limit nothing is kept. `kept` are its pairs by
    record, and `known` is how it stands. Of the records that are `closed`, because they do not
    open, nothing is known: what was kept of them stays.
    """
    judgement = _judgement(session, allegation.id, known, side, comparer)
    judgement.found = found
    if found > comparer.most_found:
        judgement.state, compared, closed = "crowded", {}, frozenset()
    elif judgement.state == "crowded":
        judgement.state = "alert"
    for record_id in sorted(kept.keys() - compared.keys() - closed):
        drop(session, allegation, kept[record_id])
    _keep(session, allegation, side, compared, kept, comparer)


def compare_some(
    session: Session,
    allegation: Allegation,
    side: ReportSide,
    opened: Mapping[int, OpenedRecord],
    gone: Iterable[int],
    kept: Mapping[int, Match],
    judgement: Judgement | None,
    comparer: Comparer,
) -> bool:
    """Compare an allegation with records that are new or changed. `gone` are those that it was
    kept with and that share no key with it any more, `kept` its pairs by record, and `judgement`
    how it stands.

    False, with nothing done, when it may have too many by now: then it has to be compared whole.
    """
    if judgement is None or judgement.state == "crowded":
        return False
    if judgement.found + len(opened) > comparer.most_found:
        return False
    judgement.found += len(opened)
    judgement.to_settle = True
    for record_id in sorted(set(gone) & kept.keys()):
        drop(session, allegation, kept[record_id])
    compared = {
        record_id: compare_record(side, record, comparer) for record_id, record in opened.items()
    }
    _keep(session, allegation, side, compared, kept, comparer)
    return True


def compare_record(side: ReportSide, opened: OpenedRecord, comparer: Comparer) -> Compared:
    """What comes of one pair."""
    kind = kind_of(side)
    seen = seen_by(side, opened.side, opened.shared, comparer.model)
    near = compare_near(seen, opened.side, comparer.model, kind=kind)
    if near is None:
        return Compared(opened.version_id)
    levels = add_numbers(near, seen, opened.whole) if seen.has_numbers else near
    if not is_worth_keeping(levels, comparer.model, kind=kind):
        return Compared(opened.version_id)
    return weigh_record(side, opened, levels, comparer.model, comparer.tokens)


def matches_by_record(
    session: Session, allegation_ids: Collection[UUID]
) -> dict[UUID, dict[int, Match]]:
    """Every kept pair of these allegations, by allegation and record."""
    found: dict[UUID, dict[int, Match]] = {}
    for match in session.scalars(_MATCHES, {"allegation_ids": list(allegation_ids)}):
        found.setdefault(match.allegation_id, {})[match.record_id] = match
    return found


def judgements_of(session: Session, allegation_ids: Collection[UUID]) -> dict[UUID, Judgement]:
    """How each of these allegations stands, read at once."""
    found = session.scalars(_JUDGEMENTS, {"allegation_ids": list(allegation_ids)})
    return {one.allegation_id: one for one in found}


def drop(session: Session, allegation: Allegation, match: Match) -> None:
    """The pair is no candidate any more: forget it, unless something was decided on it."""
    was_decided = match.decided_at is not None or match.reopened_at is not None
    if not was_decided and not stands(match):
        session.delete(match)
        return
    # It may be no candidate for what the force made of the record, which somebody has to look at.
    allegation.to_sweep = True
    if not stands(match):
        match.levels = match.total = None
        match.zone = "none"


def _judgement(
    session: Session,
    allegation_id: UUID,
    known: Judgement | None,
    side: ReportSide,
    comparer: Comparer,
) -> Judgement:
    judgement = known
    if judgement is None:
        judgement = Judgement(allegation_id=allegation_id, state="alert", found=0)
        session.add(judgement)
    judgement.can_tell = can_tell(side)
    judgement.model_version = comparer.model.version
    judgement.to_settle = True
    return judgement


def _keep(
    session: Session,
    allegation: Allegation,
    side: ReportSide,
    compared: Mapping[int, Compared],
    kept: Mapping[int, Match],
    comparer: Comparer,
) -> None:
    for record_id, pair in sorted(compared.items()):
        match = kept.get(record_id)
        if match is not None and match.version_id != pair.version_id:
            # Whatever becomes of it, the alerts see the new version.
            allegation.to_sweep = True
        if match is not None and stands(match):
            continue
        if pair.levels is None:
            if match is not None:
                drop(session, allegation, match)
            continue
        if match is None:
            match = new_match(
                allegation.id,
                record_id,
                claim=claim_of(allegation, side, comparer.tokens),
                model_version=comparer.model.version,
                now=comparer.now,
            )
            session.add(match)
        elif match.state != "accepted":
            # A corrected name is another claim; one that was accepted keeps the record it has.
            match.claim = claim_of(allegation, side, comparer.tokens)
        pair.keep_in(match)


def new_match(
    allegation_id: UUID, record_id: int, *, claim: bytes, model_version: str, now: datetime
) -> Match:
    """A pair of which nothing was made yet, not written."""
    return Match(
        id=uuid4(),
        allegation_id=allegation_id,
        record_id=record_id,
        zone="none",
        state="kept",
        claim=claim,
        checks=[],
        gates=[],
        model_version=model_version,
        proposed_at=now,
    )
