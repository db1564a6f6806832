"""Nothing typed is lost to a stale token, an ended visit or a sign-out; nor shown to another."""

import re
from pathlib import Path

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from portal.web import carry, language, problems, security
from portal.web.access import SignedOutError, VisitEndedError

ROOT = Path(__file__).parents[2]
OURS = {"Sec-Fetch-Site": "same-origin"}


def make_app() -> Flask:
    app = Flask("portal", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(SECRET_KEY="for this test only", WTF_CSRF_TIME_LIMIT=None)
    CSRFProtect(app)
    problems.install(app)
    language.install(app)
    carry.install(app)
    security.install(app)

    @app.post("/staff")
    def staff() -> Response:
        raise SignedOutError

    @app.get("/begin")
    def begin() -> str:
        session["visit"] = "open"
        return "begun"

    @app.get("/end")
    def end() -> str:
        session.clear()
        session[carry.LEFT] = True
        return "over"

    @app.post("/answer")
    def answer() -> Response:
        raise VisitEndedError

    return app


@pytest.fixture
def client() -> FlaskClient:
    return make_app().test_client()


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_stale_form_gives_back_all_that_was_typed_to_send_it_again(client: FlaskClient) -> None:
    client.get("/begin")
    typed = {"story": "\nfirst\n<b>second</b>", "who": ["a", "b"], "csrf_token": "stale"}
    response = client.post("/answer?page=2", data=typed, headers=OURS)
    assert response.status_code == 400
    assert 'action="/answer?page=2"' in response.text
    assert ">\n\nfirst\n&lt;b&gt;second&lt;/b&gt;</textarea>" in response.text
    assert response.text.count('name="who"') == 2
    again = client.post(
        "/answer", data={**typed, "csrf_token": token_in(response.text)}, headers=OURS
    )
    assert "Enter your return code to go on" in again.text


@pytest.mark.parametrize("name", ["new_password", "code"])
def test_what_opens_a_door_is_not_given_back(client: FlaskClient, name: str) -> None:
    client.get("/begin")
    response = client.post("/answer", data={name: "sesame", "name": "Ann"}, headers=OURS)
    assert "sesame" not in response.text
    assert "Ann" in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://elsewhere.test"},
        {"Origin": "null"},
    ],
)
def test_what_another_site_sent_is_not_offered_to_be_sent_again(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    client.get("/begin")
    response = client.post("/answer", data={"story": "planted"}, headers=headers)
    assert response.status_code == 400
    assert "planted" not in response.text


def test_an_older_browser_of_the_person_themselves_is_believed(client: FlaskClient) -> None:
    client.get("/begin")
    response = client.post(
        "/answer", data={"story": "mine"}, headers={"Origin": "http://localhost"}
    )
    assert "mine" in response.text


@pytest.mark.parametrize("visited", [(), ("/begin", "/end"), ("/begin", "/end", "/begin")])
def test_after_leaving_nobody_can_make_the_browser_show_what_was_typed(
    client: FlaskClient, visited: tuple[str, ...]
) -> None:
    for address in visited:
        client.get(address)
    response = client.post("/answer", data={"story": "a secret"}, headers=OURS)
    assert "a secret" not in response.text


def test_an_ended_visit_asks_for_the_code_and_keeps_what_was_written(client: FlaskClient) -> None:
    client.get("/begin")
    typed = {"story": "It was late", "when": "day"}
    stale = client.post("/answer?then=check", data=typed, headers=OURS)
    typed["csrf_token"] = token_in(stale.text)
    response = client.post("/answer?then=check", data=typed, headers=OURS)
    assert response.status_code == 403
    assert 'name="carried_to" value="/answer?then=check"' in response.text
    assert ">\nIt was late</textarea>" in response.text
    assert 'name="when"' in response.text


def test_a_signed_out_person_keeps_what_they_wrote_and_sees_where_to_sign_in(
    client: FlaskClient,
) -> None:
    client.get("/begin")
    stale = client.post("/staff", data={"reason": "Asked by the victim"}, headers=OURS)
    typed = {"reason": "Asked by the victim", "csrf_token": token_in(stale.text)}
    response = client.post("/staff", data=typed, headers=OURS)
    assert response.status_code == 403
    assert 'href="/account/sign-in"' in response.text
    assert ">\nAsked by the victim</textarea>" in response.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_with_a_good_token_is_refused_when_another_site_sent_it(
    client: FlaskClient, site: str
) -> None:
    client.get("/begin")
    token = token_in(client.post("/answer", data={}, headers=OURS).text)
    planted = {"story": "planted", "csrf_token": token}
    response = client.post("/answer", data=planted, headers={"Sec-Fetch-Site": site})
    assert response.status_code == 400
    assert "planted" not in response.text


@pytest.mark.parametrize(
    ("typed", "goes_to"),
    [
        ("/start/words?then=check", "/start/words?then=check"),
        ("https://elsewhere.test/", "/"),
        ("//elsewhere.test/", "/"),
        ("/\\elsewhere.test", "/"),
        ("/start\nSet-Cookie: a", "/"),
        ("", "/"),
    ],
)
def test_what_is_carried_only_ever_goes_to_this_site(typed: str, goes_to: str) -> None:
    with make_app().test_request_context("/", method="POST", data={"carried_to": typed}):
        assert carry.carried_address() == goes_to


def test_whoever_has_nothing_open_any_more_hears_what_is_lost_and_what_is_kept(
    client: FlaskClient,
) -> None:
    page = client.post("/answer", data={"story": "mine"}, headers=OURS).text
    assert "What you typed on this page was not saved" in page
    assert "Every answer that you saved before is kept" in page
    assert 'href="/back"' in page
    assert "go back with its Back button, and copy what you wrote" in page
    assert "load" not in page.split("<main")[1].split("</main>")[0].lower()


def test_whoever_has_a_browser_that_keeps_no_cookie_is_told_the_way_out(
    client: FlaskClient,
) -> None:
    for _ in range(2):
        page = client.post("/answer", data={"code": "right"}, headers=OURS).text
        client.delete_cookie("session")
    assert "your browser refuses our one cookie" in page
    assert "Allow it for this site, or use another browser" in page
