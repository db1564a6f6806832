"""Promises that hold for every page under /account."""

import pytest
from flask import Flask

from tests.rig.people import add_person, sign_in, site_of

PAGES = ("", "/password", "/people", "/people/add", "/forces", "/forces/wiltshire")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_to_sign_in_first_and_is_neutral_in_its_title(app: Flask, page: str) -> None:
    assert app.test_client().get(f"/account{page}").status_code == 302
    client = sign_in(app, add_person(site_of(app), "administrator"))
    shown = client.get(f"/account{page}")
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    title = shown.text.split("<title>")[1].split("</title>")[0].lower()
    assert not any(word in title for word in ("crime", "police", "abuse", "victim", "report"))
    assert shown.text.count("<h1") == 1
