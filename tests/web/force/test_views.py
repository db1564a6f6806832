"""The addresses under /force: neutral, and only for those they are meant for."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.rig.people import add_person, sign_in, site_of

PATHS = ("/force", "/force/records", "/force/records/add")
TELLING = ("crime", "police", "abuse", "victim", "report")


@pytest.mark.parametrize("path", PATHS)
def test_no_title_or_address_says_what_it_is_about(app: Flask, path: str) -> None:
    liaison = sign_in(app, add_person(site_of(app), "liaison", force_id="wiltshire"))
    page = liaison.get(path)
    assert page.status_code == 200
    title = page.text.split("<title>")[1].split("</title>")[0].lower()
    assert not [word for word in TELLING if word in title or word in path]


@pytest.mark.parametrize("role", ["advocate", "inspector"])
@pytest.mark.parametrize("path", PATHS)
def test_others_who_sign_in_are_kept_out(app: Flask, role: str, path: str) -> None:
    person = sign_in(app, add_person(site_of(app), role))
    assert person.get(path).status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_whoever_is_not_signed_in_is_asked_to(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 302
    assert page.location.startswith("/account/sign-in")
