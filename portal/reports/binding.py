"""Binding codes and visits to their report, so that no other row of theirs can be put in its place.

The report's own key makes the binding: whoever only writes to the database cannot turn a code or
an open visit of their own to somebody else's report, nor make a code that waits work sooner.
"""

import hmac
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.reports.models import ReportKey, ReturnCode, Visit
from portal.sealing import DataKey, Keyring


def bind_code(
    data_key: DataKey, report_id: UUID, code_hash: bytes, works_from: datetime | None
) -> bytes:
    """What stands beside a return code (32 bytes): whose it is, and from when it works."""
    since = timestamp(works_from) if works_from else ""
    return data_key.bind("return-code", report_id.bytes, code_hash, since.encode())


def bind_visit(data_key: DataKey, report_id: UUID, token_hash: bytes) -> bytes:
    """What stands beside a visit (32 bytes): which report this browser holds open."""
    return data_key.bind("visit", report_id.bytes, token_hash)


def is_bound(row: ReturnCode | Visit, data_key: DataKey) -> bool:
    """Whether the row says what it said when it was written. One that was never bound does not."""
    if isinstance(row, Visit):
        expected = bind_visit(data_key, row.report_id, row.token_hash)
    else:
        expected = bind_code(data_key, row.report_id, row.code_hash, row.works_from)
    return hmac.compare_digest(expected, row.bound or b"")


def bind_rows(session: Session, *, keyring: Keyring) -> int:
    """Bind every code and visit that there is to the report that it names; how many.

    It takes the rows at their word, so it is for the one moment at which the columns are made
    (`cli.schema.migrate`), and for no other. Raises Unavailable without the key of a report.
    """
    count = 0
    for report_id, wrapped in session.execute(select(ReportKey.report_id, ReportKey.wrapped)).all():
        data_key = keyring.unwrap(wrapped)
        codes = select(ReturnCode.code_hash, ReturnCode.works_from)
        for code_hash, since in session.execute(codes.where(ReturnCode.report_id == report_id)):
            bound = bind_code(data_key, report_id, code_hash, since)
            one = ReturnCode.code_hash == code_hash
            session.execute(update(ReturnCode).where(one).values(bound=bound))
            count += 1
        visits = select(Visit.token_hash).where(Visit.report_id == report_id)
        for token_hash in session.scalars(visits.where(Visit.ended_at.is_(None))).all():
            bound = bind_visit(data_key, report_id, token_hash)
            session.execute(update(Visit).where(Visit.token_hash == token_hash).values(bound=bound))
            count += 1
    return count
