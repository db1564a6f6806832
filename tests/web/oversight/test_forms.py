"""Promises about the filters: an address says what is wanted, in London days."""

from datetime import UTC, datetime

from flask import Flask

from portal.accounts.models import Account
from portal.oversight.queries import Wanted, WantedUnmatched
from portal.web.oversight.forms import ActForm, AlertFilters, UnmatchedFilters

INSPECTOR = Account(role="inspector")
PCC = Account(role="pcc", force_id="wiltshire")


def wanted(app: Flask, query: str, account: Account = INSPECTOR) -> Wanted:
    with app.test_request_context(f"/?{query}"):
        form: AlertFilters = AlertFilters.from_address(account)
        return form.wanted()


def test_an_empty_address_narrows_nothing(app: Flask) -> None:
    assert wanted(app, "") == Wanted()
    with app.test_request_context("/"):
        form: UnmatchedFilters = UnmatchedFilters.from_address(PCC)
        assert form.wanted() == WantedUnmatched()
        assert not form.is_used


def test_days_are_london_days_in_summer_too(app: Flask) -> None:
    since = "since-day=1&since-month=7&since-year=2026"
    until = "until-day=29&until-month=3&until-year=2026"
    assert wanted(app, since).since == datetime(2026, 6, 30, 23, tzinfo=UTC)
    # The clocks went forward that day, so it ends an hour early.
    assert wanted(app, until).until == datetime(2026, 3, 29, 23, tzinfo=UTC)


def test_a_pcc_office_cannot_ask_for_another_force(app: Flask) -> None:
    assert wanted(app, "force=kent").force == "kent"
    assert wanted(app, "force=kent", PCC).force == ""


def test_a_part_that_makes_no_sense_is_left_out_of_what_is_wanted(app: Flask) -> None:
    assert wanted(app, "kind=zzz&state=open&since-day=99") == Wanted(state="open")


def test_a_single_thing_to_do_is_chosen_already(app: Flask) -> None:
    with app.test_request_context("/"):
        form = ActForm()
        form.offer(["comment"])
        assert form["action"].data == "comment"
        form = ActForm()
        form.offer(["comment", "propose"])
        assert form["action"].data == ""
