"""Promises about many who write at the same moment: everyone gets through, once, in one order."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from portal.config import Settings
from portal.ledger.store import find_head
from portal.reports.models import Report
from portal.site import Site
from tests.rig.crashing import append_to, send_reports, start
from tests.rig.drafts import Draft, ready_draft
from tests.rig.webserver import Browser, serving
from tests.rig.whole import check_whole

WRITERS = 32
EACH = 2
OF_WHAT_HAPPENED = {
    "when": {"kind": "unknown"},
    "where": {"place": "", "postcode": ""},
    "force": {"force": "wiltshire"},
}
OF_THE_REST = {
    "insider": {"insider": "no"},
    "words": {"words": ""},
    "about": {},
    "contact": {"contact": "none"},
}


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Both kinds of database, unlike the promises about pages."""
    return str(request.param)


def check_all(site: Site, shared: Draft) -> None:
    assert check_whole(site) == WRITERS * EACH + 1
    with site.database.reading() as session:
        # The shared report's first entry, and for each report sent its own and two of the shared.
        assert find_head(session).size == 1 + WRITERS * EACH * 3
        assert session.get_one(Report, shared.id).entry_index == 0


def deadlocks(engine: Engine) -> int:
    """How many PostgreSQL had to break in this database; SQLite has one lock and so none."""
    if engine.dialect.name != "postgresql":
        return 0
    query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    # The connections have to be gone before the server has counted all that they did.
    engine.dispose()
    with engine.connect() as connection:
        return int(connection.scalar(query) or 0)


def test_32_threads_at_once_leave_no_double_no_gap_no_fork_and_one_chain(site: Site) -> None:
    shared = ready_draft(site)
    shared.send()
    together = Barrier(WRITERS)

    def write(_: int) -> None:
        together.wait(60)
        for _ in range(EACH):
            ready_draft(site).send()
            append_to(site, shared.id)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    check_all(site, shared)
    assert deadlocks(site.database.engine) == 0


def test_32_processes_at_once_leave_no_double_no_gap_no_fork_and_one_chain(site: Site) -> None:
    shared = ready_draft(site)
    shared.send()
    writers = [start(send_reports, site.settings, EACH, shared.id) for _ in range(WRITERS)]
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    check_all(site, shared)
    assert deadlocks(site.database.engine) == 0


def test_one_report_sent_at_once_through_two_web_servers_is_one_report_and_one_entry(
    database_url: str, tmp_path: Path
) -> None:
    # With the servers' own settings: they must know the codes again.
    settings = Settings.for_demonstration(tmp_path / "instance", database_url=database_url)
    site = Site.from_settings(settings)
    drafts = [ready_draft(site) for _ in range(6)]
    for draft in drafts:
        answer_the_rest(draft)
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(settings)) for _ in range(2)]
        ready = [come_back(address, draft) for draft in drafts for address in servers]
        with ThreadPoolExecutor(len(ready)) as pool:
            led = list(pool.map(send, ready, repeat(Barrier(len(ready)))))
    assert led == ["/start/done"] * len(ready)
    assert check_whole(site) == len(drafts)
    with site.database.reading() as session:
        assert find_head(session).size == len(drafts)
    site.database.engine.dispose()


def answer_the_rest(draft: Draft) -> None:
    for part, about in OF_WHAT_HAPPENED.items():
        draft.give_about(1, part, about)
    for page, values in OF_THE_REST.items():
        draft.give(page, **values)


def come_back(address: str, draft: Draft) -> tuple[Browser, str]:
    """Open a draft in a browser; the browser and the token of the form that sends the draft."""
    browser = Browser(address)
    browser.sends("/back", browser.token_on("/back"), code=draft.code)
    return browser, browser.token_on("/start/check")


def send(ready: tuple[Browser, str], together: Barrier) -> str:
    browser, token = ready
    together.wait(60)
    return browser.sends("/start/check", token)
