"""Promises about what a page fetches: only this site's own files, and those are there. A request
to anybody else would tell them who is reading."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.promises.source import ROOT

TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
STYLES = sorted([*ROOT.glob("static/**/*.css"), *ROOT.glob("static/**/*.svg")])
SCRIPTS = sorted([*ROOT.glob("static/**/*.js"), *ROOT.glob("docs/design/*.mjs")])

# Each has one call that reads, and never sends: a public file, or the person's own receipt.
READERS_OF_THIS_SITE = {
    "static/js/check/here.js": {"/receipts/policy"},
    "static/js/check/beside.js": {
        "/receipts/policy",
        "/receipts/policy?witnesses=none",
        "/start/receipt",
    },
}

# Sends what a person chose on a page of this site, and to the address of that page's own form.
SENDERS_TO_THIS_SITE = {"static/js/files.js": {"/begin", "/finish"}}

COMMENT = re.compile(r"{#.*?#}|<!--.*?-->", re.DOTALL)
# What a browser fetches without being asked. A plain link is followed only by a person.
FETCHING = re.compile(
    r"<(?:script|img|source|iframe|frame|embed|audio|video|track|input|object|link|use|image)\b"
    r"[^>]*?\b(?:src|href|data|poster|srcset)\s*=\s*(?P<quote>[\"'])(?P<url>.*?)(?P=quote)",
    re.DOTALL | re.IGNORECASE,
)
ELSEWHERE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
CSS_URL = re.compile(r"(?:url\(|@import\s)\s*[\"']?(?P<url>[^\"')\s;]+)", re.IGNORECASE)
INLINE = {
    "a script inside the page": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style inside the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style on an element": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "a script on an element": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script as an address": re.compile(r"javascript:", re.IGNORECASE),
    "a jump by itself": re.compile(r"http-equiv\s*=\s*[\"']?refresh", re.IGNORECASE),
}
STATIC_FILE = re.compile(r"url_for\(\s*[\"']static[\"']\s*,\s*filename\s*=\s*[\"']([^\"']+)[\"']")


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


def faults_of(html: str) -> list[str]:
    faults = [f"fetches {m['url']}" for m in FETCHING.finditer(html) if ELSEWHERE.match(m["url"])]
    return faults + [words for words, pattern in INLINE.items() if pattern.search(html)]


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
        '<img alt="" src="http://pixel.example/">',
        "<script>1</script>",
        '<p style="color:red">',
        '<a onclick="x()">',
    ],
)
def test_the_look_at_pages_sees_a_fault(html: str) -> None:
    assert faults_of(html)


def test_no_template_fetches_from_elsewhere_or_holds_script_or_style() -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {fault}"
        for path in TEMPLATES
        for fault in faults_of(text_of(path))
    ]
    assert TEMPLATES
    assert not faults, "\n".join(faults)


def test_no_open_page_fetches_from_elsewhere_or_holds_script_or_style(
    client: FlaskClient, addresses: list[tuple[Rule, str]]
) -> None:
    pages = [
        (address, response.text)
        for rule, address in addresses
        if "GET" in (rule.methods or ())
        for response in [client.get(address)]
        if response.mimetype == "text/html"
    ]
    faults = [f"{address}: {fault}" for address, html in pages for fault in faults_of(html)]
    assert pages
    assert not faults, "\n".join(faults)


def test_no_style_or_drawing_fetches_from_elsewhere() -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {match['url']}"
        for path in STYLES
        for match in CSS_URL.finditer(path.read_text())
        if ELSEWHERE.match(match["url"]) and not match["url"].startswith("data:")
    ]
    assert STYLES
    assert not faults, "\n".join(faults)


def test_no_script_calls_anybody() -> None:
    calls = re.compile(
        r"\b(?:fetch|sendBeacon|XMLHttpRequest|WebSocket|EventSource|importScripts)\b"
    )
    faults = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in SCRIPTS
        for match in calls.finditer(path.read_text())
        if str(path.relative_to(ROOT)) not in READERS_OF_THIS_SITE | SENDERS_TO_THIS_SITE
        or match[0] != "fetch"
    ]
    assert SCRIPTS
    assert not faults, "\n".join(faults)


def test_the_scripts_that_read_from_this_site_read_only_what_is_named() -> None:
    address = re.compile(r"[\"'`](/[a-z][^\"'`]*|[a-z]+://[^\"'`]*|//[^\"'`]*)[\"'`]")
    for name, allowed in READERS_OF_THIS_SITE.items():
        text = (ROOT / name).read_text()
        assert len(re.findall(r"\bfetch\(", text)) == 1, name
        assert set(address.findall(text)) == allowed, name
        assert not re.search(r"\bmethod\b|\bbody\b", text), f"{name} may send something"


def test_the_script_that_sends_a_persons_files_sends_them_to_its_own_form_alone() -> None:
    address = re.compile(r"[\"'`](/[a-z][^\"'`]*|[a-z]+://[^\"'`]*|//[^\"'`]*)[\"'`]")
    for name, allowed in SENDERS_TO_THIS_SITE.items():
        text = (ROOT / name).read_text()
        assert re.findall(r"\bfetch\(([^,]*),", text) == ["home + path"], name
        assert 'home = form.getAttribute("action")' in text
        assert set(address.findall(text)) == allowed, name


def test_every_static_file_that_a_template_names_is_there() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: static/{name}"
        for path in TEMPLATES
        for name in STATIC_FILE.findall(path.read_text())
        if not (ROOT / "static" / name).is_file()
    ]
    assert not missing, "\n".join(missing)


def test_every_file_that_a_style_names_is_there() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: {match['url']}"
        for path in ROOT.glob("static/**/*.css")
        for match in CSS_URL.finditer(path.read_text())
        if not match["url"].startswith(("data:", "#"))
        and not (ROOT / match["url"].split("?")[0].lstrip("/")).is_file()
        and not (path.parent / match["url"].split("?")[0]).is_file()
    ]
    assert not missing, "\n".join(missing)
