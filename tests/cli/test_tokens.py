"""The program a force runs is one file, runs on old Pythons, and normalises as the site does."""

import json
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from portal.cli.tokens import group, program
from portal.matching import tokenise
from tests.rig.hostile_names import BIRTHS, EMAILS, NAMES, POSTCODES, TELEPHONES, TOWNS

SECRET = b"k" * 32


@pytest.fixture(scope="module")
def alone() -> dict[str, Any]:
    """What the file defines when nothing of this project can be imported."""
    text = program()
    assert "import portal" not in text
    assert "from portal" not in text
    names: dict[str, Any] = {"__name__": "alone"}
    exec(compile(text, "tokenise.py", "exec"), names)  # noqa: S102 - our own text
    return names


def test_alone_it_makes_the_tokens_that_the_site_makes(alone: dict[str, Any]) -> None:
    token = tokenise.token_maker(SECRET)
    for made, texts in (
        ("name_cell", NAMES),
        ("birth_cell", BIRTHS),
        ("telephone_cell", TELEPHONES),
        ("email_cell", EMAILS),
    ):
        for text in texts:
            assert alone[made](text, token) == getattr(tokenise, made)(text, token), text
    for postcode in POSTCODES:
        for town in TOWNS:
            ours = tokenise.place_cell(postcode, town, token)
            assert alone["place_cell"](postcode, town, token) == ours


def test_it_runs_by_itself_on_the_oldest_python_that_is_here(tmp_path: Path) -> None:
    (tmp_path / "tokenise.py").write_text(program(), encoding="utf-8")
    key = CliRunner().invoke(group(), ["key", "2026-1"]).output
    (tmp_path / "key.json").write_text(key)
    (tmp_path / "in.csv").write_text("victim_name\nZebulonta Reed\n")
    words = ["-I", "-S", "tokenise.py", "in.csv", "--key", "key.json", "--output", "out.csv"]
    said = subprocess.run(
        [_oldest_python(), *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    token = tokenise.token_maker(b64decode(json.loads(key)["secret"]))
    assert tokenise.name_cell("Zebulonta Reed", token) in (tmp_path / "out.csv").read_text()


def test_a_key_is_made_by_chance_and_can_be_read() -> None:
    first, second = (CliRunner().invoke(group(), ["key", "2026-1"]).output for _ in range(2))
    assert first != second
    name, secret = tokenise.read_key(first)
    assert (name, len(secret)) == ("2026-1", 32)


def test_the_command_prints_the_program() -> None:
    assert CliRunner().invoke(group(), ["program"]).output == program()


def _oldest_python() -> str:
    for version in ("3.8", "3.9", "3.10"):
        found = shutil.which(f"python{version}")
        # A launcher of a version that is not chosen here starts and says so.
        if found and subprocess.run([found, "-V"], capture_output=True).returncode == 0:
            return found
    return sys.executable
