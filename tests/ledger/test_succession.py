"""Promises about closing a log: no receipt is lost, and no tree is ever told in two ways."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from portal.errors import NotFound, Refused
from portal.ledger import verify
from portal.ledger.note import Signer
from portal.ledger.policy import policy_of
from portal.ledger.publication import find_published, publish, sign_new
from portal.ledger.receipt import to_bytes
from portal.ledger.service import NewEntry, append, make_receipt
from portal.ledger.signing import LogSigner, WrongLog
from portal.ledger.store import LEDGER, find_head, get_head, get_head_of, list_heads
from portal.ledger.succession import COMPROMISED, RESTORED, make_opening, open_next
from portal.site import Site
from tests.rig.ledger import signer as a_signer

NEXT = a_signer("record.example/second", 51)


def put(site: Site, signer: LogSigner, count: int = 1) -> int:
    entries = [NewEntry("submitted", uuid4(), {}, site.keyring.seal_alone)] * count
    with site.database.transaction() as session:
        session.info[LEDGER] = signer
        return append(session, entries, now=site.now())[-1]


def publish_once(site: Site, signer: LogSigner) -> None:
    with site.database.transaction() as session:
        session.info[LEDGER] = signer
        publish(
            session,
            seal_alone=site.keyring.seal_alone,
            signer=signer,
            now=site.now(),
            multiple=8,
            every=timedelta(0),
        )
    sign_new(site.database, signer=signer)


def receipt(site: Site, signer: LogSigner, index: int) -> bytes:
    with site.database.reading() as session:
        return to_bytes(
            make_receipt(session, index, open_sealed=site.keyring.open_alone, signer=signer)
        )


def succeed(site: Site, signer: LogSigner, because: str) -> None:
    with site.database.transaction() as session:
        open_next(
            session,
            because=because,
            seal_alone=site.keyring.seal_alone,
            signer=signer,
            multiple=8,
            now=site.now(),
        )


def with_keys(site: Site, *keys: Signer) -> LogSigner:
    return replace(site.signer, keys=keys)


@pytest.fixture
def stolen(site: Site) -> tuple[Site, bytes, LogSigner]:
    """A published log whose key was stolen, a receipt from it, and the keys to go on with."""
    index = put(site, site.signer, 3)
    publish_once(site, site.signer)
    given = receipt(site, site.signer, index)
    put(site, site.signer, 2)
    fresh = a_signer(site.signer.name, 52)
    return site, given, with_keys(site, NEXT, fresh)


def test_the_next_log_begins_with_what_the_last_one_ended_with(
    stolen: tuple[Site, bytes, LogSigner],
) -> None:
    site, _, signer = stolen
    succeed(site, signer, COMPROMISED)
    with site.database.reading() as session:
        new, old = list_heads(session)
        made = make_opening(session, 2, open_sealed=site.keyring.open_alone, signer=signer)
        with pytest.raises(NotFound):
            make_opening(session, 1, open_sealed=site.keyring.open_alone, signer=signer)
    assert (old.is_closed, old.size, new.is_closed, new.size, new.start) == (True, 16, False, 1, 16)
    verdict = verify.judge(to_bytes(made), policy_of(signer))
    assert verdict.code == verify.PROVED
    assert verdict.origin == NEXT.name
    shown = dict(verdict.fields)
    assert shown["previous.origin"] == site.signer.name
    assert shown["previous.size"] == 16
    assert verify.from_base64(shown["previous.root"], "root") == old.root
    assert shown["because"] == COMPROMISED


def test_every_receipt_of_the_closed_log_is_good_under_its_fresh_key(
    stolen: tuple[Site, bytes, LogSigner],
) -> None:
    site, given, signer = stolen
    succeed(site, signer, COMPROMISED)
    policy = policy_of(signer)
    assert verify.judge(given, policy_of(site.signer)).code == verify.PROVED
    assert verify.judge(given, policy).code == verify.NOT_PROVED
    for index in range(5):
        verdict = verify.judge(receipt(site, signer, index), policy)
        assert verdict.code == verify.PROVED, verdict.summary
        assert (verdict.origin, verdict.entry_index, verdict.size) == (site.signer.name, index, 16)


def test_the_next_log_counts_from_0_and_is_published_by_itself(
    stolen: tuple[Site, bytes, LogSigner],
) -> None:
    site, _, signer = stolen
    succeed(site, signer, COMPROMISED)
    index = put(site, signer)
    publish_once(site, signer)
    verdict = verify.judge(receipt(site, signer, index), policy_of(signer))
    assert (verdict.code, verdict.origin) == (verify.PROVED, NEXT.name)
    assert (verdict.entry_index, verdict.size, index) == (1, 8, 17)
    with site.database.reading() as session:
        assert get_head_of(session, 15).log == 1
        assert get_head_of(session, 16).log == 2
        with pytest.raises(NotFound):
            get_head_of(session, 24)
        with pytest.raises(NotFound):
            get_head(session, 3)
        first, second = find_published(session, 1), find_published(session)
    assert first is not None
    assert second is not None
    assert (first.size, second.log, second.size) == (16, 2, 8)


def test_nothing_is_added_to_a_closed_log_under_its_old_name(
    stolen: tuple[Site, bytes, LogSigner],
) -> None:
    site, _, signer = stolen
    succeed(site, signer, COMPROMISED)
    with pytest.raises(WrongLog, match="name another log"):
        put(site, site.signer)


def test_settings_that_do_not_fit_close_nothing_and_say_what_to_set(
    stolen: tuple[Site, bytes, LogSigner],
) -> None:
    site, _, signer = stolen
    for keys, because, words in (
        (site.signer.keys, COMPROMISED, "still name the log"),
        ((NEXT,), COMPROMISED, "fresh key of its own name"),
        ((NEXT, *site.signer.keys), COMPROMISED, "take the key that was stolen out"),
        (signer.keys, "boredom", "compromised or restored"),
    ):
        with pytest.raises(Refused, match=words):
            succeed(site, with_keys(site, *keys), because)
    with site.database.reading() as session:
        assert find_head(session).log == 1
        assert not find_head(session).is_closed


def test_a_log_that_was_never_published_is_not_closed(site: Site) -> None:
    with pytest.raises(Refused, match="no published log"):
        succeed(site, with_keys(site, NEXT), RESTORED)


def test_a_restored_log_is_left_as_it_is_and_the_next_says_how_far_it_was_signed(
    site: Site,
) -> None:
    index = put(site, site.signer, 3)
    publish_once(site, site.signer)
    before = receipt(site, site.signer, index)
    # What was signed and then lost with the disk.
    lost = site.signer.guard
    lost.accept(site.signer.name, lost.find_newest(site.signer.name)._replace(size=20))  # type: ignore[union-attr]
    signer = with_keys(site, NEXT, *site.signer.keys)
    succeed(site, signer, RESTORED)
    with site.database.reading() as session:
        made = make_opening(session, 2, open_sealed=site.keyring.open_alone, signer=signer)
    shown = {field["name"]: field["value"] for field in json.loads(to_bytes(made))["fields"]}
    assert (shown["previous.size"], shown["previous.held"]) == (20, 8)
    assert verify.judge(before, policy_of(signer)).code == verify.PROVED
    assert verify.judge(receipt(site, signer, index), policy_of(signer)).code == verify.PROVED
