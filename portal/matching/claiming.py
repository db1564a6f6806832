"""Which reports compete for a crime record, and who is given it (`assignment`), on the database."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.matching.assignment import Wish, assign, merge_duplicates, rivals
from portal.matching.gathering import open_reports
from portal.matching.model import Model
from portal.matching.models import Match
from portal.matching.settling import has_other_number, is_duplicate, unpack
from portal.matching.sides import ReportSide
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation
from portal.sealing import Keyring

_AT_ONCE = 500
_CROWD = 40


def rivals_of(session: Session, allegation_ids: Collection[UUID]) -> set[UUID]:
    """These allegations and every other that wants, or holds, a record that one of them does.

    Connected through and through, so that whoever is left out has no say in what they are given.
    """
    seen: set[UUID] = set()
    new = set(allegation_ids)
    known: set[int] = set()
    while new:
        seen |= new
        records = _records_of(session, new) - known
        known |= records
        new = _claimants(session, records) - seen
    return seen


def share_out(
    session: Session, allegations: Sequence[Allegation], model: Model, *, keyring: Keyring
) -> dict[UUID, UUID | None]:
    """Give the records that these allegations are sure of, one to each victim of each record.

    `allegations` are whole components, as by `rivals_of`. A record that police removed keeps nobody
    from the one that took its place: what stands is shared out by itself. Returns the pairs that
    were given, by the id of their match, each with the allegation of which its own is a duplicate
    (None for most); every other wish was lost.
    """
    wanted, same = _wishes(session, [one.id for one in allegations], model, keyring)
    keys = {one.id: _in_order(one) for one in allegations}
    own: dict[Hashable, Allegation] = {keys[one.id]: one for one in allegations}
    wishes = {
        match.id: Wish(
            keys[match.allegation_id],
            (record.force_id, record.reference_key, (match.victim or b"").hex()),
            match.log_odds or 0.0,
            match.levels is not None and has_other_number(unpack(match.levels)),
        )
        for match, record in wanted
    }
    leads = _leads(session, wishes.values(), own, model, keyring)
    gone = {match.id for match, _ in wanted if "removed" in (match.gates or ())}
    won = {
        wish
        for ids in (wishes.keys() - gone, gone)
        for wish in assign([wishes[one] for one in ids], leads).given
    }
    given: dict[UUID, UUID | None] = {}
    taken: set[tuple[int, bytes]] = set()

    def in_turn(pair: tuple[Match, CrimeRecord]) -> tuple[bool, str]:
        key = keys[pair[0].allegation_id]
        return key in leads, key

    # Who stands for others comes before them, and takes the claim.
    for match, _ in sorted(wanted, key=in_turn):
        key = keys[match.allegation_id]
        lead = leads.get(key, key)
        claim = (match.record_id, match.claim)
        # One person whom a record names twice would claim it twice.
        if wishes[match.id] in won and (lead != key or claim not in taken):
            taken.add(claim)
            given[match.id] = same.get(match.id, own[lead].id if lead != key else None)
    return given


def _records_of(session: Session, allegation_ids: Iterable[UUID]) -> set[int]:
    found: set[int] = set()
    for some in batched(allegation_ids, _AT_ONCE):
        wanted = or_(_is_wish(), Match.state == "accepted")
        found.update(
            session.scalars(select(Match.record_id).where(Match.allegation_id.in_(some), wanted))
        )
    return found


def _claimants(session: Session, record_ids: Iterable[int]) -> set[UUID]:
    found: set[UUID] = set()
    for some in batched(record_ids, _AT_ONCE):
        # Who holds it by the rules and wants it no more has to let it go first.
        held = and_(Match.state == "accepted", Match.decided_by.is_(None))
        wanted = or_(_is_wish(), held)
        query = select(Match.allegation_id).where(Match.record_id.in_(some), wanted)
        found.update(session.scalars(query))
    return found


def _is_wish() -> ColumnElement[bool]:
    return and_(
        Match.zone == "automatic",
        Match.levels.is_not(None),
        Match.decided_by.is_(None),
        Match.state != "refused",
    )


def _wishes(
    session: Session, allegation_ids: Iterable[UUID], model: Model, keyring: Keyring
) -> tuple[list[tuple[Match, CrimeRecord]], dict[UUID, UUID]]:
    """What these want, without the records that a person gave to another crime of the same victim.

    With it, by the id of a match, the allegation to which a person gave the record, where both are
    one crime told twice.
    """
    found: list[tuple[Match, CrimeRecord]] = []
    same: dict[UUID, UUID] = {}
    for some in batched(allegation_ids, _AT_ONCE):
        query = (
            select(Match, CrimeRecord)
            .join(CrimeRecord, CrimeRecord.id == Match.record_id)
            .where(Match.allegation_id.in_(some), _is_wish())
        )
        wished = [(match, record) for match, record in session.execute(query)]
        held = _held_by(session, [match for match, _ in wished])
        crowds = Counter(match.record_id for match, _ in wished if match.id in held)
        for match, record in wished:
            holders = held.get(match.id, [])
            # A crowd is no honest one: nobody in it is looked at.
            is_free = not holders or (
                crowds[record.id] <= _CROWD
                and is_told_twice(session, match, holders, model, keyring=keyring)
            )
            if is_free:
                found.append((match, record))
                firsts = [one.allegation_id for one in holders if one.duplicate_of is None]
                if firsts:
                    same[match.id] = firsts[0]
    return found, same


def _held_by(session: Session, wished: Sequence[Match]) -> dict[UUID, list[Match]]:
    """The matches by which a person gave the record of one of these for the same victim, the first
    first, by the id of what is wished.
    """
    query = select(Match).where(
        Match.record_id.in_({one.record_id for one in wished}),
        Match.state == "accepted",
        Match.decided_by.is_not(None),
    )
    by_record: dict[int, list[Match]] = {}
    for one in session.scalars(query.order_by(Match.decided_at, Match.id)):
        by_record.setdefault(one.record_id, []).append(one)
    found = {
        match.id: [
            one
            for one in by_record.get(match.record_id, [])
            if not {match.claim, match.victim}.isdisjoint({one.claim, one.victim})
        ]
        for match in wished
    }
    return {one: holders for one, holders in found.items() if holders}


def is_told_twice(
    session: Session, match: Match, others: Sequence[Match], model: Model, *, keyring: Keyring
) -> bool:
    """Whether the crime of a pair is that of each of these other pairs of its record, told twice.

    Not where one of the reports gives another number than the record has.
    """
    pairs = (match, *others)
    if any(one.levels is not None and has_other_number(unpack(one.levels)) for one in pairs):
        return False
    query = select(Allegation).where(Allegation.id.in_([one.allegation_id for one in pairs]))
    by_id = {one.id: one for one in session.scalars(query)}
    sides = open_reports(session, list(by_id.values()), keyring=keyring)
    return all(
        are_one(by_id[one.allegation_id], by_id[match.allegation_id], sides, model)
        for one in others
    )


def _in_order(allegation: Allegation) -> str:
    """A name that sorts allegations by when the police were told: of equals the first is given."""
    told = allegation.clock_starts_at
    return f"{timestamp(told) if told else ''}|{allegation.ordinal:04}|{allegation.id}"


def _leads(
    session: Session,
    wishes: Iterable[Wish],
    own: Mapping[Hashable, Allegation],
    model: Model,
    keyring: Keyring,
) -> dict[Hashable, Hashable]:
    """Each duplicate's key with that of the report that stands for it. Opens only rivals."""
    beside = rivals(wishes)
    sides = open_reports(session, [own[one] for one in beside], keyring=keyring)

    def is_same(one: Hashable, other: Hashable) -> bool:
        return are_one(own[one], own[other], sides, model)

    return {one: lead for one, lead in merge_duplicates(beside, is_same).items() if one != lead}


def are_one(one: Allegation, other: Allegation, sides: Mapping[UUID, object], model: Model) -> bool:
    """Whether two allegations are one crime told twice, by what was opened of both."""
    # Two things told in one report are two things.
    if one.report_id == other.report_id:
        return False
    first, second = sides.get(one.id), sides.get(other.id)
    if not isinstance(first, ReportSide) or not isinstance(second, ReportSide):
        return False
    return is_duplicate(first, second, model)


def batched(values: Iterable[Any], size: int) -> Iterable[list[Any]]:
    """The values in lists of this many."""
    left = iter(values)
    while some := list(islice(left, size)):
        yield some
