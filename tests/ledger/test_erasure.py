"""An erasure counts only if it is the victim's own request, and names exactly what is gone."""

import base64
import copy
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ledger.code_chain import (
    CHANGED_WITH,
    REQUEST_KEY,
    SIGNATURE,
    change_message,
    changed_with_code,
)
from portal.ledger.entry import commitment, field_key, leaf
from portal.ledger.erasure import (
    BadErasure,
    BrokenChain,
    ErasedEntry,
    MalformedErasure,
    NoRequest,
    OlderRequest,
    OmittedLeaf,
    OtherReport,
    WrongKey,
    WrongLeaf,
    check_erasure,
    erasure_fields,
    newest_request_key,
    request_message,
)

Fields = dict[str, Any]
VICTIM = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
INSIDER = Ed25519PrivateKey.from_private_bytes(bytes([8]) * 32)
MINE, OTHERS = "0b1e0000-0000-4000-8000-000000000001", "0b1e0000-0000-4000-8000-000000000002"


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


def key_of(private: Ed25519PrivateKey) -> str:
    return encoded(private.public_key().public_bytes_raw())


class Log:
    """A small log in memory: entries of several reports, one after the other."""

    def __init__(self) -> None:
        self.leaves: list[bytes] = []
        self.entries: dict[str, list[ErasedEntry]] = {}

    def add(self, subject: str, kind: str, **fields: object) -> ErasedEntry:
        own = self.entries.setdefault(subject, [])
        full = fields | {
            "kind": kind,
            "at": "2026-03-02T09:00:00.000000Z",
            "subject": subject,
            "sequence": len(own) + 1,
            "previous": encoded(leaf(own[-1].salt, own[-1].fields)) if own else None,
        }
        salt = bytes([len(self.leaves) + 1]) * 32
        made = ErasedEntry(len(self.leaves), salt, full)
        own.append(made)
        self.leaves.append(leaf(salt, full))
        return made

    def leaf_of(self, index: int) -> bytes | None:
        return self.leaves[index] if index < len(self.leaves) else None

    def erase(self, subject: str, signer: Ed25519PrivateKey, upto: int | None = None) -> Fields:
        """The fields of the erased entry for a report's first `upto` entries."""
        own = self.entries[subject][:upto]
        newest = leaf(own[-1].salt, own[-1].fields)
        signature = signer.sign(request_message(subject, len(own), newest))
        whole = self.entries[subject]
        last = leaf(whole[-1].salt, whole[-1].fields)
        placed = {
            "kind": "erased",
            "subject": subject,
            "sequence": len(whole) + 1,
            "previous": encoded(last),
        }
        return erasure_fields(own, signature) | placed


@pytest.fixture
def log() -> Log:
    made = Log()
    made.add(MINE, "submitted", **{REQUEST_KEY: key_of(VICTIM), "answers.words": "Quaggamire"})
    made.add(OTHERS, "submitted", **{REQUEST_KEY: key_of(INSIDER)})
    made.add(MINE, "looked_at", reason="Kinkajoure")
    made.add(OTHERS, "looked_at", reason="mine")
    made.add(MINE, "alert_raised")
    return made


def change(log: Log, new: Ed25519PrivateKey, signer: Ed25519PrivateKey) -> ErasedEntry:
    """The return code is changed to the one of `new`, with a signature by `signer`."""
    old, fresh = (one.public_key().public_bytes_raw() for one in (VICTIM, new))
    signature = signer.sign(change_message(MINE, old, fresh))
    return log.add(MINE, "code_changed", **changed_with_code(fresh, b"hash", signature))


def refused(log: Log, fields: Fields, error: type[BadErasure]) -> None:
    with pytest.raises(error) as caught:
        check_erasure(fields, log.leaf_of)
    assert type(caught.value) is error


def test_the_victims_own_request_erases_exactly_their_entries(log: Log) -> None:
    assert check_erasure(log.erase(MINE, VICTIM), log.leaf_of) == {0, 2, 4}


def test_an_erasure_holds_no_content(log: Log) -> None:
    said = str(log.erase(MINE, VICTIM))
    assert "Quaggamire" not in said
    assert "Kinkajoure" not in said


def test_without_a_request_nothing_is_erased(log: Log) -> None:
    fields = log.erase(MINE, VICTIM)
    del fields["request"]
    refused(log, fields, NoRequest)


def test_without_a_key_on_record_nobody_can_make_a_request(log: Log) -> None:
    third = "0b1e0000-0000-4000-8000-000000000003"
    log.add(third, "submitted")
    refused(log, log.erase(third, VICTIM), NoRequest)


def test_a_request_signed_by_an_insider_erases_nothing(log: Log) -> None:
    refused(log, log.erase(MINE, INSIDER), WrongKey)


def test_another_reports_request_erases_nothing(log: Log) -> None:
    fields = log.erase(MINE, VICTIM)
    fields["request"] = log.erase(OTHERS, INSIDER)["request"]
    refused(log, fields, OtherReport)


def test_a_request_of_before_newer_entries_cannot_be_replayed(log: Log) -> None:
    refused(log, log.erase(MINE, VICTIM, upto=2), OlderRequest)
    fields = log.erase(MINE, VICTIM)
    fields["request"] = log.erase(MINE, VICTIM, upto=2)["request"]
    refused(log, fields, OlderRequest)


def test_a_request_for_another_newest_leaf_erases_nothing(log: Log) -> None:
    fields = log.erase(MINE, VICTIM)
    fields["request"]["signed"][3] = encoded(log.leaves[3])
    refused(log, fields, OlderRequest)


def test_nobody_buries_another_report_with_a_request_for_their_own(log: Log) -> None:
    own = log.erase(OTHERS, INSIDER)
    victims = log.erase(MINE, VICTIM)["erased"]
    for replaced in range(2):
        fields = copy.deepcopy(own)
        fields["erased"][replaced] = victims[replaced]
        refused(log, fields, OtherReport)


def test_a_leaf_that_is_left_out_is_noticed(log: Log) -> None:
    for left_out in range(3):
        fields = log.erase(MINE, VICTIM)
        del fields["erased"][left_out]
        refused(log, fields, OmittedLeaf)


def test_a_leaf_that_is_named_twice_or_in_another_order_is_noticed(log: Log) -> None:
    fields = log.erase(MINE, VICTIM)
    fields["erased"].append(fields["erased"][-1])
    refused(log, fields, OmittedLeaf)
    fields = log.erase(MINE, VICTIM)
    fields["erased"].reverse()
    refused(log, fields, OmittedLeaf)
    fields = log.erase(MINE, VICTIM)
    fields["erased"][2] = fields["erased"][1]
    refused(log, fields, OmittedLeaf)


def test_an_index_of_another_leaf_erases_nothing(log: Log) -> None:
    for index in (1, 3, 99, -1):
        fields = log.erase(MINE, VICTIM)
        fields["erased"][0]["index"] = index
        refused(log, fields, WrongLeaf)


def test_a_key_that_the_entry_does_not_commit_to_is_no_key(log: Log) -> None:
    fields = log.erase(MINE, INSIDER)
    shown = next(each for each in fields["erased"][0]["fields"] if each[0] == REQUEST_KEY)
    shown[1] = key_of(INSIDER)
    refused(log, fields, WrongLeaf)


def test_a_replaced_key_is_the_one_that_counts(log: Log) -> None:
    new = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    change(log, new, VICTIM)
    log.add(MINE, "looked_at")
    assert newest_request_key(log.entries[MINE]) == new.public_key().public_bytes_raw()
    refused(log, log.erase(MINE, VICTIM), WrongKey)
    assert check_erasure(log.erase(MINE, new), log.leaf_of) == {0, 2, 4, 5, 6}


def test_a_key_that_the_one_before_it_did_not_sign_erases_nothing(log: Log) -> None:
    change(log, INSIDER, INSIDER)
    assert newest_request_key(log.entries[MINE]) == VICTIM.public_key().public_bytes_raw()
    refused(log, log.erase(MINE, INSIDER), BrokenChain)


@pytest.mark.parametrize("hidden", [REQUEST_KEY, SIGNATURE, CHANGED_WITH])
def test_whoever_has_an_older_code_cannot_hide_that_there_is_a_newer_one(
    log: Log, hidden: str
) -> None:
    new = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    changed = change(log, new, VICTIM)
    fields = log.erase(MINE, VICTIM)
    refused(log, fields, WrongKey)
    named = next(one for one in fields["erased"] if one["index"] == changed.index)
    named["fields"] = [one for one in named["fields"] if one[0] != hidden]
    key = field_key(changed.salt, hidden)
    named["hidden"] += [encoded(commitment(key, hidden, changed.fields[hidden]))]
    refused(log, fields, BrokenChain)


def test_every_entry_says_its_kind_so_that_none_can_hide_a_change_of_the_code(log: Log) -> None:
    fields = log.erase(MINE, VICTIM)
    first = log.entries[MINE][1]
    named = next(one for one in fields["erased"] if one["index"] == first.index)
    named["fields"] = [one for one in named["fields"] if one[0] != "kind"]
    key = field_key(first.salt, "kind")
    named["hidden"] += [encoded(commitment(key, "kind", "looked_at"))]
    refused(log, fields, MalformedErasure)


def _drop(name: str) -> Callable[[Fields], None]:
    def change(fields: Fields) -> None:
        del fields[name]

    return change


@pytest.mark.parametrize(
    "change",
    [
        _drop("erased"),
        _drop("subject"),
        _drop("sequence"),
        lambda fields: fields.update(kind="withdrawn"),
        lambda fields: fields.update(sequence=True),
        lambda fields: fields.update(request="yes"),
        lambda fields: fields["request"].update(signed=[]),
        lambda fields: fields["request"].update(signature=None),
        lambda fields: fields["request"].update(signature="AAA"),
        lambda fields: fields["request"].update(signature="AB=="),
        lambda fields: fields["erased"].__setitem__(0, "all"),
        lambda fields: fields["erased"][0].update(index=None),
        lambda fields: fields["erased"][0].update(index=True),
        lambda fields: fields["erased"][0].update(hidden=["AAAA"]),
        lambda fields: fields["erased"][0].update(fields=[["subject", MINE]]),
        lambda fields: fields["erased"][0]["fields"].append(fields["erased"][0]["fields"][0]),
    ],
)
def test_what_is_not_written_in_the_one_right_way_is_refused(
    log: Log, change: Callable[[Fields], None]
) -> None:
    fields = log.erase(MINE, VICTIM)
    change(fields)
    refused(log, fields, MalformedErasure)


def test_a_key_of_the_wrong_length_signs_nothing(log: Log) -> None:
    third = "0b1e0000-0000-4000-8000-000000000003"
    log.add(third, "submitted", **{REQUEST_KEY: encoded(b"short")})
    refused(log, log.erase(third, VICTIM), WrongKey)
