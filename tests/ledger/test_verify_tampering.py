"""No change to what a receipt means goes through, and no bytes at all break the verifier."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.ledger.checkpoint import sign_checkpoint
from portal.ledger.entry import disclose, leaf
from portal.ledger.merkle import inclusion_proof, leaf_hash, root
from portal.ledger.receipt import build_receipt, to_bytes
from portal.ledger.tiles import StoredTree
from portal.ledger.verify import NOT_PROVED, PROVED, UNREADABLE, judge, show
from tests.rig.ledger import FIELDS, LOG, SALT, changed, make_file, make_note, make_policy

RECEIPT = make_file({"what", "told_police"}, make_note(cosigned={"pcc": 1_762_000_000}))
POLICY = make_policy(quorum="pcc")
TEXT = '{"format":"on-record-receipt/v1","fields":[],"hidden":[],"proof":""}'


def meaning(data: bytes) -> str | None:
    """What another JSON reader makes of the file, told apart to the last type."""
    try:
        return json.dumps(json.loads(data.decode()), sort_keys=True)
    except (ValueError, RecursionError):
        return None


def assert_caught(data: bytes) -> None:
    verdict = judge(data, POLICY)
    if verdict.code == PROVED:
        assert meaning(data) == meaning(RECEIPT), data
    else:
        assert verdict.code in (NOT_PROVED, UNREADABLE), data
    assert "Traceback" not in show(verdict)


def test_the_receipt_is_good_before_anyone_touches_it() -> None:
    assert judge(RECEIPT, POLICY).code == PROVED


@pytest.mark.parametrize("quarter", range(4))
def test_changing_any_one_byte_is_caught(quarter: int) -> None:
    chance = random.Random(quarter)
    for place in range(quarter, len(RECEIPT), 4):
        for new in {*chance.sample(range(256), 2), RECEIPT[place] ^ 1}:
            assert_caught(RECEIPT[:place] + bytes([new]) + RECEIPT[place + 1 :])


@pytest.mark.parametrize("width", [1, 44])
def test_removing_or_repeating_any_bytes_is_caught(width: int) -> None:
    for place in range(0, len(RECEIPT) - width):
        assert_caught(RECEIPT[:place] + RECEIPT[place + width :])
        if place % 3 == 0:
            assert_caught(RECEIPT[: place + width] + RECEIPT[place:])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=20), st.integers(0, len(RECEIPT)), st.integers(0, 20))
def test_putting_other_bytes_in_is_caught(junk: bytes, place: int, width: int) -> None:
    assert_caught(RECEIPT[:place] + junk + RECEIPT[place + width :])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_verifier_fail(data: bytes) -> None:
    assert judge(data).code in (NOT_PROVED, UNREADABLE)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
strange_fields = st.fixed_dictionaries(
    {"name": json_values, "value": json_values, "key": json_values | st.just("A" * 43 + "=")}
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(strange_fields | json_values, max_size=3) | json_values,
    st.lists(json_values, max_size=3) | json_values,
    st.text(alphabet="c2sp.org/tlog-proof@v1\nindex 0A=— ", max_size=60) | json_values,
)
def test_no_receipt_of_the_right_shape_makes_the_verifier_fail(
    fields: object, hidden: object, proof: object
) -> None:
    receipt = {**json.loads(TEXT), "fields": fields, "hidden": hidden, "proof": proof}
    assert judge(json.dumps(receipt).encode(), POLICY).code in (NOT_PROVED, UNREADABLE)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), st.integers(0, 900), st.integers(0, 30))
def test_no_proof_makes_the_verifier_fail(junk: str, place: int, width: int) -> None:
    receipt = json.loads(RECEIPT)
    proof = receipt["proof"]
    receipt["proof"] = proof[:place] + junk + proof[place + width :]
    data = json.dumps(receipt).encode()
    if receipt["proof"] != proof:
        assert judge(data, POLICY).code == NOT_PROVED
    else:
        assert judge(data, POLICY).code == PROVED


def test_a_number_changed_in_a_large_log_is_told_from_other_changes() -> None:
    leaves = [bytes([1]) + number.to_bytes(32, "big") for number in range(4096)]
    leaves[2500] = leaf(SALT, FIELDS)
    hashes = [leaf_hash(one) for one in leaves]
    tree = StoredTree(
        lambda start, end: leaves[start:end],
        lambda _, start, end: [root(hashes[256 * n : 256 * n + 256]) for n in range(start, end)],
        len(leaves),
    )
    receipt = build_receipt(
        disclose(SALT, FIELDS, FIELDS),
        index=2500,
        hashes=inclusion_proof(2500, 4096, tree.node),
        checkpoint=sign_checkpoint(4096, root(map(leaf_hash, leaves)), LOG),
    )
    policy = make_policy()
    assert judge(to_bytes(receipt), policy).code == PROVED
    for number, words in (
        (2501, "Everything fits entry number 2500 instead"),
        (2999, "Everything fits entry number 2500 instead"),
        (2100, "Everything fits entry number 2500 instead"),
        (7, "a hash of the proof or the entry number was changed"),
    ):
        proof = receipt["proof"].replace("index 2500", f"index {number}")
        verdict = judge(changed(to_bytes(receipt), proof=proof), policy)
        assert verdict.code == NOT_PROVED
        assert words in verdict.summary


def test_blanks_in_a_name_are_those_that_the_page_knows() -> None:
    blanks = {chr(number) for number in range(0x110000) if chr(number).isspace()}
    listed = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    assert blanks == {*listed, *map(chr, range(0x2000, 0x200B))}
