"""Promises about matches: a decision that was turned about past the log is named."""

from sqlalchemy import Connection, text

from portal.site import Site
from tests.rig.audited import found_after


def test_an_accepted_match_that_was_never_decided_is_named(lived: Site) -> None:
    def flip(connection: Connection) -> None:
        connection.execute(text("UPDATE matches SET state = 'accepted' WHERE state = 'refused'"))

    assert any(
        "“accepted” is not what is on record" in str(one) for one in found_after(lived, flip)
    )


def test_a_match_that_is_gone_is_named_by_its_entry(lived: Site) -> None:
    def delete(connection: Connection) -> None:
        connection.execute(text("DELETE FROM matches"))

    found = found_after(lived, delete)
    assert [one.where.split()[0] for one in found] == ["entry", "entry"]
