"""Promises about known browsers: good for one address, naming nobody, never made up."""

import pytest

from portal.accounts.known_browsers import is_known, make_mark
from portal.sealing import Tokens

TOKENS = Tokens(bytes(range(32)))
EMAIL = "maria@example.org"


def test_a_mark_is_good_for_its_own_address_however_that_is_typed() -> None:
    mark = make_mark(EMAIL, tokens=TOKENS)
    assert is_known(mark, EMAIL, tokens=TOKENS)
    assert is_known(mark, " MARIA@example.org ", tokens=TOKENS)
    assert not is_known(mark, "jo@example.org", tokens=TOKENS)


def test_a_mark_names_nobody_and_no_two_are_alike() -> None:
    first, second = (make_mark(EMAIL, tokens=TOKENS) for _ in range(2))
    assert first != second
    assert first.partition(".")[2] != second.partition(".")[2]
    assert "maria" not in first


@pytest.mark.parametrize("mark", ["", ".", "x.y", "é.é", "a" * 5000, "a." + "0" * 32])
def test_what_was_made_up_is_not_known(mark: str) -> None:
    assert not is_known(mark, EMAIL, tokens=TOKENS)
    assert not is_known(make_mark(EMAIL, tokens=Tokens(b"x" * 32)), EMAIL, tokens=TOKENS)
