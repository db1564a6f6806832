"""Promises about signing: two trees of one size are never signed, and a change of key loses no one.

A restored older backup, a swapped database and a lost guard are each told apart and refused.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from portal.ledger.checkpoint import format_checkpoint, verify_checkpoint
from portal.ledger.guard import (
    BehindTheGuard,
    ForkedFromTheGuard,
    GuardMissing,
    NotSigning,
    SignedHead,
)
from portal.ledger.merkle import Frontier
from portal.ledger.models import (
    LedgerEntry,
    LedgerHead,
    LedgerOpening,
)
from portal.ledger.note import BadSignature, MalformedNote, Signer
from portal.ledger.publication import find_published, publish
from portal.ledger.signing import LogSigner, WrongLog
from portal.ledger.store import find_head
from portal.site import Site
from tests.rig.ledger import signer as a_signer
from tests.rig.signing import publish_once, put, released, rotated, sign
from tests.rig.superuser import without_triggers


def roll_back(site: Site, size: int, frontier: Frontier) -> None:
    """What restoring an older backup does: the newest entries were never there."""
    with site.database.transaction() as session, without_triggers(session):
        session.execute(delete(LedgerOpening).where(LedgerOpening.entry_index >= size))
        session.execute(delete(LedgerEntry).where(LedgerEntry.index >= size))
        session.execute(
            update(LedgerHead).values(size=size, root=frontier.root(), frontier=frontier.to_bytes())
        )


def frontier_now(site: Site) -> Frontier:
    with site.database.reading() as session:
        head = session.get(LedgerHead, 1)
        assert head is not None
        return Frontier.from_bytes(head.frontier)


def test_a_database_older_than_what_was_signed_is_read_but_neither_signed_nor_added_to(
    site: Site,
) -> None:
    put(site, 3)
    older = frontier_now(site)
    sign(site, put(site, 2))
    roll_back(site, 3, older)
    with pytest.raises(BehindTheGuard, match=r"docs/operation\.md"):
        sign(site, 2)
    with pytest.raises(BehindTheGuard, match="Nothing was put on record"):
        put(site)
    with site.database.reading() as session:
        assert find_head(session).size == 3


def test_what_was_signed_before_a_backup_is_still_read_from_it_and_nothing_else_is(
    site: Site,
) -> None:
    put(site, 3)
    publish_once(site)
    before, older = released(site), frontier_now(site)
    sign(site, put(site, 2))
    roll_back(site, 8, older)
    assert released(site) == before
    newer, _ = rotated(site, site.signer.name)
    assert released(site, newer) == before, "a new key signs nothing here"
    with pytest.raises(BehindTheGuard):
        released(site, LogSigner(newer.keys[:1], site.signer.guard))
    with site.database.reading() as session:
        head = find_head(session)
        unsigned = format_checkpoint(site.signer.name, 8, head.root)
        with pytest.raises(BehindTheGuard):
            site.signer.release(session, head, unsigned)


def test_a_database_that_went_on_otherwise_is_never_signed_again(site: Site) -> None:
    put(site, 3)
    older = frontier_now(site)
    sign(site, put(site, 2))
    roll_back(site, 3, older)
    # Somebody adds to the restored backup behind the site's back, past what was signed.
    unguarded = Site.from_settings(
        replace(site.settings, guard_path=site.settings.instance / "another.json"), site.now
    )
    put(unguarded, 4)
    with pytest.raises(ForkedFromTheGuard, match="does not hold what it has signed"):
        sign(site, 2)
    publish_refused(site, ForkedFromTheGuard)
    unguarded.database.engine.dispose()


def publish_refused(site: Site, error: type[NotSigning]) -> None:
    with pytest.raises(error):
        publish_once(site)
    with site.database.reading() as session:
        assert find_published(session) is None


def test_another_root_of_the_very_size_that_was_signed_is_a_fork(site: Site) -> None:
    put(site, 2)
    older = frontier_now(site)
    sign(site, put(site))
    roll_back(site, 2, older)
    site.signer.guard.accept(site.signer.name, SignedHead(2, older.root()))
    put(site)
    site.signer.guard.accept(site.signer.name, SignedHead(3, b"x" * 32))
    with pytest.raises(ForkedFromTheGuard):
        sign(site, 0)
    with pytest.raises(ForkedFromTheGuard):
        put(site)


@pytest.mark.parametrize("lose", [Path.unlink, lambda path: path.write_text("{")])
def test_a_published_log_whose_guard_is_lost_waits_for_a_person(
    site: Site, lose: Callable[[Path], object]
) -> None:
    index = put(site)
    publish_once(site)
    released(site)
    later = put(site)
    lose(site.settings.guard_path)
    with pytest.raises(GuardMissing, match="cannot tell how far"):
        sign(site, later)
    with site.database.reading() as session:
        head = find_head(session)
    site.signer.guard.accept(site.signer.name, SignedHead(head.size, head.root))
    assert sign(site, later)
    assert sign(site, index)


def test_what_was_signed_and_never_committed_is_not_held_against_the_database(site: Site) -> None:
    put(site)
    with site.database.transaction() as session:
        publish(
            session,
            seal_alone=site.keyring.seal_alone,
            signer=site.signer,
            now=site.now(),
            multiple=8,
            every=timedelta(0),
        )
        session.rollback()
    put(site, 3)
    publish_once(site)
    assert released(site)


def test_what_leaves_is_remembered_first(site: Site) -> None:
    index = put(site, 4)
    sign(site, index)
    assert (found := site.signer.guard.find_newest(site.signer.name))
    assert found.size == index + 1
    with site.database.transaction() as session:
        publish(
            session,
            seal_alone=site.keyring.seal_alone,
            signer=site.signer,
            now=site.now(),
            multiple=8,
            every=timedelta(0),
        )
    assert site.signer.guard.find_newest(site.signer.name) == found
    released(site)
    assert (newest := site.signer.guard.find_newest(site.signer.name))
    assert newest.size == 8


def test_while_a_key_is_changed_both_sign_what_was_published_before_too(site: Site) -> None:
    put(site)
    publish_once(site)
    signer, (newer,) = rotated(site, site.signer.name)
    for key in (newer.key, site.signer.keys[0].key):
        assert verify_checkpoint(released(site, signer), key).size == 8
    with pytest.raises(BadSignature):
        verify_checkpoint(released(site), newer.key)
    only_new = LogSigner((newer,), site.signer.guard)
    assert verify_checkpoint(released(site, only_new), newer.key).size == 8


def test_a_new_key_signs_no_publication_that_the_tree_does_not_bear_out(site: Site) -> None:
    put(site)
    publish_once(site)
    signer, _ = rotated(site, site.signer.name)
    with site.database.transaction() as session, without_triggers(session):
        session.execute(update(LedgerEntry).where(LedgerEntry.index == 0).values(leaf=b"\1" * 33))
    with pytest.raises(ForkedFromTheGuard):
        released(site, signer)


def test_a_log_of_another_name_is_only_read(site: Site) -> None:
    index = put(site)
    publish_once(site)
    signer = LogSigner((a_signer("log.example/another", 41),), site.signer.guard)
    with site.database.reading() as session, pytest.raises(WrongLog, match="another log"):
        signer.check_head(find_head(session))
    with site.database.reading() as session, pytest.raises(WrongLog, match="key is not set"):
        signer.sign_committed(session, find_head(session), index + 1)


def test_a_log_is_signed_with_one_key_at_least(site: Site) -> None:
    with pytest.raises(ValueError, match="at least one"):
        LogSigner((), site.signer.guard)


def test_a_key_is_written_in_the_form_of_other_peoples_tools_and_read_back(site: Site) -> None:
    key = site.signer.keys[0]
    text = key.to_text()
    assert text.startswith("PRIVATE+" + f"KEY+{key.name}+{key.key_id.hex()}+")
    assert Signer.from_text(text).vkey == key.vkey
    for wrong in ("", text[:-4], text.replace("PRIVATE", "PUBLIC"), text.replace(key.name, "x")):
        with pytest.raises(MalformedNote) as refused:
            Signer.from_text(wrong)
        assert text[-20:] not in str(refused.value)
