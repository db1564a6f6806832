"""Contacts are taken as written; tokens only as the tokenising command writes them."""

import pytest

from portal.police.cells import RefusedCell
from portal.police.person_cells import TOKEN_LABELS, email, telephone, tokens

A, B = "A" * 22, "b_-9" + "B" * 18
Notes = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("07700 900123", "07700 900123"),
        ("+44 (0)7700 900123", "+44 (0)7700 900123"),
        ("unknown", None),
        ("none given", None),
        ("12345", None),
    ],
)
def test_a_number_is_taken_as_written_or_noted_as_none(text: str, taken: str | None) -> None:
    notes: Notes = []
    assert telephone(text, lambda *note: notes.append(note)) == taken
    assert bool(notes) == (taken is None)
    assert text not in str(notes)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("ann@example.org", "ann@example.org"),
        ("n/a", None),
        ("@", None),
        ("ann@", None),
        ("ann at example.org", None),
        ("a b@example.org", None),
    ],
)
def test_an_address_is_taken_as_written_or_noted_as_none(text: str, taken: str | None) -> None:
    notes: Notes = []
    assert email(text, lambda *note: notes.append(note)) == taken
    assert bool(notes) == (taken is None)


def test_tokens_of_victim_and_place_come_apart_each_with_their_key() -> None:
    told = {
        "victim_name_tokens": f"f:{A} s:{B}",
        "place_tokens": f"u:{A}",
        "victim_email_tokens": "",
    }
    assert tokens(told, "2026-1") == (f"2026-1 f:{A} s:{B}", f"2026-1 u:{A}")
    assert tokens({"place_tokens": f"w:{A}"}, "2026-1") == (None, f"2026-1 w:{A}")
    assert tokens({"victim_email_tokens": ""}, "") == (None, None)


def test_tokens_of_one_victim_stand_in_one_order_whatever_that_of_the_columns() -> None:
    mail, name = ("victim_email_tokens", f"e:{A}"), ("victim_name_tokens", f"s:{B}")
    assert tokens(dict([mail, name]), "k") == tokens(dict([name, mail]), "k")


@pytest.mark.parametrize(
    "cell",
    [
        "Ann Example",
        f"q:{A}",
        f"e:{A}",
        f"f:{A[:-1]}",
        f"f:{A}=",
        f"f:{A},s:{B}",
        " ".join([f"f:{A}"] * 19),
        f"f:{A}\u200b",
    ],
)
def test_what_are_no_tokens_refuses_the_row_and_is_not_repeated(cell: str) -> None:
    with pytest.raises(RefusedCell) as raised:
        tokens({"victim_name_tokens": cell}, "2026-1")
    assert raised.value.field == "victim_name_tokens"
    assert cell not in raised.value.reason


@pytest.mark.parametrize("key", ["", "a key", "x" * 41, "\u202e"])
def test_tokens_without_the_name_of_their_key_refuse_the_row(key: str) -> None:
    with pytest.raises(RefusedCell) as raised:
        tokens({"victim_birth_tokens": f"b:{A}"}, key)
    assert raised.value.field == "token_key"


def test_no_letter_stands_for_two_things() -> None:
    letters = "".join(TOKEN_LABELS.values())
    assert len(set(letters)) == len(letters)
