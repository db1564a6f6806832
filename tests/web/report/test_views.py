"""A promise about the reporter's pages: a module with an address is never forgotten."""

import ast
from pathlib import Path

from portal.web.report import views

FOLDER = Path(views.__file__).parent


def has_addresses(path: Path) -> bool:
    return any(
        isinstance(node, ast.FunctionDef)
        and any("blueprint." in ast.unparse(each) for each in node.decorator_list)
        and not any("before_request" in ast.unparse(each) for each in node.decorator_list)
        for node in ast.parse(path.read_text()).body
    )


def test_every_module_with_an_address_is_among_the_parts_of_the_site() -> None:
    named = {Path(str(part.__file__)).stem for part in views.PARTS}
    assert {path.stem for path in FOLDER.glob("*.py") if has_addresses(path)} == named
