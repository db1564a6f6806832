"""The promise of docs/operation.md: after a restored backup nothing false is signed, everything can
be read, and the procedure brings the site back with every receipt good.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.cli.jobs import JOBS, run_once
from portal.config import Settings
from portal.db import Database
from portal.ledger import verify
from portal.ledger.guard import BehindTheGuard
from portal.ledger.policy import policy_of
from portal.ledger.receipt import to_bytes
from portal.ledger.service import make_receipt
from portal.ledger.store import list_heads
from portal.reports.drafts import get_data_key
from portal.site import Site
from tests.rig import postgres
from tests.rig.clock import HandClock
from tests.rig.compiled import COMPILED
from tests.rig.filed import Filed, file_report
from tests.rig.ledger import signer as a_signer

NEXT = a_signer("record.example/second", 51)
Restore = Callable[[], str]


@pytest.fixture
def back_up(
    backend: str, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Restore]]:
    """Takes a backup; what it returns restores it as another database and gives its address."""
    if backend == "sqlite":
        source = Path(database_url.removeprefix("sqlite:///"))

        def copy_file() -> Restore:
            copy = tmp_path / "backup.sqlite"
            shutil.copy(source, copy)
            return lambda: f"sqlite:///{copy}"

        yield copy_file
        return
    cluster: postgres.Cluster = request.getfixturevalue("postgres_cluster")
    name = Database(database_url).url.database or ""

    def copy_database() -> Restore:
        cluster.create(f"{name}_backup", template=name)
        return lambda: cluster.url(f"{name}_backup")

    yield copy_database
    cluster.drop(f"{name}_backup")


def receipt(site: Site, filed: Filed) -> bytes:
    assert filed.report.entry_index is not None
    with site.database.reading() as session:
        key = get_data_key(session, filed.id, keyring=site.keyring)
        return to_bytes(
            make_receipt(
                session, filed.report.entry_index, open_sealed=key.open, signer=site.signer
            )
        )


def after_restore(site: Site, clock: HandClock, url: str, *keys: object) -> Site:
    site.database.engine.dispose()
    settings = replace(site.settings, database_url=url)
    if keys:
        texts = tuple(key if isinstance(key, str) else key.to_text() for key in keys)  # type: ignore[attr-defined]
        settings = replace(settings, ledger_name=NEXT.name, ledger_keys=texts)
    return Site.from_settings(settings, now=clock)


def app_of(settings: Settings, clock: HandClock) -> Flask:
    app = create_app(settings, now=clock, compiled=COMPILED)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


def test_a_restored_older_backup_is_read_and_never_signed_until_the_log_is_closed(
    site: Site, clock: HandClock, back_up: Callable[[], Restore]
) -> None:
    kept = file_report(site, way="told", words="from before the backup")
    run_once(site, [job for job in JOBS if job.name == "publish"])
    before = receipt(site, kept)
    site.database.engine.dispose()
    restore = back_up()
    lost = file_report(site, words="lost with the disk")
    lost_receipt = receipt(site, lost)

    restored = after_restore(site, clock, restore())
    # Read: the person sees what they sent. The page that cannot be signed anew says so and is kept.
    app = app_of(restored.settings, clock)
    client = app.test_client()
    assert client.post("/back", data={"code": kept.code}).status_code == 303
    assert client.get("/back/open").status_code == 200
    assert client.get("/checkpoint").status_code == 200
    # Not signed, not added to, by nobody.
    with pytest.raises(BehindTheGuard):
        file_report(restored, words="after the restore")
    refused = client.post("/back/stop")
    assert refused.status_code == 503
    assert "can only be read" in refused.get_data(as_text=True)
    assert run_once(restored, [job for job in JOBS if job.name == "publish"]) == {"publish": 0}
    clock.advance(hours=2)
    assert run_once(restored, [job for job in JOBS if job.name == "publish"]) == {"publish": None}
    app.extensions["on_record"].database.engine.dispose()

    # The procedure: a new name, the old keys beside it, and one command.
    opened = after_restore(site, clock, restored.settings.database_url, NEXT, *site.signer.keys)
    restored.database.engine.dispose()
    app = app_of(opened.settings, clock)
    said = app.test_cli_runner().invoke(
        args=["ledger", "succeed", "--because", "restored", "--yes"]
    )
    assert said.exit_code == 0, said.output
    again = file_report(opened, words="after the procedure")
    policy = policy_of(opened.signer)
    for good in (before, lost_receipt, receipt(opened, kept), receipt(opened, again)):
        assert verify.judge(good, policy).code == verify.PROVED
    with opened.database.reading() as session:
        assert [head.is_closed for head in list_heads(session)] == [False, True]
    client = app.test_client()
    assert client.get("/log/2/opening").status_code == 200
    assert NEXT.name in client.get("/log").get_data(as_text=True)
    opened.database.engine.dispose()
    app.extensions["on_record"].database.engine.dispose()
