"""Promises about every response, errors included: nothing is loaded from elsewhere, nothing is
kept by the browser, nothing can frame the page, and no address is told to another site."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

Addresses = list[tuple[Rule, str]]


def check(response: TestResponse, where: str) -> None:
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in response.headers.get("Content-Security-Policy", "").split(";")
    )
    assert policy.get("default-src") == "'none'", where
    assert policy.get("frame-ancestors") == "'none'", where
    assert policy.get("base-uri") == "'none'" or "script-src" not in policy, where
    allowed = {"'none'", "'self'"}
    loose = {name: value for name, value in policy.items() if value not in allowed}
    assert not loose, f"{where}: {loose}"
    assert response.headers.get("X-Content-Type-Options") == "nosniff", where
    assert response.headers.get("Referrer-Policy") == "no-referrer", where
    assert "Server" not in response.headers, where


def check_dynamic(response: TestResponse, where: str) -> None:
    check(response, where)
    assert response.headers.get("X-Frame-Options") == "DENY", where
    assert response.headers.get("Cache-Control") == "no-store", where


@pytest.fixture
def open_page(app: Flask, addresses: Addresses, client: FlaskClient) -> tuple[Rule, str]:
    """A page that anyone may open."""
    for rule, address in addresses:
        if "GET" in (rule.methods or ()) and client.get(address).status_code == 200:
            return rule, address
    pytest.fail("no page opens without signing in")


def test_every_address_answers_with_the_headers(client: FlaskClient, addresses: Addresses) -> None:
    assert addresses
    for rule, address in addresses:
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            response = client.open(address, method=method)
            check(response, f"{method} {address}: {response.status}")
            if response.headers.get("Cache-Control") != "no-store":
                assert response.status_code == 200, f"{address}: only a good answer may be kept"
                assert rule.endpoint.startswith("log."), f"{address}: {rule.endpoint} may be kept"


def test_a_page_is_never_stored(client: FlaskClient, open_page: tuple[Rule, str]) -> None:
    check_dynamic(client.get(open_page[1]), "200")


def test_being_sent_elsewhere_is_never_stored(client: FlaskClient, addresses: Addresses) -> None:
    sent = [
        (address, response)
        for rule, address in addresses
        if "GET" in (rule.methods or ())
        for response in [client.get(address)]
        if response.status_code in {302, 303}
    ]
    assert sent, "no address sends a stranger elsewhere"
    for address, response in sent:
        check_dynamic(response, address)
        assert response.headers["Location"].startswith(("/", "https://")), address


def test_a_form_without_its_token_is_refused_with_the_headers(
    app: Flask, client: FlaskClient, addresses: Addresses
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    # A witness and a force's system are programs: no browser sends for them, and a signature or a
    # credential alone decides.
    programs = ("/witness/cosignature", "/force/records")
    posts = [
        address
        for rule, address in addresses
        if "POST" in (rule.methods or ()) and not address.endswith(programs)
    ]
    assert posts
    for address in posts:
        response = client.post(address, data={"answer": "yes"})
        assert response.status_code == 400, f"{address} took a form without a token"
        check_dynamic(response, address)


def test_an_address_that_is_not_there_has_the_headers(client: FlaskClient) -> None:
    response = client.get("/there-is-nothing-here")
    assert response.status_code == 404
    check_dynamic(response, "404")


def test_a_method_that_is_not_taken_has_the_headers(
    client: FlaskClient, open_page: tuple[Rule, str]
) -> None:
    response = client.delete(open_page[1])
    assert response.status_code == 405
    check_dynamic(response, "405")


def test_a_form_that_is_too_big_is_refused_with_the_headers(
    app: Flask, client: FlaskClient, addresses: Addresses
) -> None:
    app.config.update(MAX_CONTENT_LENGTH=100, WTF_CSRF_ENABLED=True)
    address = next(each for rule, each in addresses if "POST" in (rule.methods or ()))
    response = client.post(address, data={"words": "x" * 1000})
    assert response.status_code == 413
    check_dynamic(response, "413")


def test_a_fault_of_ours_is_told_with_the_headers_and_without_the_details(
    app: Flask, client: FlaskClient, open_page: tuple[Rule, str]
) -> None:
    def fail(**_parts: object) -> str:
        raise RuntimeError("the-inner-detail")

    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    app.view_functions[open_page[0].endpoint] = fail
    response = client.get(open_page[1])
    assert response.status_code == 500
    assert "the-inner-detail" not in response.text
    check_dynamic(response, "500")


@pytest.mark.parametrize("path", ["css/site.css", "js/site.js", "img/mark.svg", "none.css"])
def test_a_static_file_has_the_headers(client: FlaskClient, path: str) -> None:
    check(client.get(f"/static/{path}"), path)
