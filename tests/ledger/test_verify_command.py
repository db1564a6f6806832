"""The verifier works from a copy of its one file, with Python alone, and never crashes."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.ledger import verify
from tests.rig.ledger import OTHER_LOG, make_file, make_note, make_policy

SOURCE = Path(verify.__file__)


class Desk:
    """A folder with a copy of the verifier and nothing else of the project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(SOURCE, folder / "verify.py")
        (folder / "receipt.json").write_bytes(make_file())
        (folder / "policy").write_bytes(make_policy())

    def run(self, *arguments: str, flags: tuple[str, ...] = ()) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-I", "-S", *flags, "verify.py", *arguments],
            cwd=self.folder,
            env={"LC_ALL": "C", "PYTHONUTF8": "0"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_good_receipt_ends_with_0_and_says_what_is_proved(desk: Desk) -> None:
    code, output, errors = desk.run("receipt.json", "--policy", "policy")
    assert (code, errors) == (0, "")
    assert output.startswith("Proved.\n\nWhat this proves:\n")
    assert "What this does not prove:" in output
    assert "Somebody broke in." in output


def test_a_changed_receipt_ends_with_1(desk: Desk) -> None:
    (desk.folder / "receipt.json").write_bytes(make_file().replace(b"bicycle", b"tricycle"))
    code, output, errors = desk.run("receipt.json", "--policy", "policy")
    assert (code, errors) == (1, "")
    assert "The fields do not give the entry that the proof is for" in output
    assert "tricycle" not in output


def test_a_receipt_by_a_stranger_ends_with_1(desk: Desk) -> None:
    (desk.folder / "receipt.json").write_bytes(make_file(note=make_note(OTHER_LOG)))
    code, output, _ = desk.run("receipt.json", "--policy", "policy")
    assert code == 1
    assert "Signer not in policy" in output


def test_without_a_policy_it_ends_with_3(desk: Desk) -> None:
    code, output, errors = desk.run("receipt.json")
    assert (code, errors) == (3, "")
    assert output.startswith("Consistent, signer unknown.")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("receipt.json", "--policy"),
        ("receipt.json", "--trust", "policy"),
        ("receipt.json", "policy"),
        ("missing.json",),
        ("missing\u202e.json", "--policy", "policy"),
        (".",),
        ("receipt.json", "--policy", "missing"),
        ("receipt.json", "--policy", "receipt.json"),
        ("policy", "--policy", "policy"),
    ],
)
def test_wrong_use_and_wrong_files_end_with_2(desk: Desk, arguments: tuple[str, ...]) -> None:
    code, output, errors = desk.run(*arguments)
    assert code == 2
    assert "Traceback" not in errors
    assert "\u202e" not in output + errors


def test_without_a_file_it_says_what_to_type(desk: Desk) -> None:
    code, output, errors = desk.run()
    assert (code, output) == (2, "")
    assert "python3 verify.py receipt.json --policy on-record-policy.txt" in errors
    assert 'python3 verify.py --address "https://..." --policy on-record-policy.txt' in errors


def test_a_file_that_is_not_there_is_named_with_what_to_do(desk: Desk) -> None:
    _, output, _ = desk.run("missing.json", "--policy", "policy")
    assert "There is no receipt file missing.json here. Look at its name" in output
    _, output, _ = desk.run("receipt.json", "--policy", "missing.txt")
    assert "There is no policy file missing.txt here. Look at its name" in output


def test_files_given_the_wrong_way_round_are_told(desk: Desk) -> None:
    code, output, _ = desk.run("policy", "--policy", "receipt.json")
    assert code == 2
    assert "You chose a receipt as the policy file. Perhaps the two are swapped." in output


def test_a_terminal_without_the_right_letters_still_gets_the_verdict(desk: Desk) -> None:
    code, output, errors = desk.run("receipt.json", "--policy", "policy", flags=("-X", "utf8=0"))
    assert (code, errors) == (0, "")
    assert output.startswith("Proved.")


def test_a_verdict_that_could_not_be_shown_is_no_verdict(desk: Desk) -> None:
    command = [sys.executable, "-I", "-S", "verify.py", "receipt.json", "--policy", "policy"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, cwd=desk.folder, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (2, b"")


def test_an_endless_file_is_not_read_to_the_end(desk: Desk) -> None:
    with (desk.folder / "huge.json").open("wb") as file:
        file.truncate(10**10)
    code, output, _ = desk.run("huge.json", "--policy", "policy")
    assert code == 2
    assert "larger than 1 MB" in output


def test_the_command_of_the_readme_works_from_the_project(desk: Desk) -> None:
    files = str(desk.folder / "receipt.json"), "--policy", str(desk.folder / "policy")
    done = subprocess.run(
        [sys.executable, "-S", "-m", "portal.ledger.verify", *files],
        cwd=SOURCE.parents[2],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or "?"]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    assert "json" in imported
    assert imported <= sys.stdlib_module_names


def test_it_is_written_in_a_python_as_old_as_3_8() -> None:
    source = SOURCE.read_text(encoding="utf-8")
    assert ast.parse(source, feature_version=(3, 8))
    assert "from __future__ import annotations" in source


# What Python got after 3.8 that a file like this might use. https://docs.python.org/3/whatsnew/
TOO_NEW = {
    *("removeprefix", "removesuffix", "bit_count", "cache", "randbytes", "file_digest"),
    *("pairwise", "batched", "zoneinfo", "tomllib", "graphlib", "EllipsisType", "anext"),
    *("is_relative_to", "with_stem", "readlink", "hardlink_to", "unparse", "UTC", "StrEnum"),
}


def test_it_calls_nothing_that_python_3_8_lacks() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not names & TOO_NEW
    keywords = {
        (node.func.id, word.arg)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        for word in node.keywords
    }
    assert not keywords & {("zip", "strict"), ("dataclass", "slots"), ("dataclass", "kw_only")}


def test_it_takes_types_apart_only_where_nothing_runs() -> None:
    """Python 3.8 cannot evaluate `list[int]` or `int | None`; annotations are never evaluated."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    notes = [
        note
        for node in ast.walk(tree)
        for note in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if note is not None
    ]
    inside = {id(part) for note in notes for part in ast.walk(note)}
    builtin = {"list", "dict", "tuple", "set", "frozenset", "type"}
    evaluated = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and id(node) not in inside
        and isinstance(node.value, ast.Name)
        and node.value.id in builtin
    ]
    assert notes
    assert not evaluated
