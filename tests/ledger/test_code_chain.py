"""Promises about the chain of codes: nobody joins it without the old code or 72 open hours."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.clock import timestamp
from portal.ledger.code_chain import (
    ASKED,
    CANCELLED,
    CHANGED,
    SUBMITTED,
    Chain,
    asked_fields,
    change_message,
    changed_with_code,
    changed_with_receipt,
    digest_of,
    follow,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINE = "0b1e0000-0000-4000-8000-000000000001"
FIRST, SECOND, INSIDER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (7, 8, 9))
Fields = dict[str, Any]


def public(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def entry(kind: str, hours: float = 0, **fields: object) -> Fields:
    at = timestamp(START + timedelta(hours=hours))
    return {"kind": kind, "at": at, "subject": MINE, **fields}


def sent() -> Fields:
    key = base64.b64encode(public(FIRST)).decode()
    return entry(SUBMITTED, **{"request.key": key})


def signed(old: Ed25519PrivateKey, new: Ed25519PrivateKey, signer: Ed25519PrivateKey) -> Fields:
    signature = signer.sign(change_message(MINE, public(old), public(new)))
    return entry(CHANGED, 1, **changed_with_code(public(new), b"new", signature))


def asked(hours: float = 0, wait: float = 72) -> Fields:
    until = timestamp(START + timedelta(hours=hours + wait))
    return entry(ASKED, hours, **asked_fields(until, public(SECOND), b"new"))


def done(hours: float = 72, asked_at: float = 0, **changes: object) -> Fields:
    waiting = follow([sent(), asked(asked_at)]).asked
    assert waiting is not None
    fields = changed_with_receipt(timestamp(waiting.works_from), waiting)
    return entry(CHANGED, hours, **{**fields, **changes})


def words(chain: Chain) -> str:
    return " ".join(one.words for one in chain.breaches)


def test_a_change_that_the_old_code_signed_gives_the_next_key() -> None:
    chain = follow([sent(), entry("looked_at"), signed(FIRST, SECOND, FIRST)])
    assert (chain.key, chain.code, chain.breaches) == (public(SECOND), digest_of(b"new"), ())


def test_a_change_that_somebody_else_signed_or_nobody_leaves_the_key_as_it_was() -> None:
    unsigned = signed(FIRST, INSIDER, FIRST)
    del unsigned["request.signature"]
    other = signed(FIRST, SECOND, FIRST) | {
        "request.key": base64.b64encode(public(INSIDER)).decode()
    }
    for forged in (signed(FIRST, INSIDER, INSIDER), unsigned, other):
        chain = follow([sent(), forged])
        assert chain.key == public(FIRST)
        assert "its key did not sign" in words(chain)
        assert [one.place for one in chain.breaches] == [1]


def test_a_signature_for_another_report_joins_no_chain() -> None:
    forged = signed(FIRST, SECOND, FIRST) | {"subject": MINE.replace("1", "2")}
    assert follow([sent(), forged]).key == public(FIRST)


def test_a_change_that_waited_72_hours_gives_the_key_that_was_asked_for() -> None:
    chain = follow([sent(), asked(), done()])
    assert (chain.key, chain.code, chain.asked) == (public(SECOND), digest_of(b"new"), None)
    assert chain.breaches == ()


@pytest.mark.parametrize(
    ("entries", "wrong"),
    [
        ([done()], "nobody had asked"),
        ([asked(), entry(CANCELLED, 1), done()], "nobody had asked"),
        ([asked(), done(), done()], "nobody had asked"),
        ([asked(), done(hours=71.99)], "before the 72 hours were over"),
        ([asked(wait=71), done(hours=71)], "sooner than 72 hours"),
        ([asked(), done(**{"works.from": timestamp(START)})], "nobody had asked"),
        ([asked(), done(**{"request.key": sent()["request.key"]})], "another one than was asked"),
        ([asked(), done(**{"code.digest": digest_of(b"other")})], "another one than was asked"),
        ([asked(), done(**{"changed.with": "nothing"})], "with what"),
        ([asked(), asked(1)], "while another one was waiting"),
        ([entry(CANCELLED)], "nobody had asked for"),
        ([entry(ASKED)], "does not say which"),
        ([sent()], "once more"),
    ],
)
def test_each_rule_that_is_broken_is_named_and_gives_nobody_a_key(
    entries: list[Fields], wrong: str
) -> None:
    chain = follow([sent(), *entries])
    assert wrong in words(chain)
    assert chain.key == (public(SECOND) if entries == [asked(), done(), done()] else public(FIRST))


def test_the_old_code_ends_a_change_that_was_waiting() -> None:
    chain = follow([sent(), asked(), signed(FIRST, INSIDER, FIRST), done()])
    assert chain.key == public(INSIDER)
    assert "nobody had asked" in words(chain)


def test_a_report_from_before_codes_had_keys_never_gets_one() -> None:
    bare = entry(SUBMITTED)
    keyless = {n: v for n, v in signed(FIRST, SECOND, FIRST).items() if "request" not in n}
    assert follow([bare, keyless]) == Chain(None, None, None, ())
    given = follow([bare, signed(FIRST, SECOND, FIRST)])
    assert given.key is None
    assert "gives a key" in words(given)
