"""Promises about putting an entry on record: it stays, it opens, and what is missing shows."""

import base64
import json
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.accounts.models import Throttle
from portal.errors import NotFound, Unavailable
from portal.ledger import verify
from portal.ledger.checkpoint import verify_checkpoint
from portal.ledger.entry import BadField, leaf
from portal.ledger.merkle import consistency_proof, verify_consistency
from portal.ledger.models import LedgerEntry, LedgerHead
from portal.ledger.note import VerifierKey
from portal.ledger.policy import policy_of
from portal.ledger.publication import publish_signed
from portal.ledger.receipt import to_bytes
from portal.ledger.service import (
    NewEntry,
    OpenedEntry,
    append,
    find_subject,
    indices_of,
    make_receipt,
    open_entry,
    timeline,
)
from portal.ledger.store import find_head, stored_tree
from portal.sealing import Keyring
from portal.site import Site
from tests.rig.clock import HandClock

SECRET = "a bicycle with a green basket"


class PowerCut(Exception):
    """Whatever can break a transaction off."""


def put(site: Site, subject: UUID, *kinds: str, words: str = SECRET) -> list[int]:
    entries = [NewEntry(kind, subject, {"words": words}, site.keyring.seal_alone) for kind in kinds]
    with site.database.transaction() as session:
        return append(session, entries, now=site.now())


def read_back(site: Site, subject: UUID) -> list[OpenedEntry]:
    with site.database.reading() as session:
        return timeline(session, subject, site.keyring.open_alone)


def receipt_of(site: Site, index: int, names: list[str] | None = None) -> bytes:
    with site.database.reading() as session:
        made = make_receipt(
            session, index, open_sealed=site.keyring.open_alone, signer=site.signer, names=names
        )
    return to_bytes(made)


def test_every_entry_has_a_receipt_that_a_stranger_can_verify(site: Site) -> None:
    indices = [put(site, uuid4(), "submitted")[0] for _ in range(7)]
    for index in indices:
        verdict = verify.judge(receipt_of(site, index), policy_of(site.signer))
        assert verdict.code == verify.PROVED, verdict.summary
        assert verdict.entry_index == index
        assert dict(verdict.fields)["words"] == SECRET
        assert verdict.not_after is None, "without a witness no time may be claimed"


def test_a_receipt_shows_only_what_its_owner_chose(site: Site) -> None:
    (index,) = put(site, uuid4(), "submitted")
    data = receipt_of(site, index, ["kind", "at"])
    verdict = verify.judge(data, policy_of(site.signer))
    assert verdict.code == verify.PROVED
    assert {name for name, _ in verdict.fields} == {"kind", "at"}
    assert SECRET.encode() not in data


def test_without_a_choice_a_receipt_shows_only_what_is_its_owner_s_to_show(site: Site) -> None:
    (index,) = put(site, uuid4(), "match_refused")
    data = receipt_of(site, index)
    verdict = verify.judge(data, policy_of(site.signer))
    assert verdict.code == verify.PROVED
    assert "kind" in dict(verdict.fields)
    assert SECRET.encode() not in data


def publish_log(site: Site, *, multiple: int = 8) -> str:
    made = publish_signed(
        site.database,
        seal_alone=site.keyring.seal_alone,
        signer=site.signer,
        now=site.now(),
        multiple=multiple,
        every=timedelta(hours=1),
    )
    assert made is not None
    return made.checkpoint


def checkpoint_in(receipt: bytes) -> str:
    proof: str = json.loads(receipt)["proof"]
    return proof.partition("\n\n")[2]


def test_a_receipt_read_again_does_not_show_how_much_was_put_on_record_since(
    site: Site, clock: HandClock
) -> None:
    indices = put(site, uuid4(), *["submitted"] * 3)
    first = [receipt_of(site, index) for index in indices]
    put(site, uuid4(), *["submitted"] * 5)
    assert [receipt_of(site, index) for index in indices] == first
    clock.advance(hours=2)
    put(site, uuid4(), *["submitted"] * 300)
    assert [receipt_of(site, index) for index in indices] == first
    for index, receipt in zip(indices, first, strict=True):
        assert verify.judge(receipt, policy_of(site.signer)).code == verify.PROVED
        assert checkpoint_in(receipt).split("\n")[1] == str(index + 1)


def test_a_receipt_takes_the_first_publication_that_covers_it_and_stays_so(
    site: Site, clock: HandClock
) -> None:
    (early,) = put(site, uuid4(), "submitted")
    first = publish_log(site)
    receipt = receipt_of(site, early)
    assert checkpoint_in(receipt) == first
    clock.advance(hours=1)
    (late,) = put(site, uuid4(), "submitted")
    assert checkpoint_in(receipt_of(site, late)) != first
    second = publish_log(site)
    assert receipt_of(site, early) == receipt
    assert checkpoint_in(receipt_of(site, late)) == second
    for index in (early, late):
        assert verify.judge(receipt_of(site, index), policy_of(site.signer)).code == verify.PROVED


def test_what_a_receipt_was_signed_for_begins_every_later_publication(site: Site) -> None:
    (index,) = put(site, uuid4(), "submitted", "submitted")[:1]
    key = VerifierKey.parse(site.signer.vkey)
    before = verify_checkpoint(checkpoint_in(receipt_of(site, index)), key)
    after = verify_checkpoint(publish_log(site), key)
    with site.database.reading() as session:
        proof = consistency_proof(before.size, after.size, stored_tree(session).node)
    verify_consistency(before.size, after.size, before.root, after.root, proof)


def test_another_logs_policy_does_not_vouch_for_it(site: Site) -> None:
    (index,) = put(site, uuid4(), "submitted")
    other = policy_of(site.signer).replace(b"demonstration.invalid", b"elsewhere.invalid")
    assert verify.judge(receipt_of(site, index), other).code != verify.PROVED


def test_an_entry_says_when_of_what_kind_and_whose_it_is(site: Site) -> None:
    subject = uuid4()
    (index,) = put(site, subject, "submitted")
    (found,) = read_back(site, subject)
    assert (found.index, found.kind, found.at, found.sequence) == (
        index,
        "submitted",
        site.now(),
        1,
    )
    assert found.fields == {
        "words": SECRET,
        "kind": "submitted",
        "at": "2026-03-02T09:00:00.000000Z",
        "subject": str(subject),
        "sequence": 1,
        "previous": None,
        "after": None,
    }
    with site.database.reading() as session:
        assert find_subject(session, index) == subject
        assert find_subject(session, index + 1) is None


def test_each_entry_names_the_one_before_so_that_a_missing_one_shows(
    site: Site, clock: HandClock
) -> None:
    mine, other = uuid4(), uuid4()
    put(site, mine, "submitted")
    put(site, other, "submitted")
    clock.advance(hours=1)
    put(site, mine, "looked_at", "withdrawn")
    found = read_back(site, mine)
    assert [one.sequence for one in found] == [1, 2, 3]
    assert [one.index for one in found] == [0, 2, 3]
    with site.database.reading() as session:
        assert indices_of(session, mine) == {1: 0, 2: 2, 3: 3}
        assert indices_of(session, uuid4()) == {}
        leaves = session.scalars(select(LedgerEntry.leaf).order_by(LedgerEntry.index)).all()
    for entry, before in zip(found[1:], found, strict=False):
        assert base64.b64decode(str(entry.fields["previous"])) == leaves[before.index]


def test_a_leaf_is_what_its_opening_says(site: Site) -> None:
    subject = uuid4()
    (index,) = put(site, subject, "submitted")
    with site.database.reading() as session:
        opened = open_entry(session, index, site.keyring.open_alone)
        stored = session.get_one(LedgerEntry, index).leaf
    assert leaf(opened.salt, opened.fields) == stored


def test_the_cause_and_its_entry_are_kept_together_or_not_at_all(site: Site) -> None:
    subject = uuid4()
    with suppress(PowerCut), site.database.transaction() as session:
        session.add(Throttle(bucket=b"x" * 16, window_started_at=site.now(), tries=1))
        entry = NewEntry("submitted", subject, {}, site.keyring.seal_alone)
        append(session, [entry], now=site.now())
        raise PowerCut
    with site.database.reading() as session:
        assert session.scalar(select(Throttle)) is None
        assert find_head(session).size == 0
        assert timeline(session, subject, site.keyring.open_alone) == []


def test_an_entry_that_cannot_be_written_down_takes_its_cause_back(site: Site) -> None:
    entry = NewEntry("submitted", uuid4(), {"pounds": 1.5}, site.keyring.seal_alone)
    with pytest.raises(BadField), site.database.transaction() as session:
        append(session, [entry], now=site.now())
    with site.database.reading() as session:
        assert find_head(session).size == 0


def test_nothing_is_signed_that_could_still_be_undone(site: Site) -> None:
    (index,) = put(site, uuid4(), "submitted")
    with (
        pytest.raises(ValueError, match="after the commit"),
        site.database.transaction() as session,
    ):
        make_receipt(
            session, index, open_sealed=site.keyring.open_alone, signer=site.signer, names=None
        )


def test_the_tables_show_nothing_of_what_was_put_on_record(site: Site) -> None:
    put(site, uuid4(), "submitted")
    with site.database.reading() as session:
        sealed = session.connection().exec_driver_sql("SELECT sealed FROM ledger_openings").scalar()
    assert sealed
    assert SECRET.encode() not in bytes(sealed)
    assert b"kind" not in bytes(sealed)


def test_without_the_key_an_entry_cannot_be_opened(site: Site) -> None:
    (index,) = put(site, uuid4(), "submitted")
    stranger = Keyring({"another": bytes(range(32))})
    with site.database.reading() as session, pytest.raises(Unavailable):
        open_entry(session, index, stranger.open_alone)


def test_there_is_no_receipt_for_what_was_never_put_on_record(site: Site) -> None:
    put(site, uuid4(), "submitted")
    with pytest.raises(NotFound):
        receipt_of(site, 1)


def test_appending_nothing_leaves_the_log_as_it_is(site: Site) -> None:
    with site.database.transaction() as session:
        assert append(session, [], now=site.now()) == []
    with site.database.reading() as session:
        assert find_head(session).size == 0


def test_who_has_nothing_to_append_waits_for_nobody_and_keeps_nobody_waiting(site: Site) -> None:
    with site.database.transaction() as session:
        append(session, [], now=site.now())
        # Whoever takes the lock on an empty log writes down that it is empty.
        assert session.get(LedgerHead, 1) is None


def test_the_words_of_a_receipt_are_the_same_whatever_the_alphabet(site: Site) -> None:
    words = "Zażółć — 🚲 — дом"
    (index,) = put(site, uuid4(), "submitted", words=words)
    receipt = json.loads(receipt_of(site, index))
    assert {one["name"]: one["value"] for one in receipt["fields"]}["words"] == words
