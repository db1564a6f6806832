"""A leaf tells nothing, a disclosed field tells only itself, and no field can be swapped."""

import hashlib
import hmac
import json
import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.entry import (
    BadCommitment,
    BadField,
    canonical,
    commitment,
    disclose,
    field_key,
    leaf,
    leaf_from_commitments,
    leaf_of,
    new_salt,
)

SALT = bytes(range(32))
FIELDS: Mapping[str, object] = {"kind": "submitted", "what": "burglary", "told": True, "n": 3}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
entries = st.dictionaries(texts.filter(bool), values, min_size=1, max_size=6)


def test_the_leaf_is_what_the_documented_format_says() -> None:
    commitments = []
    for name, value in FIELDS.items():
        key = hmac.digest(SALT, b"on-record/v1/field-key\0" + name.encode(), "sha256")
        message = json.dumps([name, value], separators=(",", ":")).encode()
        commitments.append(hmac.digest(key, message, "sha256"))
    joined = b"".join(sorted(commitments))
    expected = b"\x01" + hashlib.sha256(b"on-record/v1/entry\0" + joined).digest()
    assert leaf(SALT, FIELDS) == expected


@given(st.binary(min_size=32, max_size=32), entries)
def test_every_leaf_looks_like_every_other(salt: bytes, fields: dict[str, object]) -> None:
    one = leaf(salt, fields)
    assert (len(one), one[0]) == (33, 1)


@given(entries, st.randoms(use_true_random=False))
def test_the_order_in_which_answers_were_given_does_not_show(
    fields: dict[str, object], chance: random.Random
) -> None:
    shuffled = list(fields.items())
    chance.shuffle(shuffled)
    assert leaf(SALT, dict(shuffled)) == leaf(SALT, fields)


def test_the_same_answers_give_another_leaf_each_time() -> None:
    assert leaf(new_salt(), FIELDS) != leaf(new_salt(), FIELDS)


@given(entries, st.data())
def test_showing_some_fields_still_gives_the_entry(
    fields: dict[str, object], data: st.DataObject
) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(fields))))
    shown = disclose(SALT, fields, names)
    assert leaf_of(shown) == leaf(SALT, fields)
    assert {field.name for field in shown.fields} == names
    assert list(shown.hidden) == sorted(shown.hidden)
    assert len(shown.hidden) == len(fields) - len(names)
    assert all(field.key == field_key(SALT, field.name) for field in shown.fields)


@given(entries, entries)
def test_other_answers_never_give_the_same_entry(
    one: dict[str, object], two: dict[str, object]
) -> None:
    same = canonical(one) == canonical(two)
    assert (leaf(SALT, one) == leaf(SALT, two)) is same


@pytest.mark.parametrize(
    ("one", "two"), [(1, True), (0, False), ("1", 1), (None, ""), ([], {}), ("\u00e9", "e\u0301")]
)
def test_answers_that_look_alike_are_told_apart(one: object, two: object) -> None:
    key = field_key(SALT, "x")
    assert commitment(key, "x", one) != commitment(key, "x", two)


def test_a_name_and_a_value_cannot_trade_places() -> None:
    key = field_key(SALT, "x")
    assert commitment(key, "a", "b") != commitment(key, "b", "a")
    assert commitment(key, 'a","b', "c") != commitment(key, "a", 'b","c')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [None, True, False]}, '{"a":[null,true,false],"b":1}'),
        ('é\u2028\x7f/\\"', '"é\u2028\x7f/\\\\\\""'),
        ("\b\t\n\f\r\x00\x1f", '"\\b\\t\\n\\f\\r\\u0000\\u001f"'),
        # RFC 8785 section 3.2.3: by UTF-16 code units an emoji comes before U+FB33.
        ({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3}, '{"\u20ac":3,"\U0001f600":2,"\ufb33":1}'),
        (-(2**53) + 1, "-9007199254740991"),
    ],
)
def test_the_encoding_is_that_of_rfc_8785(value: object, expected: str) -> None:
    assert canonical(value).decode() == expected


def nested(depth: int) -> object:
    return [nested(depth - 1)] if depth else "x"


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        b"bytes",
        ("a", "tuple"),
        {1: "a number as a key"},
        "\ud800",
        {"\udfff": 1},
        ["\ud83d"],
        {"deep": [0.5]},
        nested(17),
    ],
)
def test_a_value_without_one_encoding_is_refused(value: object) -> None:
    with pytest.raises(BadField):
        canonical(value)


def test_a_value_at_the_limit_of_nesting_is_taken() -> None:
    assert canonical(nested(16)).count(b"[") == 16


@pytest.mark.parametrize("name", ["", "\ud800"])
def test_a_field_without_a_proper_name_is_refused(name: str) -> None:
    with pytest.raises(BadField):
        leaf(SALT, {name: "x"})


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33), bytes(64)])
def test_a_key_that_is_not_32_bytes_is_refused(key: bytes) -> None:
    with pytest.raises(BadCommitment):
        commitment(key, "x", "y")
    with pytest.raises(BadCommitment):
        field_key(key, "x")
    with pytest.raises(BadCommitment):
        leaf_from_commitments([key])


def test_an_entry_of_nothing_or_of_the_same_field_twice_is_refused() -> None:
    with pytest.raises(BadCommitment):
        leaf(SALT, {})
    with pytest.raises(BadCommitment):
        leaf_from_commitments([bytes(32), bytes(32)])


def test_a_field_that_the_entry_lacks_cannot_be_shown() -> None:
    with pytest.raises(BadField):
        disclose(SALT, FIELDS, {"who"})
