"""Promises about what witnesses signed: a receipt takes the first proof that they vouch for."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import update

from portal.db import Database
from portal.ledger.cosignatures import (
    find_cosigned,
    is_witnessed,
    lines_of,
    proving_publication,
)
from portal.ledger.models import LedgerCosignature, LedgerHead, LedgerPublication
from portal.ledger.store import Head, add_leaves, lock_head, open_log

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LOG = Head(24, b"r" * 32)


def publish(database: Database, size: int, *, log: int = 1, witnessed: bool = False) -> None:
    with database.transaction() as session:
        session.add(
            LedgerPublication(
                log=log,
                size=size,
                at=NOW,
                checkpoint=f"note {log}/{size}\n\n",
                witnessed_at=NOW if witnessed else None,
            )
        )


def cosign(database: Database, size: int, witness: str, *, log: int = 1) -> None:
    with database.transaction() as session:
        session.add(
            LedgerCosignature(
                log=log,
                size=size,
                witness=witness,
                stamp=1,
                line=f"line of {witness}\n",
                received_at=NOW,
            )
        )


def test_before_any_publication_nothing_proves_an_entry(database: Database) -> None:
    with database.reading() as session:
        assert proving_publication(session, LOG, 3) is None
        assert find_cosigned(session, 1) is None


def test_the_first_witnessed_publication_that_covers_it_proves_an_entry(
    database: Database,
) -> None:
    for size, witnessed in ((8, False), (16, True), (24, True)):
        publish(database, size, witnessed=witnessed)
    cosign(database, 16, "b+1")
    cosign(database, 16, "a+1")
    with database.reading() as session:
        assert proving_publication(session, LOG, 3) == (
            16,
            "note 1/16\n\n",
            "line of a+1\nline of b+1\n",
        )
        assert (found := proving_publication(session, LOG, 16))
        assert found.size == 24


def test_without_witnesses_the_first_publication_that_covers_it_does(database: Database) -> None:
    publish(database, 8)
    publish(database, 16)
    cosign(database, 8, "one of three")
    with database.reading() as session:
        assert proving_publication(session, LOG, 3) == (8, "note 1/8\n\n", "line of one of three\n")
        assert (found := proving_publication(session, LOG, 8))
        assert found.size == 16


def test_of_a_closed_log_the_last_publication_does(database: Database) -> None:
    for size in (8, 16, 24):
        publish(database, size, witnessed=size < 24)
    closed = LOG._replace(is_closed=True)
    with database.reading() as session:
        assert (found := proving_publication(session, closed, 3))
        assert found.size == 16


def test_an_entry_names_the_newest_checkpoint_that_enough_witnesses_signed(
    database: Database,
) -> None:
    publish(database, 8, witnessed=True)
    publish(database, 16)
    publish(database, 99, log=2, witnessed=True)
    cosign(database, 8, "a+1")
    cosign(database, 16, "a+1")
    with database.reading() as session:
        assert find_cosigned(session, 1) == "note 1/8\n\nline of a+1\n"
        assert find_cosigned(session, 2) == "note 2/99\n\n"
        assert find_cosigned(session, 3) is None
        assert lines_of(session, 1, 24) == ""


def test_each_log_is_proved_by_its_own_publications(database: Database) -> None:
    publish(database, 8, log=2)
    with database.transaction() as session:
        open_log(session, Head(0, b"", log=2, start=24, origin=f"log.example/{uuid4()}"))
        session.execute(update(LedgerHead).values(size=8))
    with database.reading() as session:
        assert proving_publication(session, LOG, 3) is None
        assert proving_publication(session, LOG._replace(log=2), 3) is not None


def test_an_entry_is_witnessed_once_a_publication_that_covers_it_is(database: Database) -> None:
    with database.transaction() as session:
        add_leaves(session, lock_head(session), [bytes([n]) * 33 for n in range(20)])
    publish(database, 8, witnessed=True)
    publish(database, 16)
    with database.reading() as session:
        assert [is_witnessed(session, index) for index in (0, 7, 8, 15)] == [
            True,
            True,
            False,
            False,
        ]
    publish(database, 24, witnessed=True)
    with database.reading() as session:
        assert is_witnessed(session, 15)
