"""Promises about publishing: at fixed times, in fixed steps, so that watching tells nothing."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.ledger.checkpoint import is_signed, parse_checkpoint, verify_checkpoint
from portal.ledger.merkle import leaf_hash, root
from portal.ledger.models import LedgerPublication
from portal.ledger.note import MalformedNote, VerifierKey, parse_note
from portal.ledger.publication import (
    PADDING_SUBJECT,
    find_published,
    is_due,
    publish,
    publish_signed,
    sign_new,
)
from portal.ledger.service import NewEntry, append, timeline
from portal.ledger.store import find_head, read_leaves
from portal.site import Site
from tests.rig.clock import HandClock

HOUR = timedelta(hours=1)
MULTIPLE = 8


class PowerCut(Exception):
    """Whatever can break a transaction off."""


def put(site: Site, count: int) -> None:
    entry = NewEntry("submitted", uuid4(), {}, site.keyring.seal_alone)
    with site.database.transaction() as session:
        append(session, [entry] * count, now=site.now())


def publish_once(site: Site) -> LedgerPublication | None:
    return publish_signed(
        site.database,
        seal_alone=site.keyring.seal_alone,
        signer=site.signer,
        now=site.now(),
        multiple=MULTIPLE,
        every=HOUR,
    )


def published_size(site: Site) -> int:
    published = publish_once(site)
    assert published is not None
    return published.size


@pytest.mark.parametrize("waiting", [0, 1, 7, 8, 9, 20])
def test_a_first_publication_is_filled_up_to_a_whole_step(site: Site, waiting: int) -> None:
    put(site, waiting)
    assert published_size(site) == max(8, -(-waiting // 8) * 8)


def test_every_publication_grows_whether_or_not_anything_happened(
    site: Site, clock: HandClock
) -> None:
    sizes = []
    for waiting in (0, 3, 0, 8, 0, 9):
        put(site, waiting)
        sizes.append(published_size(site))
        clock.advance(hours=1)
    assert sizes == [8, 16, 24, 32, 40, 56]


def test_nothing_is_published_before_its_time(site: Site, clock: HandClock) -> None:
    assert published_size(site) == 8
    put(site, 20)
    clock.advance(minutes=59, seconds=59)
    assert publish_once(site) is None
    with site.database.reading() as session:
        assert find_head(session).size == 28
        assert not is_due(session, now=site.now(), every=HOUR)
    clock.advance(seconds=1)
    assert published_size(site) == 32


def test_a_checkpoint_is_of_the_whole_padded_log(site: Site) -> None:
    put(site, 3)
    published = publish_once(site)
    assert published is not None
    checkpoint = verify_checkpoint(published.checkpoint, VerifierKey.parse(site.signer.vkey))
    with site.database.reading() as session:
        leaves = read_leaves(session, 0, 99)
        assert find_published(session) is not None
    assert checkpoint.size == len(leaves) == 8
    assert checkpoint.root == root(map(leaf_hash, leaves))


def test_padding_opens_like_any_other_entry(site: Site) -> None:
    put(site, 3)
    publish_once(site)
    with site.database.reading() as session:
        padding = timeline(session, PADDING_SUBJECT, site.keyring.open_alone)
    assert [one.index for one in padding] == [3, 4, 5, 6, 7]
    assert [one.sequence for one in padding] == [1, 2, 3, 4, 5]
    assert all(one.fields["kind"] == "padding" for one in padding)
    assert len({one.salt for one in padding}) == 5


def test_from_outside_padding_cannot_be_told_from_a_report(site: Site) -> None:
    put(site, 3)
    publish_once(site)
    with site.database.reading() as session:
        leaves = read_leaves(session, 0, 8)
    shapes: Mapping[int, set[bytes]] = {len(one): {one[:1]} for one in leaves}
    assert shapes == {33: {b"\x01"}}
    assert len(set(leaves)) == 8


def test_two_publishers_at_once_publish_once(site: Site) -> None:
    put(site, 3)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: publish_once(site), range(2)))
    assert sorted(one.size for one in done if one) == [8]
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LedgerPublication)) == 1
        assert find_head(session).size == 8


def publish_unsigned(site: Site, *, cut: bool = False) -> str:
    """Publish in a transaction and end there, or before its commit; what it would have stored."""
    made: LedgerPublication | None = None
    with suppress(PowerCut), site.database.transaction() as session:
        made = publish(
            session,
            seal_alone=site.keyring.seal_alone,
            signer=site.signer,
            now=site.now(),
            multiple=MULTIPLE,
            every=HOUR,
        )
        if cut:
            raise PowerCut
    assert made is not None
    return made.checkpoint


def served(site: Site) -> str:
    """The newest publication as it leaves."""
    with site.database.reading() as session:
        published = find_published(session)
        assert published is not None
        return site.signer.release(session, find_head(session), published.checkpoint)


def stored(site: Site) -> str:
    """The newest publication as the database holds it."""
    with site.database.reading() as session:
        published = find_published(session)
    assert published is not None
    return published.checkpoint


def test_a_publication_that_was_undone_was_never_signed(site: Site) -> None:
    put(site, 3)
    undone = publish_unsigned(site, cut=True)
    with site.database.reading() as session:
        assert find_published(session) is None
        assert find_head(session).size == 3
    # The padding is made anew, so another tree of the same size is published in the end.
    key = VerifierKey.parse(site.signer.vkey)
    published = publish_once(site)
    assert published is not None
    assert verify_checkpoint(published.checkpoint, key).size == parse_checkpoint(undone).size == 8
    assert parse_checkpoint(undone).root != verify_checkpoint(published.checkpoint, key).root
    with pytest.raises(MalformedNote):
        verify_checkpoint(undone, key)


def test_nothing_is_signed_within_the_transaction_that_could_still_be_undone(site: Site) -> None:
    put(site, 3)
    with site.database.transaction() as session:
        head = find_head(session)
        with pytest.raises(ValueError, match="after the commit"):
            site.signer.sign_committed(session, head, 3)
        with pytest.raises(ValueError, match="after the commit"):
            site.signer.release(session, head, site.signer.prepare(session, head))


def test_whoever_is_cut_off_before_signing_is_made_up_for(site: Site, clock: HandClock) -> None:
    put(site, 3)
    text = publish_unsigned(site)
    assert not is_signed(stored(site))
    assert parse_note(served(site)).text == text, "whoever reads it sooner has it signed"
    assert sign_new(site.database, signer=site.signer) == 1
    assert stored(site) == served(site)
    assert sign_new(site.database, signer=site.signer) == 0
    clock.advance(hours=1)
    assert published_size(site) == 16
    assert is_signed(stored(site))
