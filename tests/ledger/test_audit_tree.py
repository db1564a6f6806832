"""Promises about rehashing: each thing that can be wrong with a tree is told by its name."""

from functools import partial

from portal.site import Site
from tests.rig.audited import found_after
from tests.rig.superuser import change_cell, delete_row


def names(lived: Site, change: object, **where: object) -> set[str]:
    found = found_after(lived, partial(change, **where))  # type: ignore[operator]
    return {str(one) for one in found}


def test_a_changed_leaf_is_named_and_so_is_all_that_rests_on_it(lived: Site) -> None:
    said = names(lived, change_cell, table="ledger_entries", column="leaf", row=3)
    assert any(line.startswith("entry 3: its fields do not give its leaf") for line in said)
    assert any(line.startswith("publication of 128 entries") for line in said)
    assert any(line.startswith("subtree 1/0 of log 1") for line in said)


def test_a_missing_subtree_is_the_only_thing_told(lived: Site) -> None:
    said = names(lived, delete_row, table="ledger_subtrees")
    assert said == {"subtree 1/0 of log 1: its stored hash is missing"}


def test_a_gap_is_told_where_it_is(lived: Site) -> None:
    said = names(lived, delete_row, table="ledger_entries", row=5)
    assert any(line.startswith("entry 6: entry 5 should stand here") for line in said)
