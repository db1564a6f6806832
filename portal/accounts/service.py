"""Accounts of staff and advocates: made and closed by administrators or from the command line."""

import re
import unicodedata
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import ROLES, Account
from portal.accounts.passwords import Hasher, check_rules
from portal.accounts.sign_ins import (
    end_all_sign_ins,
    end_sign_in,
    find_signed_in,
    list_sign_ins,
    touch,
)
from portal.errors import NotFound, Refused
from portal.sealing import Keyring, Tokens

__all__ = [
    "ROLES_OF_A_FORCE",
    "add_account",
    "close_account",
    "display_name",
    "email_of",
    "email_token",
    "end_all_sign_ins",
    "end_sign_in",
    "find_account",
    "find_signed_in",
    "get_account_by_id",
    "give_password",
    "list_accounts",
    "list_sign_ins",
    "touch",
]

ROLES_OF_A_FORCE = frozenset({"liaison", "registrar", "pcc"})
_MOST_TEXT = 200
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def add_account(
    session: Session,
    *,
    email: str,
    name: str,
    organisation: str,
    role: str,
    force_id: str | None,
    password: str,
    keyring: Keyring,
    tokens: Tokens,
    hasher: Hasher,
    now: datetime,
    chosen_by_owner: bool = True,
) -> Account:
    """Make an account. A password not chosen by its owner must be changed at the first sign-in.

    `force_id` belongs to a liaison, a registrar or a PCC office and to nobody else; the caller
    has checked that there is such a force. Raises Refused with what to change.
    """
    email, name, organisation = email.strip(), name.strip(), organisation.strip()
    _check_details(email, name, organisation, role, force_id)
    check_rules(password, about=(email, name))
    token = email_token(email, tokens=tokens)
    if session.scalar(select(Account.id).where(Account.email_token == token)):
        raise Refused("There is an account with this e-mail address already.")
    account_id = uuid.uuid4()
    account = Account(
        id=account_id,
        email_token=token,
        sealed_email=keyring.seal_alone(email.encode(), _context("email", account_id)),
        sealed_name=keyring.seal_alone(name.encode(), _context("name", account_id)),
        organisation=organisation,
        role=role,
        force_id=force_id,
        password_hash=hasher.hash(password),
        password_chosen_at=now if chosen_by_owner else None,
        created_at=now,
        closed_at=None,
    )
    session.add(account)
    session.flush()
    return account


def give_password(
    session: Session, account_id: uuid.UUID, *, password_hash: str, now: datetime
) -> Account:
    """Replace a forgotten password by one to use once, and end the account's sign-ins.

    The hash comes ready-made, so that no writer waits for it. Raises NotFound when there is no
    such open account.
    """
    account = _get_open(session, account_id)
    account.password_hash = password_hash
    account.password_chosen_at = None
    end_all_sign_ins(session, account_id, now=now)
    return account


def close_account(session: Session, account_id: uuid.UUID, *, now: datetime) -> Account:
    """Close an account for good and end its sign-ins; what it did stays on record.

    Raises NotFound when there is no such open account, and Refused for the last administrator.
    """
    account = _get_open(session, account_id)
    if account.role == "administrator":
        # All rows are locked, so that two administrators cannot close each other at once.
        others = session.scalars(
            select(Account)
            .where(Account.role == "administrator", Account.closed_at.is_(None))
            .order_by(Account.id)
            .with_for_update()
        )
        if {other.id for other in others} <= {account_id}:
            raise Refused("This is the last administrator. Add another one first.")
    account.closed_at = now
    end_all_sign_ins(session, account_id, now=now)
    return account


def find_account(session: Session, email: str, *, tokens: Tokens) -> Account | None:
    """The account of an e-mail address, open or closed, or None."""
    token = email_token(email, tokens=tokens)
    return session.scalar(select(Account).where(Account.email_token == token))


def get_account_by_id(session: Session, account_id: uuid.UUID) -> Account:
    """The account, open or closed. Raises NotFound when there is none."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("There is no account like this.")
    return account


def list_accounts(session: Session) -> list[Account]:
    """Every account, the open ones first, each kind in the order in which they were made."""
    rows = select(Account).order_by(Account.closed_at.is_not(None), Account.created_at, Account.id)
    return list(session.scalars(rows))


def display_name(account: Account, keyring: Keyring) -> str:
    """The name of an account's owner, opened."""
    return keyring.open_alone(account.sealed_name, _context("name", account.id)).decode()


def email_of(account: Account, keyring: Keyring) -> str:
    """The e-mail address of an account, opened, as it was typed."""
    return keyring.open_alone(account.sealed_email, _context("email", account.id)).decode()


def email_token(email: str, *, tokens: Tokens) -> bytes:
    """The 16-byte keyed token of an e-mail address, the same however its letters are typed."""
    normal = unicodedata.normalize("NFKC", email).strip().casefold()
    return tokens.token("account/email", normal)


def _get_open(session: Session, account_id: uuid.UUID) -> Account:
    account = session.get(Account, account_id)
    if account is None or account.closed_at is not None:
        raise NotFound("There is no open account like this.")
    return account


def _check_details(
    email: str, name: str, organisation: str, role: str, force_id: str | None
) -> None:
    if len(email) > _MOST_TEXT or not _EMAIL.fullmatch(email):
        raise Refused("Write the e-mail address like name@example.org.")
    if not 0 < len(name) <= _MOST_TEXT:
        raise Refused("Write the person's name.")
    if not 0 < len(organisation) <= _MOST_TEXT:
        raise Refused("Write the name of the organisation.")
    if role not in ROLES:
        raise Refused("Choose one of these roles: " + ", ".join(ROLES) + ".")
    if (role in ROLES_OF_A_FORCE) != (force_id is not None):
        raise Refused(
            "Choose the force." if force_id is None else "This role belongs to no one force."
        )


def _context(part: str, account_id: uuid.UUID) -> str:
    return f"accounts/{part}/{account_id}"
