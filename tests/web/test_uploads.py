"""Promises about files on their way in: bounded, sealed where they wait, and read as they came."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

from portal.evidence.kinds import HEAD
from portal.evidence.parts import PART
from portal.web.uploads import MOST_AT_ONCE, Spool, current_limits, most_bytes, uploads_in

MARK = b"Bandersnatch and Jubjub, side by side. "


def filled(data: bytes, *, limit: int = 10**9, step: int = 70_000) -> Spool:
    spool = Spool(limit)
    for start in range(0, len(data), step):
        assert spool.write(data[start : start + step]) > 0
    spool.seek(0)
    return spool


def open_files() -> Iterator[bytes]:
    """What stands in the temporary files that this process holds open."""
    for each in Path("/proc/self/fd").iterdir():
        try:
            if "(deleted)" in str(each.readlink()):
                yield each.read_bytes()
        except OSError:
            continue


@pytest.mark.parametrize(
    "size", [1, 1000, 70_000, PART - 1, PART, PART + 1, 3 * PART, 3 * PART + 5]
)
def test_what_arrived_is_read_as_it_came_as_often_as_needed(size: int) -> None:
    data = (MARK * (size // len(MARK) + 1))[:size]
    spool = filled(data)
    pieces = list(spool.pieces())
    assert b"".join(pieces) == data == b"".join(spool.pieces())
    assert all(len(piece) == PART for piece in pieces[:-1])
    assert (spool.size, spool.head, spool.is_kept) == (size, data[:HEAD], True)


def test_no_temporary_file_holds_a_word_of_it() -> None:
    spool = filled(MARK * 60_000)
    held = b"".join(open_files())
    assert len(held) >= len(MARK) * 60_000
    assert MARK not in held
    spool.close()
    assert list(spool.pieces()) == []


def test_of_a_file_over_the_limit_only_the_size_is_kept() -> None:
    spool = filled(MARK * 60_000, limit=PART)
    assert (spool.is_kept, spool.size) == (False, len(MARK) * 60_000)
    assert list(spool.pieces()) == []
    assert filled(MARK, limit=len(MARK)).is_kept
    assert not filled(MARK, limit=len(MARK) - 1).is_kept
    assert not filled(b"x", limit=-1).is_kept
    assert spool.read() == b""


@given(st.lists(st.binary(max_size=300_000), max_size=8))
def test_however_it_arrives_it_is_the_same_file(writes: list[bytes]) -> None:
    spool = Spool(10**9)
    for each in writes:
        spool.write(each)
    spool.seek(0)
    assert b"".join(spool.pieces()) == b"".join(writes)


def form(count: int) -> dict[str, Any]:
    files = [(BytesIO(b"file %d" % number), f"{number}.txt") for number in range(count)]
    return {"files": files}


def test_files_beyond_the_most_of_one_form_are_counted_and_not_kept(app: Flask) -> None:
    client = app.test_client()
    client.post("/start")
    with client:
        client.post("/start/files", data=form(MOST_AT_ONCE + 3))
        chosen = uploads_in(request.files.getlist("files"))
        assert len(chosen) == MOST_AT_ONCE + 3
        assert [each.is_kept for each in chosen[-4:]] == [True, False, False, False]
        assert request.max_content_length == most_bytes() > current_limits().largest_report


def test_nothing_is_kept_for_a_browser_that_holds_nothing_open(app: Flask) -> None:
    with app.test_client() as stranger:
        assert stranger.post("/start/files", data=form(2)).status_code == 403
        assert not [each for each in uploads_in(request.files.getlist("files")) if each.is_kept]
        assert request.max_content_length == app.config["MAX_CONTENT_LENGTH"]
