"""What a victim has said about what police made of an allegation, as it is read.

A statement that was taken back stands no more; it is still there to be seen.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.matching.models import Statement
from portal.police.models import CrimeRecord
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation, ReportKey
from portal.sealing import Keyring

Said = Literal["not_mine", "not_what_i_said", "refused", "supports", "stands_by", "chose_wrong"]
ABOUT_A_RECORD: frozenset[Said] = frozenset(
    {"not_mine", "not_what_i_said", "stands_by", "chose_wrong"}
)
DETAILS = ("words", "when", "how", "who", "reason")
"""What can be added to a statement. All of it is sealed."""
_AT_ONCE = 500


@dataclass(frozen=True)
class StatementSeen:
    """A statement with what was added, opened. `reference` is the record's, "" for none."""

    id: UUID
    ordinal: int
    kind: str
    reference: str
    at: datetime
    taken_back_at: datetime | None
    details: Mapping[str, str] = field(repr=False)


def statements_on(session: Session, allegation_id: UUID) -> list[Statement]:
    """Every statement about an allegation, oldest first. Nothing is opened."""
    query = select(Statement).where(Statement.allegation_id == allegation_id)
    return list(session.scalars(query.order_by(Statement.at, Statement.id)))


def standing(statements: Sequence[Statement], *kinds: Said) -> list[Statement]:
    """Those of these kinds that were not taken back, in their order."""
    return [one for one in statements if one.kind in kinds and one.taken_back_at is None]


def statements_of(session: Session, report_id: UUID, *, keyring: Keyring) -> list[StatementSeen]:
    """Every statement about a report, oldest first, opened; none once it was erased."""
    if session.get(ReportKey, report_id) is None:
        return []
    data_key = get_data_key(session, report_id, keyring=keyring)
    rows = session.execute(
        select(Statement, Allegation.ordinal, CrimeRecord.reference)
        .join(Allegation, Allegation.id == Statement.allegation_id)
        .outerjoin(CrimeRecord, CrimeRecord.id == Statement.record_id)
        .where(Allegation.report_id == report_id)
        .order_by(Statement.at, Statement.id)
    )
    return [
        StatementSeen(
            one.id,
            ordinal,
            one.kind,
            reference or "",
            one.at,
            one.taken_back_at,
            _open(one, data_key.open_json) if one.sealed else {},
        )
        for one, ordinal, reference in rows
    ]


def refused_among(session: Session, allegation_ids: Collection[UUID]) -> set[UUID]:
    """Those of which the victim says that police told them that they will not record it."""
    found: set[UUID] = set()
    wanted = list(allegation_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(Statement.allegation_id).where(
            Statement.allegation_id.in_(wanted[start : start + _AT_ONCE]),
            Statement.kind == "refused",
            Statement.taken_back_at.is_(None),
        )
        found.update(session.scalars(query))
    return found


def stands_by(statements: Sequence[Statement], record_id: int) -> bool | None:
    """Whether the victim stands by what they reported, against what this record says.

    None while they said nothing about it; of several statements the last counts. "This is not what
    I reported" means that they do.
    """
    said = [
        one
        for one in standing(statements, "not_what_i_said", "stands_by", "chose_wrong")
        if one.record_id == record_id
    ]
    return said[-1].kind != "chose_wrong" if said else None


def context_of_statement(statement_id: UUID) -> str:
    """What binds the words of a statement to it."""
    return f"statement:{statement_id}"


def _open(one: Statement, open_json: Any) -> Mapping[str, str]:  # noqa: ANN401
    found: Mapping[str, str] = open_json(one.sealed, context_of_statement(one.id))
    return found
