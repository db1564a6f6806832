"""Idempotency keys: one key, one batch, one answer."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.police.credentials import add_credential
from portal.police.models import Supply, SupplyRequest
from portal.police.requests import (
    KEPT,
    KeyUsed,
    RequestKey,
    WrongKey,
    check_key,
    find_request,
    forget_old_keys,
    keep_answer,
    keep_request,
    open_answer,
    read_key,
)
from portal.site import Site
from tests.rig.supplies import row, take

NOBODY = UUID(int=1)


@pytest.fixture
def key(site: Site) -> RequestKey:
    """A key that is bound to a supply of Wiltshire."""
    outcome = take(site, [row()])
    with site.database.transaction() as session:
        credential, _ = add_credential(session, "wiltshire", name="Records", now=site.now())
        made = read_key("one", credential.id)
        for _ in range(2):
            keep_request(session, session.get_one(Supply, outcome.supply_id), made, now=site.now())
    return made


def test_a_key_is_the_same_with_and_without_the_marks_of_a_structured_field() -> None:
    assert read_key('"8e03-97.8"', NOBODY) == read_key("8e03-97.8", NOBODY)
    assert read_key("a", NOBODY).hash == sha256(b"a").digest()


@pytest.mark.parametrize(
    "header", ["", " ", '"', '""', '"a', 'a"', "a b", "a\n", "é", "\x00", "x" * 201, "a,b"]
)
def test_what_is_no_key_is_refused_in_words(header: str) -> None:
    with pytest.raises(WrongKey, match="Nothing was taken"):
        read_key(header, NOBODY)


def test_another_batch_under_the_same_key_is_refused(site: Site, key: RequestKey) -> None:
    with site.database.reading() as session:
        request = find_request(session, "wiltshire", key)
        assert request is not None
        check_key(session, "wiltshire", key, request.digest)
        check_key(session, "wiltshire", RequestKey(b"other" * 6, NOBODY), b"x" * 32)
        with pytest.raises(KeyUsed, match="another batch"):
            check_key(session, "wiltshire", key, b"x" * 32)


def test_the_same_key_of_another_force_is_another_key(site: Site, key: RequestKey) -> None:
    with site.database.reading() as session:
        assert find_request(session, "kent", key) is None
        check_key(session, "kent", key, b"x" * 32)


def test_the_first_answer_is_the_one_that_stays_and_it_is_sealed(
    site: Site, key: RequestKey
) -> None:
    for answer in (b"the first", b"the second"):
        with site.database.transaction() as session:
            kept = keep_answer(session, "wiltshire", key, answer, keyring=site.keyring)
        assert kept == b"the first"
    with site.database.reading() as session:
        request = session.scalars(select(SupplyRequest)).one()
        assert open_answer(session, request, keyring=site.keyring) == b"the first"
        assert b"the first" not in (request.sealed_answer or b"")


def test_a_key_without_an_answer_yet_has_none(site: Site, key: RequestKey) -> None:
    with site.database.reading() as session:
        request = session.scalars(select(SupplyRequest)).one()
        assert open_answer(session, request, keyring=site.keyring) is None


def test_a_key_is_kept_for_thirty_days(site: Site, key: RequestKey) -> None:
    for passed, left in ((KEPT, 1), (KEPT + timedelta(seconds=1), 0)):
        with site.database.transaction() as session:
            forget_old_keys(session, now=site.now() + passed)
            count = select(func.count()).select_from(SupplyRequest)
            assert session.scalar(count) == left
