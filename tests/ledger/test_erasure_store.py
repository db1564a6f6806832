"""Promises about the one change that entries on record ever undergo."""

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from portal.ledger.erasure_store import _FORGET, GONE, forget_openings
from portal.ledger.models import LedgerEntry, LedgerOpening
from portal.ledger.service import NewEntry, append
from portal.site import Site


def rows(session: Session) -> list[tuple[object, ...]]:
    table = LedgerOpening.__table__
    return [tuple(row) for row in session.execute(select(table).order_by(table.c.entry_index))]


def test_only_what_opens_the_subjects_entries_goes_and_every_leaf_stays(site: Site) -> None:
    mine, others, seal = uuid4(), uuid4(), site.keyring.seal_alone
    with site.database.transaction() as session:
        entries = [NewEntry("submitted", each, {}, seal) for each in (mine, others, mine)]
        append(session, entries, now=site.now())
    with site.database.reading() as session:
        before = rows(session)
        leaves = session.scalars(select(LedgerEntry.leaf).order_by(LedgerEntry.index)).all()
    with site.database.transaction() as session:
        forget_openings(session, mine)
    with site.database.reading() as session:
        after = rows(session)
        assert session.scalars(select(LedgerEntry.leaf).order_by(LedgerEntry.index)).all() == leaves
    assert [row[:-1] for row in after] == [row[:-1] for row in before]
    assert [row[-1] for row in after] == [GONE, before[1][-1], GONE]


def test_it_is_one_statement_that_sets_nothing_else() -> None:
    said = " ".join(str(_FORGET.compile(dialect=sqlite.dialect())).split())
    assert said == "UPDATE ledger_openings SET sealed=? WHERE ledger_openings.subject = ?"
