"""Promises about a flood of wrong codes: answered at once, alike, and never instead of the site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from werkzeug.test import Client, TestResponse

from portal.reports.codes import new_code
from portal.web.guesses import Page, QuickRefusals, Typed
from tests.rig.hashing import watch_hashing
from tests.rig.people import site_of
from tests.web.report.conftest import Person

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NOBODYS = new_code(b"nobody's own")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def guarded(app: Flask) -> FlaskClient:
    """A browser that needs the token of each form, as everybody's does."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app.test_client()


def token_on(client: FlaskClient) -> str:
    return str(TOKEN.findall(client.get("/back").text)[0])


def asked(app: Flask) -> list[str]:
    """The endpoint of each request that reaches the site itself."""
    reached: list[str] = []
    view = app.view_functions["report.open_again"]

    def noting() -> ResponseReturnValue:
        reached.append("report.open_again")
        return app.ensure_sync(view)()

    app.view_functions["report.open_again"] = noting
    return reached


@pytest.mark.parametrize(
    "typed", [NOBODYS, "0" * 20, "ABCDE", "<b>'\"&", "marktypedmark", "zero " * 20, "é" * 20]
)
def test_the_quick_answer_is_the_sites_own_to_the_byte(
    app: Flask, guarded: FlaskClient, typed: str
) -> None:
    data = {"csrf_token": token_on(guarded), "code": typed}
    reached = asked(app)
    quick = guarded.post("/back", data=data)
    assert reached == []
    # A second field makes it a form that is not plainly ours, so the site answers.
    slow = guarded.post("/back", data=data | {"other": ""})
    assert reached == ["report.open_again"]
    # The site signs the token anew with each second.
    assert [TOKEN.sub("", each.text) for each in (quick, slow)] == [TOKEN.sub("", slow.text)] * 2
    assert quick.status_code == slow.status_code == 400
    assert sorted(quick.headers.to_wsgi_list()) == sorted(slow.headers.to_wsgi_list())
    assert TOKEN.findall(quick.text) == [data["csrf_token"]]


def test_from_the_quick_page_the_right_code_opens_the_report(
    app: Flask, guarded: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    code = Person(app.test_client()).files()
    app.config["WTF_CSRF_ENABLED"] = True
    page = guarded.post("/back", data={"csrf_token": token_on(guarded), "code": NOBODYS}).text
    token = TOKEN.findall(page)
    assert NOBODYS in page
    opened = guarded.post("/back", data={"csrf_token": token[0], "code": code})
    assert opened.location == "/back/open"


def test_a_right_code_without_the_forms_token_opens_nothing(
    app: Flask, guarded: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    code = Person(app.test_client()).files()
    app.config["WTF_CSRF_ENABLED"] = True
    for data in ({"code": code}, {"code": code, "csrf_token": "made-up"}):
        assert guarded.post("/back", data=data).status_code == 400
        assert guarded.get("/back/open").location == "/back"


@pytest.mark.parametrize(
    ("headers", "reaches_view"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Content-Type": FORM}, False),
        ({"Sec-Fetch-Site": "same-site", "Content-Type": FORM}, False),
        ({"Origin": "https://elsewhere.test", "Content-Type": FORM}, False),
        ({"Content-Type": "multipart/form-data; boundary=x"}, True),
        ({"Content-Type": "application/json"}, True),
    ],
)
def test_what_is_not_plainly_our_form_is_the_sites_to_answer(
    app: Flask, client: FlaskClient, headers: dict[str, str], reaches_view: bool
) -> None:
    reached = asked(app)
    answer = client.post("/back", data=b"code=" + NOBODYS.encode(), headers=headers)
    assert answer.status_code == 400
    assert "That code opens nothing" not in answer.text
    assert bool(reached) is reaches_view


@given(st.binary(max_size=200), st.sampled_from(["code=", "csrf_token=a&code=", ""]))
def test_nothing_that_can_be_sent_is_a_fault(body: bytes, before: str) -> None:
    reached: list[bytes] = []

    def inner(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        reached.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"inner"]

    app = Flask("portal")
    app.wsgi_app = inner  # type: ignore[method-assign]
    app.config["WTF_CSRF_ENABLED"] = False
    guard = QuickRefusals(app, None)  # type: ignore[arg-type]
    guard.__dict__["_pages"] = {"en": Page("marktypedmark markmessagemark", "")}
    sent = before.encode() + body
    response: TestResponse = Client(guard).post("/back", data=sent, content_type=FORM)
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert reached == [sent], "what was read is read again by the site"


def test_no_wrong_code_waits_for_the_slow_hash_or_writes(app: Flask) -> None:
    Person(app.test_client()).files()
    held = watch_hashing(app)
    written: list[str] = []
    engine = site_of(app).database.engine
    event.listen(engine, "before_cursor_execute", lambda *each: written.append(each[2]))
    for number in range(20):
        code = new_code(number.to_bytes(12))
        assert app.test_client().post("/back", data={"code": code}).status_code == 400
    assert held == []
    assert not [each for each in written if re.match("INSERT|UPDATE|DELETE", each)]


def test_what_was_typed_is_never_taken_for_a_place_in_the_page() -> None:
    page = Page('<a value="marktypedmark">markmessagemark TOKEN', "TOKEN")
    typed = Typed("TOKEN markmessagemark", "t")
    filled = page.fill(typed, "Wrong.").decode()
    assert filled == '<a value="TOKEN markmessagemark">Wrong t'


@pytest.mark.parametrize("token", ["marktypedmark", "markmessagemark", "TOKEN"])
def test_a_token_that_looks_like_a_place_in_the_page_is_only_a_token(
    app: Flask, token: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    data = {"csrf_token": token, "code": "AAAAA"}
    assert app.test_client().post("/back", data=data).status_code == 400
    page = Page('<a value="marktypedmark">markmessagemark TOKEN', "TOKEN")
    filled = page.fill(Typed("AAAAA", token), "Wrong.").decode()
    assert filled == f'<a value="AAAAA">Wrong {token}'
