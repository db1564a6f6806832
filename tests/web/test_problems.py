"""Whatever goes wrong, a person reads what happened, what was kept and what to do."""

import logging
import re
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask, abort, redirect, request
from flask.testing import FlaskClient

from portal.errors import (
    Misconfigured,
    NotAllowed,
    NotFound,
    OnRecordError,
    Refused,
    TooManyTries,
    Unavailable,
)
from portal.web import language, problems, security

ROOT = Path(__file__).parents[2]
RAISED: dict[str, Exception] = {
    "not-found": NotFound("There is no such report."),
    "not-allowed": NotAllowed("Only the PCC’s office may do this."),
    "refused": Refused("This report was already withdrawn."),
    "tries": TooManyTries("You have tried 5 times. Wait 10 minutes.", 600),
    "unavailable": Unavailable("The store does not answer."),
    "misconfigured": Misconfigured("The key AB12 is weak."),
    "fault": RuntimeError("row holds Ann O’Hara"),
}


def broken_database() -> NoReturn:
    raise RuntimeError("the database does not answer")


def make_app() -> Flask:
    app = Flask("portal", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(SECRET_KEY="for this test only")
    app.config["MAX_CONTENT_LENGTH"] = 5_000
    problems.install(app)
    language.install(app)
    security.install(app)
    app.context_processor(broken_database)
    app.add_url_rule("/account/sign-in", endpoint="account.sign_in")

    @app.route("/raise/<name>", methods=["GET"])
    def raise_it(name: str) -> NoReturn:
        raise RAISED[name]

    @app.get("/abort/<int:status>")
    def abort_it(status: int) -> NoReturn:
        abort(status)

    @app.get("/away")
    def away() -> NoReturn:
        abort(redirect("/elsewhere"))

    @app.post("/answer")
    def answer() -> str:
        return request.form.get("story", "")

    return app


@pytest.fixture
def client() -> FlaskClient:
    return make_app().test_client()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("not-found", 404),
        ("not-allowed", 403),
        ("refused", 409),
        ("tries", 429),
        ("unavailable", 503),
    ],
)
def test_an_error_of_the_domain_is_told_in_its_own_words(
    client: FlaskClient, name: str, status: int
) -> None:
    response = client.get(f"/raise/{name}")
    error = RAISED[name]
    assert isinstance(error, OnRecordError)
    assert response.status_code == status
    assert error.message in response.text


def test_after_too_many_tries_a_browser_and_a_person_know_how_long_to_wait(
    client: FlaskClient,
) -> None:
    assert client.get("/raise/tries").headers["Retry-After"] == "600"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429, 500, 503])
def test_every_http_error_has_a_page_although_the_database_does_not_answer(
    client: FlaskClient, status: int
) -> None:
    response = client.get(f"/abort/{status}")
    assert response.status_code == status
    assert response.mimetype == "text/html"
    assert "Leave this page" in response.text
    assert "In danger now?" in response.text
    assert re.search(r"kept|safe|lost|Nothing was changed|[Nn]othing that you sent", response.text)


@pytest.mark.parametrize(("status", "like"), [(401, 403), (410, 404), (418, 400), (501, 500)])
def test_an_error_without_a_page_of_its_own_borrows_the_nearest(
    client: FlaskClient, status: int, like: int
) -> None:
    heading = re.compile(r"<h1[^>]*>(.*?)</h1>")
    shown = heading.search(client.get(f"/abort/{status}").text)
    borrowed = heading.search(client.get(f"/abort/{like}").text)
    assert shown is not None
    assert borrowed is not None
    assert shown[1] == borrowed[1]


def test_titles_of_error_pages_tell_a_bystander_nothing(client: FlaskClient) -> None:
    for status in (400, 403, 404, 405, 409, 413, 429, 500, 503):
        (title,) = re.findall(r"<title>(.*?)</title>", client.get(f"/abort/{status}").text)
        assert title.endswith("On Record")
        assert not re.search(r"crime|police|victim|abuse|report", title, re.IGNORECASE)


def test_the_way_that_an_address_can_be_used_is_still_told(client: FlaskClient) -> None:
    assert "GET" in client.put("/account/sign-in").headers["Allow"]


def test_a_redirect_is_no_problem(client: FlaskClient) -> None:
    assert client.get("/away").headers["Location"] == "/elsewhere"


def test_a_fault_shows_a_reference_and_nothing_of_how_it_came_about(client: FlaskClient) -> None:
    response = client.get("/raise/fault")
    assert response.status_code == 500
    assert re.search(r"<strong>[0-9A-HJKMNP-TV-Z]{8}</strong>", response.text)
    assert "Traceback" not in response.text
    assert "RuntimeError" not in response.text
    assert "Ann" not in response.text


def test_the_log_leads_from_the_reference_to_the_place_but_not_to_the_person(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = client.get("/raise/fault?name=Ann")
    found = re.search(r"<strong>([0-9A-Z]{8})</strong>", response.text)
    assert found is not None
    assert f"reference={found[1]}" in caplog.text
    assert "kind=RuntimeError" in caplog.text
    assert ":raise_it" in caplog.text
    assert "Ann" not in caplog.text


def test_a_setting_that_is_wrong_is_a_fault_whose_words_stay_inside(client: FlaskClient) -> None:
    response = client.get("/raise/misconfigured")
    assert response.status_code == 500
    assert "AB12" not in response.text


def test_a_test_sees_a_fault_as_it_is() -> None:
    app = make_app()
    app.config["TESTING"] = True
    with pytest.raises(RuntimeError, match="Ann"):
        app.test_client().get("/raise/fault")


def test_what_is_too_big_is_refused_in_plain_words(client: FlaskClient) -> None:
    response = client.post("/answer", data={"story": "x" * 6_000})
    assert response.status_code == 413
    assert "too big" in response.text


def test_error_pages_are_as_private_as_any_other(client: FlaskClient) -> None:
    for address in ("/raise/fault", "/nowhere", "/raise/tries"):
        assert client.get(address).headers["Cache-Control"] == "no-store"
