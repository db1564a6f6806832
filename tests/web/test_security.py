"""Every response keeps the page private, whatever went wrong on the way."""

import re

import pytest
from flask import Flask, Response, abort, redirect
from flask.testing import FlaskClient
from werkzeug.wrappers import Response as BareResponse

from portal.web import security


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    security.install(app, cacheable_endpoints={"tile", "broken_tile"})

    @app.get("/page")
    def page() -> str:
        return "words"

    @app.get("/loose")
    def loose() -> Response:
        headers = {"Cache-Control": "public, max-age=99", "X-Frame-Options": "SAMEORIGIN"}
        return Response("words", headers=headers)

    @app.get("/moved")
    def moved() -> BareResponse:
        return redirect("/page")

    @app.get("/fault")
    def fault() -> str:
        raise RuntimeError

    @app.get("/tile")
    def tile() -> Response:
        return Response("tile", headers={"Cache-Control": "public, immutable"})

    @app.get("/broken-tile")
    def broken_tile() -> Response:
        abort(Response("gone", 404, headers={"Cache-Control": "public, immutable"}))

    @app.after_request
    def meddle(response: Response) -> Response:
        response.headers["Referrer-Policy"] = "unsafe-url"
        return response

    return app.test_client()


@pytest.mark.parametrize("address", ["/page", "/loose", "/moved", "/fault", "/nowhere", "/tile"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
def test_every_response_forbids_framing_sniffing_and_telling_where_one_came_from(
    client: FlaskClient, address: str, method: str
) -> None:
    headers = client.open(address, method=method).headers
    assert headers.getlist("X-Frame-Options") == ["DENY"]
    assert headers.getlist("Referrer-Policy") == ["no-referrer"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/page", "/loose", "/moved", "/fault", "/nowhere"])
def test_nothing_a_person_sees_stays_in_the_browser(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers.getlist("Cache-Control") == ["no-store"]


def test_public_pieces_of_the_ledger_may_be_kept_when_they_are_there(client: FlaskClient) -> None:
    assert client.get("/tile").headers["Cache-Control"] == "public, immutable"
    assert client.get("/broken-tile").headers["Cache-Control"] == "no-store"


def test_the_policy_names_no_other_site_and_nothing_unsafe() -> None:
    policy = security.CONTENT_SECURITY_POLICY
    assert "unsafe" not in policy
    assert set(re.findall(r"'[a-z-]+'", policy)) == {"'none'", "'self'"}
    assert not re.search(r"[*:]", policy)
    assert policy.startswith("default-src 'none'")


def test_no_page_may_use_the_camera_the_microphone_or_the_place() -> None:
    for feature in ("camera", "microphone", "geolocation", "display-capture"):
        assert f"{feature}=()" in security.PERMISSIONS_POLICY


def test_a_secure_visit_stays_secure_and_an_insecure_one_is_promised_nothing(
    client: FlaskClient,
) -> None:
    secure = client.get("/page", base_url="https://record.test")
    assert secure.headers["Strict-Transport-Security"] == "max-age=63072000"
    assert "Strict-Transport-Security" not in client.get("/page").headers


def test_forms_work_although_our_pages_never_say_where_they_came_from() -> None:
    app = Flask(__name__)
    security.install(app)
    assert app.config["WTF_CSRF_SSL_STRICT"] is False


def test_a_static_file_runs_nothing_when_opened_by_itself() -> None:
    headers: dict[str, str] = {}
    security.add_static_headers(headers, "img/mark.svg", "/static/img/mark.svg")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
