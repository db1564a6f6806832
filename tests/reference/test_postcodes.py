"""A postcode is written one way when it can be read, and kept as it is when it cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reference.postcodes import looks_like_postcode, tidy_postcode


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" sn11aa", "SN1 1AA"),
        ("Sn1  1aA", "SN1 1AA"),
        ("ec1a1bb", "EC1A 1BB"),
        ("sn1", "SN1"),
        ("SN11", "SN11"),
        ("sn1 1", "SN1 1"),
    ],
)
def test_the_same_postcode_is_always_written_the_same(typed: str, kept: str) -> None:
    assert tidy_postcode(typed) == kept
    assert looks_like_postcode(typed)


@pytest.mark.parametrize("typed", ["12345", "SN", "near the park", "SN1 1AAA", "Ⅷ"])
def test_what_is_no_postcode_stays_as_it_was_typed(typed: str) -> None:
    assert tidy_postcode(typed) == typed
    assert not looks_like_postcode(typed)


@given(st.text(max_size=12))
def test_tidying_again_changes_nothing(typed: str) -> None:
    assert tidy_postcode(tidy_postcode(typed)) == tidy_postcode(typed)
