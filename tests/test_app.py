"""The application: it starts only when it can keep its promises."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import Settings
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.compiled import COMPILED
from tests.rig.people import site_of
from tests.web.report.conftest import Person

ROOT = Path(__file__).parent.parent


def test_the_first_page_opens_on_both_databases(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200


def test_every_part_shares_one_site_with_the_clock_that_it_was_given(
    app: Flask, clock: HandClock
) -> None:
    site = app.extensions["on_record"]
    assert isinstance(site, Site)
    clock.advance(days=1)
    assert site.now() == clock()


def test_the_session_cookie_is_kept_from_scripts_and_from_other_sites(app: Flask) -> None:
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert app.secret_key == app.extensions["on_record"].settings.cookie_key


@pytest.mark.parametrize("secure", [True, False])
def test_only_a_demonstration_sends_its_cookie_without_encryption(
    tmp_path: Path, secure: bool
) -> None:
    settings = replace(Settings.for_demonstration(tmp_path), secure_cookies=secure)
    app = create_app(settings)
    app.extensions["on_record"].database.engine.dispose()
    assert app.config["SESSION_COOKIE_SECURE"] is secure


def test_files_that_pages_need_are_served_with_their_type(client: FlaskClient) -> None:
    found = next((ROOT / "static").rglob("*.css"))
    answer = client.get(f"/static/{found.relative_to(ROOT / 'static').as_posix()}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert answer.data == found.read_bytes()


def test_no_address_outside_the_static_folder_serves_a_file(client: FlaskClient) -> None:
    for address in (
        "/static/../pyproject.toml",
        "/static/%2e%2e/pyproject.toml",
        "/pyproject.toml",
    ):
        answer = client.get(address)
        assert answer.status_code == 404
        assert b"[project]" not in answer.data


def test_an_operator_has_a_command_for_every_task(app: Flask) -> None:
    assert {"db", "jobs", "ledger", "people", "records"} <= set(app.cli.commands)


def start(env: dict[str, str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """What a server says when it loads the site with only these variables set."""
    clean = {name: value for name, value in os.environ.items() if "ON_RECORD" not in name}
    return subprocess.run(
        [sys.executable, "-c", "import wsgi; print(wsgi.app.name)"],
        env=clean | {"ON_RECORD_INSTANCE": str(folder)} | env,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_a_server_without_its_secrets_stops_with_their_names_and_no_trace(tmp_path: Path) -> None:
    said = start({}, tmp_path)
    assert said.returncode != 0
    assert "ON_RECORD_SEALING_KEY is not set" in said.stderr
    assert "Traceback" not in said.stderr
    assert not list(tmp_path.iterdir())


def test_a_server_for_a_demonstration_starts_with_nothing_else_set(tmp_path: Path) -> None:
    said = start({"ON_RECORD_DEMONSTRATION": "1"}, tmp_path)
    assert (said.returncode, said.stdout) == (0, "portal\n")


def test_every_command_of_a_demonstration_knows_the_witness_that_its_pages_name(
    settings: Settings, clock: HandClock
) -> None:
    app = create_app(settings, now=clock, compiled=COMPILED, own_witness=True)
    app.config.update(TESTING=True)
    client, runner = app.test_client(), app.test_cli_runner()
    assert runner.invoke(args=["ledger", "publish"]).exit_code == 0
    assert runner.invoke(args=["jobs", "run", "--once"]).exit_code == 0
    audited = runner.invoke(args=["ledger", "audit"])
    assert audited.exit_code == 0, audited.output
    printed = runner.invoke(args=["ledger", "policy"]).stdout
    assert "quorum demonstration" in printed
    assert printed == client.get("/receipts/policy").text
    assert " demonstration" in client.get("/checkpoint").text
    site_of(app).database.engine.dispose()


def test_a_demonstration_says_once_on_a_page_that_its_witness_vouches_to_nobody(
    settings: Settings, clock: HandClock
) -> None:
    app = create_app(settings, now=clock, compiled=COMPILED, own_witness=True)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    person, runner = Person(app.test_client()), app.test_cli_runner()
    person.files()
    own = "runs inside this site, so it vouches to nobody"
    assert own not in person.client.get("/start/done").text
    for command in (["ledger", "publish"], ["jobs", "run", "--once"]):
        assert runner.invoke(args=command).exit_code == 0
    for address in ("/back/open", "/start/done", "/start/print", "/back/print/1", "/receipts"):
        assert person.client.get(address).text.count(own) == 1, address
    site_of(app).database.engine.dispose()


def test_an_installation_for_real_use_has_no_witness_of_its_own(
    settings: Settings, clock: HandClock
) -> None:
    real = replace(settings, demonstration=False)
    app = create_app(real, now=clock, compiled=COMPILED, own_witness=True)
    assert site_of(app).witnesses is None
    site_of(app).database.engine.dispose()


@pytest.mark.parametrize(
    "address", ["/start//code", "", "//start", "/account//sign-in", "/static//x"]
)
def test_no_answer_sends_anybody_to_a_host_that_was_merely_asked_for(
    client: FlaskClient, address: str
) -> None:
    answer = client.get(f"http://localhost{address}", headers={"Host": "evil.example"})
    assert answer.status_code in {303, 308, 404}
    assert "evil.example" not in answer.headers.get("Location", "")
    assert "evil.example" not in answer.text


def test_no_other_host_can_set_the_session_cookie(tmp_path: Path) -> None:
    settings = replace(Settings.for_demonstration(tmp_path), secure_cookies=True)
    app = create_app(settings)
    app.extensions["on_record"].database.engine.dispose()
    answer = app.test_client().get("/leave", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
