"""People who sign in, for tests: made through the services, signed in through the page."""

from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.service import add_account
from portal.accounts.sign_ins import start_sign_in
from portal.site import Site

PASSWORD = "three quiet otters"


def site_of(app: Flask) -> Site:
    """The installation behind an application."""
    found: Site = app.extensions["on_record"]
    return found


def add_person(site: Site, role: str, *, force_id: str | None = None, name: str = "") -> UUID:
    """An open account with PASSWORD and the address ROLE@example.org, or NAME@example.org."""
    with site.database.transaction() as session:
        account = add_account(
            session,
            email=f"{name or role}@example.org",
            name=(name or role).capitalize(),
            organisation="Harbour Support",
            role=role,
            force_id=force_id,
            password=PASSWORD,
            keyring=site.keyring,
            tokens=site.tokens,
            hasher=site.hasher,
            now=site.now(),
        )
    return account.id


def sign_in(app: Flask, account_id: UUID) -> FlaskClient:
    """A browser in which this account is signed in."""
    site, client = site_of(app), app.test_client()
    with site.database.transaction() as writing:
        token = start_sign_in(writing, account_id, now=site.now())
    with client.session_transaction() as cookie:
        cookie["sign_in"] = token
    return client
