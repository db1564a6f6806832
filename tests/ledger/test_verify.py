"""What a verdict says: what is proved, what is not, and what is wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger import entry
from portal.ledger.verify import (
    NOT_PROVED,
    PROVED,
    SIGNER_UNKNOWN,
    UNREADABLE,
    NotProved,
    canonical,
    judge,
    judge_address,
    read_json,
    show,
)
from tests.rig.address import to_address
from tests.rig.ledger import (
    FIELDS,
    INDEX,
    LOG,
    OTHER_LOG,
    PCC,
    SIZE,
    changed,
    make_file,
    make_note,
    make_policy,
)
from tests.rig.tampering import TAMPERED, Tamper, tampered

BOTH = {"pcc": 1_762_000_000, "inspector": 1_762_000_600}


def test_a_receipt_proves_its_fields_and_its_place_in_the_log() -> None:
    verdict = judge(make_file(), make_policy())
    assert verdict.code == PROVED
    assert dict(verdict.fields) == FIELDS
    assert (verdict.origin, verdict.entry_index, verdict.size) == (LOG.name, INDEX, SIZE)
    text = show(verdict)
    assert f"entry number {INDEX} (counted from 0) of the log {LOG.name}" in text
    assert f"{LOG.name}+{LOG.key_id.hex()} of your policy" in text


def test_a_receipt_says_what_it_does_not_prove() -> None:
    for policy in (make_policy(), None, make_policy("group g any pcc", quorum="g")):
        text = show(judge(make_file(note=make_note(cosigned=BOTH)), policy))
        assert "What this does not prove:" in text
        assert "Who wrote it." in text
        assert "That what it says is true." in text
        assert "acted on it" in text


def test_without_a_policy_nobody_is_believed() -> None:
    verdict = judge(make_file(note=make_note(OTHER_LOG)))
    assert verdict.code == SIGNER_UNKNOWN
    assert verdict.summary == "Consistent, signer unknown."
    assert verdict.not_after is None


def test_without_a_witness_no_time_is_claimed() -> None:
    verdict = judge(make_file(), make_policy())
    assert verdict.not_after is None
    assert any("No time is claimed" in sentence for sentence in verdict.not_proved)


def test_the_time_is_the_earliest_by_which_enough_witnesses_saw_it() -> None:
    receipt = make_file(note=make_note(cosigned={**BOTH, "court": 1_762_000_300}))
    for rule, expected in (("any", 1_762_000_000), ("2", 1_762_000_300), ("all", 1_762_000_600)):
        policy = make_policy(f"group g {rule} pcc inspector court", quorum="g")
        verdict = judge(receipt, policy)
        assert (verdict.code, verdict.not_after) == (PROVED, expected)
    assert "in the log not after 01 November 2025, 12:36:40 UTC" in show(verdict)


def test_one_group_can_be_part_of_another() -> None:
    receipt = make_file(note=make_note(cosigned=BOTH))
    lines = ("group first any pcc court", "group both all first inspector")
    assert judge(receipt, make_policy(*lines, quorum="both")).not_after == 1_762_000_600
    assert judge(receipt, make_policy(*lines, quorum="first")).not_after == 1_762_000_000


def test_a_witness_that_is_not_needed_gives_no_time() -> None:
    verdict = judge(make_file(note=make_note(cosigned=BOTH)), make_policy(quorum="none"))
    assert (verdict.code, verdict.not_after) == (PROVED, None)


def test_too_few_witnesses_prove_nothing() -> None:
    receipt = make_file(note=make_note(cosigned=BOTH))
    for quorum in ("court", "g"):
        policy = make_policy("group g all pcc inspector court", quorum=quorum)
        verdict = judge(receipt, policy)
        assert verdict.code == NOT_PROVED
        assert "Quorum not met" in verdict.summary


def test_a_time_beyond_every_calendar_is_still_shown() -> None:
    receipt = make_file(note=make_note(cosigned={"pcc": 2**63 - 1}))
    verdict = judge(receipt, make_policy(quorum="pcc"))
    assert verdict.code == PROVED
    assert "9223372036854775807 seconds after the start of 1970" in show(verdict)


def test_hidden_fields_are_counted_and_not_shown() -> None:
    verdict = judge(make_file({"what"}), make_policy())
    assert (verdict.code, verdict.hidden) == (PROVED, len(FIELDS) - 1)
    assert f"stay hidden: {len(FIELDS) - 1}" in show(verdict)


def test_fields_are_shown_in_plain_words() -> None:
    text = show(judge(make_file(), make_policy()))
    for line in (
        "  told_police\n    | yes",
        "  previous\n    | (nothing)",
        "    | Somebody broke in.\n    | They took a bicycle \U0001f6b2 worth £300.",
        "    | - bicycle\n    | - lock: broken\n    | - count: 2",
    ):
        assert line in text


def test_nothing_in_a_receipt_can_move_or_hide_what_is_shown() -> None:
    nasty = "\x1b[2J\u202eevil\u2066\u200b\x7f\x85\u2028\nProved."
    receipt = json.loads(make_file())
    receipt["fields"][0]["value"] = nasty
    verdict = judge(make_file(), make_policy())._replace(
        fields=[(nasty, nasty), ("list", [nasty, {nasty: nasty}])], summary=nasty
    )
    text = show(verdict)
    assert not set(text) & set("\x1b\u202e\u2066\u200b\x7f\x85\u2028")
    assert "<U+202E>evil" in text
    assert text.count("\nProved.") == 0


@pytest.mark.parametrize(("tamper", "words"), TAMPERED)
def test_a_receipt_that_was_tampered_with_is_named_for_what_is_wrong(
    tamper: Tamper, words: str
) -> None:
    verdict = judge(tampered(tamper), make_policy())
    assert verdict.code == NOT_PROVED
    assert words in verdict.summary
    assert not verdict.proved
    assert not verdict.fields


def test_a_cosignature_that_does_not_fit_spoils_the_receipt() -> None:
    receipt = json.loads(make_file(note=make_note(cosigned={"pcc": 1})))
    stolen = make_note(LOG, {"inspector": 1}).rsplit(" ", 1)[1]
    own = make_note(LOG, {"pcc": 1}).rsplit(" ", 1)[1]
    receipt["proof"] = receipt["proof"].replace(own, own[:8] + stolen[8:])
    verdict = judge(json.dumps(receipt).encode(), make_policy(quorum="pcc"))
    assert verdict.code == NOT_PROVED
    assert "pcc" in verdict.summary
    assert PCC.name in receipt["proof"]


def test_one_bad_cosignature_spoils_nothing_where_the_others_are_enough() -> None:
    receipt = json.loads(make_file(note=make_note(cosigned={**BOTH, "court": 1_761_000_000})))
    court = receipt["proof"].rsplit(" ", 1)[1]
    receipt["proof"] = receipt["proof"].replace(court, court[:40] + "A" * 8 + court[48:])
    spoilt = json.dumps(receipt).encode()
    policy = make_policy("group g 2 pcc inspector court", quorum="g")
    verdict = judge(spoilt, policy)
    assert (verdict.code, verdict.not_after) == (PROVED, 1_762_000_600)
    assert "court" not in "".join(verdict.proved)
    assert verdict.not_proved[-1] == "That witness court saw it: its cosignature does not fit."
    assert judge(spoilt, make_policy()).code == PROVED
    for quorum in ("court", "all3"):
        policy = make_policy("group all3 all pcc inspector court", quorum="all3")
        policy = make_policy(quorum="court") if quorum == "court" else policy
        assert "the cosignature of witness court does not fit" in judge(spoilt, policy).summary


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"{}",
        b"[]",
        b"null",
        b'"on-record-receipt/v1"',
        b'{"format": "on-record-receipt/v2"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b" " * 1_000_001,
        make_file()[:-20],
        make_file() + b"x",
        make_file().replace(b"receipt/v1", b"receipt/v2"),
    ],
)
def test_a_file_that_is_no_receipt_is_called_unreadable(data: bytes) -> None:
    assert judge(data, make_policy()).code == UNREADABLE


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b" \r\n", "The receipt file is empty."),
        (b"%PDF-1.7", "The receipt file is a PDF. A receipt file is plain text in UTF-8."),
        (b"\xff\xd8\xff\xe0", "If you have only the sheet, check the address in its square code"),
        (b"<!DOCTYPE html>", "The receipt file is a web page."),
        (make_policy(), "You chose a policy file as the receipt."),
        (b"# mine\n" + make_policy(), "You chose a policy file as the receipt."),
        (b"https://record.example/receipts/check", "The address lacks the digits after the #."),
        (make_file()[:-20], "The receipt is not JSON in UTF-8. It may be damaged or cut short."),
    ],
)
def test_a_wrong_file_is_called_what_it_is(data: bytes, words: str) -> None:
    verdict = judge(data, make_policy())
    assert verdict.code == UNREADABLE
    assert words in verdict.summary


def test_a_receipt_that_a_windows_program_saved_again_is_still_good() -> None:
    for data in (make_file(), make_file(note=make_note(cosigned={"pcc": 1}))):
        again = b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
        assert judge(again, make_policy()) == judge(data, make_policy())
        assert judge(b"\xef\xbb\xbf" + again, make_policy()).code == UNREADABLE


def test_a_line_end_of_windows_within_what_is_signed_is_no_harmless_change() -> None:
    signed = changed(make_file(), proof=json.loads(make_file())["proof"].replace("\n", "\r\n"))
    assert judge(signed, make_policy()).code == NOT_PROVED


def test_a_file_with_the_address_of_a_square_code_is_judged_like_the_address() -> None:
    address = to_address(json.loads(make_file()))
    assert judge(address.encode() + b"\r\n", make_policy()) == judge_address(address, make_policy())


@pytest.mark.parametrize(
    "data",
    [
        make_file().replace(b'"hidden"', b'"hidden": [], "hidden"'),
        make_file().replace(b'"name"', b'"name": "x", "name"', 1),
        make_file().replace(b": 2", b": 2.0"),
        make_file().replace(b": 2", b": 2e0"),
        make_file().replace(b": 2", b": NaN"),
        make_file().replace(b": 2", b": 9007199254740992"),
        make_file().replace(b": 2", b": " + b"9" * 5000),
    ],
)
def test_json_that_can_be_read_in_two_ways_is_refused(data: bytes) -> None:
    verdict = judge(data, make_policy())
    assert data != make_file()
    assert verdict.code == NOT_PROVED
    assert "Malformed receipt" in verdict.summary


def test_a_receipt_saved_again_by_another_program_is_still_good() -> None:
    again = json.dumps(json.loads(make_file()), sort_keys=True, indent=4).encode()
    assert judge(again, make_policy()).code == PROVED
    receipt = json.loads(make_file({"what"}))
    assert judge(changed(again, hidden=[], fields=receipt["fields"])).code == NOT_PROVED
    shuffled = changed(make_file({"what"}), hidden=receipt["hidden"][::-1])
    assert judge(shuffled, make_policy()).code == PROVED


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(values)
def test_the_log_and_the_verifier_encode_every_value_alike(value: object) -> None:
    try:
        encoded = entry.canonical(value)
    except entry.BadField:
        with pytest.raises(NotProved):
            canonical(value)
    else:
        assert canonical(value) == encoded
        assert canonical(read_json(encoded)) == encoded
