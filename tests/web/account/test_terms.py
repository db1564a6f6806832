"""Promises about writing down what a force agreed."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.police.mappings import find_chosen
from portal.reference.models import ForceTerms
from portal.reference.terms import find_terms
from tests.rig.people import add_person, sign_in, site_of

AGREED = {
    "inbox": "yes",
    "since-day": "1",
    "since-month": "7",
    "since-year": "2025",
    "notice_address": "inbox@wiltshire.example",
    "interval": "24",
}


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return sign_in(app, add_person(site_of(app), "administrator"))


def _terms(app: Flask) -> ForceTerms | None:
    with site_of(app).database.reading() as reading:
        return find_terms(reading, "wiltshire")


def test_an_agreement_is_written_down_from_london_midnight_and_shown(
    app: Flask, administrator: FlaskClient
) -> None:
    saved = administrator.post("/account/forces/wiltshire", data=AGREED)
    assert saved.status_code == 303
    terms = _terms(app)
    assert terms is not None
    assert terms.inbox_agreed_at == datetime(2025, 6, 30, 23, 0, tzinfo=UTC)
    assert (terms.notice_address, terms.supply_interval_hours) == ("inbox@wiltshire.example", 24)
    listed = administrator.get(saved.location).text
    assert "Since 1 July 2025" in listed
    assert "Every 24 hours" in listed
    form = administrator.get("/account/forces/wiltshire").text
    assert 'value="2025"' in form
    assert 'value="inbox@wiltshire.example"' in form


def test_saving_the_form_unchanged_changes_nothing(app: Flask, administrator: FlaskClient) -> None:
    administrator.post("/account/forces/wiltshire", data=AGREED)
    before = _terms(app)
    administrator.post("/account/forces/wiltshire", data=AGREED)
    after = _terms(app)
    assert before is not None
    assert after is not None
    assert before.inbox_agreed_at == after.inbox_agreed_at
    assert before.supplies_since == after.supplies_since


def test_an_agreement_is_taken_back(app: Flask, administrator: FlaskClient) -> None:
    administrator.post("/account/forces/wiltshire", data=AGREED)
    administrator.post("/account/forces/wiltshire", data=AGREED | {"inbox": "no", "interval": ""})
    terms = _terms(app)
    assert terms is not None
    assert terms.inbox_agreed_at is None
    assert terms.supply_interval_hours is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"inbox": ""}, "Choose yes or no"),
        ({"since-day": "31", "since-month": "6"}, "June"),
        ({"since-year": "2031"}, "cannot lie in the future"),
        ({"interval": "often"}, "whole number of hours"),
        ({"interval": "0"}, "whole number of hours"),
        ({"interval": "9999"}, "whole number of hours"),
        ({"notice_address": "the inbox"}, "name@example.org"),
    ],
)
def test_a_wrong_term_is_refused_and_what_was_typed_is_kept(
    app: Flask, administrator: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = administrator.post("/account/forces/wiltshire", data=AGREED | changes)
    assert answer.status_code == 400
    assert words in answer.text
    for typed in filter(None, changes.values()):
        assert f'value="{typed}"' in answer.text
    assert _terms(app) is None


def test_there_are_no_terms_of_a_force_that_does_not_exist(administrator: FlaskClient) -> None:
    assert administrator.get("/account/forces/atlantis").status_code == 404


def test_the_mapping_of_a_force_s_files_is_chosen_on_its_page_and_shown(
    app: Flask, administrator: FlaskClient
) -> None:
    page = administrator.get("/account/forces/wiltshire").text
    assert "In the format that we publish" in page
    for name, choice in (("crime-urn", "crime-urn"), ("none", None)):
        saved = administrator.post("/account/forces/wiltshire", data=AGREED | {"mapping": name})
        assert saved.status_code == 303
        with site_of(app).database.reading() as reading:
            assert find_chosen(reading, "wiltshire") == choice
        form = administrator.get("/account/forces/wiltshire").text
        ticked = re.search(r'<input[^>]*name="mapping"[^>]*value="([^"]*)"[^>]*checked', form)
        assert ticked is not None
        assert ticked[1] == name


def test_saving_without_a_choice_leaves_the_mapping_and_an_unknown_one_is_refused(
    app: Flask, administrator: FlaskClient
) -> None:
    page = "/account/forces/wiltshire"
    administrator.post(page, data=AGREED | {"mapping": "ons-group"})
    administrator.post(page, data=AGREED)
    assert administrator.post(page, data=AGREED | {"mapping": "no-such"}).status_code == 400
    with site_of(app).database.reading() as reading:
        assert find_chosen(reading, "wiltshire") == "ons-group"
