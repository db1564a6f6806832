"""A receipt in digits comes back as it was, and nothing that was written otherwise is read."""

import base64
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.ledger.entry import MAX_INTEGER, DisclosedField, canonical, commitment
from portal.ledger.fragment import BadFragment, decode, encode, from_digits, to_digits
from portal.ledger.receipt import FORMAT, Receipt, format_proof, to_bytes
from portal.ledger.verify import judge
from tests.rig.ledger import make_policy, make_receipt

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
HASH = st.binary(min_size=32, max_size=32)


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@st.composite
def receipts(draw: st.DrawFn) -> Receipt:
    names = draw(st.lists(TEXT.filter(bool), unique=True, max_size=4))
    hidden = sorted(draw(st.sets(HASH, max_size=5)))
    hashes = draw(st.lists(HASH, max_size=5))
    return {
        "format": FORMAT,
        "fields": [
            {"name": name, "value": draw(VALUES), "key": base64_of(draw(HASH))} for name in names
        ],
        "hidden": [base64_of(one) for one in hidden],
        "proof": format_proof(draw(st.integers(0, 2**63 - 1)), hashes, draw(TEXT)),
    }


@given(receipts())
def test_a_receipt_comes_back_as_it_was(receipt: Receipt) -> None:
    assert decode(encode(receipt)) == receipt
    assert encode(receipt).isdecimal()


@given(st.binary(max_size=40))
@example(b"\xff" * 9)
def test_bytes_come_back_as_they_were(data: bytes) -> None:
    digits = to_digits(data)
    assert from_digits(digits) == data
    assert len(digits) == len(data) // 5 * 13 + (0, 3, 5, 8, 10)[len(data) % 5]


@given(st.text("0123456789", max_size=40))
def test_no_two_rows_of_digits_stand_for_the_same_bytes(digits: str) -> None:
    try:
        data = from_digits(digits)
    except BadFragment:
        return
    assert to_digits(data) == digits


@pytest.mark.parametrize("names", [{"kind", "at", "sequence"}, {"what", "items"}, set()])
def test_a_receipt_out_of_digits_is_proved_as_the_file_is(names: set[str]) -> None:
    read = decode(encode(make_receipt(names)))
    verdict = judge(to_bytes(read), make_policy())
    assert verdict.code == 0
    assert {name for name, _ in verdict.fields} == names


def test_a_digit_that_was_changed_is_noticed() -> None:
    digits = encode(make_receipt({"kind", "at"}))
    for at in range(0, len(digits), 7):
        changed = digits[:at] + str((int(digits[at]) + 1) % 10) + digits[at + 1 :]
        try:
            receipt = decode(changed)
        except BadFragment:
            continue
        assert judge(to_bytes(receipt), make_policy()).code != 0, at


@pytest.mark.parametrize(
    "digits",
    [
        "",
        "1",
        "12",
        "1234",
        "256",  # one byte is at most 255
        "65536",
        "9999999999999",
        "00a",
        "-01",
        "+01",
        " 001",
        "001\n",
        "٠٠١",  # digits of another script
    ],
)
def test_digits_that_stand_for_nothing_are_refused(digits: str) -> None:
    with pytest.raises(BadFragment):
        decode(digits)


def raw(*, fields: bytes = b"\0", hidden: bytes = b"\0\0", rest: bytes | None = None) -> bytes:
    """The bytes of a fragment, put together by hand."""
    tail = bytes(8) + b"\0" + b"\0\1x" if rest is None else rest
    return b"\1" + fields + hidden + tail


def one_field(name: bytes, value: bytes) -> bytes:
    return bytes([len(name)]) + name + len(value).to_bytes(2) + value + bytes(32)


def test_the_bytes_are_those_that_the_log_format_names() -> None:
    receipt = decode(to_digits(raw(fields=b"\1" + one_field(b"at", b'"now"'))))
    assert receipt["fields"] == [{"name": "at", "value": "now", "key": base64_of(bytes(32))}]
    assert receipt["proof"] == format_proof(0, [], "x")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\2" + raw()[1:], id="another version"),
        pytest.param(raw() + b"\0", id="bytes at the end"),
        pytest.param(raw()[:-1], id="cut short"),
        pytest.param(raw(fields=b"\1" + one_field(b"", b"1")), id="a field without a name"),
        pytest.param(raw(fields=b"\1" + one_field(b"\xff", b"1")), id="a name that is no text"),
        pytest.param(raw(fields=b"\2" + one_field(b"a", b"1") * 2), id="a field twice"),
        pytest.param(raw(fields=b"\1" + one_field(b"a", b'{"a":1,"a":1}')), id="a key twice"),
        pytest.param(raw(fields=b"\1" + one_field(b"a", b" 1")), id="a space"),
        pytest.param(raw(fields=b"\1" + one_field(b"a", b"1.0")), id="a fraction"),
        pytest.param(raw(fields=b"\1" + one_field(b"a", b"NaN")), id="no number"),
        pytest.param(raw(fields=b"\1" + one_field(b"a", b"-0")), id="minus nothing"),
        pytest.param(raw(fields=b"\1" + one_field(b"a", b"9" * 5000)), id="a huge number"),
        pytest.param(raw(fields=b"\1" + one_field(b"a", b"[" * 60000)), id="nested without end"),
        pytest.param(raw(fields=b"\1" + one_field(b"a", b'"\\u0041"')), id="a needless escape"),
        pytest.param(raw(hidden=b"\0\2" + b"b" * 32 + b"a" * 32), id="hidden out of order"),
        pytest.param(raw(hidden=b"\0\2" + b"a" * 64), id="one hidden twice"),
        pytest.param(raw(rest=b"\x80" + bytes(7) + b"\0\0\1x"), id="an entry that is too far"),
        pytest.param(raw(rest=bytes(8) + b"\0\0\1\xff"), id="a checkpoint that is no text"),
    ],
)
def test_whatever_is_not_written_in_the_one_way_is_refused(data: bytes) -> None:
    with pytest.raises(BadFragment):
        decode(to_digits(data))


def test_what_no_count_can_hold_is_refused() -> None:
    long = make_receipt()
    long["fields"][0]["value"] = "x" * 65536
    many = make_receipt()
    many["fields"] = [{"name": str(n), "value": n, "key": base64_of(bytes(32))} for n in range(256)]
    broken = make_receipt()
    broken["proof"] = broken["proof"].replace("index 4", "index 04")
    odd = make_receipt()
    odd["proof"] = odd["proof"].replace("index 4\n", "index 4\nAA\n")
    for receipt in (long, many, broken, odd):
        with pytest.raises(BadFragment):
            encode(receipt)


def test_the_value_in_the_fragment_is_the_one_that_is_committed_to() -> None:
    field = DisclosedField("a", {"b": [1, None]}, bytes(32))
    assert commitment(field.key, field.name, field.value)
    receipt = decode(to_digits(raw(fields=b"\1" + one_field(b"a", canonical(field.value)))))
    assert receipt["fields"][0]["value"] == field.value
