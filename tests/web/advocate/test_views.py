"""Promises about an advocate's pages: consent first, and each look on record."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.service import get_account_by_id
from portal.reports.caseload import start_case
from portal.reports.codes import make_code
from portal.reports.drafts import save_allegation, save_answers
from portal.reports.looks import looks_at
from portal.reports.models import Report
from portal.reports.service import submit, withdraw
from portal.web.advocate import views
from tests.rig.clock import HandClock
from tests.rig.filed import file_report
from tests.rig.hashing import watch_hashing
from tests.rig.people import add_person, sign_in, site_of

WORDS = "The back door was forced"
OPENING = {"reason": "prepare"}


@pytest.fixture
def maria(app: Flask) -> UUID:
    return add_person(site_of(app), "advocate", name="maria")


@pytest.fixture
def client(app: Flask, maria: UUID) -> FlaskClient:
    return sign_in(app, maria)


def _file(app: Flask, account_id: UUID, *, way: str = "keep", send: bool = True) -> UUID:
    site = site_of(app)
    keys, now, code = site.keyring, site.now(), make_code(site.codes)
    with site.database.transaction() as writing:
        account = get_account_by_id(writing, account_id)
        report = start_case(writing, account=account, code=code, keyring=keys, now=now)
        what = {"category": "burglary-home", "other": ""}
        save_allegation(writing, report.id, 1, "what", what, keyring=keys, now=now)
        force = {"force": "wiltshire"}
        save_allegation(writing, report.id, 1, "force", force, keyring=keys, now=now)
        for page, values in (("way", {"way": way}), ("words", {"words": WORDS})):
            save_answers(writing, report.id, page, values, keyring=keys, now=now)
        if send:
            submit(writing, report.id, keyring=keys, now=now)
    return report.id


def _reasons(app: Flask, report_id: UUID) -> list[str]:
    site = site_of(app)
    with site.database.reading() as reading:
        return [look.reason for look in looks_at(reading, report_id, keyring=site.keyring)]


def test_an_empty_list_says_how_it_fills(client: FlaskClient) -> None:
    page = client.get("/advocate")
    assert page.status_code == 200
    assert "Nobody is on your list yet" in page.text


def test_the_list_tells_how_each_stands_without_a_word_of_what_was_written(
    app: Flask, client: FlaskClient, maria: UUID
) -> None:
    _file(app, maria)
    _file(app, maria, way="told")
    _file(app, maria, send=False)
    page = client.get("/advocate").text
    for words in (
        *("Break-in at a home", "Wiltshire", "Kept, told to nobody"),
        *("Waiting for a police record", "Not sent yet", "3 on your list"),
    ):
        assert words in page
    assert WORDS not in page


def test_a_clock_that_ran_out_shows_on_the_list(app: Flask, maria: UUID, clock: HandClock) -> None:
    _file(app, maria, way="told")
    clock.advance(days=4)
    page = sign_in(app, maria).get("/advocate").text
    assert "No police record in time" in page


def test_a_long_list_comes_in_pages(app: Flask, client: FlaskClient, maria: UUID) -> None:
    for _ in range(views._PER_PAGE + 1):
        _file(app, maria, send=False)
    first = client.get("/advocate").text
    assert first.count("Not sent yet") == views._PER_PAGE
    assert "/advocate?page=2" in first
    assert client.get("/advocate?page=2").text.count("Not sent yet") == 1


def test_no_writer_waits_while_the_code_of_a_case_is_made(app: Flask, client: FlaskClient) -> None:
    held = watch_hashing(app)
    assert client.post("/advocate/start", data={"agrees": "yes"}).status_code == 303
    assert held == [0]


def test_nothing_starts_until_the_person_agrees(app: Flask, client: FlaskClient) -> None:
    assert "Hand it to them" in client.get("/advocate/start").text
    refused = client.post("/advocate/start", data={})
    assert refused.status_code == 400
    assert "Ask the person first" in refused.text
    with site_of(app).database.reading() as reading:
        assert reading.scalars(select(Report)).all() == []


def test_starting_goes_on_in_the_person_s_own_pages_with_their_code(
    app: Flask, client: FlaskClient, maria: UUID
) -> None:
    started = client.post("/advocate/start", data={"agrees": "yes"})
    assert (started.status_code, started.location) == (303, "/start/code")
    with site_of(app).database.reading() as reading:
        assert reading.scalars(select(Report.filed_by)).all() == [maria]
    with client.session_transaction() as cookie:
        assert set(cookie) == {"sign_in", "visit"}
    assert client.get("/advocate").status_code == 200


def test_a_report_asks_why_before_it_shows_anything_that_was_written(
    app: Flask, client: FlaskClient, maria: UUID
) -> None:
    report_id = _file(app, maria)
    asked = client.get(f"/advocate/{report_id}").text
    assert "Why do you need to open it?" in asked
    assert WORDS not in asked
    assert _reasons(app, report_id) == []


def test_of_fraud_alone_a_supporter_reads_that_a_national_body_deals_with_it(
    app: Flask, client: FlaskClient, maria: UUID, clock: HandClock
) -> None:
    told = clock() - timedelta(days=4)
    filed = file_report(site_of(app), categories=["fraud"], told=told, filed_by=maria)
    page = client.post(f"/advocate/{filed.id}", data=OPENING).text
    assert "Fraud is dealt with by a national body" in page
    assert "it must be checked" not in page


def test_opening_is_on_record_and_shows_what_was_sent_and_what_happened(
    app: Flask, client: FlaskClient, maria: UUID, clock: HandClock
) -> None:
    report_id = _file(app, maria, way="told")
    opened = client.post(f"/advocate/{report_id}", data=OPENING)
    assert opened.status_code == 200
    assert WORDS in opened.text
    assert "opened it" in opened.text
    assert "How the time limit was worked out" in opened.text
    assert _reasons(app, report_id) == ["To prepare for a meeting or a call with them"]
    clock.advance(minutes=1)
    other = {"reason": "other", "words": "To write to her solicitor"}
    assert client.post(f"/advocate/{report_id}", data=other).status_code == 200
    assert _reasons(app, report_id)[1:] == ["To write to her solicitor"]


@pytest.mark.parametrize(
    ("data", "words"),
    [({}, "Choose why"), ({"reason": "other"}, "Write your reason"), ({"reason": "x"}, "Choose")],
)
def test_without_a_reason_nothing_is_shown_and_no_look_is_written(
    app: Flask, client: FlaskClient, maria: UUID, data: dict[str, str], words: str
) -> None:
    report_id = _file(app, maria)
    answer = client.post(f"/advocate/{report_id}", data=data)
    assert answer.status_code == 400
    assert words in answer.text
    assert WORDS not in answer.text
    assert _reasons(app, report_id) == []


def test_what_is_not_on_the_list_does_not_exist(
    app: Flask, client: FlaskClient, maria: UUID
) -> None:
    site = site_of(app)
    draft = _file(app, maria, send=False)
    theirs = _file(app, add_person(site, "advocate", name="jo"))
    withdrawn = _file(app, maria)
    with site.database.transaction() as writing:
        withdraw(writing, withdrawn, keyring=site.keyring, now=site.now())
    pages = []
    for report_id in (draft, theirs, withdrawn, uuid4()):
        assert client.get(f"/advocate/{report_id}").status_code == 404
        answer = client.post(f"/advocate/{report_id}", data=OPENING)
        assert answer.status_code == 404
        pages.append(answer.text)
    assert len(set(pages)) == 1


@pytest.mark.parametrize("role", ["inspector", "administrator"])
def test_only_advocates_have_a_list(app: Flask, role: str) -> None:
    client = sign_in(app, add_person(site_of(app), role))
    assert client.get("/advocate").status_code == 403
    assert client.get("/advocate/start").status_code == 403
    assert client.post("/advocate/start", data={"agrees": "yes"}).status_code == 403
