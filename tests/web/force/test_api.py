"""A force's own system sends records: a credential lets it in, and nothing is taken twice."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.police.answers import SupplyAnswer
from portal.police.credentials import end_credential
from portal.police.models import ForceCredential, Supply
from portal.web.force.openapi import LARGEST_BATCH
from tests.rig.batches import ROW, Sender, body, credential_of
from tests.rig.clock import HandClock
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.verifier import verifies

WRONG = ("", "Bearer ", "Bearer x", "Bearer \x7f", "Basic eDp5", "Digest x", "Bearer a b", "é")


@pytest.fixture
def sender(app: Flask) -> Sender:
    return Sender(app, credential_of(site_of(app)))


def count(app: Flask) -> int:
    with site_of(app).database.reading() as reading:
        return reading.scalar(select(func.count()).select_from(Supply)) or 0


def test_a_batch_is_taken_and_answered_with_a_receipt_that_anybody_can_check(
    app: Flask, sender: Sender, tmp_path: Path
) -> None:
    sent = sender.send(body(ROW, ROW | {"crime_reference": "54/2/26", "recorded_at": "Tuesday"}))
    assert sent.status_code == 201, sent.text
    answer = SupplyAnswer.model_validate_json(sent.data)
    assert [(each.row, each.field) for each in answer.refused] == [(2, "recorded_at")]
    assert "Tuesday" not in sent.text
    receipt = json.dumps(sent.get_json()["receipt"]).encode()
    policy = f"log {site_of(app).signer.vkey}\nquorum none\n".encode()
    assert "supply_taken" in verifies(tmp_path, receipt, policy)
    assert "Set-Cookie" not in sent.headers
    assert sent.headers["Cache-Control"] == "no-store"


def test_sent_again_it_gets_the_same_answer(app: Flask, sender: Sender, clock: HandClock) -> None:
    first = sender.send(body(ROW))
    clock.advance(hours=3)
    again = sender.send(body(ROW))
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert count(app) == 1


def test_another_batch_under_the_same_key_is_refused(app: Flask, sender: Sender) -> None:
    sender.send(body(ROW))
    refused = sender.send(body(ROW, holds="changes"))
    assert refused.status_code == 422
    assert refused.get_json()["code"] == "key_used"
    assert count(app) == 1


@pytest.mark.parametrize("shown", WRONG)
def test_whatever_else_is_wrong_without_a_credential_the_answer_is_the_same(
    app: Flask, sender: Sender, shown: str
) -> None:
    wrong = [
        sender.send(content, key, Authorization=shown, Content_Type=kind)
        for content, key, kind in (
            (body(ROW), "a", "application/json"),
            (b"{", "", "text/plain"),
            (b"x" * 100_000, "\x7f", ""),
        )
    ]
    wrong.append(sender.client.get(f"/force/supplies/{'0' * 8}-0000-4000-8000-{'0' * 12}"))
    for answer in wrong:
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.get_json()["code"] == "wrong_credential"
        assert answer.data == wrong[0].data
    assert count(app) == 0


def test_an_ended_credential_is_answered_like_one_that_never_was(
    app: Flask, sender: Sender
) -> None:
    never = sender.send(body(ROW), Authorization="Bearer onrecord-force-" + "A" * 43)
    site = site_of(app)
    with site.database.transaction() as session:
        credential = session.scalars(select(ForceCredential)).one()
        end_credential(session, credential.id, now=site.now())
    ended = sender.send(body(ROW))
    assert (ended.status_code, ended.data) == (401, never.data)
    assert dict(ended.headers) == dict(never.headers)


def test_a_signed_in_liaison_sends_nothing_without_a_credential(app: Flask, sender: Sender) -> None:
    sender.client = sign_in(app, add_person(site_of(app), "liaison", force_id="wiltshire"))
    assert sender.send(body(ROW), Authorization="").status_code == 401
    assert count(app) == 0


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (body(ROW), {"Idempotency_Key": ""}, 400, "wrong_key"),
        (body(ROW), {"Idempotency_Key": "a b"}, 400, "wrong_key"),
        (body(ROW), {"Content_Type": "text/csv"}, 415, "not_sent_as_json"),
        (body(ROW), {"Content_Type": ""}, 415, "not_sent_as_json"),
        (b"Zebulonta", {}, 400, "not_json"),
        (b"\xff", {}, 400, "not_json"),
        (body(ROW, Zebulonta=1), {}, 422, "wrong_form"),
        (body(ROW | {"Zebulonta": "Zebulonta"}), {}, 422, "wrong_form"),
        (body(ROW, row_count=7), {}, 409, "refused"),
        (body(*[{}] * 20_001), {}, 413, "too_large"),
    ],
)
def test_what_is_wrong_is_told_in_json_without_repeating_it(
    app: Flask, sender: Sender, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    refused = sender.send(content, **headers)
    assert refused.status_code == status
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["code"] == code
    assert "Zebulonta" not in refused.text
    assert count(app) == 0


def test_a_fault_in_a_row_is_told_with_its_number_and_field(sender: Sender) -> None:
    refused = sender.send(body(ROW, ROW | {"place": 5}))
    assert refused.get_json()["errors"] == [
        {"row": 2, "field": "place", "reason": "not text in quotation marks, or null"}
    ]


def test_a_batch_that_is_too_large_is_not_read(app: Flask, sender: Sender) -> None:
    refused = sender.send(b" " * (LARGEST_BATCH + 1))
    assert refused.status_code == 413
    assert refused.get_json()["code"] == "too_large"
    assert count(app) == 0


def test_while_another_supply_is_taken_it_is_told_when_to_come_again(
    app: Flask, sender: Sender
) -> None:
    with site_of(app).database.only_one("supply-wiltshire"):
        refused = sender.send(body(ROW))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "under_way")
    assert int(refused.headers["Retry-After"]) > 0


def test_what_became_of_a_supply_is_read_by_its_force_and_no_other(
    app: Flask, sender: Sender
) -> None:
    sent = sender.send(body(ROW)).get_json()
    address = f"/force/supplies/{sent['id']}"
    read = sender.read(address)
    assert read.status_code == 200
    assert {**read.get_json(), "receipt": 0} == {**sent, "receipt": 0}
    other = Sender(app, credential_of(site_of(app), "kent"))
    foreign = other.read(address)
    assert (foreign.status_code, foreign.get_json()["code"]) == (404, "not_found")
    unknown = other.read(address[:-1] + ("0" if address[-1] != "0" else "1"))
    assert (unknown.status_code, unknown.data) == (404, foreign.data)


def test_a_period_that_is_not_over_is_refused_until_it_is(
    app: Flask, sender: Sender, clock: HandClock
) -> None:
    end = site_of(app).now() + timedelta(hours=1)
    content = body(ROW, covers_to=end.isoformat())
    assert sender.send(content).status_code == 409
    clock.advance(hours=2)
    assert sender.send(content).status_code == 201


def test_a_fault_of_ours_is_told_in_json_and_gives_nothing_away(app: Flask, sender: Sender) -> None:
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    engine = site_of(app).database.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE force_credentials RENAME TO elsewhere")
    fault = sender.send(body(ROW))
    assert (fault.status_code, fault.get_json()["code"]) == (500, "fault")
    assert "force_credentials" not in fault.text
