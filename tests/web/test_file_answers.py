"""Promises about files that are given back: a download under our own name, never a page."""

import pytest
from flask import Flask

from portal.errors import Unavailable
from portal.evidence.kinds import KINDS
from portal.evidence.listing import Content
from portal.web.file_answers import saved, shown
from portal.web.security import FILE_POLICY


def content(kind: str) -> Content:
    return Content(KINDS[kind], 6, f"file-1.{KINDS[kind].extension}", iter((b"abc", b"def")))


@pytest.mark.parametrize("kind", KINDS)
def test_an_original_is_always_a_download_of_a_kind_from_our_own_list(kind: str) -> None:
    answer = saved(content(kind))
    assert answer.headers["Content-Type"] == KINDS[kind].content_type
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="file-1.')
    assert answer.headers["Content-Security-Policy"] == FILE_POLICY
    assert answer.headers["Content-Length"] == "6"
    assert answer.get_data() == b"abcdef"


def test_only_a_picture_is_shown_by_itself() -> None:
    assert shown(content("jpeg")).headers["Content-Disposition"].startswith("inline")
    assert shown(content("pdf")).headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_cannot_be_opened_is_told_of_before_anything_is_sent() -> None:
    def broken() -> object:
        raise Unavailable("missing")
        yield b""

    with pytest.raises(Unavailable):
        saved(Content(KINDS["png"], 6, "file-1.png", broken()))  # type: ignore[arg-type]


def test_the_policy_of_a_file_stays_and_no_other_can_be_put_in_its_place(app: Flask) -> None:
    @app.get("/a-file")
    def a_file() -> object:
        return saved(content("text"))

    @app.get("/a-page")
    def a_page() -> object:
        return "x", 200, {"Content-Security-Policy": "default-src *"}

    app.before_request_funcs[None].clear()
    client = app.test_client()
    assert client.get("/a-file").headers["Content-Security-Policy"] == FILE_POLICY
    assert "*" not in client.get("/a-page").headers["Content-Security-Policy"]
