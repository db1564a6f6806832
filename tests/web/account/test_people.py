"""Promises about the pages on which administrators look after accounts."""

import re
from uuid import uuid4

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.accounts.service import find_account
from tests.rig.people import PASSWORD, add_person, sign_in, site_of

NEW = {
    "name": "Maria Okafor",
    "email": "maria@example.org",
    "organisation": "Harbour Support",
    "role": "advocate",
    "force": "",
}


def _find(app: Flask, email: str) -> Account | None:
    site = site_of(app)
    with site.database.reading() as reading:
        return find_account(reading, email, tokens=site.tokens)


def _password_in(page: str) -> str:
    found = re.search(r'<p class="or-code or-long">([^<]+)</p>', page)
    assert found
    return found[1]


@pytest.mark.parametrize("role", ["advocate", "inspector"])
def test_only_administrators_look_after_accounts_and_terms(app: Flask, role: str) -> None:
    site = site_of(app)
    client = sign_in(app, add_person(site, role))
    someone = add_person(site, "advocate", name="jo")
    pages = ["people", "people/add", "forces", "forces/wiltshire"]
    pages += [f"people/{someone}", f"people/{someone}/close"]
    for page in pages:
        assert client.get(f"/account/{page}").status_code == 403
    for deed in ("close", "end", "password"):
        assert client.post(f"/account/people/{someone}/{deed}").status_code == 403
    found = _find(app, "jo@example.org")
    assert found is not None
    assert found.closed_at is None


def test_a_new_person_gets_a_password_that_is_shown_once_and_works_once(app: Flask) -> None:
    client = sign_in(app, add_person(site_of(app), "administrator"))
    shown = client.post("/account/people/add", data=NEW)
    assert shown.status_code == 200
    password = _password_in(shown.text)
    assert "Maria Okafor" in client.get("/account/people").text
    found = _find(app, NEW["email"])
    assert found is not None
    assert password not in client.get(f"/account/people/{found.id}").text
    entering = app.test_client().post(
        "/account/sign-in", data={"email": NEW["email"], "password": password}
    )
    assert "Choose your own password" in entering.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Write the person’s name"),
        ({"email": "maria"}, "name@example.org"),
        ({"role": "liaison"}, "Choose the force"),
        ({"force": "wiltshire"}, "belongs to no one force"),
        ({"force": "atlantis"}, "Choose one of these answers"),
        ({"email": "administrator@example.org"}, "already"),
    ],
)
def test_a_wrong_detail_is_refused_and_what_was_typed_is_kept(
    app: Flask, changes: dict[str, str], words: str
) -> None:
    client = sign_in(app, add_person(site_of(app), "administrator"))
    answer = client.post("/account/people/add", data=NEW | changes)
    assert answer.status_code == 400
    assert words in answer.text
    assert "Harbour Support" in answer.text
    assert _find(app, NEW["email"]) is None


def test_closing_asks_first_and_then_signs_the_person_out(app: Flask) -> None:
    site = site_of(app)
    client = sign_in(app, add_person(site, "administrator"))
    someone = add_person(site, "advocate", name="jo")
    theirs = sign_in(app, someone)
    asked = client.get(f"/account/people/{someone}/close")
    assert "cannot sign in again" in asked.text
    assert theirs.get("/account").status_code == 200
    closed = client.post(f"/account/people/{someone}/close")
    assert closed.status_code == 303
    assert "The account is closed" in client.get(closed.location).text
    assert theirs.get("/account").status_code == 302
    assert client.post(f"/account/people/{someone}/close").status_code == 404


def test_the_last_administrator_cannot_close_their_own_account(app: Flask) -> None:
    mine = add_person(site_of(app), "administrator")
    client = sign_in(app, mine)
    assert "This is you" in client.get(f"/account/people/{mine}").text
    refused = client.post(f"/account/people/{mine}/close")
    assert refused.status_code == 409
    assert "last administrator" in refused.text
    assert client.get("/account").status_code == 200


def test_a_person_can_be_signed_out_everywhere(app: Flask) -> None:
    site = site_of(app)
    client = sign_in(app, add_person(site, "administrator"))
    someone = add_person(site, "advocate", name="jo")
    theirs = sign_in(app, someone)
    assert "In 1 browser" in client.get(f"/account/people/{someone}").text
    ended = client.post(f"/account/people/{someone}/end")
    assert "signed out everywhere" in client.get(ended.location).text
    assert theirs.get("/account").status_code == 302


def test_a_forgotten_password_is_replaced_by_one_to_use_once(app: Flask) -> None:
    site = site_of(app)
    client = sign_in(app, add_person(site, "administrator"))
    someone = add_person(site, "advocate", name="jo")
    given = client.post(f"/account/people/{someone}/password")
    data = {"email": "jo@example.org", "password": PASSWORD}
    assert app.test_client().post("/account/sign-in", data=data).status_code == 400
    data["password"] = _password_in(given.text)
    assert "Choose your own" in app.test_client().post("/account/sign-in", data=data).text


def test_an_account_that_does_not_exist_is_not_found(app: Flask) -> None:
    client = sign_in(app, add_person(site_of(app), "administrator"))
    assert client.get(f"/account/people/{uuid4()}").status_code == 404
    assert client.post(f"/account/people/{uuid4()}/end").status_code == 404
