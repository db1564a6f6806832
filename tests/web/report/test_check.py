"""Promises about the page that checks receipts, and about its copy that works from disk."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.web.report.check import SCRIPTS
from tests.web.report.conftest import Person

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "static" / "js" / "check"
ONLY_SERVED = {"here", "beside"}


@pytest.fixture
def backend() -> str:
    """One kind of database: the page depends on none."""
    return "sqlite"


@pytest.fixture
def saved(client: FlaskClient) -> str:
    """The file that somebody saved."""
    return client.get("/receipts/check.html").text


def test_anyone_may_open_the_page_and_it_says_how_to_check_without_script(
    client: FlaskClient,
) -> None:
    page = client.get("/receipts/check")
    assert page.status_code == 200
    assert "python3 verify.py receipt.json --policy on-record-policy.txt" in page.text
    assert '<div id="check-tool" hidden>' in page.text
    assert 'python3 verify.py --address "ADDRESS" --policy on-record-policy.txt' in page.text
    assert 'id="check-result"' in page.text


def test_nothing_on_the_page_can_send_anything(client: FlaskClient, saved: str) -> None:
    for html in (client.get("/receipts/check").text, saved):
        assert "<form" not in html
        assert not re.search(r"\bformaction\b|\bping=", html)
        assert not re.search(r"<(?:input|textarea|button)[^>]*\bname=", html)


def test_the_file_is_saved_under_a_name_that_tells_nothing(client: FlaskClient) -> None:
    response = client.get("/receipts/check.html")
    assert response.headers["Content-Disposition"] == 'attachment; filename="check.html"'
    assert response.mimetype == "application/octet-stream"


def test_the_file_lets_only_its_own_script_and_style_run(saved: str) -> None:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', saved)
    assert found
    policy = dict(part.strip().split(" ", 1) for part in found[1].split(";"))
    for kind in ("script", "style"):
        (content,) = re.findall(rf"<{kind}[^>]*>(.*?)</{kind}>", saved, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert policy.pop(f"{kind}-src") == f"'sha256-{digest}'"
    assert policy == {"default-src": "'none'", "form-action": "'none'", "base-uri": "'none'"}


def test_the_file_needs_nothing_else_and_asks_for_nothing(saved: str) -> None:
    assert not re.search(r"""\b(?:src|href)=""", saved)
    for word in ("fetch", "XMLHttpRequest", "WebSocket", "sendBeacon", "EventSource", "import("):
        assert word not in saved
    assert "own-policy" not in saved.split("<script>")[0]


def test_the_file_holds_every_script_that_checks_in_the_order_of_the_page(
    client: FlaskClient, saved: str
) -> None:
    page = client.get("/receipts/check").text
    named = re.findall(r'src="/static/js/check/([a-z]+)\.js" defer', page)
    assert named == [*SCRIPTS, "page", "here"]
    assert {path.stem for path in FOLDER.glob("*.js")} == {*SCRIPTS, "page"} | ONLY_SERVED
    places = [saved.index((FOLDER / f"{name}.js").read_text()) for name in (*SCRIPTS, "page")]
    assert places == sorted(places)


def test_each_script_is_short_enough_to_read() -> None:
    for path in FOLDER.glob("*.js"):
        assert path.read_text().count("\n") <= 300, path.name


def test_the_receipt_and_the_open_report_have_a_place_for_the_browsers_own_check(
    person: Person,
) -> None:
    person.files()
    for address in ("/start/done", "/back/open"):
        html = person.client.get(address).text
        assert re.search(r'<div [^>]*id="browser-check" role="status" hidden>', html)
        assert "The key that it used comes from this site" in html
        named = re.findall(r'src="/static/js/check/([a-z]+)\.js" defer', html)
        assert named == [*SCRIPTS, "beside"]
