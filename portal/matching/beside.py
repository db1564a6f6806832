"""One crime record that a reader names, beside a report that too many records fit to compare.

Such a report has nothing beside it: nothing was compared and nothing is kept. Who learnt from
elsewhere which record it is names it by its number. It is compared there and then, by itself, and
nothing of that is written: what somebody decides is, as of any other case, and it stands. A second
reader names the record again, so that each finds it by themselves.

Only a record that shares something with the report can be named, as only such are ever compared:
the register cannot be leafed through from a report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import NotFound, Refused
from portal.matching.cases import Case, with_candidates
from portal.matching.choosing import current_model
from portal.matching.claims import claim_of
from portal.matching.compared import weigh_record
from portal.matching.comparing import Comparer, new_match
from portal.matching.finding import shares_key
from portal.matching.gathering import open_reports
from portal.matching.keying import PURPOSE
from portal.matching.levels import compare
from portal.matching.models import Match
from portal.matching.opening import OpenedRecord, Supplies, open_records
from portal.matching.queries import Waiting
from portal.matching.questions import is_disowned
from portal.matching.shared_tokens import seen_by
from portal.matching.sides import ReportSide
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.police.queries import find_current_version
from portal.reference.crime_references import reference_keys
from portal.reports.models import Allegation
from portal.sealing import Keyring, Tokens

_MOST_NAMED = 20
_LARGEST = 2**63 - 1
NOT_THERE = (
    "No record of this number shares anything with the report. Check the number, or ask the force "
    "whether it has sent the record."
)
_JUDGED = ("version_id", "zone", "claim", "checks", "gates", "model_version", "duplicate_of")
_WEIGHED = ("levels", "total", "kind", "log_odds", "chance", "victim", "event", "is_early")


@dataclass(frozen=True)
class Named:
    """A record that a reader named, and what comparing it with the report needs."""

    record_id: int
    keyring: Keyring = field(repr=False)
    tokens: Tokens = field(repr=False)
    shared_keys: Mapping[str, bytes] = field(repr=False)


def find_named(session: Session, allegation: Allegation, typed: str) -> int | None:
    """The record with the number that was typed, if it shares something with the report; that of
    the report's own force, where several forces write one number.
    """
    rows = session.execute(
        select(CrimeRecord.id, CrimeRecord.force_id)
        .where(CrimeRecord.reference_key.in_(reference_keys(typed)))
        .order_by(CrimeRecord.id)
        .limit(_MOST_NAMED)
    ).all()
    ours_first = sorted(rows, key=lambda row: (row.force_id != allegation.force_id, row.id))
    found = (one for one, _ in ours_first if shares_key(session, allegation.id, one))
    return next(found, None)


def put_beside(session: Session, case: Case, named: Named, *, now: datetime) -> Case:
    """A case that has too many records, with this one beside the report; any other as it is.

    Raises NotFound for a record that shares nothing with the report, Refused for one about which a
    person decided, and Unavailable when a side does not open.
    """
    if not case.crowd:
        return case
    allegation = case.allegation
    if not 0 < named.record_id <= _LARGEST or not shares_key(
        session, allegation.id, named.record_id
    ):
        raise NotFound(NOT_THERE)
    if is_disowned(session, allegation.id, named.record_id):
        raise Refused("The person was asked about this record, and says that it is not theirs.")
    decided = (*case.accepted, *case.refused, *case.gone)
    if any(one.record.id == named.record_id for one in decided):
        raise Refused("Somebody has decided about this record already.")
    comparer = Comparer(
        current_model(session),
        Supplies(named.keyring, named.shared_keys),
        named.tokens.for_purpose(PURPOSE),
        now,
    )
    side, opened = _sides(session, allegation, named.record_id, comparer)
    match = _compared(allegation, named.record_id, side, opened, comparer)
    there = _kept(session, allegation.id, named.record_id)
    match.reopened_at = there.reopened_at if there else None
    record = session.get_one(CrimeRecord, named.record_id)
    version = session.get_one(CrimeRecordVersion, match.version_id)
    return with_candidates(session, case, [Waiting(match, allegation, record, version)])


def keep_named(session: Session, case: Case) -> Case:
    """Write the pair of a case that has too many records, just before it is decided on."""
    if not case.crowd:
        return case
    (named,) = case.proposed
    match = _kept(session, case.allegation.id, named.record.id)
    if match is None:
        match = named.match
        session.add(match)
    else:
        # The rules had matched it once, before there were too many; or it was gone, and is back.
        match.state, match.decided_by, match.sealed_reason = "proposed", None, None
        for name in (*_JUDGED, *_WEIGHED):
            setattr(match, name, getattr(named.match, name))
    session.flush()
    return with_candidates(
        session, case, [Waiting(match, case.allegation, named.record, named.version)]
    )


def unweighed_pair(
    session: Session, allegation_id: UUID, record_id: int, *, now: datetime
) -> Match:
    """A pair of which nothing is kept, written so that it can be refused. Nothing was weighed, and
    nobody claims the record by it.
    """
    version = find_current_version(session, record_id)
    if version is None:
        raise NotFound(NOT_THERE)
    match = new_match(
        allegation_id,
        record_id,
        claim=allegation_id.bytes,
        model_version=current_model(session).version,
        now=now,
    )
    match.state, match.version_id = "proposed", version.id
    session.add(match)
    session.flush()
    return match


def _kept(session: Session, allegation_id: UUID, record_id: int) -> Match | None:
    query = select(Match).where(Match.allegation_id == allegation_id, Match.record_id == record_id)
    return session.scalars(query).one_or_none()


def _sides(
    session: Session, allegation: Allegation, record_id: int, comparer: Comparer
) -> tuple[ReportSide, OpenedRecord]:
    keyring = comparer.supplies.keyring
    side = open_reports(session, [allegation], keyring=keyring)[allegation.id]
    if isinstance(side, Exception):
        raise side
    opened = open_records(session, [record_id], comparer.supplies).get(record_id)
    if side is None or opened is None:
        raise NotFound(NOT_THERE)
    return side, opened


def _compared(
    allegation: Allegation,
    record_id: int,
    side: ReportSide,
    opened: OpenedRecord,
    comparer: Comparer,
) -> Match:
    """The pair. It has no chance: nothing that competes with it was weighed."""
    seen = seen_by(side, opened.side, opened.shared, comparer.model)
    levels = compare(seen, opened.whole, comparer.model)
    pair = weigh_record(side, opened, levels, comparer.model, comparer.tokens)
    match = new_match(
        allegation.id,
        record_id,
        claim=claim_of(allegation, side, comparer.tokens),
        model_version=comparer.model.version,
        now=comparer.now,
    )
    pair.keep_in(match)
    match.zone, match.state, match.log_odds = "possible", "proposed", pair.total
    return match
