"""Promises about who may know whom. The rows are those of the design: a module imports only from
a row below its own, or from its own package."""

import ast

from tests.promises.source import Module, by_name, modules, parts_imported

ROWS = (
    {"app"},
    {"web", "cli"},
    {"site"},
    {"oversight"},
    {"alerts"},
    {"matching"},
    {"evidence"},
    {"reports", "police"},
    {"ledger", "accounts", "notifications", "reference"},
    {"sealing"},
    {"db"},
    {"config"},  # a setting that is missing is one of the errors
    {"mail_settings"},  # the part of the settings that says how messages leave
    {"clock", "errors", "languages"},
)

PURE = (
    "portal.ledger.merkle",
    "portal.ledger.checkpoint",
    "portal.ledger.receipt",
    "portal.ledger.policy",
    "portal.ledger.outside.decision",
    "portal.ledger.erasure",
    "portal.ledger.fragment",
    "portal.reports.states",
    "portal.reports.code_words",
    "portal.evidence.kinds",
    "portal.evidence.names",
    "portal.police.feed",
    "portal.alerts.rights",
    "portal.matching.settling",
    "portal.matching.normalising",
    "portal.matching.sides",
    "portal.matching.levels",
    "portal.matching.times",
    "portal.matching.numbers",
    "portal.matching.fitting",
    "portal.matching.sampling",
    "portal.matching.measuring",
    "portal.matching.auditing",
    "portal.matching.drifting",
    "portal.matching.fairness",
    "portal.matching.card",
    "portal.matching.posterior",
    "portal.matching.zones",
    "portal.matching.blocking",
    "portal.matching.assignment",
    "portal.matching.weighing",
    "portal.alerts.deadline",
    "portal.alerts.findings",
    "portal.oversight.statistics",
    "portal.oversight.disclosure",
)
# Come when something needs them; pure from their first day.
MAY_COME_LATER = {"portal.oversight.statistics", "portal.oversight.disclosure"}
OUTSIDE = {
    *("flask", "werkzeug", "sqlalchemy", "alembic", "psycopg", "sqlite3"),
    *("os", "pathlib", "shutil", "tempfile", "glob", "fcntl", "importlib"),
    *("socket", "ssl", "http", "urllib", "smtplib", "subprocess", "threading"),
}
OUTSIDE_CALLS = {"open", "print", "input"}


def part_of(module: Module) -> str:
    return module.name.split(".")[1] if "." in module.name else ""


def row_of(part: str) -> int:
    return next(number for number, row in enumerate(ROWS) if part in row)


def test_every_part_of_the_portal_has_a_row() -> None:
    parts = {part_of(module) for module in modules()} - {""}
    assert parts <= set().union(*ROWS), "a new part needs a row in the design first"


def test_a_module_imports_only_from_a_row_below_its_own_or_its_own_package() -> None:
    upward = [
        f"{module.place}:{imported.line} imports {imported.name}"
        for module in modules()
        if part_of(module)
        for imported, other in parts_imported(module)
        if part_of(other)
        and part_of(other) != part_of(module)
        and row_of(part_of(other)) <= row_of(part_of(module))
    ]
    assert not upward, "upward or sideways:\n" + "\n".join(upward)


def test_no_module_imports_itself_in_a_circle_even_when_called_late() -> None:
    edges = {module: [other for _, other in parts_imported(module)] for module in modules()}
    circles = []
    finished: set[Module] = set()

    def follow(module: Module, path: list[Module]) -> None:
        if module in path:
            circles.append(" > ".join(step.name for step in [*path[path.index(module) :], module]))
        elif module not in finished:
            for other in edges[module]:
                follow(other, [*path, module])
            finished.add(module)

    for module in modules():
        follow(module, [])
    assert not circles, "\n".join(circles)


def test_every_pure_module_is_there() -> None:
    assert {name for name in PURE if name not in by_name()} <= MAY_COME_LATER


def test_a_pure_module_touches_no_page_no_database_and_no_file() -> None:
    touches = []
    for module in (by_name()[name] for name in PURE if name in by_name()):
        touches += [
            f"{module.place}:{imported.line} imports {imported.name}"
            for imported in module.imports
            if imported.name.split(".")[0] in OUTSIDE
        ]
        touches += [
            f"{module.place}:{node.lineno} calls {node.func.id}"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in OUTSIDE_CALLS
        ]
    assert not touches, "\n".join(touches)


def test_a_pure_module_reaches_no_page_and_no_database_through_another() -> None:
    reached = []
    for start in (by_name()[name] for name in PURE if name in by_name()):
        waiting, seen = [(start, start.name)], {start}
        while waiting:
            module, path = waiting.pop()
            reached += [
                f"{path} > {imported.name}"
                for imported in module.imports
                if imported.name.split(".")[0] in {"flask", "sqlalchemy", "alembic", "psycopg"}
            ]
            for _, other in parts_imported(module):
                if other not in seen:
                    seen.add(other)
                    waiting.append((other, f"{path} > {other.name}"))
    assert not reached, "\n".join(reached)


def test_only_the_database_module_commits() -> None:
    elsewhere = [
        f"{module.place}:{number}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), 1)
        if ".commit(" in line and module.name != "portal.db"
    ]
    assert not elsewhere, "\n".join(elsewhere)
    assert by_name()["portal.db"].text.count(".commit(") == 1


def test_what_is_called_find_or_get_writes_nothing() -> None:
    writing = {
        "add",
        "add_all",
        "delete",
        "merge",
        "flush",
        "insert",
        "update",
        "bulk_save_objects",
    }
    writes = [
        f"{module.place}:{call.lineno} {node.name} calls {call.func.attr}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith(("find_", "get_"))
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in writing
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"session", "database", "connection"}
    ]
    assert not writes, "\n".join(writes)


CATCH_ANYTHING = {
    "portal.web.problems",  # turns every fault into a page
    "portal.cli.jobs",  # a job that fails must not stop the others
    "portal.matching.in_processes",  # what a task raises is told to the process that wanted it
    "portal.evidence.child",  # decoders raise anything, and it is a process of its own
}


def test_each_error_is_caught_by_name() -> None:
    broad = [
        f"{module.place}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and module.name not in CATCH_ANYTHING
    ]
    assert not broad, "\n".join(broad)
