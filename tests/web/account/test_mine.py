"""Promises about one's own account page."""

from flask import Flask

from tests.rig.people import PASSWORD, add_person, sign_in, site_of

OWN = "a heron by the weir"


def test_a_person_sees_who_they_are_and_what_they_may_do(app: Flask) -> None:
    client = sign_in(app, add_person(site_of(app), "liaison", force_id="wiltshire", name="jo"))
    page = client.get("/account")
    assert page.status_code == 200
    for words in ("Jo", "jo@example.org", "Harbour Support", "Force liaison", "Wiltshire Police"):
        assert words in page.text


def test_the_other_browsers_are_shown_and_can_be_signed_out(app: Flask) -> None:
    account_id = add_person(site_of(app), "advocate")
    client = sign_in(app, account_id)
    assert "every other browser" not in client.get("/account").text
    other = sign_in(app, account_id)
    assert "another browser" in client.get("/account").text
    ended = client.post("/account/end-others")
    assert ended.status_code == 303
    assert "Every other browser is signed out" in client.get(ended.location).text
    assert other.get("/account").status_code == 302


def test_changing_the_password_signs_the_other_browsers_out_and_keeps_this_one(app: Flask) -> None:
    account_id = add_person(site_of(app), "advocate")
    client, other = sign_in(app, account_id), sign_in(app, account_id)
    assert "advocate@example.org" in client.get("/account/password").text
    data = {"password": PASSWORD, "new_password": OWN, "again_password": OWN}
    changed = client.post("/account/password", data=data)
    assert changed.status_code == 303
    assert "Your password is changed" in client.get(changed.location).text
    assert other.get("/account").status_code == 302


def test_a_borrowed_browser_cannot_change_the_password(app: Flask) -> None:
    client = sign_in(app, add_person(site_of(app), "advocate"))
    data = {"password": "not this one", "new_password": OWN, "again_password": OWN}
    answer = client.post("/account/password", data=data)
    assert answer.status_code == 400
    assert OWN not in answer.text
    empty = client.post("/account/password", data={})
    assert "Write a new password" in empty.text
