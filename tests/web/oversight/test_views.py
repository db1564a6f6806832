"""Promises about who reaches the pages of oversight."""

from uuid import uuid4

import pytest
from flask import Flask

from tests.rig.clock import HandClock
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.watched import alert_without_record

LISTS = ("", "/alerts", "/unmatched", "/review")


@pytest.mark.parametrize("role", ["liaison", "advocate", "administrator"])
def test_a_force_an_advocate_and_an_administrator_never_see_these_pages(
    app: Flask, clock: HandClock, role: str
) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock)
    force = "wiltshire" if role == "liaison" else None
    client = sign_in(app, add_person(site, role, force_id=force))
    pages = [*LISTS, f"/alerts/{alert.id}", f"/alerts/{alert.id}/proof", f"/alerts/{alert.id}/open"]
    for page in [*pages, f"/alerts/{alert.id}/open/{uuid4()}", f"/review/{uuid4()}"]:
        assert client.get(f"/oversight{page}").status_code == 403


def test_nobody_gets_in_without_signing_in(app: Flask) -> None:
    for page in LISTS:
        assert app.test_client().get(f"/oversight{page}").status_code == 302


@pytest.mark.parametrize(
    ("role", "force"), [("registrar", "wiltshire"), ("pcc", "wiltshire"), ("inspector", None)]
)
def test_oversight_gets_every_list_and_each_says_that_no_match_is_no_breach(
    app: Flask, role: str, force: str | None
) -> None:
    client = sign_in(app, add_person(site_of(app), role, force_id=force))
    for page in LISTS:
        answer = client.get(f"/oversight{page}")
        assert answer.status_code == 200
        assert "No match means check, not breach." in answer.text


def test_an_alert_of_another_force_is_as_if_it_were_not_there(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock, force="kent")
    client = sign_in(app, add_person(site, "pcc", force_id="wiltshire"))
    for page in ("", "/proof", "/open"):
        assert client.get(f"/oversight/alerts/{alert.id}{page}").status_code == 404
    posted = {"action": "resolve", "reason": "Done."}
    assert client.post(f"/oversight/alerts/{alert.id}", data=posted).status_code == 404
