"""Promises about a number that is sent once: short to type, and hopeless to guess."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.reports.one_time_numbers import (
    DIGITS,
    MOST_TRIES,
    VALID_FOR,
    hash_number,
    is_right,
    new_number,
    say_number,
)
from portal.sealing import Tokens

TOKENS = Tokens(bytes(range(32)))
SENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HASH = hash_number("01234567", "one", tokens=TOKENS)


def right(
    typed: str,
    *,
    expected: bytes | None = HASH,
    purpose: str = "one",
    sent_at: datetime | None = SENT,
    tries: int = 0,
    now: datetime = SENT,
) -> bool:
    return is_right(typed, expected, purpose, sent_at=sent_at, tries=tries, tokens=TOKENS, now=now)


def test_a_number_has_eight_digits_and_is_another_each_time() -> None:
    made = {new_number() for _ in range(300)}
    assert len(made) > 290
    assert all(len(each) == DIGITS == 8 and each.isdecimal() for each in made)


@pytest.mark.parametrize("typed", ["01234567", "0123 4567", " 0123-4567 ", "0123\u20114567"])
def test_spaces_and_dashes_do_not_matter(typed: str) -> None:
    assert right(typed)
    assert right(say_number("01234567"))


@pytest.mark.parametrize("typed", ["", "1234567", "01234568", "0123456", "012345670", "x" * 500])
def test_any_other_number_is_wrong(typed: str) -> None:
    assert not right(typed)


def test_a_number_is_good_for_what_it_was_sent_for_in_time_and_within_its_tries() -> None:
    assert not right("01234567", purpose="another")
    assert right("01234567", now=SENT + VALID_FOR - timedelta(seconds=1))
    assert not right("01234567", now=SENT + VALID_FOR)
    assert right("01234567", tries=MOST_TRIES - 1)
    assert not right("01234567", tries=MOST_TRIES)


def test_where_none_was_sent_nothing_is_right() -> None:
    assert not right("01234567", expected=None)
    assert not right("01234567", sent_at=None)
    assert not right("", expected=None)


def test_what_is_stored_tells_nothing_without_the_key() -> None:
    other = Tokens(bytes(range(1, 33)))
    assert hash_number("01234567", "one", tokens=other) != HASH
    assert len(HASH) == 16
