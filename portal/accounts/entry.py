"""Signing in and choosing a password.

These take the database and not a session: a slow hash must never be worked out while the writers
wait, and a try must stay counted when it fails. So each is a short transaction that counts, the
hash outside of any, and a short transaction that acts if nothing has changed meanwhile.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.known_browsers import is_known
from portal.accounts.models import Account
from portal.accounts.passwords import Hasher, check_rules
from portal.accounts.service import display_name, email_of, email_token, find_account
from portal.accounts.sign_ins import end_all_sign_ins, start_sign_in
from portal.accounts.throttling import ONE_ACCOUNT, count_try, forget_tries
from portal.db import Database
from portal.errors import Refused
from portal.sealing import Keyring, Tokens

_MOST_PASSWORD = 1000


class WrongSignIn(Refused):
    """The e-mail address is unknown, its account is closed, or the password is wrong."""

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is wrong. Check both and try again.")


class MustChoosePassword(Refused):
    """The password is right but was given by an administrator, so it signs nobody in."""

    def __init__(self) -> None:
        super().__init__("This password works once. Choose one of your own now.")


def sign_in(
    database: Database,
    *,
    email: str,
    password: str,
    tokens: Tokens,
    hasher: Hasher,
    now: datetime,
    mark: str = "",
) -> str:
    """Sign in and return the browser's new token.

    `mark` is what `known_browsers` gave this browser: its tries are counted for it alone. Raises
    TooManyTries, WrongSignIn (the same, after the same time, for an unknown address) or
    MustChoosePassword.
    """
    key = _key(email, mark, tokens)
    account = _check(database, email, password, key, tokens=tokens, hasher=hasher, now=now)
    if account.password_chosen_at is None:
        raise MustChoosePassword
    better = hasher.hash(password) if hasher.is_outdated(account.password_hash) else None
    with database.transaction() as session:
        current = _unchanged(session, account)
        if better:
            current.password_hash = better
        forget_tries(session, ONE_ACCOUNT, key, tokens=tokens)
        return start_sign_in(session, account.id, now=now)


def choose_password(
    database: Database,
    *,
    email: str,
    password: str,
    new_password: str,
    keyring: Keyring,
    tokens: Tokens,
    hasher: Hasher,
    now: datetime,
    mark: str = "",
) -> str:
    """Replace a password by one's own, end every sign-in, and return the token of a new one.

    `mark` is as for `sign_in`. Raises TooManyTries, WrongSignIn, or Refused with what to
    change in the new password.
    """
    key = _key(email, mark, tokens)
    account = _check(database, email, password, key, tokens=tokens, hasher=hasher, now=now)
    check_rules(new_password, about=(email_of(account, keyring), display_name(account, keyring)))
    if new_password == password:
        raise Refused("The new password is the old one. Choose another one.")
    hashed = hasher.hash(new_password)
    with database.transaction() as session:
        current = _unchanged(session, account)
        current.password_hash = hashed
        current.password_chosen_at = now
        end_all_sign_ins(session, account.id, now=now)
        forget_tries(session, ONE_ACCOUNT, key, tokens=tokens)
        return start_sign_in(session, account.id, now=now)


def _check(
    database: Database,
    email: str,
    password: str,
    key: str,
    *,
    tokens: Tokens,
    hasher: Hasher,
    now: datetime,
) -> Account:
    """The account whose password this is. Counts the try first, for an unknown address too."""
    with database.transaction() as session:
        count_try(session, ONE_ACCOUNT, key, tokens=tokens, now=now)
    with database.reading() as session:
        account = find_account(session, email, tokens=tokens)
    is_open = account is not None and account.closed_at is None
    # A cut, not a refusal: an answer to a very long password must take as long as to any other.
    kept = account.password_hash if account is not None and is_open else None
    if not hasher.check(password[:_MOST_PASSWORD], kept) or account is None:
        raise WrongSignIn
    return account


def _unchanged(session: Session, checked: Account) -> Account:
    """The account, if it is still open and its password still the one that was checked."""
    account = session.get(Account, checked.id, with_for_update=True)
    if (
        account is None
        or account.closed_at is not None
        or account.password_hash != checked.password_hash
    ):
        raise WrongSignIn
    return account


def _key(email: str, mark: str, tokens: Tokens) -> str:
    """The bucket of a try: the address, or a browser that its owner signed in from before."""
    address = email_token(email, tokens=tokens).hex()
    return f"{address}/{mark}" if is_known(mark, email, tokens=tokens) else address
