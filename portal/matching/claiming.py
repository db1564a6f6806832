"""Which reports compete for a crime record, and who is given it (`assignment`), on the database."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.matching.assignment import Wish, assign, merge_duplicates
from portal.matching.gathering import open_reports
from portal.matching.model import Model
from portal.matching.models import Match
from portal.matching.settling import is_duplicate
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
    wanted = _wishes(session, [one.id for one in allegations])
    keys = {one.id: _in_order(one) for one in allegations}
    own: dict[Hashable, UUID] = {key: one for one, key in keys.items()}
    leads = _leads(session, wanted, {one.id: one for one in allegations}, keys, model, keyring)
    wishes = {
        match.id: Wish(
            keys[match.allegation_id],
            (record.force_id, record.reference_key, (match.victim or b"").hex()),
            match.log_odds or 0.0,
        )
        for match, record in wanted
    }
    gone = {match.id for match, _ in wanted if "removed" in (match.gates or ())}
    won = {
        wish
        for ids in (wishes.keys() - gone, gone)
        for wish in assign([wishes[one] for one in ids], leads).given
    }
    given: dict[UUID, UUID | None] = {}
    taken: set[tuple[int, bytes]] = set()
    for match, _ in sorted(wanted, key=lambda pair: keys[pair[0].allegation_id]):
        key = keys[match.allegation_id]
        lead = leads.get(key, key)
        claim = (match.record_id, match.claim)
        # One person whom a record names twice would claim it twice.
        if wishes[match.id] in won and (lead != key or claim not in taken):
            taken.add(claim)
            given[match.id] = own[lead] if lead != key else None
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


def _wishes(session: Session, allegation_ids: Iterable[UUID]) -> list[tuple[Match, CrimeRecord]]:
    """What these want, without the records that a person gave to another for the same victim."""
    found: list[tuple[Match, CrimeRecord]] = []
    for some in batched(allegation_ids, _AT_ONCE):
        query = (
            select(Match, CrimeRecord)
            .join(CrimeRecord, CrimeRecord.id == Match.record_id)
            .where(Match.allegation_id.in_(some), _is_wish())
        )
        wished = [(match, record) for match, record in session.execute(query)]
        held = session.scalars(
            select(Match).where(
                Match.record_id.in_([record.id for _, record in wished]),
                Match.state == "accepted",
                Match.decided_by.is_not(None),
            )
        ).all()
        taken = {(one.record_id, mark) for one in held for mark in (one.claim, one.victim)}
        found += [
            (match, record)
            for match, record in wished
            if not {(record.id, match.claim), (record.id, match.victim)} & taken
        ]
    return found


def _in_order(allegation: Allegation) -> str:
    """A name that sorts allegations by when the police were told: of equals the first is given."""
    told = allegation.clock_starts_at
    return f"{timestamp(told) if told else ''}|{allegation.id}"


def _leads(
    session: Session,
    wanted: Sequence[tuple[Match, CrimeRecord]],
    by_id: Mapping[UUID, Allegation],
    keys: Mapping[UUID, str],
    model: Model,
    keyring: Keyring,
) -> dict[Hashable, Hashable]:
    """Each duplicate's key with that of the report that stands for it. Opens only rivals."""
    sharing: dict[tuple[int, bytes | None], set[UUID]] = {}
    for match, record in wanted:
        sharing.setdefault((record.id, match.victim), set()).add(match.allegation_id)
    leads: dict[Hashable, Hashable] = {}
    for rivals in sharing.values():
        # A crowd is no honest one: each stands for itself, and none is given anything.
        if not 1 < len(rivals) <= _CROWD:
            continue
        some = [by_id[one] for one in rivals]
        sides = open_reports(session, some, keyring=keyring)
        reports = {keys[one.id]: (one.report_id, sides[one.id]) for one in some}

        def is_same(one: Hashable, other: Hashable, reports: Mapping[Any, Any] = reports) -> bool:
            (first_report, first), (second_report, second) = reports[one], reports[other]
            # Two things told in one report are two things.
            if first_report == second_report:
                return False
            told = isinstance(first, ReportSide) and isinstance(second, ReportSide)
            return told and is_duplicate(first, second, model)

        merged = merge_duplicates(sorted(reports), is_same)
        leads |= {one: lead for one, lead in merged.items() if one != lead}
    return leads


def batched(values: Iterable[Any], size: int) -> Iterable[list[Any]]:
    """The values in lists of this many."""
    left = iter(values)
    while some := list(islice(left, size)):
        yield some
