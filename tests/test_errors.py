"""Refusals carry plain words."""

import pytest

from portal import errors
from portal.errors import (
    Busy,
    Misconfigured,
    NotAllowed,
    NotFound,
    OnRecordError,
    Refused,
    TooManyTries,
    Unavailable,
)

ONE_MESSAGE = (NotFound, NotAllowed, Refused, Unavailable, Busy, Misconfigured)


def test_every_refusal_of_the_domain_can_be_caught_in_one_place() -> None:
    made = [one for one in vars(errors).values() if isinstance(one, type)]
    assert set(made) == {*ONE_MESSAGE, TooManyTries, OnRecordError}
    assert all(issubclass(one, OnRecordError) for one in made)


@pytest.mark.parametrize("kind", ONE_MESSAGE)
def test_a_refusal_says_what_a_person_should_read(kind: type[OnRecordError]) -> None:
    refusal = kind("Nothing was sent yet.")
    assert refusal.message == str(refusal) == "Nothing was sent yet."


def test_one_refusal_is_never_mistaken_for_another() -> None:
    for kind in (*ONE_MESSAGE, TooManyTries):
        others = {*ONE_MESSAGE, TooManyTries} - {kind}
        assert not any(issubclass(kind, other) for other in others)


def test_too_many_tries_says_how_long_to_wait() -> None:
    refusal = TooManyTries("Wait a minute.", retry_after=60)
    assert (refusal.message, refusal.retry_after) == ("Wait a minute.", 60)
