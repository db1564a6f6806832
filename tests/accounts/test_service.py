"""Promises about accounts: who may have one, what a copy of the database shows, how one ends."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from portal.accounts.models import Account
from portal.accounts.service import (
    add_account,
    close_account,
    display_name,
    email_of,
    find_account,
    give_password,
    list_accounts,
)
from portal.accounts.sign_ins import find_signed_in, start_sign_in
from portal.errors import NotFound, Refused
from portal.site import Site

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PASSWORD = "three quiet otters"


def _add(
    site: Site,
    **changes: Any,  # noqa: ANN401 - any detail of an account
) -> Account:
    details: dict[str, Any] = {
        "email": "Maria.Okafor@example.org",
        "name": "Maria Okafor",
        "organisation": "Harbour Support",
        "role": "advocate",
        "force_id": None,
        "password": PASSWORD,
        "now": NOW,
    }
    with site.database.transaction() as session:
        return add_account(
            session,
            keyring=site.keyring,
            tokens=site.tokens,
            hasher=site.hasher,
            **(details | changes),
        )


def test_an_account_is_found_however_its_address_is_typed(site: Site) -> None:
    made = _add(site)
    with site.database.reading() as session:
        found = find_account(session, "  maria.okafor@EXAMPLE.org ", tokens=site.tokens)
        assert found is not None
        assert found.id == made.id
        assert display_name(found, site.keyring) == "Maria Okafor"
        assert email_of(found, site.keyring) == "Maria.Okafor@example.org"


def test_a_copy_of_the_row_shows_neither_name_nor_address_nor_password(site: Site) -> None:
    account = _add(site)
    row = b"".join(
        value if isinstance(value, bytes) else str(value).encode()
        for value in (account.email_token, account.sealed_email, account.sealed_name)
    )
    row += account.password_hash.encode()
    for word in (b"Maria", b"maria", b"Okafor", b"example.org", PASSWORD.encode()):
        assert word not in row


def test_a_sealed_name_cannot_be_moved_to_another_account(site: Site) -> None:
    maria, jo = _add(site), _add(site, email="jo@example.org", name="Jo Bell")
    jo.sealed_name = maria.sealed_name
    with pytest.raises(Exception, match="cannot be opened"):
        display_name(jo, site.keyring)


def test_two_accounts_cannot_share_an_address(site: Site) -> None:
    _add(site)
    with pytest.raises(Refused, match="already"):
        _add(site, email="maria.okafor@example.ORG")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "maria"}, "name@example.org"),
        ({"name": "  "}, "name"),
        ({"organisation": ""}, "organisation"),
        ({"role": "king"}, "roles"),
        ({"role": "liaison"}, "Choose the force"),
        ({"force_id": "wiltshire"}, "no one force"),
        ({"password": "too short"}, "at least 12"),
        ({"password": "maria.okafor1"}, "too close"),
    ],
)
def test_a_wrong_detail_is_refused_with_what_to_change(
    site: Site, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        _add(site, **changes)
    with site.database.reading() as session:
        assert list_accounts(session) == []


def test_closing_an_account_ends_its_sign_ins_and_keeps_the_row(site: Site) -> None:
    account = _add(site)
    with site.database.transaction() as session:
        token = start_sign_in(session, account.id, now=NOW)
    with site.database.transaction() as session:
        close_account(session, account.id, now=NOW)
    with site.database.reading() as session:
        assert find_signed_in(session, token, now=NOW) is None
        assert [one.closed_at for one in list_accounts(session)] == [NOW]


def test_a_closed_account_cannot_be_closed_again_nor_get_a_password(site: Site) -> None:
    account = _add(site)
    with site.database.transaction() as session:
        close_account(session, account.id, now=NOW)
    for account_id in (account.id, uuid.uuid4()):
        with pytest.raises(NotFound), site.database.transaction() as session:
            close_account(session, account_id, now=NOW)
        with pytest.raises(NotFound), site.database.transaction() as session:
            give_password(session, account_id, password_hash="x", now=NOW)


def test_the_last_administrator_cannot_be_closed(site: Site) -> None:
    first = _add(site, role="administrator")
    with pytest.raises(Refused, match="last administrator"), site.database.transaction() as session:
        close_account(session, first.id, now=NOW)
    _add(site, role="administrator", email="jo@example.org", name="Jo Bell")
    with site.database.transaction() as session:
        assert close_account(session, first.id, now=NOW).closed_at == NOW


def test_open_accounts_are_listed_before_closed_ones(site: Site) -> None:
    maria, jo = _add(site), _add(site, email="jo@example.org", name="Jo Bell")
    with site.database.transaction() as session:
        close_account(session, maria.id, now=NOW)
    with site.database.reading() as session:
        assert [one.id for one in list_accounts(session)] == [jo.id, maria.id]
