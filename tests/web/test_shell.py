"""The frame of every page: leaving comes first, nothing is inline, nothing comes from elsewhere."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web import language

ROOT = Path(__file__).parents[2]
PAGE = '{% extends "layouts/page.html" %}{% block content %}<h1>Words</h1>{% endblock %}'
STAFF = """{% extends "layouts/staff.html" %}
{% from "components/parts.html" import nav_item %}
{% block nav_items %}{{ nav_item("Alerts", "/alerts", current=true) }}{% endblock %}"""
UNSTYLED = frozenset(
    {
        "govuk-panel__body",
        "govuk-table__body",
        "govuk-table__caption--s",
        "govuk-table__row",
        "or-events",
    }
)
FIRST_LOAD = 100_000  # bytes, uncompressed: an old phone on a poor line


def draw(source: str, **words: object) -> str:
    app = Flask("portal", root_path=str(ROOT), template_folder="templates", static_folder="static")
    language.install(app)
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    with app.test_request_context():
        return app.jinja_env.from_string(source).render(**words)


@pytest.mark.parametrize("source", [PAGE, STAFF])
def test_the_first_thing_the_tab_key_reaches_leaves_the_page(source: str) -> None:
    first = re.search(r"<(?:a|button|input|select|textarea|summary)\b[^>]*>", draw(source))
    assert first is not None
    assert 'href="/leave"' in first[0]
    assert 'rel="nofollow noreferrer"' in first[0]


def test_the_skip_link_comes_next_and_has_a_target() -> None:
    page = draw(PAGE)
    links = re.findall(r'<a [^>]*href="([^"]+)"', page)
    assert links[1] == "#main-content"
    assert 'id="main-content"' in page


@pytest.mark.parametrize("source", [PAGE, STAFF])
def test_no_script_or_style_is_written_into_a_page(source: str) -> None:
    page = draw(source)
    assert not re.search(r"<style|\bstyle=|\son[a-z]+=|javascript:", page)
    assert all('src="/static/' in tag for tag in re.findall(r"<script[^>]*>", page))


@pytest.mark.parametrize("source", [PAGE, STAFF])
def test_a_page_loads_nothing_from_another_site(source: str) -> None:
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", draw(source))


def test_the_style_and_the_scripts_load_nothing_either() -> None:
    for name in ("css/site.css", "js/site.js", "js/leave.js", "js/start.js"):
        text = (ROOT / "static" / name).read_text(encoding="utf-8")
        assert not re.search(
            r"url\(|@import|@font-face|https?://(?=[a-z])(?!www\.w3\.org)", text
        ), name


@pytest.mark.parametrize(
    "number",
    [
        "999",
        "101",
        "08082000247",
        "08088010800",
        "08085002222",
        "08081689111",
        "08001111",
        "116123",
    ],
)
def test_every_page_has_someone_to_call(number: str) -> None:
    assert f'href="tel:{number}"' in draw(PAGE)


def test_the_number_that_is_shown_is_the_number_that_is_called() -> None:
    calls = re.findall(r'href="tel:(\d+)">([\d ]+)</a>', draw(PAGE))
    assert len(calls) == 8
    assert all(called == shown.replace(" ", "") for called, shown in calls)


def test_the_title_tells_a_bystander_nothing() -> None:
    assert "<title>On Record</title>" in draw(PAGE)


def test_a_title_says_first_that_something_is_wrong() -> None:
    class Form:
        def error_links(self) -> list[str]:
            return ["something"]

    assert "<title>Error: On Record</title>" in draw(PAGE, form=Form())


def test_signing_out_is_a_form_because_it_changes_something() -> None:
    page = draw(STAFF)
    assert re.search(r'<form method="post" action="/account/sign-out"', page)
    assert 'name="csrf_token" value="token"' in page
    assert 'aria-current="page">Alerts' in page


def test_a_demonstration_says_so_on_every_page() -> None:
    assert "Do not write about anything real" in draw(PAGE, demonstration=True)
    assert "Do not write about anything real" not in draw(PAGE, demonstration=False)


def test_the_first_page_is_light_enough_for_an_old_phone() -> None:
    page = draw(PAGE)
    files = re.findall(r'(?:src|href)="/(static/[^"]+)"', page)
    assert len(files) == 5
    weight = len(page.encode()) + sum((ROOT / name).stat().st_size for name in files)
    assert weight < FIRST_LOAD


def test_the_licence_of_the_design_system_goes_with_its_parts() -> None:
    notice = (ROOT / "static/licence-govuk-frontend.txt").read_text(encoding="utf-8")
    assert "Permission is hereby granted, free of charge" in notice
    for name in ("css/site.css", "js/site.js"):
        first_line = (ROOT / "static" / name).read_text(encoding="utf-8").splitlines()[0]
        assert "licence-govuk-frontend.txt" in first_line


def test_a_button_that_reads_as_a_link_has_the_letters_of_the_site_wherever_it_stands() -> None:
    for name in ("static/css/site.css", "docs/design/_shell.scss"):
        style = (ROOT / name).read_text()
        rule = re.search(r"\.or-link-button ?\{([^}]*)\}", style)
        assert rule
        # The frame round it may have no font of its own, and then a browser takes a serif.
        assert re.search(r"font: ?inherit;\s*font-family: ?var\(--type\)", rule[1]), name


def test_the_style_has_every_class_that_a_page_names() -> None:
    styles = (ROOT / "static/css").glob("*.css")
    style = "".join(each.read_text(encoding="utf-8") for each in styles).replace("\\", "")
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r"(?<![\w-])(?:govuk|or)-[\w!-]*\w(?![\w-]|{)", pages))
    missing = {name for name in named if f".{name}" not in style}
    # These only mark what scripts look for, or carry no style of their own.
    assert {
        name for name in missing if f'class="{name}' in pages or f" {name}" in pages
    } <= UNSTYLED


def test_only_what_pages_need_is_served_and_no_source_of_it(client: FlaskClient) -> None:
    kinds = {path.suffix for path in (ROOT / "static").rglob("*") if path.is_file()}
    assert kinds == {".css", ".js", ".svg", ".txt"}
    for name in ("css/_shell.scss", "css/design.scss", "js/site.mjs"):
        assert client.get(f"/static/{name}").status_code == 404
        assert (ROOT / "docs" / "design" / name.partition("/")[2]).is_file()
