"""A batch is a supply like any file, and the same batch is always answered the same."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from portal.errors import Refused
from portal.police.batch import WrongForm
from portal.police.batches import take_batch
from portal.police.credentials import add_credential
from portal.police.models import CrimeRecordVersion, ForceCredential, Supply, SupplyRequest
from portal.police.requests import KeyUsed, read_key
from portal.police.service import SupplyUnderWay
from portal.site import Site
from tests.rig.batches import ROW, body, rows


@pytest.fixture
def credential(site: Site) -> ForceCredential:
    with site.database.transaction() as session:
        return add_credential(session, "wiltshire", name="Records", now=site.now())[0]


def take(site: Site, credential: ForceCredential, content: bytes, key: str = "one") -> bytes:
    return take_batch(
        site.database,
        content,
        credential=credential,
        key=read_key(key, credential.id),
        keyring=site.keyring,
        tokens=site.tokens,
        signer=site.signer,
        now=site.now(),
    )


def count(site: Site, table: type[Supply | SupplyRequest | CrimeRecordVersion]) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_batch_is_a_supply_whose_entry_names_its_very_bytes(
    site: Site, credential: ForceCredential
) -> None:
    content = body(ROW, ROW | {"crime_reference": "54/2/26", "recorded_at": ""})
    answer = json.loads(take(site, credential, content))
    assert answer["sha256"] == sha256(content).hexdigest()
    assert answer["counts"]["rows_taken"] == 1
    assert answer["refused"] == [
        {"row": 2, "field": "recorded_at", "reason": "empty, and every row needs it"}
    ]
    with site.database.reading() as session:
        supply = session.scalars(select(Supply)).one()
        request = session.scalars(select(SupplyRequest)).one()
    assert (supply.force_id, supply.is_full, supply.declared_rows) == ("wiltshire", True, 2)
    assert supply.loaded_by is None
    assert (request.supply_id, request.credential_id) == (supply.id, credential.id)


def test_sent_again_under_its_key_it_gets_the_very_same_bytes_even_after_the_log_grew(
    site: Site, credential: ForceCredential
) -> None:
    first = take(site, credential, body(ROW))
    take(site, credential, body(ROW, holds="changes"), key="two")
    assert take(site, credential, body(ROW)) == first
    assert (count(site, Supply), count(site, SupplyRequest)) == (2, 2)
    assert count(site, CrimeRecordVersion) == 1


def test_when_the_answer_was_lost_on_the_way_out_the_next_one_is_made_from_what_was_taken(
    site: Site, credential: ForceCredential
) -> None:
    first = take(site, credential, body(ROW))
    with site.database.transaction() as session:
        session.scalars(select(SupplyRequest)).one().sealed_answer = None
    assert take(site, credential, body(ROW)) == first


def test_the_same_batch_under_another_key_is_the_same_supply(
    site: Site, credential: ForceCredential
) -> None:
    first = json.loads(take(site, credential, body(ROW)))
    again = json.loads(take(site, credential, body(ROW), key="two"))
    assert again["id"] == first["id"]
    assert again["counts"] == first["counts"]
    assert (count(site, Supply), count(site, SupplyRequest)) == (1, 2)


def test_another_batch_under_the_same_key_changes_nothing(
    site: Site, credential: ForceCredential
) -> None:
    take(site, credential, body(ROW))
    with pytest.raises(KeyUsed):
        take(site, credential, body(ROW, holds="changes"))
    with pytest.raises(KeyUsed):
        take(site, credential, b"{")
    assert count(site, Supply) == 1


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"row_count": 2}, "2 rows"),
        ({"covers_to": "2027-01-01T00:00:00Z"}, "future"),
        ({"covers_to": "2026-01-01T00:00:00Z"}, "must end after it begins"),
    ],
)
def test_what_was_refused_binds_no_key(
    site: Site, credential: ForceCredential, parts: dict[str, object], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        take(site, credential, body(ROW, **parts))
    assert (count(site, Supply), count(site, SupplyRequest)) == (0, 0)
    assert take(site, credential, body(ROW))


def test_a_malformed_batch_leaves_nothing(site: Site, credential: ForceCredential) -> None:
    with pytest.raises(WrongForm):
        take(site, credential, body(ROW, more=1))
    assert (count(site, Supply), count(site, SupplyRequest)) == (0, 0)


def test_while_another_supply_of_the_force_is_taken_it_has_to_come_again(
    site: Site, credential: ForceCredential
) -> None:
    with site.database.only_one("supply-wiltshire"), pytest.raises(SupplyUnderWay):
        take(site, credential, body(ROW))
    assert take(site, credential, body(ROW))


def test_the_same_batch_from_two_hands_at_once_is_one_supply(
    site: Site, credential: ForceCredential
) -> None:
    content = body(*rows(300))

    def send(_: int) -> bytes:
        while True:
            try:
                return take(site, credential, content)
            except SupplyUnderWay:
                continue

    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(send, range(4)))
    assert len(set(answers)) == 1
    assert (count(site, Supply), count(site, CrimeRecordVersion)) == (1, 300)


def test_a_quiet_day_is_a_batch_without_rows(site: Site, credential: ForceCredential) -> None:
    answer = json.loads(take(site, credential, body(holds="changes")))
    assert answer["counts"]["rows_declared"] == 0
    assert answer["refused"] == answer["notices"] == []
