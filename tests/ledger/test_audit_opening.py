"""Promises about opening entries in an audit: with the right key, or not at all."""

from uuid import uuid4

from portal.ledger.audit_opening import AT_ONCE, Keys, read_entries
from portal.ledger.service import NewEntry, append
from portal.site import Site


def test_each_entry_comes_once_in_order_with_the_leaf_before_it(site: Site) -> None:
    subject = uuid4()
    with site.database.transaction() as session:
        new = NewEntry("submitted", subject, {"what": "x"}, site.keyring.seal_alone)
        append(session, [new] * (AT_ONCE + 2), now=site.now())
    keys = Keys(lambda _session, _subjects: {}, site.keyring.open_alone)
    with site.database.reading() as session:
        rows = [row for chunk in read_entries(session) for row in chunk]
        opened = [keys.open(row, {}).fields for row in rows]
    assert [row.place for row in rows] == list(range(AT_ONCE + 2))
    assert [row.previous for row in rows[1:]] == [row.leaf for row in rows[:-1]]
    assert all(fields and fields["what"] == "x" for fields in opened)


def test_what_does_not_open_has_no_fields(site: Site) -> None:
    with site.database.transaction() as session:
        new = NewEntry("submitted", uuid4(), {}, lambda raw, _context: raw)
        append(session, [new], now=site.now())
    keys = Keys(lambda _session, _subjects: {}, site.keyring.open_alone)
    with site.database.reading() as session:
        rows = next(read_entries(session))
        assert keys.open(rows[0], {}).fields is None
