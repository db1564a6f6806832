"""Promises about addresses: each is in the one table with who may enter it, the rest is refused."""

from flask import Flask
from werkzeug.routing import Rule

from portal.web import routes
from portal.web.access import ANYONE, SIGNED_IN, VISITOR
from tests.promises.source import ROOT

TEMPLATES_OF_ALL = {"layouts", "components", "errors", "email"}


def test_every_address_is_listed_with_who_may_enter(rules: list[Rule]) -> None:
    listed = routes.who_may_enter()
    unlisted = [f"{rule} ({rule.endpoint})" for rule in rules if rule.endpoint not in listed]
    assert rules
    assert not unlisted, "\n".join(unlisted)


def test_the_table_lists_nothing_that_is_not_there(app: Flask) -> None:
    there = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert set(routes.who_may_enter()) <= there


def test_the_table_names_only_people_that_the_design_knows() -> None:
    known = ANYONE | VISITOR | SIGNED_IN
    for endpoint, who in routes.who_may_enter().items():
        assert who, f"{endpoint}: nobody may enter"
        assert who <= known, f"{endpoint}: {set(who - known)}"
        assert not (who & ANYONE and len(who) > 1), f"{endpoint}: anyone includes everybody else"


def test_every_area_has_its_folder_of_templates(app: Flask) -> None:
    missing = [name for name in app.blueprints if not list(ROOT.glob(f"templates/{name}/*"))]
    assert app.blueprints
    assert not missing, f"no templates for {missing}"


def test_every_folder_of_templates_belongs_to_an_area(app: Flask) -> None:
    folders = {path.name for path in ROOT.glob("templates/*")}
    assert folders <= TEMPLATES_OF_ALL | set(app.blueprints)
