"""Promises about the command line: every command is there, and says in a line what it is for."""

import click
import pytest
from flask import Flask

EVERY = {
    "db": {"upgrade", "downgrade", "current"},
    "people": {"add", "list", "close"},
    "records": {"load"},
    "jobs": {"run"},
    "ledger": {"policy", "head", "publish"},
}


@pytest.fixture
def backend() -> str:
    """One kind of database: the list of commands does not depend on it."""
    return "sqlite"


def test_every_command_that_the_readme_speaks_of_is_there(app: Flask) -> None:
    assert set(EVERY) | {"demonstration"} <= set(app.cli.commands)
    for name, commands in EVERY.items():
        group = app.cli.commands[name]
        assert isinstance(group, click.Group)
        assert commands <= set(group.commands), name


def test_every_command_says_what_it_is_for(app: Flask) -> None:
    for name in (*EVERY, "demonstration"):
        command = app.cli.commands[name]
        inside = list(command.commands.values()) if isinstance(command, click.Group) else []
        for one in (command, *inside):
            assert one.get_short_help_str(200), f"{name} {one.name}"
