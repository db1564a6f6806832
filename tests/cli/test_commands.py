"""Promises about the command line: every command is there, and says in a line what it is for."""

import os
import subprocess
import sys

import click
import pytest
from flask import Flask

EVERY = {
    "db": {"upgrade", "downgrade", "current"},
    "people": {"add", "list", "close"},
    "records": {"load"},
    "jobs": {"run"},
    "ledger": {
        "policy",
        "head",
        "publish",
        "guard",
        "succeed",
        "key",
        "witness",
        "monitor",
    },
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


def run_without_settings(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("ON_RECORD_")
    }
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_whoever_runs_a_witness_or_makes_the_first_key_needs_no_settings() -> None:
    made = run_without_settings("ledger", "key", "new", "record.example/log")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("PRIVATE+" + "KEY+record.example/log+")
    for word in ("witness", "monitor"):
        assert run_without_settings("ledger", word, "--help").returncode == 0


def test_every_other_command_says_which_settings_are_missing() -> None:
    for words in (["jobs", "run", "--once"], ["ledger", "head"], ["db", "upgrade"]):
        said = run_without_settings(*words)
        assert said.returncode == 1
        assert "ON_RECORD_SEALING_KEY is not set" in said.stderr
        assert "Traceback" not in said.stderr
