"""Promises about size and place: small files, one name for each thing, a test beside each module.

A number over its mark is a place to look. The few exceptions stand here with their reason.
"""

import ast
from pathlib import Path

from tests.promises.source import ROOT, Module, modules

MOST_FILE_LINES = 300
MOST_FUNCTION_LINES = 50
MOST_TEMPLATE_LINES = 150
MOST_TEST_LINES = 400
LEAST_LINES_FOR_A_MIRROR = 10

LONG_FILES = {
    # One file that somebody can take away and read alone, with Python's standard library only.
    "portal/ledger/verify.py": 1060,
}
TOP_LEVEL = {
    *("portal", "templates", "static", "migrations", "tests", "docs", ".ci"),
    *("wsgi.py", "README.md", "LICENSE", "SECURITY.md", "CHANGELOG.md", "Makefile"),
    *("pyproject.toml", "requirements.lock", "requirements-dev.lock"),
    "requirements-bench.lock",
}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "extensions", "dao", "base"}


def functions(module: Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]


def lines_of(path: Path) -> int:
    return path.read_text().count("\n")


def test_the_top_level_holds_only_what_the_design_names() -> None:
    made_here = {"instance", "node_modules", "package.json", "package-lock.json"}
    extra = {
        path.name
        for path in ROOT.iterdir()
        if path.name not in TOP_LEVEL | made_here
        and (not path.name.startswith(".") and not path.name.startswith("__"))
    }
    assert not extra


def test_an_init_file_holds_only_a_docstring() -> None:
    more = [
        module.place
        for module in modules()
        if module.path.name == "__init__.py"
        and (len(module.tree.body) != 1 or ast.get_docstring(module.tree) is None)
    ]
    assert not more


def test_every_module_says_what_it_is_for() -> None:
    assert not [m.place for m in modules() if ast.get_docstring(m.tree) is None]


def test_every_public_function_says_what_it_does() -> None:
    silent = [
        f"{module.place}:{node.lineno} {node.name}"
        for module in modules()
        for body in [
            module.tree.body,
            *(c.body for c in module.tree.body if isinstance(c, ast.ClassDef)),
        ]
        for node in body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert not silent, "\n".join(silent)


def test_no_module_is_a_drawer_for_whatever_has_no_name() -> None:
    drawers = [
        str(path.relative_to(ROOT))
        for top in ("portal", "tests", "migrations")
        for path in ROOT.glob(f"{top}/**/*")
        if (path.suffix == ".py" or path.is_dir()) and path.stem in DRAWERS
    ]
    assert not drawers


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    long = [
        f"{module.place}: {module.lines} lines"
        for module in modules()
        if module.lines > LONG_FILES.get(module.place, MOST_FILE_LINES)
    ]
    assert not long, "\n".join(long)


def test_an_exception_for_a_long_file_goes_when_the_file_is_short() -> None:
    longs = {module.place for module in modules() if module.lines > MOST_FILE_LINES}
    assert set(LONG_FILES) <= longs


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{module.place}:{node.lineno} {node.name}"
        for module in modules()
        for node in functions(module)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def test_no_template_is_longer_than_its_mark() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines_of(path)} lines"
        for path in ROOT.glob("templates/**/*")
        if path.is_file() and lines_of(path) > MOST_TEMPLATE_LINES
    ]
    assert not long, "\n".join(long)


def test_no_test_file_is_longer_than_its_mark() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines_of(path)} lines"
        for path in ROOT.glob("tests/**/*.py")
        if lines_of(path) > MOST_TEST_LINES
    ]
    assert not long, "\n".join(long)


def test_every_module_has_its_test_in_the_same_place() -> None:
    missing = [
        f"{module.place}: no {mirror.relative_to(ROOT)}"
        for module in modules()
        if module.path.name != "__init__.py" and module.lines > LEAST_LINES_FOR_A_MIRROR
        for mirror in [_mirror(module)]
        if not mirror.exists()
    ]
    assert not missing, "\n".join(missing)


def _mirror(module: Module) -> Path:
    inside = module.path.relative_to(ROOT / "portal")
    return ROOT / "tests" / inside.parent / f"test_{inside.name}"


def test_no_test_replaces_a_part_of_the_portal_while_it_runs() -> None:
    patching = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in ROOT.glob("tests/**/*.py")
        if path != Path(__file__)
        for word in ("unittest.mock", "monkeypatch.setattr", "mocker.")
        if word in path.read_text()
    ]
    assert not patching, "hand a fake in instead:\n" + "\n".join(patching)


def test_a_tests_folder_has_no_init_file() -> None:
    assert not list(ROOT.glob("tests/**/__init__.py"))
