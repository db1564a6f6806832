"""Promises about `flask credentials`: a secret is printed once, and ended by its number."""

import re

from click.testing import Result
from flask import Flask

from portal.cli.credentials import group
from portal.police.credentials import find_credential
from portal.site import Site


def _run(site: Site, *words: str) -> Result:
    return Flask("test").test_cli_runner().invoke(group(site), list(words))


def _add(site: Site) -> tuple[str, str]:
    said = _run(site, "add", "--force", "wiltshire", "--name", "Records system")
    assert said.exit_code == 0, said.output
    number = re.search(r"Added credential (\S+) for wiltshire", said.output)
    secret = re.search(r"The secret: (\S+)", said.output)
    assert number
    assert secret
    return number[1], secret[1]


def _opens(site: Site, secret: str) -> bool:
    with site.database.reading() as session:
        return find_credential(session, secret) is not None


def test_a_secret_is_printed_once_and_lets_its_force_in(site: Site) -> None:
    number, secret = _add(site)
    assert _opens(site, secret)
    listed = _run(site, "list").output
    assert f"{number}  open  wiltshire" in listed
    assert secret not in listed


def test_an_ended_credential_lets_nobody_in_and_stays_in_the_list(site: Site) -> None:
    number, secret = _add(site)
    assert "Ended the credential of wiltshire" in _run(site, "end", number).output
    assert not _opens(site, secret)
    assert "ended" in _run(site, "list").output


def test_a_force_or_a_number_that_is_not_there_is_said_in_words(site: Site) -> None:
    assert "no such force" in _run(site, "add", "--force", "atlantis", "--name", "x").output
    unknown = _run(site, "end", "00000000-0000-4000-8000-000000000000")
    assert unknown.exit_code == 1
    assert "no such credential" in unknown.output
    assert "no credentials yet" in _run(site, "list").output
