"""Promises about the sign-in page: one answer for every wrong try, and nothing left after."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.service import give_password
from portal.accounts.throttling import ONE_ACCOUNT
from portal.reports.visits import find_visit
from tests.rig.clock import HandClock
from tests.rig.people import PASSWORD, add_person, sign_in, site_of

OWN = "a heron by the weir"


def _sign_in(
    client: FlaskClient, password: str = PASSWORD, *, who: str = "advocate", query: str = ""
) -> TestResponse:
    data = {"email": f"{who}@example.org", "password": password}
    return client.post(f"/account/sign-in{query}", data=data)


@pytest.mark.parametrize(
    ("role", "force_id", "start"),
    [
        ("advocate", None, "/advocate"),
        ("liaison", "wiltshire", "/force"),
        ("inspector", None, "/oversight"),
        ("administrator", None, "/account/people"),
    ],
)
def test_each_role_begins_at_its_own_first_page(
    app: Flask, client: FlaskClient, role: str, force_id: str | None, start: str
) -> None:
    add_person(site_of(app), role, force_id=force_id)
    answer = _sign_in(client, who=role)
    assert (answer.status_code, answer.location) == (303, start)
    assert client.get("/account/sign-in").location == start


def test_a_signed_out_person_returns_to_the_page_they_asked_for(
    app: Flask, client: FlaskClient
) -> None:
    add_person(site_of(app), "advocate")
    asked = client.get("/account/password")
    assert asked.location == "/account/sign-in?next=/account/password"
    assert _sign_in(client, query="?next=/account/password").location == "/account/password"


@pytest.mark.parametrize("address", ["//evil.example", "//%5B", "https://evil.example"])
def test_signing_in_never_leads_to_another_site(
    app: Flask, client: FlaskClient, address: str
) -> None:
    add_person(site_of(app), "advocate")
    assert _sign_in(client, query=f"?next={address}").location == "/advocate"


def test_wrong_and_unknown_get_the_same_page_with_the_address_still_there(
    app: Flask, client: FlaskClient
) -> None:
    add_person(site_of(app), "advocate")
    wrong, unknown = _sign_in(client, "not this one"), _sign_in(client, who="nobodyxx")
    assert wrong.status_code == unknown.status_code == 400
    assert "advocate@example.org" in wrong.text
    assert "not this one" not in wrong.text
    assert wrong.text.replace("advocate@", "@") == unknown.text.replace("nobodyxx@", "@")
    assert client.get("/account").status_code == 302


def test_an_empty_form_says_what_to_write(client: FlaskClient) -> None:
    answer = client.post("/account/sign-in", data={})
    assert answer.status_code == 400
    assert "Write your e-mail address" in answer.text
    assert "Write your password" in answer.text
    assert "<title>Error: Sign in" in answer.text


def test_too_many_tries_get_a_page_that_says_how_long_to_wait(
    app: Flask, client: FlaskClient, clock: HandClock
) -> None:
    add_person(site_of(app), "advocate")
    for _ in range(ONE_ACCOUNT.tries):
        assert _sign_in(client, "wrong").status_code == 400
    waiting = _sign_in(client)
    assert waiting.status_code == 429
    assert waiting.headers["Retry-After"] == "900"
    assert "Wait 15 minutes" in waiting.text
    clock.advance(minutes=15)
    assert _sign_in(client).status_code == 303


def test_the_cookie_holds_only_random_tokens_and_a_new_one_at_each_sign_in(
    app: Flask, client: FlaskClient
) -> None:
    add_person(site_of(app), "advocate")
    with client.session_transaction() as cookie:
        cookie["planted"] = "before"
    _sign_in(client)
    with client.session_transaction() as cookie:
        first = dict(cookie)
    _sign_in(client)
    with client.session_transaction() as cookie:
        second = dict(cookie)
    assert set(first) == set(second) == {"sign_in"}
    assert first != second


def test_signing_in_again_ends_the_sign_in_that_this_browser_had(
    app: Flask, client: FlaskClient
) -> None:
    add_person(site_of(app), "advocate")
    _sign_in(client)
    with client.session_transaction() as cookie:
        copied = cookie["sign_in"]
    _sign_in(client)
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["sign_in"] = copied
    assert thief.get("/account").status_code == 302


def test_signing_out_ends_it_for_a_copied_cookie_too(app: Flask) -> None:
    client = sign_in(app, add_person(site_of(app), "advocate"))
    thief = app.test_client()
    with client.session_transaction() as mine, thief.session_transaction() as copied:
        copied["sign_in"] = mine["sign_in"]
    assert thief.get("/account").status_code == 200
    out = client.post("/account/sign-out")
    assert (out.status_code, out.location) == (303, "/account/sign-in?out=1")
    assert "You are signed out" in client.get(out.location).text
    assert thief.get("/account").status_code == 302


def test_signing_out_when_nobody_is_signed_in_is_no_error(client: FlaskClient) -> None:
    assert client.post("/account/sign-out").status_code == 303


def test_an_hour_without_use_signs_out_and_use_keeps_signed_in(
    app: Flask, clock: HandClock
) -> None:
    client = sign_in(app, add_person(site_of(app), "advocate"))
    for _ in range(4):
        clock.advance(minutes=50)
        assert client.get("/account").status_code == 200
    clock.advance(minutes=61)
    assert client.get("/account").status_code == 302


def test_a_given_password_leads_to_choosing_one_s_own(app: Flask, client: FlaskClient) -> None:
    site = site_of(app)
    account_id = add_person(site, "advocate")
    with site.database.transaction() as writing:
        hashed = site.hasher.hash("one-time pass words")
        give_password(writing, account_id, password_hash=hashed, now=site.now())
    asked = _sign_in(client, "one-time pass words")
    assert asked.status_code == 200
    assert "Choose your own password" in asked.text
    assert "one-time pass words" not in asked.text
    assert client.get("/account").status_code == 302
    address = re.search(r'<form method="post" action="([^"]+)"', asked.text)
    assert address
    form = {"email": "advocate@example.org", "password": "one-time pass words"}
    differ = client.post(address[1], data=form | {"new_password": OWN, "again_password": "x"})
    assert differ.status_code == 400
    assert "differ" in differ.text
    chosen = client.post(address[1], data=form | {"new_password": OWN, "again_password": OWN})
    assert (chosen.status_code, chosen.location) == (303, "/advocate")
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"new_password": "short", "again_password": "short"}, "at least 12"),
        ({"password": "wrong"}, "is wrong"),
        ({"new_password": PASSWORD, "again_password": PASSWORD}, "is the old one"),
    ],
)
def test_a_password_that_cannot_be_chosen_is_refused_with_what_to_change(
    app: Flask, client: FlaskClient, data: dict[str, str], words: str
) -> None:
    add_person(site_of(app), "advocate")
    form = {
        "email": "advocate@example.org",
        "password": PASSWORD,
        "new_password": OWN,
        "again_password": OWN,
    }
    answer = client.post("/account/choose-password", data=form | data)
    assert answer.status_code == 400
    assert words in answer.text


def test_a_browser_that_signed_in_before_is_not_held_up_by_others(
    app: Flask, client: FlaskClient
) -> None:
    add_person(site_of(app), "advocate")
    _sign_in(client)
    client.post("/account/sign-out")
    stranger = app.test_client()
    for _ in range(ONE_ACCOUNT.tries):
        assert _sign_in(stranger, "wrong").status_code == 400
    assert _sign_in(stranger).status_code == 429
    assert _sign_in(client).status_code == 303


def test_what_makes_a_browser_known_names_nobody_and_no_script_reads_it(
    app: Flask, client: FlaskClient
) -> None:
    add_person(site_of(app), "advocate")
    cookies = _sign_in(client).headers.getlist("Set-Cookie")
    (known,) = [each for each in cookies if each.startswith("known=")]
    assert "advocate" not in known
    for part in ("HttpOnly", "SameSite=Lax", "Path=/account", "Max-Age=15552000"):
        assert part in known


def test_signing_in_ends_the_visit_that_was_open_here(app: Flask, client: FlaskClient) -> None:
    site = site_of(app)
    add_person(site, "advocate")
    client.post("/start")
    with client.session_transaction() as cookie:
        token = cookie["visit"]
    _sign_in(client)
    with site.database.reading() as reading:
        assert find_visit(reading, token, keyring=site.keyring, now=site.now()) is None
