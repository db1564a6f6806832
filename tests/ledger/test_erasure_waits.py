"""An erasure that waited counts only if it was asked for, was not kept since, and is not early."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ledger.entry import leaf
from portal.ledger.erasure import (
    BadErasure,
    KeptAfterAll,
    OlderRequest,
    OmittedLeaf,
    TooEarly,
    WrongKey,
    check_erasure,
    erasure_fields,
    request_message,
)
from portal.ledger.erasure_asked import ASKED, KEPT, asking_fields
from tests.ledger.test_erasure import INSIDER, MINE, VICTIM, Log, change, encoded, log, refused

Fields = dict[str, Any]
__all__ = ["log"]
DUE = "2026-03-05T09:00:00.000000Z"


def sign(log: Log, signer: Ed25519PrivateKey) -> tuple[int, bytes]:
    """Sign as whoever asks now: how many entries there are, and the signature."""
    own = log.entries[MINE]
    newest = leaf(own[-1].salt, own[-1].fields)
    return len(own), signer.sign(request_message(MINE, len(own), newest))


def ask(log: Log, signer: Ed25519PrivateKey = VICTIM, due: str = DUE) -> tuple[int, bytes]:
    signed = sign(log, signer)
    log.add(MINE, ASKED, **asking_fields(signed[1], due))
    return signed


def erased(log: Log, signed: tuple[int, bytes], at: str = DUE) -> Fields:
    """The fields of the entry that carries it out at this time."""
    own = log.entries[MINE]
    last = leaf(own[-1].salt, own[-1].fields)
    placed = {
        "kind": "erased",
        "at": at,
        "subject": MINE,
        "sequence": len(own) + 1,
        "previous": encoded(last),
    }
    return erasure_fields(own, signed[1], signed=signed[0]) | placed


def test_a_request_that_waited_erases_all_that_came_until_it_was_done(log: Log) -> None:
    signed = ask(log)
    log.add(MINE, "alert_raised")
    named = check_erasure(erased(log, signed), log.leaf_of)
    assert named == {one.index for one in log.entries[MINE]}


def test_what_was_kept_after_all_is_not_erased_with_the_old_request(log: Log) -> None:
    signed = ask(log)
    log.add(MINE, KEPT)
    refused(log, erased(log, signed), KeptAfterAll)
    again = ask(log)
    refused(log, erased(log, signed), KeptAfterAll)
    assert check_erasure(erased(log, again), log.leaf_of)


def test_an_erasure_before_its_time_is_none(log: Log) -> None:
    signed = ask(log)
    refused(log, erased(log, signed, at="2026-03-05T08:59:59.999999Z"), TooEarly)


def test_an_entry_that_asks_for_a_time_that_is_over_already_is_none(log: Log) -> None:
    refused(log, erased(log, ask(log, due="2026-03-02T09:00:00.000000Z")), TooEarly)


def test_a_signature_without_the_entry_that_asks_erases_nothing(log: Log) -> None:
    signed = sign(log, VICTIM)
    log.add(MINE, "alert_raised")
    refused(log, erased(log, signed), OlderRequest)


def test_nobody_elses_key_asks(log: Log) -> None:
    refused(log, erased(log, ask(log, INSIDER)), WrongKey)


def test_the_code_that_asked_is_the_one_that_held_then(log: Log) -> None:
    signed, new = ask(log), Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    change(log, new, VICTIM)
    assert check_erasure(erased(log, signed), log.leaf_of)


def test_an_old_code_cannot_ask_after_it_was_changed(log: Log) -> None:
    new = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    change(log, new, VICTIM)
    refused(log, erased(log, ask(log, VICTIM)), WrongKey)


def test_hiding_that_it_was_kept_leaves_an_entry_out(log: Log) -> None:
    signed = ask(log)
    log.add(MINE, KEPT)
    fields = erased(log, signed)
    del fields["erased"][-1]
    with pytest.raises(BadErasure) as caught:
        check_erasure(fields, log.leaf_of)
    assert isinstance(caught.value, OlderRequest | OmittedLeaf)
