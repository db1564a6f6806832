"""Promises to somebody whose screen, history or downloads another person may look through."""

import re
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from portal.web.report.flow import PAGES, places
from portal.web.report.summary import sections
from tests.promises.source import ROOT, modules

TELLING = re.compile(
    r"crime|criminal|police|abus|victim|rape|sexual|assault|violen|offence|offend|domestic|stalk"
    r"|burgl|robber|isva|idva|witness-statement|insider|officer",
    re.IGNORECASE,
)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
TITLE_BLOCK = re.compile(
    r"{%-?\s*block\s+(?:title|page_title|pageTitle)\s*-?%}(.*?){%-?\s*endblock", re.DOTALL
)
TITLE_SET = re.compile(r"{%-?\s*set\s+(?:page_)?title\s*=\s*(.*?)-?%}", re.DOTALL)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
DOWNLOAD = re.compile(r"(?:download_name|filename)\s*=\s*f?[\"']([^\"']+)[\"']")
SUBJECT = re.compile(r"(?i:\bsubject)\s*=\s*f?[\"']([^\"']+)[\"']")


def test_no_title_says_what_the_page_is_about() -> None:
    titles = [
        (path.relative_to(ROOT), title.strip())
        for path in sorted(ROOT.glob("templates/**/*.html"))
        for pattern in (TITLE_BLOCK, TITLE_SET)
        for title in pattern.findall(path.read_text())
    ]
    telling = [f"{path}: {title}" for path, title in titles if TELLING.search(title)]
    assert titles
    assert not telling, "\n".join(telling)


def test_no_open_page_says_in_its_title_what_it_is_about(
    client: FlaskClient, addresses: list[tuple[Rule, str]]
) -> None:
    titles = {
        address: title
        for rule, address in addresses
        if "GET" in (rule.methods or ())
        for title in TITLE.findall(client.get(address).text)
    }
    telling = [f"{where}: {title}" for where, title in titles.items() if TELLING.search(title)]
    assert titles
    assert not telling, "\n".join(telling)


def test_no_address_says_what_it_is_about(app: Flask) -> None:
    rules = [str(rule) for rule in app.url_map.iter_rules()]
    assert not [rule for rule in rules if TELLING.search(rule)]


def test_no_question_says_in_its_address_what_it_asks(app: Flask) -> None:
    answers: list[dict[str, Any]] = [{"way": {"way": way}} for way in ("told", "pass", "keep")]
    asked = {place.address for given in answers for place in places(given)}
    with app.test_request_context():
        linked = {line.href for one in sections({}, now=NOW) for line in one.lines if line.href}
    assert len(asked) == len(PAGES)
    assert linked <= asked
    assert not [address for address in asked | linked if TELLING.search(address)]


def test_no_static_file_or_cookie_says_what_it_is_about(app: Flask, client: FlaskClient) -> None:
    names = [path.name for path in ROOT.glob("static/**/*")]
    names += [app.config["SESSION_COOKIE_NAME"], app.config.get("REMEMBER_COOKIE_NAME", "")]
    assert not [name for name in names if TELLING.search(name)]


def test_no_downloaded_file_says_what_it_is_about() -> None:
    names = [(m.place, name) for m in modules() for name in DOWNLOAD.findall(m.text)]
    assert not [f"{place}: {name}" for place, name in names if TELLING.search(name)]


def test_no_message_says_in_its_subject_what_it_is_about() -> None:
    subjects = [(m.place, words) for m in modules() for words in SUBJECT.findall(m.text)]
    for path in ROOT.glob("templates/email/*"):
        first = path.read_text().partition("\n")[0]
        subjects.append((str(path.relative_to(ROOT)), first.removeprefix("Subject:")))
    assert not [f"{place}: {words}" for place, words in subjects if TELLING.search(words)]
