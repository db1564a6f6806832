"""Promises about signing, however the database was changed by somebody who holds no key: no second
root of one size is signed.
"""

import pytest
from sqlalchemy import update

from portal.ledger.checkpoint import verify_checkpoint
from portal.ledger.guard import (
    ForkedFromTheGuard,
    Guard,
    SignedHead,
)
from portal.ledger.merkle import RootMismatch, leaf_hash, root
from portal.ledger.models import (
    LedgerSubtree,
)
from portal.ledger.note import Signature, signature_line
from portal.ledger.signing import LogSigner
from portal.ledger.store import find_head, read_leaves
from portal.site import Site
from tests.rig.signing import forge, publish_once, put, put_in, released, rotated, sign
from tests.rig.superuser import without_triggers


@pytest.mark.parametrize("line", ["nobody", "unsigned", "made up"])
def test_a_publication_put_in_below_what_was_signed_gets_no_second_root_signed(
    site: Site, line: str
) -> None:
    put(site, 320)
    publish_once(site)
    put(site, 30)
    publish_once(site)
    honest = verify_checkpoint(released(site), site.signer.keys[0].key)
    assert honest.size == 352
    forge(site, 319, publications_from=320)
    key = site.signer.keys[0]
    lines = {
        "nobody": ["— nobody MTIzNDU=\n"],
        "unsigned": [],
        "made up": [signature_line(Signature(key.name, key.key_id, bytes(64)))],
    }
    put_in(site, 320, *lines[line])
    with pytest.raises(ForkedFromTheGuard):
        released(site)
    with pytest.raises(ForkedFromTheGuard):
        released(site, rotated(site, site.signer.name)[0])


def test_not_even_an_honest_root_is_released_under_a_strangers_line(site: Site) -> None:
    put(site, 8)
    sign(site, put(site))
    put_in(site, 8, "— nobody MTIzNDU=\n")
    with pytest.raises(ForkedFromTheGuard):
        released(site)


def test_a_publication_says_nothing_but_size_and_root(site: Site) -> None:
    put(site, 8)
    sign(site, put(site))
    text = put_in(site, 8)
    with site.database.reading() as session:
        head = find_head(session)
        assert site.signer.release(session, head, text)
        for other in (f"{text}and more\n", text.replace(site.signer.name, "log.example/x"), "x"):
            with pytest.raises(ForkedFromTheGuard):
                site.signer.release(session, head, other)


def test_another_root_of_the_size_that_was_signed_last_is_not_released(site: Site) -> None:
    put(site, 8)
    publish_once(site)
    forge(site, 5, publications_from=8)
    put_in(site, 8)
    with site.database.transaction() as session:
        # The head's row says what was signed: only the entries tell.
        known = site.signer.guard.find_newest(site.signer.name)
        assert known is not None
        assert find_head(session).root == known.root
    with pytest.raises(ForkedFromTheGuard):
        released(site)


@pytest.mark.parametrize("publications", [None, 0])
def test_a_changed_entry_below_what_was_signed_is_in_no_receipt(
    site: Site, publications: int | None
) -> None:
    index = put(site, 300)
    sign(site, index)
    later = put(site, 300)
    publish_once(site)
    with site.database.reading() as session:
        honest = site.signer.sign_committed(session, find_head(session), later)
    forge(site, 290, publications_from=publications)
    for entry in (index, 310):
        with pytest.raises((ForkedFromTheGuard, RootMismatch)):
            sign(site, entry)
    with site.database.reading() as session:
        with pytest.raises(ForkedFromTheGuard):
            site.signer.sign_committed(session, find_head(session), 300)
        # The stored hash over entries 256 to 511 is whole, so this is still the one true root.
        assert site.signer.sign_committed(session, find_head(session), later) == honest


def test_a_tree_that_was_changed_with_all_its_hashes_is_not_signed_either(site: Site) -> None:
    put(site, 300)
    sign(site, put(site, 30))
    put(site, 10)
    forge(site, 7)
    with site.database.transaction() as session, without_triggers(session):
        leaves = [leaf_hash(one) for one in read_leaves(session, 0, 256)]
        session.execute(update(LedgerSubtree).values(hash=root(leaves)))
    with site.database.reading() as session:
        head = find_head(session)
        for size in (100, 256, 330, 340):
            with pytest.raises(ForkedFromTheGuard):
                site.signer.sign_committed(session, head, size)


def test_of_two_who_sign_at_once_the_second_is_compared_with_the_first(site: Site) -> None:
    put(site, 4)
    with site.database.reading() as session:
        head = find_head(session)
        guard = site.signer.guard
        sign(site, 1)

        class Overtaken(Guard):
            """A guard at which somebody else, with another tree, comes first once."""

            def advance(self, origin: str, head: SignedHead, *, known: SignedHead | None) -> bool:
                newest = guard.find_newest(origin)
                if newest is not None and newest.size == 2:
                    guard.accept(origin, SignedHead(3, b"x" * 32))
                return guard.advance(origin, head, known=known)

        overtaken = LogSigner(site.signer.keys, Overtaken(site.settings.guard_path))
        with pytest.raises(ForkedFromTheGuard):
            overtaken.sign_committed(session, head, 4)
