"""Promises about publishing: at fixed times, in fixed steps, so that watching tells nothing."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.ledger.checkpoint import verify_checkpoint
from portal.ledger.merkle import leaf_hash, root
from portal.ledger.models import LedgerPublication
from portal.ledger.note import VerifierKey
from portal.ledger.publication import PADDING_SUBJECT, find_published, is_due, publish
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
    with site.database.transaction() as session:
        return publish(
            session,
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


def test_a_publication_that_was_undone_leaves_no_signature_behind(site: Site) -> None:
    put(site, 3)
    with suppress(PowerCut), site.database.transaction() as session:
        publish(
            session,
            seal_alone=site.keyring.seal_alone,
            signer=site.signer,
            now=site.now(),
            multiple=MULTIPLE,
            every=HOUR,
        )
        raise PowerCut
    with site.database.reading() as session:
        assert find_published(session) is None
        assert find_head(session).size == 3
