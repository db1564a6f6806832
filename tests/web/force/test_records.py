"""Sending records through a page: taken whole or not, each refused row shown, own force only."""

import hashlib
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.police.mappings import choose_mapping
from portal.police.models import CrimeRecord, Supply, WaitingFile
from portal.web.force.upload import LARGEST_FILE
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.supplies import file_of, row
from tests.rig.verifier import verifies

DECLARED = {"covers_from": "2026-02-01", "covers_to": "2026-02-28", "kind": "full", "rows": "2"}
TWO = file_of([row(), row("54/2/26", recorded_at="Tuesday")])


@pytest.fixture
def liaison(app: Flask) -> FlaskClient:
    return sign_in(app, add_person(site_of(app), "liaison", force_id="wiltshire"))


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return sign_in(app, add_person(site_of(app), "administrator"))


def offer(client: FlaskClient, content: bytes = TWO, **declared: str) -> TestResponse:
    """Send a file to be looked at."""
    data = DECLARED | declared | {"file": (io.BytesIO(content), "records.csv")}
    return client.post("/force/records/add", data=data, content_type="multipart/form-data")


def send(client: FlaskClient, content: bytes = TWO, **declared: str) -> TestResponse:
    """Send a file and, if it can be read, have it taken."""
    looked = offer(client, content, **declared)
    if looked.status_code != 303:
        return looked
    return client.post(looked.location, data={"do": "take"})


def count(app: Flask) -> int:
    with site_of(app).database.reading() as reading:
        return reading.scalar(select(func.count()).select_from(CrimeRecord)) or 0


def test_a_file_is_taken_and_every_refused_row_shown(app: Flask, liaison: FlaskClient) -> None:
    sent = send(liaison)
    assert sent.status_code == 303
    page = liaison.get(sent.location).text
    assert "The file was taken" in page
    assert "not a date and time like" in page
    assert "Tuesday" not in page
    with site_of(app).database.reading() as reading:
        supply = reading.scalars(select(Supply)).one()
    assert (supply.force_id, supply.taken_rows, supply.refused_rows) == ("wiltshire", 1, 1)
    assert supply.covers_to == datetime(2026, 3, 1, tzinfo=UTC)
    assert supply.loaded_by is not None
    assert f"/force/records/{supply.id}" in liaison.get("/force/records").text


def test_a_large_file_is_read_twice_from_the_servers_disk(app: Flask, liaison: FlaskClient) -> None:
    rows = [row(f"54/{number}/26", place="Long Lane " * 20) for number in range(1, 4001)]
    assert send(liaison, file_of(rows), rows="4 000").status_code == 303
    assert count(app) == 4000


def test_the_same_file_again_changes_nothing_and_says_so(app: Flask, liaison: FlaskClient) -> None:
    send(liaison)
    again = send(liaison)
    assert "Nothing changed" in liaison.get(again.location).text
    assert count(app) == 1 + 1  # the refused row's crime is known by its number alone


def test_a_broken_file_is_refused_whole_and_the_form_keeps_what_was_typed(
    app: Flask, liaison: FlaskClient
) -> None:
    refused = send(liaison, file_of([row()]) + b'"')
    assert refused.status_code == 400
    assert "Nothing of it was taken" in refused.text
    assert 'value="2026-02-28"' in refused.text
    assert count(app) == 0


def test_a_wrong_number_of_rows_is_refused_with_both_numbers(
    app: Flask, liaison: FlaskClient
) -> None:
    refused = send(liaison, rows="3")
    assert refused.status_code == 400
    assert "holds 3 rows; it holds 2" in refused.text
    assert count(app) == 0


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("covers_from", "soon", "Write a day like 2026-01-31"),
        ("covers_to", "2027-01-01", "ends in the future"),
        ("covers_to", "2026-01-01", "must end after it begins"),
        ("rows", "many", "in digits"),
        ("rows", "1" * 12, "cannot hold so many"),
        ("kind", "", "Choose what the file holds"),
    ],
)
def test_what_cannot_be_declared_is_said_in_words(
    liaison: FlaskClient, field: str, value: str, said: str
) -> None:
    refused = send(liaison, TWO, **{field: value})
    assert refused.status_code == 400
    assert said in refused.text


def test_the_largest_size_is_said_before_a_file_is_chosen_and_again_when_it_was_too_large(
    app: Flask, liaison: FlaskClient
) -> None:
    assert LARGEST_FILE in liaison.get("/force/records/add").text.split('type="file"')[0]
    assert app.config["MAX_CONTENT_LENGTH"] > 60_000_000
    app.config["MAX_CONTENT_LENGTH"] = 1_000
    refused = send(liaison, TWO * 10)
    assert refused.status_code == 413
    assert f"{LARGEST_FILE}." in refused.text
    assert "nothing on that page was saved" in refused.text
    assert count(app) == 0


def test_the_command_for_a_larger_file_is_there(app: Flask) -> None:
    (words,) = re.findall("“flask --app wsgi (.*)”", LARGEST_FILE)
    said = app.test_cli_runner().invoke(args=[*words.split(), "--help"])
    assert said.exit_code == 0
    assert "Take FILE" in said.output


def test_without_a_file_nothing_happens(liaison: FlaskClient) -> None:
    refused = liaison.post("/force/records/add", data=DECLARED)
    assert refused.status_code == 400
    assert "Choose the file" in refused.text


def test_a_liaison_sends_and_sees_only_the_records_of_their_own_force(
    app: Flask, liaison: FlaskClient, administrator: FlaskClient
) -> None:
    other = file_of([row("1/1/26", force="dorset")])
    sent = send(administrator, other, force="dorset", rows="1")
    assert sent.status_code == 303
    assert liaison.get(sent.location).status_code == 404
    assert sent.location.split("?")[0] not in liaison.get("/force/records").text
    send(liaison, other, force="dorset", rows="1")
    with site_of(app).database.reading() as reading:
        newest = reading.scalars(select(Supply).order_by(Supply.number.desc())).first()
    assert newest is not None
    assert (newest.force_id, newest.refused_rows) == ("wiltshire", 1)


def test_an_administrator_names_the_force(administrator: FlaskClient) -> None:
    refused = send(administrator)
    assert refused.status_code == 400
    assert "Choose the force" in refused.text


def test_many_remarks_come_in_pages(liaison: FlaskClient) -> None:
    rows = [row(f"54/{number}/26", recorded_at="") for number in range(1, 121)]
    sent = send(liaison, file_of(rows), rows="120")
    page = liaison.get(sent.location).text
    assert page.count("recorded_at</td>") == 50
    follow = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = liaison.get(follow).text
    assert second.count("recorded_at</td>") == 50
    assert "First page" in second


def test_a_file_is_looked_at_before_anything_of_it_is_taken(
    app: Flask, liaison: FlaskClient
) -> None:
    rows = [
        row(victim_name="Zebulonta"),
        row("54/2/26", recorded_at="Tuesday"),
        row(offence_code="28E"),
        row("54/3/26", outcome_type="66"),
    ]
    looked = offer(liaison, file_of(rows), rows="4")
    page = liaison.get(looked.location).text
    assert "Nothing is taken yet" in page
    assert "not a date and time like" in page
    assert "differs from an earlier row" in page
    assert "66 and 99 stand for no outcome" in page
    assert "54/1234/26" in page
    assert "Tuesday" not in page
    assert "Zebulonta" not in page
    assert count(app) == 0
    taken = liaison.post(looked.location, data={"do": "take"})
    with site_of(app).database.reading() as reading:
        supply = reading.scalars(select(Supply)).one()
    assert (supply.taken_rows, supply.refused_rows) == (2, 2)
    assert taken.location.startswith(f"/force/records/{supply.id}")
    assert liaison.get(looked.location).status_code == 404


def test_a_file_can_be_dropped_instead(app: Flask, liaison: FlaskClient) -> None:
    looked = offer(liaison)
    dropped = liaison.post(looked.location, data={"do": "drop"})
    assert "Nothing of it was taken" in liaison.get(dropped.location).text
    assert liaison.post(looked.location, data={"do": "take"}).status_code == 404
    assert count(app) == 0
    with site_of(app).database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(WaitingFile)) == 0


def test_a_waiting_file_is_shown_to_its_own_force_only(app: Flask, liaison: FlaskClient) -> None:
    looked = offer(liaison)
    kent = add_person(site_of(app), "liaison", force_id="kent", name="kent")
    other = sign_in(app, kent)
    assert other.get(looked.location).status_code == 404
    for do in ("take", "drop"):
        assert other.post(looked.location, data={"do": do}).status_code == 404
    assert liaison.get(looked.location).status_code == 200


def test_while_another_file_is_taken_this_one_keeps_waiting(
    app: Flask, liaison: FlaskClient
) -> None:
    looked = offer(liaison)
    with site_of(app).database.only_one("supply-wiltshire"):
        refused = liaison.post(looked.location, data={"do": "take"})
    assert refused.status_code == 400
    assert "being taken right now" in refused.text
    assert liaison.post(looked.location, data={"do": "take"}).status_code == 303


def test_an_export_of_another_shape_is_read_by_the_mapping_of_its_force(
    app: Flask, liaison: FlaskClient
) -> None:
    with site_of(app).database.transaction() as session:
        choose_mapping(session, "wiltshire", "crime-urn", now=site_of(app).now())
    assert "CrimeURN" in liaison.get("/force/records/add").text
    export = b"CrimeURN,Created.Date,HO.Text,Gender\n54260000001,03/02/2026 10:15,28E,F\n"
    looked = offer(liaison, export, rows="1")
    assert "CrimeURN" in liaison.get(looked.location).text
    assert liaison.post(looked.location, data={"do": "take"}).status_code == 303
    assert count(app) == 1


def test_a_file_of_which_nothing_would_be_taken_is_called_that(liaison: FlaskClient) -> None:
    looked = offer(liaison, file_of([row(force="kent")]), rows="1")
    assert "Every row would be refused" in liaison.get(looked.location).text


def test_the_receipt_of_a_file_proves_it_to_whoever_trusts_the_log(
    app: Flask, liaison: FlaskClient, tmp_path: Path
) -> None:
    address = send(liaison).location.split("?")[0]
    assert f"{address}/receipt" in liaison.get(address).text
    receipt = liaison.get(f"{address}/receipt")
    assert "attachment" in receipt.headers["Content-Disposition"]
    policy = f"log {site_of(app).signer.vkey}\nquorum none\n".encode()
    assert hashlib.sha256(TWO).hexdigest() in verifies(tmp_path, receipt.data, policy)
    kent = sign_in(app, add_person(site_of(app), "liaison", force_id="kent", name="kent"))
    assert kent.get(f"{address}/receipt").status_code == 404
