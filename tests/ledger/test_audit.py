"""Promises about the audit of the log: nothing cut off, written anew or put in is missed."""

from functools import partial

import pytest
from sqlalchemy import Connection, select

from portal.ledger.entry import leaf, new_salt
from portal.ledger.guard import SignedHead
from portal.ledger.merkle import Frontier, leaf_hash
from portal.ledger.models import LedgerEntry, LedgerHead, LedgerOpening
from portal.site import Site
from tests.rig.audited import audit, cells, count, found_after, missed
from tests.rig.superuser import delete_row, insert_copy, swap_cells

LEDGER = (
    *("ledger_heads", "ledger_publications", "ledger_cosignatures", "ledger_subtrees"),
    *("ledger_entries", "ledger_openings"),
)
ENTRIES, OPENINGS = LedgerEntry.__table__, LedgerOpening.__table__


@pytest.mark.parametrize("table", LEDGER[:4])
def test_every_cell_of_the_short_tables_of_the_log_is_watched(lived: Site, table: str) -> None:
    assert missed(lived, table, cells(table)) == []
    for row in range(count(lived, table)):
        assert found_after(lived, partial(delete_row, table=table, row=row))
    assert found_after(lived, partial(insert_copy, table=table))


@pytest.mark.parametrize("table", LEDGER[4:])
def test_a_deleted_or_doubled_entry_is_named_wherever_it_was(lived: Site, table: str) -> None:
    last = count(lived, table) - 1
    for row in (0, 1, 130, last):
        assert found_after(lived, partial(delete_row, table=table, row=row))
    assert found_after(lived, partial(insert_copy, table=table))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("ledger_entries", "leaf"), ("ledger_openings", "sealed"), ("ledger_openings", "at")),
        *(("ledger_openings", "kind"), ("ledger_publications", "checkpoint")),
        ("ledger_publications", "at"),
    ],
)
def test_two_rows_that_were_swapped_are_named(lived: Site, table: str, column: str) -> None:
    rows = (0, 2) if table == "ledger_publications" else (0, 200)
    assert found_after(lived, partial(swap_cells, table=table, column=column, rows=rows))


def test_a_tail_cut_off_with_a_head_that_fits_is_told_by_the_guard(lived: Site) -> None:
    size = count(lived, "ledger_entries")
    signed = lived.signer.guard.find_newest(lived.signer.name)
    assert signed is not None
    words = " ".join(map(str, found_after(lived, partial(cut_off, keep=signed.size - 1))))
    assert "the newest were cut off" in words
    assert signed.size < size


def test_a_tail_written_anew_by_someone_without_the_keys_is_told(lived: Site) -> None:
    found = found_after(lived, partial(write_anew, first=300))
    assert {"guard", "publication", "unopenable", "chain"} & {one.what for one in found}
    assert any("entry 300" in one.where for one in found)


@pytest.mark.parametrize("head", [None, SignedHead(1, b"x" * 32)])
def test_a_guard_that_is_gone_or_remembers_another_tree_is_told(
    lived: Site, head: SignedHead | None
) -> None:
    lived.settings.guard_path.unlink()
    if head is not None:
        lived.signer.guard.accept(lived.signer.name, head)
    assert {one.what for one in audit(lived)} == {"guard"}


def cut_off(connection: Connection, keep: int) -> None:
    """What somebody does who has the database: the head fits what is left."""
    connection.execute(OPENINGS.delete().where(OPENINGS.c.entry_index >= keep))
    connection.execute(ENTRIES.delete().where(ENTRIES.c.index >= keep))
    set_head(connection)


def write_anew(connection: Connection, first: int) -> None:
    """Other entries with fresh salts from `first` on, and a head that fits them."""
    for index in range(first, count_in(connection)):
        salt = new_salt()
        made = leaf(salt, {"kind": "submitted", "n": index})
        connection.execute(ENTRIES.update().where(ENTRIES.c.index == index).values(leaf=made))
        connection.execute(
            OPENINGS.update().where(OPENINGS.c.entry_index == index).values(sealed=salt + b"{}")
        )
    set_head(connection)


def count_in(connection: Connection) -> int:
    return len(connection.execute(select(ENTRIES.c.index)).all())


def set_head(connection: Connection) -> None:
    leaves = connection.scalars(select(ENTRIES.c.leaf).order_by(ENTRIES.c.index)).all()
    frontier, _ = Frontier().extend(map(leaf_hash, leaves))
    connection.execute(
        LedgerHead.__table__.update().values(
            size=frontier.size, root=frontier.root(), frontier=frontier.to_bytes()
        )
    )
