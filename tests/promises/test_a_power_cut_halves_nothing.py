"""Promises about a process that dies in the middle: a report and its entry are both there or
neither, and whoever comes next goes on."""

import random
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.ledger.publication import PADDING_SUBJECT
from portal.ledger.service import NewEntry, append
from portal.reports.models import Report
from portal.reports.states import is_final
from portal.site import Site
from tests.rig.crashing import COMMITTED, POINTS, send_and_die, send_reports, start
from tests.rig.drafts import ready_draft
from tests.rig.whole import check_whole


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Both kinds of database, unlike the promises about pages."""
    return str(request.param)


@pytest.fixture
def database_folder(tmp_path: Path) -> Path:
    """SQLite's file lies on a disk here, as it would for real."""
    return tmp_path


def fill(site: Site, size: int) -> None:
    padding = NewEntry("padding", PADDING_SUBJECT, {}, site.keyring.seal_alone)
    with site.database.transaction() as session:
        append(session, [padding] * size, now=site.now())


def wait_for_reports(site: Site, number: int) -> None:
    """Until so many are on record: on a busy machine a process takes its time to begin."""
    for _ in range(600):
        with site.database.reading() as session:
            if session.scalar(select(func.count()).where(Report.filed_at.is_not(None))) >= number:
                return
        time.sleep(0.05)
    raise AssertionError("the processes put nothing on record in half a minute")


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_a_report_is_on_record_whole_or_not_at_all(
    site: Site, point: str
) -> None:
    # The entry that is to come completes a subtree, so that there is one to write.
    fill(site, 255)
    draft = ready_draft(site)
    process = start(send_and_die, site.settings, draft.id, point)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, "the process never came to this point"
    with site.database.reading() as session:
        report = session.get_one(Report, draft.id)
    assert is_final(report.state) == (point in COMMITTED)
    assert check_whole(site) == (point in COMMITTED)
    # The person presses Send again, and somebody else comes: neither is held up or doubled.
    assert draft.send().entry_index == 255
    assert ready_draft(site).send().entry_index == 256
    assert check_whole(site) == 2


def test_processes_killed_at_random_times_leave_a_whole_log_to_those_after_them(
    site: Site,
) -> None:
    chance = random.Random(6962)
    before = 0
    for _ in range(4):
        writers = [start(send_reports, site.settings, 10_000) for _ in range(3)]
        wait_for_reports(site, before + 3)
        for writer in writers:
            time.sleep(0.1 + chance.random() / 5)
            writer.kill()
        for writer in writers:
            writer.join(60)
            assert writer.exitcode == -signal.SIGKILL
        ready_draft(site).send()
        filed = check_whole(site)
        assert filed > before, "not even the writer after them got through"
        before = filed
    assert before > 8, "the killed processes had put nothing on record"
