"""What the promises about pages need. They hold for the site, whichever database lies below."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule


@pytest.fixture
def backend() -> str:
    """One kind of database: headers and addresses do not depend on it."""
    return "sqlite"


@pytest.fixture
def rules(app: Flask) -> list[Rule]:
    """Every address of the site but the static files'."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


@pytest.fixture
def addresses(app: Flask, rules: list[Rule]) -> list[tuple[Rule, str]]:
    """Every address of the site, with something made up where a part of it varies."""
    return [(rule, address) for rule in rules for address in _fill_in(app, rule)]


def _fill_in(app: Flask, rule: Rule) -> Iterator[str]:
    made_up = {
        "NumberConverter": 1,
        "UUIDConverter": "00000000-0000-4000-8000-000000000000",
    }
    parts = {
        name: made_up.get(type(converter).__name__, "x")
        for name, converter in rule._converters.items()
    }
    built = rule.build(parts, append_unknown=False)
    assert built is not None, f"cannot make an address for {rule}"
    yield built[1]
