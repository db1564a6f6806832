"""Accounts from the command line: `flask people add`, `flask people list`, `flask people close`.

The first administrator is made here; the pages need one to be signed in.
"""

import click
from flask.cli import AppGroup

from portal.accounts.models import ROLES, Account
from portal.accounts.passwords import new_password
from portal.accounts.service import (
    add_account,
    close_account,
    display_name,
    email_of,
    find_account,
    list_accounts,
)
from portal.cli.schema import TableCommands
from portal.errors import OnRecordError
from portal.reference.forces import all_forces, find_force
from portal.site import Site


def group(site: Site) -> AppGroup:
    """The `flask people` commands for one installation."""
    commands = TableCommands(
        site.database, "people", "Add, list and close the accounts of staff and advocates."
    )

    @commands.command("add")
    @click.option("--email", prompt="E-mail address")
    @click.option("--name", prompt="Name")
    @click.option("--organisation", prompt="Organisation")
    @click.option("--role", type=click.Choice(ROLES), prompt="Role")
    @click.option("--force", help="Only for a liaison, a registrar or a PCC office: wiltshire.")
    @click.option("--generate", is_flag=True, help="Make a password to use once, and print it.")
    def add(
        email: str, name: str, organisation: str, role: str, force: str | None, generate: bool
    ) -> None:
        """Add an account. Its password is asked for, or made with --generate."""
        _add(
            site,
            email=email,
            name=name,
            organisation=organisation,
            role=role,
            force=force,
            generate=generate,
        )

    @commands.command("list")
    def list_() -> None:
        """List every account: state, role, force, e-mail address, name, organisation."""
        with site.database.reading() as session:
            accounts = list_accounts(session)
        for account in accounts:
            click.echo(_line(site, account))
        if not accounts:
            click.echo("There are no accounts yet. Add one with: flask people add")

    @commands.command("close")
    @click.argument("email")
    def close(email: str) -> None:
        """Close the account of EMAIL for good and sign it out everywhere."""
        _close(site, email)

    return commands


def _add(
    site: Site,
    *,
    email: str,
    name: str,
    organisation: str,
    role: str,
    force: str | None,
    generate: bool,
) -> None:
    _check_force(force)
    password = new_password() if generate else _ask_password()
    try:
        with site.database.transaction() as session:
            add_account(
                session,
                email=email,
                name=name,
                organisation=organisation,
                role=role,
                force_id=force,
                password=password,
                keyring=site.keyring,
                tokens=site.tokens,
                hasher=site.hasher,
                now=site.now(),
                chosen_by_owner=not generate,
            )
    except OnRecordError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Added {email} as {role}.")
    if generate:
        click.echo(f"The password, to use once: {password}")
        click.echo("It is not shown again. At the first sign-in they choose their own.")


def _close(site: Site, email: str) -> None:
    try:
        with site.database.transaction() as session:
            account = find_account(session, email, tokens=site.tokens)
            if account is None:
                raise click.ClickException(f"There is no account with the address {email}.")
            close_account(session, account.id, now=site.now())
    except OnRecordError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Closed {email}. It is signed out everywhere.")


def _ask_password() -> str:
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _check_force(force: str | None) -> None:
    if force is not None and find_force(force) is None:
        known = ", ".join(one.id for one in all_forces())
        raise click.ClickException(f"There is no force {force}. The forces are: {known}.")


def _line(site: Site, account: Account) -> str:
    state = "closed" if account.closed_at else "open"
    name = display_name(account, site.keyring)
    parts = (state, account.role, account.force_id or "-", email_of(account, site.keyring), name)
    return "  ".join((*parts, account.organisation))
