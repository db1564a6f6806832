"""Promises about making copies: whatever a file does to the process, the site goes on."""

import os
import time
import zlib
from collections.abc import Iterator

import pytest

from portal.errors import Unavailable
from portal.evidence.cleaning import Cleaned, clean_apart
from portal.evidence.kinds import KINDS
from tests.rig.uploads import HONEST, PLACE, SCRIPT, jpeg, picture, png, png_chunk


def pieces(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), 1000):
        yield data[start : start + 1000]


def test_a_picture_comes_back_clean_from_its_own_process() -> None:
    made = clean_apart(KINDS["jpeg"], pieces(jpeg() + SCRIPT))
    assert (made.state, made.kind) == ("made", KINDS["jpeg"])
    assert PLACE not in made.copy
    assert b"Bandersnatch" not in made.copy


def test_a_file_that_takes_too_long_is_given_up() -> None:
    started = time.monotonic()
    assert clean_apart(KINDS["jpeg"], pieces(jpeg()), longest=0.01) == Cleaned("failed")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "data",
    [
        png(30_000, 30_000),
        png(4, 4, *[png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000)))] * 3),
        png(10_000, 10_000, pixels=bytes(1000)),
        HONEST["png"][:50],
    ],
    ids=["pixels", "notes", "short", "cut"],
)
def test_a_bomb_costs_little_and_gives_nothing(data: bytes) -> None:
    started = time.monotonic()
    assert clean_apart(KINDS["png"], pieces(data)) == Cleaned("failed")
    assert time.monotonic() - started < 20


def test_the_process_has_none_of_the_sites_settings() -> None:
    os.environ["ON_RECORD_SEALING_KEY"] = "not for decoders"
    try:
        # It works all the same, without anything of ours in its environment.
        assert clean_apart(KINDS["png"], pieces(picture("PNG"))).state == "made"
    finally:
        del os.environ["ON_RECORD_SEALING_KEY"]


def test_a_database_that_does_not_answer_meanwhile_is_no_fault_of_the_file() -> None:
    def broken() -> Iterator[bytes]:
        yield jpeg()[:100]
        raise Unavailable("gone")

    with pytest.raises(Unavailable, match="gone"):
        clean_apart(KINDS["jpeg"], broken())
