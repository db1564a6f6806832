"""The project's own source, read once: what the promises about its shape look at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Import:
    """One name that a module imports, where, and whether only when a function is called."""

    name: str
    line: int
    deferred: bool


@dataclass(frozen=True)
class Module:
    """One Python file below `portal/`."""

    path: Path
    name: str

    @cached_property
    def text(self) -> str:
        """The file's text."""
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        """The file, parsed."""
        return ast.parse(self.text)

    @property
    def place(self) -> str:
        """The path from the project's root, as an error should name it."""
        return str(self.path.relative_to(ROOT))

    @property
    def lines(self) -> int:
        """How long the file is."""
        return self.text.count("\n")

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Everything imported, also inside functions; not what only the type checker reads."""
        return tuple(_walk_imports(self.tree, self, deferred=False))


@cache
def modules() -> tuple[Module, ...]:
    """Every module of `portal/`, by path."""
    return tuple(
        Module(path, _name(path.relative_to(ROOT))) for path in sorted(ROOT.glob("portal/**/*.py"))
    )


@cache
def by_name() -> dict[str, Module]:
    """Every module by its dotted name."""
    return {module.name: module for module in modules()}


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _walk_imports(node: ast.AST, module: Module, *, deferred: bool) -> Iterator[Import]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, node.lineno, deferred) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = _absolute(node, module)
        yield from (Import(f"{base}.{a.name}", node.lineno, deferred) for a in node.names)
    inside = deferred or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from _walk_imports(child, module, deferred=inside)


def _absolute(node: ast.ImportFrom, module: Module) -> str:
    if not node.level:
        return node.module or ""
    above = node.level - (module.path.name == "__init__.py")
    base = module.name.split(".")[: -above or None]
    return ".".join([*base, node.module] if node.module else base)


def find_module(imported: str) -> Module | None:
    """The module of the project that an imported name lies in, or None if it is none of ours."""
    name = imported
    while name.startswith("portal"):
        if name in by_name():
            return by_name()[name]
        name = name.rpartition(".")[0]
    return None


def parts_imported(module: Module) -> Iterator[tuple[Import, Module]]:
    """What a module imports from the project itself, with the module each name lies in."""
    for imported in module.imports:
        found = find_module(imported.name)
        if found is not None and found is not module:
            yield imported, found
