"""Promises to somebody whose screen, history or downloads another person may look through."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from portal.web.report.flow import PAGES, places
from portal.web.report.steps import STEPS
from portal.web.report.summary import sections
from tests.promises.source import ROOT, modules

TELLING = re.compile(
    r"crime|criminal|police|abus|victim|rape|sexual|assault|violen|offence|offend|domestic|stalk"
    r"|burgl|robber|isva|idva|witness-statement|insider|officer",
    re.IGNORECASE,
)
# What a question's address and a title must not say either: staff's own addresses may.
OF_A_QUESTION = re.compile(
    TELLING.pattern + r"|force|report|withdraw|erase|harm|hurt|injur|emergency|999|suspect",
    re.IGNORECASE,
)
OF_AN_ID = re.compile(r"<(?!int:)")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
TITLE_BLOCK = re.compile(
    r"{%-?\s*block\s+(?:title|page_title|pageTitle)\s*-?%}(.*?){%-?\s*endblock", re.DOTALL
)
TITLE_SET = re.compile(r"{%-?\s*set\s+(?:page_)?title\s*=\s*(.*?)-?%}", re.DOTALL)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
OF_EACH = "/start/<int:number>/<name>"
WORDS_OF_OURS = {
    *("/start/<name>", OF_EACH, "/back/correct/<int:number>/<name>"),
    *("/back/correct/<int:number>/<name>/check", "/back/messages/<side>"),
    "/back/say/<word>/<int:part>",
}
"""What varies in these is one of a few words that the pages have, and no more."""
SENT_BY_SCRIPT = {
    f"/{place}/files/<uuid:file_id>/{end}"
    for place in ("start", "back")
    for end in ("<int:number>", "finish", "drop")
}
"""Sent beside the page, so that none of it comes into the browser's history."""
TAG = re.compile(r"{%.*?%}|{{.*?}}")
BOX = re.compile(r"<(?:input|textarea|select)\b[^>]*>")
DOWNLOAD = re.compile(r"(?:download_name|filename)\s*=\s*f?[\"']([^\"']+)[\"']")
SUBJECT = re.compile(r"(?i:\bsubject)\s*=\s*f?[\"']([^\"']+)[\"']")


def attribute(name: str) -> Callable[[str], str | None]:
    pattern = re.compile(rf'\s{name}="([^"]*)"')
    return lambda tag: found[1] if (found := pattern.search(tag)) else None


NAME_OF, SPELL_OF, AUTO_OF = map(attribute, ("name", "spellcheck", "autocomplete"))


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
    assert not [address for address in asked | linked if OF_A_QUESTION.search(address)]


def test_no_address_of_a_report_holds_what_could_name_it(rules: list[Rule]) -> None:
    own = {str(rule) for rule in rules if rule.endpoint.startswith("report.")}
    assert {rule for rule in own if OF_AN_ID.search(rule)} <= WORDS_OF_OURS | SENT_BY_SCRIPT
    assert not [rule for rule in own if OF_A_QUESTION.search(rule)]


def test_no_two_pages_of_a_report_share_a_title() -> None:
    titles = [
        (title, path.name)
        for path in sorted(ROOT.glob("templates/report/*.html"))
        for title in TITLE_BLOCK.findall(path.read_text())
    ]
    shared = [each for each in titles if [title for title, _ in titles].count(each[0]) > 1]
    # These two show where they are in the questions: `web.report.steps` names each.
    assert {name for _, name in shared} <= {"question.html", "check.html"}
    assert not [title for title, _ in titles if OF_A_QUESTION.search(TAG.sub("", title))]
    assert not [step.name for step in STEPS.values() if OF_A_QUESTION.search(str(step.name))]


def test_browsers_are_asked_to_send_no_words_to_be_checked_and_to_remember_no_secret(
    client: FlaskClient,
) -> None:
    client.post("/start")
    client.post("/start/way", data={"way": "told"})
    kept: dict[str, str] = {}
    for place in places({"way": {"way": "told"}}):
        for box in BOX.findall(client.get(place.address).text):
            name, spell, auto = (find(box) for find in (NAME_OF, SPELL_OF, AUTO_OF))
            if name in (None, "csrf_token") or re.search("type=.(radio|checkbox|hidden)", box):
                continue
            assert spell == "false" or "date-input" in box or box.startswith("<select"), box
            kept[str(name)] = str(auto)
    known = {name: auto for name, auto in kept.items() if auto != "off"}
    assert known == {
        "name": "name",
        "birth-day": "bday-day",
        "birth-month": "bday-month",
        "birth-year": "bday-year",
        "detail_email": "email",
        "detail_phone": "tel",
        "detail_text": "tel",
    }
    assert {"words", "place", "officer", "detail_post", "other", "relation"} <= kept.keys()


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
