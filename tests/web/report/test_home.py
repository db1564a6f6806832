"""Promises about the pages that anyone may read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web.report.conftest import Person


@pytest.mark.parametrize(
    "address", ["/", "/how-it-works", "/privacy", "/accessibility", "/receipts"]
)
def test_each_page_can_be_read_by_anyone_and_names_help(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert "Leave this page" in response.text
    assert "116 123" in response.text


def test_the_downloaded_program_and_policy_check_a_receipt_alone(
    person: Person, tmp_path: Path
) -> None:
    person.files()
    downloads = {
        "receipt.json": "/start/receipt",
        "policy.txt": "/receipts/policy",
        "verify.py": "/receipts/verify.py",
    }
    for name, address in downloads.items():
        (tmp_path / name).write_bytes(person.client.get(address).data)
    command = [sys.executable, "-I", "verify.py", "receipt.json", "--policy", "policy.txt"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    changed = json.loads((tmp_path / "receipt.json").read_text())
    changed["fields"][0]["value"] = "something else"
    (tmp_path / "receipt.json").write_text(json.dumps(changed))
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 1
    assert "Not proved" in said.stdout


def test_the_receipts_page_shows_the_key_of_the_policy(client: FlaskClient) -> None:
    policy = client.get("/receipts/policy").text
    key = policy.splitlines()[0].removeprefix("log ")
    assert key in client.get("/receipts").text.replace("&#43;", "+")


@pytest.mark.parametrize("address", ["/", "/start", "/privacy"])
def test_nobody_is_told_that_nothing_is_ever_sent_since_a_safe_way_gets_messages(
    client: FlaskClient, address: str
) -> None:
    page = client.get(address).text
    assert "unless you choose a safe way to be reached" in page
    for untrue in (
        "send you emails, texts or letters.",
        "no letter.",
        "send messages to you.",
        "only way to come back",
    ):
        assert untrue not in page


def test_a_return_code_is_not_said_to_be_gone_before_it_was_kept(person: Person) -> None:
    person.starts()
    for address in ("/start/code", "/privacy", "/back"):
        page = person.client.get(address).text
        assert "We keep no copy" not in page
        assert "We do not keep it" not in page
    assert "Once you say that you kept it" in person.client.get("/start/code").text


def test_somebody_who_has_only_a_sheet_learns_how_to_check_it(client: FlaskClient) -> None:
    page = client.get("/receipts").text
    assert "A sheet with a square code does as well" in page
    assert 'python3 verify.py --address "ADDRESS" --policy on-record-policy.txt' in page


def test_whoever_has_something_open_comes_back_without_the_code(person: Person) -> None:
    assert 'href="/back"' in person.client.get("/").text
    person.starts()
    assert 'href="/back/open"' in person.client.get("/").text
