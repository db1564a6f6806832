"""Refusals carry plain words, and come from one process to another as they were."""

import json
import pickle
from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from pkgutil import walk_packages
from typing import Any

import pytest

import portal
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
    places_of,
)

ONE_MESSAGE = (NotFound, NotAllowed, Refused, Unavailable, Busy, Misconfigured)


def test_every_refusal_of_the_domain_can_be_caught_in_one_place() -> None:
    own = [one for one in vars(errors).values() if isinstance(one, type)]
    made = [one for one in own if issubclass(one, BaseException)]
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


def own_errors() -> Iterator[type[BaseException]]:
    """Every error that the program defines anywhere."""
    for module in walk_packages(portal.__path__, "portal."):
        import_module(module.name)
    left = [BaseException]
    while left:
        found = left.pop().__subclasses__()
        left += found
        yield from (one for one in found if one.__module__.startswith("portal."))


def made(kind: type[BaseException]) -> BaseException:
    if "__init__" not in {name for one in kind.__mro__[:-3] for name in vars(one)}:
        return kind("Nothing was sent yet.")
    given: dict[Any, Any] = {str: "words", int: 7}
    return kind(*(given.get(one.annotation, ()) for one in signature(kind).parameters.values()))


def test_every_error_comes_from_another_process_as_it_was() -> None:
    kinds = set(own_errors())
    assert {"Refused", "BadModel", "WrongForm", "RefusedCell"} <= {one.__name__ for one in kinds}
    for kind in kinds:
        error = made(kind)
        error.add_note("as it was")
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
        assert type(again) is kind
        assert (str(again), again.args) == (str(error), error.args)
        assert vars(again) == vars(error)


def test_where_something_went_wrong_is_told_without_what_was_in_hand() -> None:
    try:
        {}["Pangolina Quill"]
    except KeyError as error:
        (place,) = places_of(error)
    assert place.startswith("tests/test_errors.py:"), "nor with where this machine keeps it"
    assert place.endswith(":test_where_something_went_wrong_is_told_without_what_was_in_hand")
    assert "Pangolina" not in place


def test_of_a_library_its_own_file_is_told() -> None:
    with pytest.raises(ValueError, match="property name") as failed:
        json.loads("{")
    assert places_of(failed.value)[-1].startswith("json/decoder.py:")
