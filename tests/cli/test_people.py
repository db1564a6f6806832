"""Promises about `flask people`: the first administrator needs no sign-in, no secret is kept."""

import re

from click.testing import Result
from flask import Flask

from portal.accounts.entry import sign_in
from portal.accounts.service import find_account
from portal.cli.people import group
from portal.site import Site

ADMINISTRATOR = [
    *("add", "--email", "maria@example.org", "--name", "Maria Okafor"),
    *("--organisation", "On Record", "--role", "administrator"),
]
PASSWORD = "three quiet otters"


def _run(site: Site, *words: str, typed: str = "") -> Result:
    return Flask("test").test_cli_runner().invoke(group(site), list(words), input=typed)


def _sign_in(site: Site, password: str) -> str:
    return sign_in(
        site.database,
        email="maria@example.org",
        password=password,
        tokens=site.tokens,
        hasher=site.hasher,
        now=site.now(),
    )


def test_the_first_administrator_is_made_at_the_keyboard_and_can_sign_in(site: Site) -> None:
    said = _run(site, *ADMINISTRATOR, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert said.exit_code == 0, said.output
    assert PASSWORD not in said.output
    assert _sign_in(site, PASSWORD)


def test_a_made_password_is_printed_once_and_must_be_replaced(site: Site) -> None:
    said = _run(site, *ADMINISTRATOR, "--generate")
    assert said.exit_code == 0, said.output
    printed = re.search(r"to use once: (\S+)", said.output)
    assert printed
    with site.database.reading() as session:
        account = find_account(session, "maria@example.org", tokens=site.tokens)
    assert account is not None
    assert account.password_chosen_at is None
    assert site.hasher.check(printed[1], account.password_hash)


def test_a_poor_password_is_refused_in_words_and_nothing_is_added(site: Site) -> None:
    said = _run(site, *ADMINISTRATOR, typed="short\nshort\n")
    assert said.exit_code == 1
    assert "at least 12 characters" in said.output
    assert "no accounts yet" in _run(site, "list").output


def test_an_unknown_force_is_refused_with_the_forces_that_there_are(site: Site) -> None:
    said = _run(site, *ADMINISTRATOR[:-1], "liaison", "--force", "atlantis", "--generate")
    assert said.exit_code == 1
    assert "wiltshire" in said.output


def test_accounts_are_listed_and_closed(site: Site) -> None:
    _run(site, *ADMINISTRATOR, "--generate")
    officer = [*ADMINISTRATOR[:-1], "liaison", "--force", "wiltshire", "--generate"]
    officer[2] = "jo@example.org"
    assert _run(site, *officer).exit_code == 0
    closed = _run(site, "close", "jo@example.org")
    assert closed.exit_code == 0, closed.output
    lines = _run(site, "list").output.splitlines()
    assert lines == [
        "open  administrator  -  maria@example.org  Maria Okafor  On Record",
        "closed  liaison  wiltshire  jo@example.org  Maria Okafor  On Record",
    ]


def test_the_last_administrator_and_an_unknown_address_are_not_closed(site: Site) -> None:
    _run(site, *ADMINISTRATOR, "--generate")
    assert "last administrator" in _run(site, "close", "maria@example.org").output
    assert "no account" in _run(site, "close", "nobody@example.org").output
