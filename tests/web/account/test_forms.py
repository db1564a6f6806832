"""Promises about the forms of signing in, of accounts and of terms."""

from datetime import datetime

import pytest
from flask import Flask

from portal.clock import LONDON
from portal.reference.models import ForceTerms
from portal.web.account.forms import ChangePasswordForm, PersonForm, SignInForm, TermsForm

SINCE = {"inbox": "yes", "since-day": "30", "since-month": "March", "since-year": "2025"}


@pytest.fixture
def app() -> Flask:
    """Forms need no database."""
    bare = Flask("forms")
    bare.config.update(SECRET_KEY="for this test only", WTF_CSRF_ENABLED=False)
    return bare


def test_spaces_that_belong_to_a_password_are_kept(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"email": " a@b.c ", "password": " x y "}):
        form = SignInForm()
        assert form.validate()
        assert (form["email"].data, form["password"].data) == ("a@b.c", " x y ")


def test_a_password_is_never_drawn_back_into_the_page(app: Flask) -> None:
    data = {"password": "three quiet otters", "new_password": "a", "again_password": "b"}
    with app.test_request_context(method="POST", data=data):
        form = ChangePasswordForm()
        assert not form.validate()
        assert [link.href for link in form.error_links()] == ["#new_password"]
        assert "otters" not in "".join(field() for field in form.shown_fields())


def test_an_account_form_offers_every_force_and_none(app: Flask) -> None:
    data = {"name": "Maria", "email": "a@b.c", "organisation": "x", "role": "inspector"}
    with app.test_request_context(method="POST", data=data):
        form = PersonForm()
        assert form.validate()
        assert form.answers()["force"] == ""
        assert "Wiltshire Police" in form["force"]()


def test_an_agreement_starts_at_the_midnight_of_london(app: Flask) -> None:
    with app.test_request_context(method="POST", data=SINCE):
        form = TermsForm.of(None, None)
        assert form.validate()
        assert form.terms() == {
            "inbox_agreed_at": datetime(2025, 3, 30, tzinfo=LONDON),
            "notice_address": None,
            "supply_interval_hours": None,
        }


def test_a_force_that_did_not_agree_needs_no_day(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"inbox": "no", "interval": "168"}):
        form = TermsForm.of(None, None)
        assert form.validate()
        assert form.terms()["inbox_agreed_at"] is None
        assert form.terms()["supply_interval_hours"] == 168


def test_the_form_shows_the_terms_so_far(app: Flask) -> None:
    terms = ForceTerms(
        force_id="wiltshire",
        inbox_agreed_at=datetime(2025, 3, 30, tzinfo=LONDON),
        notice_address="inbox@wiltshire.example",
        supply_interval_hours=24,
    )
    with app.test_request_context(method="GET"):
        drawn = "".join(field() for field in TermsForm.of(terms, None))
    for value in ("30", "2025", "inbox@wiltshire.example", "24"):
        assert f'value="{value}"' in drawn


@pytest.mark.parametrize("typed", ["1.5", "-1", "٢٤", "1e3", "24 hours", "10000"])
def test_an_interval_is_a_whole_number_of_hours(app: Flask, typed: str) -> None:
    with app.test_request_context(method="POST", data=SINCE | {"interval": typed}):
        form = TermsForm.of(None, None)
        assert not form.validate()
        assert [link.href for link in form.error_links()] == ["#interval"]
