"""Promises about what roles are called."""

import pytest
from flask import Flask

from portal.accounts.models import ROLES as STORED
from portal.web.account.words import ROLES, get_role


def test_every_role_that_is_stored_has_a_name_and_says_what_it_may_do() -> None:
    assert [role.key for role in ROLES] == list(STORED)
    for key in STORED:
        role = get_role(key)
        assert role.name
        assert role.may


@pytest.mark.parametrize("role", [role.key for role in ROLES])
def test_every_role_begins_at_a_page_that_there_is(app: Flask, role: str) -> None:
    addresses = {rule.rule for rule in app.url_map.iter_rules()}
    assert get_role(role).start in addresses
