"""For forces that share no names: `flask tokens program`, `flask tokens key`.

The program is one file for the force's own machine: `portal.matching.tokenise` with the
normalisation that the site itself uses put into it, so that the two cannot differ.
"""

import ast
import base64
import json
import secrets
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.matching import nicknames, normalising, tokenise
from portal.matching.nicknames import all_nicknames

_KEY_BYTES = 32


def group() -> AppGroup:
    """The `flask tokens` commands."""
    commands = AppGroup("tokens", help="For forces that share no names: the program and its key.")

    @commands.command("program")
    def program_() -> None:
        """Print the program that the force runs on its side: one file, Python 3.8 or later."""
        click.echo(program(), nl=False)

    @commands.command("key")
    @click.argument("name")
    def key(name: str) -> None:
        """Print a new key file called NAME, such as 2026-1. It is printed this once."""
        secret = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
        click.echo(json.dumps({"key": name, "secret": secret}))

    return commands


def program() -> str:
    """The text of the program."""
    source = _source(tokenise.__file__)
    parts = {
        normalising.__name__: _body(_source(normalising.__file__)),
        nicknames.__name__: _nicknames(),
    }
    lines = source.splitlines(keepends=True)
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.ImportFrom) and node.module in parts:
            lines[node.lineno - 1 : node.end_lineno] = [parts[node.module]]
    return "".join(lines)


def _body(source: str) -> str:
    """A module without its docstring, and without the aliases that only annotations use."""
    lines = source.splitlines(keepends=True)
    for node in reversed(ast.parse(source).body):
        if _is_docstring(node) or _is_alias(node):
            lines[node.lineno - 1 : node.end_lineno] = []
    return "".join(lines)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_alias(node: ast.stmt) -> bool:
    # tuple[str, str] can be written from Python 3.9 on.
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Subscript)
        and isinstance(node.value.value, ast.Name)
        and node.value.value.id == "tuple"
    )


def _nicknames() -> str:
    rows = "".join(
        f"    {name!r}: {tuple(sorted(groups))!r},\n"
        for name, groups in sorted(all_nicknames().items())
    )
    return (
        f"_NICKNAMES = {{\n{rows}}}\n\n\n"
        "def nickname_groups(name: str) -> frozenset[str]:\n"
        '    """The names that a forename may be short for; its own where none is known."""\n'
        "    return frozenset(_NICKNAMES.get(name) or (name,))\n"
    )


def _source(file: str) -> str:
    return Path(file).read_text("utf-8")
