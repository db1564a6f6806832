"""Promises about entries: each opens, gives its leaf, follows the last, and keeps its time."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ledger.models import LedgerOpening
from portal.ledger.service import NewEntry, append
from portal.site import Site
from tests.rig.audited import audit, audit_in, cells, found_after, missed
from tests.rig.clock import HandClock
from tests.rig.superuser import change_cell, tampering

OPENINGS = LedgerOpening.__table__


def index_of(site: Site, kind: str) -> int:
    with site.database.reading() as session:
        query = select(LedgerOpening.entry_index).where(LedgerOpening.kind == kind)
        return session.scalars(query.order_by(LedgerOpening.entry_index)).all()[0]


def test_no_cell_of_an_entry_can_be_changed_unseen(lived: Site) -> None:
    for kind in ("submitted", "padding", "supply_taken", "matched", "alert_raised", "looked_at"):
        row = index_of(lived, kind)
        for table in ("ledger_entries", "ledger_openings"):
            for column in cells(table):
                change = partial(change_cell, table=table, column=column, row=row)
                assert found_after(lived, change), (table, column, kind)


def test_an_entry_backdated_with_all_keys_is_told_by_the_publications_around_it(
    lived: Site, clock: HandClock
) -> None:
    with lived.database.transaction() as session:
        subject = session.scalars(
            select(LedgerOpening.subject).where(LedgerOpening.kind == "supply_taken")
        ).first()
        assert subject is not None
        entry = NewEntry("submitted", subject, {}, lived.keyring.seal_alone)
        append(session, [entry], now=clock() - timedelta(days=3))
    assert any("it was backdated" in str(one) for one in audit(lived))


def test_what_does_not_open_has_to_be_named_by_an_erasure_that_holds(lived: Site) -> None:
    first = index_of(lived, "submitted")

    def erase(connection: Connection) -> None:
        connection.execute(
            OPENINGS.update().where(OPENINGS.c.entry_index == first).values(sealed=b"")
        )

    assert any(one.what == "unopenable" for one in found_after(lived, erase))
    with lived.database.reading() as session:
        subject = session.scalars(
            select(LedgerOpening.subject).where(LedgerOpening.entry_index == first)
        ).one()
    with lived.database.transaction() as session:
        fields = {"erased": [first]}
        append(
            session,
            [NewEntry("erased", subject, fields, lived.keyring.seal_alone)],
            now=lived.now(),
        )

    def holds(fields: Mapping[str, object], _leaf: object) -> Collection[int]:
        return fields["erased"]  # type: ignore[return-value]

    def holds_not(_fields: object, _leaf: object) -> Collection[int]:
        raise Refused("The request does not hold.")

    assert not unopenable(lived, erase, holds)
    assert unopenable(lived, erase, holds_not)


def unopenable(
    site: Site,
    change: Callable[[Connection], None],
    check: Callable[[Mapping[str, object], Callable[[int], bytes | None]], Collection[int]],
) -> list[str]:
    with tampering(site.database) as connection:
        change(connection)
        found = audit_in(site, Session(connection), check)
    return [str(one) for one in found if one.what == "unopenable"]


def test_every_column_of_the_head_is_watched(lived: Site) -> None:
    assert missed(lived, "ledger_heads", cells("ledger_heads")) == []
