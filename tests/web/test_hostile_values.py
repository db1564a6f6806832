"""Promises about every page: whatever stands in its address, it answers without a fault."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.matching.models import Match
from portal.police.models import Supply
from portal.reports.models import Handover
from portal.web.access import ADMINISTRATOR, ADVOCATE, ANYONE, LIAISON, VISITOR
from portal.web.routes import who_may_enter
from tests.rig.asking import EVERY, looked_at, note_looks
from tests.rig.clock import HandClock
from tests.rig.filed import agree_inbox, alerts_of, file_report, look_again
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.supplies import row, take
from tests.rig.watched import expect_records, file_watched, waiting_match

NAMES = (
    *("after", "page", "next", "then", "show", "done", "out", "first", "code", "return_code"),
    *("kind", "state", "stage", "force", "limit", "candidates"),
    *("since-day", "since-month", "since-year", "until-day", "until-month", "until-year"),
    *("endpoint", "_method", "_external", "_scheme", "_anchor", "values", "self"),
)
A_UUID = "00000000-0000-4000-8000-000000000000"
VALUES = (
    *("x", "1", "-1", "0", "9223372036854775807", "9223372036854775808", "9" * 5000, "1e400"),
    *("\x00", "\x00\x01\x7f", "\ud7ff\ufffe", "\u202e\u2028", "%", "%00", "'\"><;--", "{{7*7}}"),
    *("//[", "http://[", "//%5B", "/\\x", "../../etc/passwd", "é" * 200, "٣", "²"),
    *(f"{at}~{A_UUID}" for at in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59")),
    *(f"{at}~{A_UUID}" for at in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "x")),
)
# What a page looks at is asked with all of them; what looks at nothing, with those that broke most.
WORST = ("\x00\x01\x7f", "9" * 5000, "http://[")
DATES = ({"day": "31", "month": "12", "year": "9999"}, {"day": "1", "month": "1", "year": "1900"})


@pytest.fixture
def ids(app: Flask, clock: HandClock) -> dict[str, object]:
    """One of each thing that an address can name."""
    site = site_of(app)
    agree_inbox(site)
    file_report(site, way="pass")
    expect_records(site)
    waiting_match(site, clock)
    file_watched(site)
    take(site, [row(), row("x", recorded_at="Tuesday")])
    clock.advance(minutes=50)
    look_again(site)
    with site.database.reading() as reading:
        return {
            "handover_id": reading.scalars(select(Handover.id)).first(),
            "supply_id": reading.scalars(select(Supply.id)).first(),
            "allegation_id": reading.scalars(select(Match.allegation_id)).first(),
            "look_id": uuid4(),
            "question_id": uuid4(),
            "alert_id": next(iter(alerts_of(site))).id if alerts_of(site) else uuid4(),
            "report_id": uuid4(),
            "number": 1,
            "index": 0,
            "name": "what",
            "rest": "0/000",
            "filename": "css/site.css",
        }


@pytest.fixture
def browsers(app: Flask, ids: dict[str, object]) -> dict[str, FlaskClient]:
    """A browser of everybody who may enter anything."""
    site, visitor = site_of(app), app.test_client()
    filed = file_report(site, way="keep")
    visitor.post("/back", data={"code": filed.code})
    people = {"advocate": None, "liaison": "wiltshire", "administrator": None, "inspector": None}
    return {"visitor": visitor, "anyone": app.test_client()} | {
        role: sign_in(app, add_person(site, role, force_id=force)) for role, force in people.items()
    }


def _pages(
    app: Flask, browsers: dict[str, FlaskClient], ids: dict[str, object]
) -> Iterator[tuple[FlaskClient, str]]:
    listed = who_may_enter()
    roles = {
        ANYONE: "anyone",
        VISITOR: "visitor",
        ADVOCATE: "advocate",
        LIAISON: "liaison",
        ADMINISTRATOR: "administrator",
        LIAISON | ADMINISTRATOR: "liaison",
    }
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "report.leave"}:
            continue
        built = rule.build({each: ids.get(each, uuid4()) for each in rule.arguments})
        assert built is not None
        yield browsers[roles.get(listed[rule.endpoint], "inspector")], built[1]


def test_no_page_breaks_on_a_hostile_address(
    app: Flask, browsers: dict[str, FlaskClient], ids: dict[str, object]
) -> None:
    note_looks(app)
    asked = 0
    for browser, address in _pages(app, browsers, ids):
        looked_at()
        plain = browser.get(address)
        assert "sign-in?next" not in (plain.location or ""), address
        for value in WORST:
            answer = browser.get(address, query_string=dict.fromkeys(NAMES, value))
            assert answer.status_code < 500, (address, value)
        looked = looked_at()
        if not looked:
            continue
        for value in VALUES:
            answer = browser.get(address, query_string=dict.fromkeys(looked.union(NAMES), value))
            assert answer.status_code < 500, (address, value)
            asked += 1
        for name in ("after", "endpoint", "_method", "_external", "_scheme", "_anchor"):
            assert browser.get(address, query_string={name: VALUES[-2]}).status_code < 500
    assert asked > 30 * len(VALUES)


def test_whatever_a_page_looks_at_in_its_address_is_noted(app: Flask) -> None:
    looks = {
        "get": lambda: request.args.get("a"),
        "values": lambda: request.values.get("a"),
        "list": lambda: request.args.getlist("a"),
        "in": lambda: "a" in request.args,
    }
    goes_through = {
        "each": lambda: list(request.args),
        "items": lambda: list(request.args.items()),
        "dict": lambda: request.args.to_dict(),
        "lists": lambda: dict(request.args.lists()),
        "mapping": lambda: {**request.args},
    }
    note_looks(app)
    for name, look in (looks | goes_through).items():
        with app.test_request_context("/?a=1"):
            looked_at()
            look()
            assert looked_at() & {"a", EVERY}, name


@pytest.mark.parametrize("page", ["alerts", "unmatched"])
def test_the_lists_take_every_mark_and_date_and_keep_only_their_own_filters(
    browsers: dict[str, FlaskClient], ids: dict[str, object], page: str
) -> None:
    inspector = browsers["inspector"]
    marks = [value for value in VALUES if "~" in value]
    for mark in marks:
        for ends in DATES:
            query = {"after": mark, "_external": "1", "endpoint": "report.home"}
            query |= {f"since-{part}": text for part, text in ends.items()}
            query |= {f"until-{part}": text for part, text in ends.items()}
            answer = inspector.get(f"/oversight/{page}", query_string=query)
            assert answer.status_code in {200, 422}
            assert "_external" not in answer.text
            assert "http://localhost/oversight" not in answer.text


def test_no_form_that_is_carried_breaks_on_where_it_is_to_go(client: FlaskClient) -> None:
    for address in ("//[", "http://[", "/\\[", "\x00"):
        answer = client.post("/back/again", data={"carried_to": address, "return_code": "x"})
        assert answer.status_code < 500
