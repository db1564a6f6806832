"""Deciding by the model's rules what becomes of each allegation, and putting it on the ledger.

Every allegation whose pairs changed is ranked by itself, then the records that several want are
shared out. Both depend on what is kept and on nobody's order of arrival, so that steps end where
one run over everything does. What a person decided stands.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import OnRecordError
from portal.ledger.service import NewEntry, append
from portal.matching.asking_first import ask_first, confirmed, yes_settles
from portal.matching.claiming import rivals_of, share_out
from portal.matching.comparing import judgements_of, matches_by_record, stands
from portal.matching.deciding import matched_fields
from portal.matching.first_decided import decided_by_log
from portal.matching.gathering import stub_of
from portal.matching.model import Model
from portal.matching.models import Judgement, Match
from portal.matching.questions import asked_about
from portal.matching.settling import chance_of_none, rank, state_of
from portal.matching.shortlisting import looked_at_again, shortlist
from portal.matching.versions import Flags, by_id, decided_weights, flags_of, kept_of
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation
from portal.sealing import DataKey, Keyring

_LOG = logging.getLogger(__name__)
_BATCH = 200
TAKEN, DECIDED, ASKED, CORRECTED = "taken", "decided", "asked", "corrected"
REOPENED, OUTDATED = "reopened", "outdated"
"""Gates beside the model's: another report has the record; a person decided; a question was asked,
or the victim once said that it is not theirs; an answer was corrected, so that nobody makes a match
by typing what fits (one accepted before stays); somebody had it looked at again; the record has a
newer version, which may be of somebody else (one accepted before stays)."""


@dataclass
class _Bench:
    """What one step of deciding works with, the entries it will append, and their records."""

    model: Model
    keyring: Keyring
    now: datetime
    entries: list[NewEntry] = field(default_factory=list)
    data_keys: dict[UUID, DataKey] = field(default_factory=dict)
    records: dict[int, CrimeRecord] = field(default_factory=dict)


@dataclass(frozen=True)
class _Move:
    """The state that a pair comes into, or stays in."""

    allegation: Allegation
    match: Match
    state: str

    @property
    def is_on_record(self) -> bool:
        """Whether an entry says so: it becomes accepted, or is so no longer."""
        return (self.match.state == "accepted") != (self.state == "accepted")

    def is_renewed(self, model: Model) -> bool:
        """Whether it stays accepted, but by another version of the model."""
        return self.state == self.match.state == "accepted" and (
            self.match.model_version != model.version
        )


def settle_all(database: Database, model: Model, *, keyring: Keyring, now: datetime) -> None:
    """Decide on every allegation whose pairs changed. Safe to repeat, and to cut short."""
    changed = _to_settle(database)
    for start in range(0, len(changed), _BATCH):
        with database.transaction() as session:
            _rank_some(session, changed[start : start + _BATCH], model)
    left = changed
    while left:
        with database.transaction() as session:
            bench = _Bench(model, keyring, now)
            done = rivals_of(session, left[:_BATCH])
            _decide_some(session, done, bench)
            append(session, bench.entries, now=now)
        left = [one for one in left[_BATCH:] if one not in done]


def _to_settle(database: Database) -> list[UUID]:
    with database.reading() as session:
        query = select(Judgement.allegation_id).where(Judgement.to_settle)
        return sorted(session.scalars(query))


def _locked(session: Session, allegation_ids: Collection[UUID]) -> list[Allegation]:
    """The allegations that still are, locked in one order, so that two writers never cross."""
    query = select(Allegation).where(Allegation.id.in_(list(allegation_ids)))
    query = query.order_by(Allegation.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _rank_some(session: Session, allegation_ids: Sequence[UUID], model: Model) -> None:
    """Rank the candidates of each by itself: their chances, their zones, and what holds them."""
    allegations = _locked(session, allegation_ids)
    known = matches_by_record(session, allegation_ids)
    judgements = judgements_of(session, allegation_ids)
    flags, weights = flags_of(session, known), decided_weights(session, known)
    asked = asked_about(session, allegation_ids)
    agreed = confirmed(session, allegation_ids)
    for allegation in allegations:
        matches = known.get(allegation.id, {})
        _let_go(matches, flags)
        kept = kept_of(matches, flags)
        ranked = rank(stub_of(*allegation.categories, can_tell=True), kept, model) if kept else []
        judgement = judgements.get(allegation.id)
        if judgement is not None:
            judgement.no_record = chance_of_none(ranked, kept)
        for each in ranked:
            match = matches[each.record_id]
            match.log_odds, match.chance = each.log_odds, each.chance
            its = flags[match.version_id]
            is_open = match.state != "accepted"
            outdated = [OUTDATED] * (is_open and its.is_outdated and not its.is_gone)
            match.zone, match.gates = each.zone, [*each.gates, *outdated]
            if is_open:
                # Of what was accepted the ledger names the model, so that it is written anew.
                match.model_version = model.version
            held = outdated + [DECIDED] * (allegation.id in weights)
            held += [ASKED] * ((allegation.id, each.record_id) in asked)
            held += [CORRECTED] * (is_open and allegation.corrected_at is not None)
            held += [REOPENED] * (match.reopened_at is not None)
            if held and each.zone == "automatic":
                match.zone, match.gates = "likely", held
            kind = agreed.get((allegation.id, each.record_id), "")
            # They were asked before they corrected anything, or not at all.
            is_free = kind and not set(held) - {CORRECTED}
            if is_free and yes_settles(allegation, kind, each, matches, its.version):
                match.zone, match.gates = "automatic", [g for g in each.gates if g == "removed"]


def _let_go(matches: Mapping[int, Match], flags: Mapping[int, Flags]) -> None:
    """Forget that a person said of a record that it was gone, once the force put it back: whether
    it is the one that stands, nobody said.
    """
    for match in matches.values():
        is_back = match.levels is not None and not flags[match.version_id].is_gone
        if is_back and match.state == "ended":
            match.decided_by = match.sealed_reason = None


def _decide_some(session: Session, allegation_ids: Collection[UUID], bench: _Bench) -> None:
    allegations = _locked(session, allegation_ids)
    given = share_out(session, allegations, bench.model, keyring=bench.keyring)
    known = matches_by_record(session, allegation_ids)
    judgements = judgements_of(session, allegation_ids)
    flags, weights = flags_of(session, known), decided_weights(session, known)
    found: dict[UUID, dict[int, _Move]] = {}
    unwritten: set[UUID] = set()
    for allegation in allegations:
        matches = known.get(allegation.id, {})
        gone = {key for key, one in matches.items() if flags[one.version_id].is_removed}
        states = _states(session, matches, given, weights.get(allegation.id), gone)
        ours = {key: _Move(allegation, matches[key], state) for key, state in states.items()}
        found[allegation.id] = ours
        if not _can_write(session, list(ours.values()), bench):
            unwritten.add(allegation.id)
    # What one cannot let go of nobody else can be given: all who compete with it wait.
    left = rivals_of(session, unwritten)
    moves: list[_Move] = []
    for one, ours in found.items():
        if one not in left:
            moves += ours.values()
            _mark_lost(ours.values(), given)
            _stand(judgements.get(one), one in weights, ours)
    on_record = (one for one in moves if one.is_on_record or one.is_renewed(bench.model))
    bench.records = by_id(session, CrimeRecord, (one.match.record_id for one in on_record))
    # A record changes hands, or leads among duplicates, only when whoever held it let go before.
    for is_last in (False, True):
        for move in moves:
            lead = given.get(move.match.id) if move.state == "accepted" else None
            if (move.state == "accepted" and lead is None) == is_last:
                move.match.duplicate_of = lead
                _apply(session, move, bench)
        session.flush()
    waiting = [
        (one.allegation, one.match)
        for one in moves
        if one.state == "proposed" and one.allegation.id not in weights
        if one.match.reopened_at is None
    ]
    bench.entries += ask_first(session, waiting, keyring=bench.keyring, now=bench.now)


def _states(
    session: Session,
    matches: Mapping[int, Match],
    given: Collection[UUID],
    decided: float | None,
    gone: Collection[int],
) -> dict[int, str]:
    """The new state of every pair on which no person decided. A record of those `gone`, removed,
    that is surely the report's comes where it would if it had gone later: nobody can confirm it.
    """
    ours = {key: match for key, match in matches.items() if not stands(match)}
    sure = {key for key, match in ours.items() if match.id in given}
    accepted = sure.difference(gone)
    said = {key for key, match in ours.items() if match.decided_by is not None}
    left = {key: ours[key] for key in ours.keys() - sure - said}
    again = looked_at_again(left, matches)
    open_ones = {key: left[key] for key in again} if accepted else left
    asked = shortlist(session, open_ones, decided, again)
    states: dict[int, str] = {}
    for key, match in ours.items():
        if key in accepted:
            states[key] = "accepted"
        elif key in sure:
            states[key] = "ended"
        elif key in asked:
            states[key] = "proposed"
        else:
            states[key] = "kept" if match.decided_at is None else "ended"
    return states


def _mark_lost(moves: Iterable[_Move], given: Collection[UUID]) -> None:
    for match in (one.match for one in moves):
        is_open = match.zone == "automatic" and match.decided_by is None
        lost = is_open and match.id not in given
        gates = [one for one in match.gates or () if one != TAKEN] + [TAKEN] * lost
        if gates != (match.gates or []):
            match.gates = gates


def _can_write(session: Session, moves: Sequence[_Move], bench: _Bench) -> bool:
    """Whether entries about these, of one allegation, can be sealed; else it is tried again."""
    if not any(one.is_on_record or one.is_renewed(bench.model) for one in moves):
        return True
    report_id = moves[0].allegation.report_id
    try:
        bench.data_keys[report_id] = get_data_key(session, report_id, keyring=bench.keyring)
    except OnRecordError as error:
        facts = {"allegation": str(moves[0].allegation.id)}
        _LOG.error("match not decided", exc_info=error, extra={"facts": facts})
        return False
    return True


def _stand(judgement: Judgement | None, by_a_person: bool, moves: Mapping[int, _Move]) -> None:
    """Keep where the allegation stands; `by_a_person`: one confirmed a record that stands still."""
    if judgement is None:
        return
    judgement.to_settle = False
    if judgement.state == "crowded":
        return
    states = {one.state for one in moves.values()}
    judgement.state = state_of(
        accepted=by_a_person or "accepted" in states,
        waiting="proposed" in states,
        can_tell=judgement.can_tell,
    )


def _apply(session: Session, move: _Move, bench: _Bench) -> None:
    allegation, match, was = move.allegation, move.match, move.match.state
    is_on_record = move.is_on_record or move.is_renewed(bench.model)
    if was != move.state:
        allegation.to_sweep = True
        match.state = move.state
    if match.state in ("accepted", "ended"):
        if match.decided_at is not None and was != match.state == "accepted":
            data_key = bench.data_keys[allegation.report_id]
            match.decided_at = decided_by_log(session, match, allegation, data_key)
        match.decided_at = match.decided_at or bench.now
    match.model_version = bench.model.version
    if not is_on_record:
        return
    kind = "matched" if match.state == "accepted" else "match_ended"
    record = bench.records[match.record_id]
    version = session.get_one(CrimeRecordVersion, match.version_id)
    fields = matched_fields(match, allegation, record, version)
    seal = bench.data_keys[allegation.report_id].seal
    bench.entries.append(NewEntry(kind, allegation.report_id, fields, seal))
