"""What is answered about a supply: its counts, every refused row, and a receipt that verifies."""

import json
from uuid import uuid4

import pytest

from portal.errors import NotFound
from portal.ledger import verify
from portal.police.answers import SupplyAnswer, receipt_of, write_answer
from portal.police.queries import get_supply
from portal.site import Site
from tests.rig.supplies import file_of, row, take


def test_the_answer_is_of_the_form_that_is_described_and_lists_every_refused_row(
    site: Site,
) -> None:
    rows = [row(), row("54/2/26", recorded_at="Tuesday"), row("54/3/26", outcome_type="66")]
    outcome = take(site, rows)
    with site.database.reading() as session:
        written = write_answer(session, outcome.supply_id, keyring=site.keyring, signer=site.signer)
    answer = SupplyAnswer.model_validate_json(written)
    assert answer.id == outcome.supply_id
    assert (answer.force, answer.holds) == ("wiltshire", "full")
    counts = answer.counts
    assert (counts.rows_declared, counts.rows_taken, counts.rows_refused) == (3, 2, 1)
    assert (counts.new_records, counts.changed_records) == (2, 0)
    assert [(each.row, each.field) for each in answer.refused] == [(3, "recorded_at")]
    assert [(each.row, each.field) for each in answer.notices] == [(4, "outcome_type")]
    assert b"Tuesday" not in written


def test_the_receipt_proves_what_was_sent_to_whoever_trusts_the_log(site: Site) -> None:
    content = file_of([row()])
    outcome = take(site, content)
    with site.database.reading() as session:
        supply = get_supply(session, outcome.supply_id)
        receipt = receipt_of(session, supply, keyring=site.keyring, signer=site.signer)
    policy = f"log {site.signer.vkey}\nquorum none\n".encode()
    verdict = verify.judge(json.dumps(receipt).encode(), policy)
    assert verdict.code == verify.PROVED, verdict
    shown = {one["name"]: one["value"] for one in receipt["fields"]}
    assert shown["sha256"] == supply.digest.hex()
    assert shown["kind"] == "supply_taken"
    assert (shown["rows_taken"], shown["full"], shown["force"]) == (1, True, "wiltshire")
    assert receipt["hidden"] == []


def test_a_supply_that_was_never_taken_has_no_answer(site: Site) -> None:
    with site.database.reading() as session, pytest.raises(NotFound):
        write_answer(session, uuid4(), keyring=site.keyring, signer=site.signer)
