"""Promises that the database itself keeps about accounts."""

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import ROLES, Account
from portal.site import Site

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _insert(site: Site, role: str, force_id: str | None, email_token: bytes) -> None:
    with site.database.transaction() as session:
        session.add(
            Account(
                id=uuid.uuid4(),
                email_token=email_token,
                sealed_email=b"",
                sealed_name=b"",
                organisation="Harbour Support",
                role=role,
                force_id=force_id,
                password_hash="",
                created_at=NOW,
            )
        )


@pytest.mark.parametrize("role", ROLES)
def test_a_role_belongs_to_a_force_or_to_none_and_the_database_refuses_the_other(
    site: Site, role: str
) -> None:
    of_a_force = role in ("liaison", "registrar", "pcc")
    _insert(site, role, "wiltshire" if of_a_force else None, role.encode())
    with pytest.raises(IntegrityError):
        _insert(site, role, None if of_a_force else "wiltshire", b"other")


def test_the_database_knows_no_other_role(site: Site) -> None:
    with pytest.raises(IntegrityError):
        _insert(site, "king", None, b"king")


def test_two_accounts_cannot_share_an_address_even_when_made_at_once(site: Site) -> None:
    _insert(site, "advocate", None, b"same")
    with pytest.raises(IntegrityError):
        _insert(site, "inspector", None, b"same")
