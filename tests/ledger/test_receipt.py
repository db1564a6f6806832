"""A receipt that does not verify never reaches anyone."""

import json

import pytest

from portal.ledger.entry import Disclosure, disclose
from portal.ledger.merkle import RootMismatch, WrongProofLength
from portal.ledger.note import MalformedNote
from portal.ledger.receipt import (
    MAX_RECEIPT_BYTES,
    ReceiptTooLarge,
    build_receipt,
    format_proof,
    to_bytes,
)
from portal.ledger.verify import judge
from tests.rig.ledger import (
    FIELDS,
    INDEX,
    SALT,
    make_file,
    make_note,
    make_policy,
    make_receipt,
)


def test_the_proof_is_written_as_tlog_proof_says() -> None:
    proof = format_proof(5, [bytes(32)], "origin\n6\nroot\n\n— sig\n")
    assert proof == (
        "c2sp.org/tlog-proof@v1\nindex 5\n" + "A" * 43 + "=\n\norigin\n6\nroot\n\n— sig\n"
    )


def test_a_proof_in_a_log_of_one_entry_has_no_hashes() -> None:
    assert format_proof(0, [], "origin\n") == "c2sp.org/tlog-proof@v1\nindex 0\n\norigin\n"


def test_a_receipt_shows_what_was_asked_for_and_hides_the_rest() -> None:
    receipt = make_receipt({"what", "at"})
    assert {field["name"] for field in receipt["fields"]} == {"what", "at"}
    assert len(receipt["hidden"]) == len(FIELDS) - 2
    for name in set(FIELDS) - {"what", "at"}:
        assert f'"{name}"' not in to_bytes(receipt).decode()


def test_the_salt_is_in_no_receipt() -> None:
    raw = to_bytes(make_receipt())
    assert SALT.hex().encode() not in raw
    assert b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" not in raw


@pytest.mark.parametrize("names", [None, {"what"}, set()])
def test_every_receipt_that_is_built_is_proved(names: set[str] | None) -> None:
    assert judge(make_file(names), make_policy()).code == 0


def test_a_receipt_file_is_read_back_as_it_was_built() -> None:
    assert json.loads(make_file()) == make_receipt()


def test_parts_that_do_not_belong_together_make_no_receipt() -> None:
    whole = disclose(SALT, FIELDS, FIELDS)
    note = make_note()
    with pytest.raises(WrongProofLength):
        build_receipt(whole, index=INDEX, hashes=[], checkpoint=note)
    with pytest.raises(RootMismatch):
        build_receipt(whole, index=INDEX, hashes=[bytes(32)] * 2, checkpoint=note)
    with pytest.raises(MalformedNote):
        build_receipt(whole, index=INDEX, hashes=[], checkpoint="no checkpoint")


def test_a_receipt_with_a_field_missing_is_not_made() -> None:
    part = Disclosure(disclose(SALT, FIELDS, FIELDS).fields[1:], ())
    with pytest.raises(RootMismatch):
        build_receipt(part, index=INDEX, hashes=[bytes(32)] * 2, checkpoint=make_note())


def test_a_receipt_that_no_verifier_would_read_is_refused() -> None:
    receipt = make_receipt()
    receipt["fields"][0]["value"] = "x" * MAX_RECEIPT_BYTES
    with pytest.raises(ReceiptTooLarge):
        to_bytes(receipt)
