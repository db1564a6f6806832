"""Promises about background work: nothing is lost or done twice, one fault stops no other."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.alerts.models import Alert
from portal.cli.jobs import JOBS, Job, group, run_forever, run_once
from portal.cli.json_lines import JsonLines
from portal.ledger.checkpoint import verify_checkpoint
from portal.ledger.publication import find_published, publish
from portal.ledger.store import find_head
from portal.notifications.models import OutboxMessage
from portal.reports.code_changes import ask_change
from portal.reports.codes import make_code
from portal.reports.lost_codes import ask_number
from portal.reports.visits import code_of_visit, find_visit, start_visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import kept_report
from tests.rig.filed import agree_inbox, file_report
from tests.rig.letters import settled_safe_way

NOW = timedelta(0)


def job(name: str, work: Callable[[Site], int], every: timedelta = NOW) -> Job:
    return Job(name, every, work)


def fail(_site: Site) -> int:
    raise RuntimeError("she lives at 4 Harbour Lane")


def messages(site: Site) -> list[Path]:
    assert site.settings.mail.folder is not None
    return sorted(site.settings.mail.folder.glob("*.eml"))


def count_alerts(site: Site) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Alert)) or 0


def test_a_report_that_nobody_recorded_becomes_one_alert_however_often_the_jobs_run(
    site: Site, clock: HandClock
) -> None:
    file_report(site, told=clock())
    clock.advance(hours=49)
    first = run_once(site)
    assert first["sweep"] == 1
    assert run_once(site)["sweep"] == 0
    assert count_alerts(site) == 1


def test_several_processes_at_once_lose_and_double_nothing(site: Site, clock: HandClock) -> None:
    agree_inbox(site, notice="inbox@example.org")
    for _ in range(6):
        file_report(site, way="pass")
    for _ in range(3):
        file_report(site, told=clock())
    clock.advance(hours=49)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: run_once(site), range(4)))
    run_once(site)
    assert count_alerts(site) == 9
    with site.database.reading() as session:
        written = session.scalar(select(func.count()).select_from(OutboxMessage))
        waiting = session.scalar(select(OutboxMessage.id).where(OutboxMessage.sent_at.is_(None)))
    assert waiting is None
    assert len(messages(site)) == written


def test_the_log_is_published_at_its_time_and_not_before(site: Site, clock: HandClock) -> None:
    assert run_once(site)["publish"] == 1
    clock.advance(seconds=site.settings.publish_every_seconds - 1)
    assert run_once(site)["publish"] == 0
    with site.database.reading() as session:
        assert find_head(session).size == site.settings.publish_multiple
    clock.advance(seconds=1)
    assert run_once(site)["publish"] == 1
    with site.database.reading() as session:
        published = find_published(session)
    assert published is not None
    assert published.size == 2 * site.settings.publish_multiple


def test_a_publication_that_was_cut_off_before_its_signature_is_signed_by_the_next_run(
    site: Site, clock: HandClock
) -> None:
    every = timedelta(seconds=site.settings.publish_every_seconds)
    with site.database.transaction() as session:
        publish(
            session,
            seal_alone=site.keyring.seal_alone,
            signer=site.signer,
            now=site.now(),
            multiple=site.settings.publish_multiple,
            every=every,
        )
    assert run_once(site)["publish"] == 0
    with site.database.reading() as session:
        published = find_published(session)
    assert published is not None
    assert verify_checkpoint(published.checkpoint, site.signer.keys[0].key)


def test_what_nobody_came_back_to_gives_up_its_return_code(site: Site, clock: HandClock) -> None:
    filed = file_report(site)
    with site.database.transaction() as session:
        token = start_visit(
            session, filed.id, code=filed.code, keyring=site.keyring, now=site.now()
        )
    assert run_once(site)["visits"] == 0
    clock.advance(hours=2, seconds=1)
    assert run_once(site)["visits"] == 1
    clock.advance(hours=-2)
    with site.database.reading() as session:
        assert find_visit(session, token, keyring=site.keyring, now=site.now()) is None


def test_a_lost_code_is_answered_and_changed_by_the_jobs(site: Site, clock: HandClock) -> None:
    draft = kept_report(site)
    settled_safe_way(draft, clock)
    with site.database.transaction() as session:
        ask_number(session, draft.id, now=site.now())
        ask_change(session, draft.id, make_code(site.codes), keyring=site.keyring, now=site.now())
    outcome = run_once(site)
    assert (outcome["numbers"], outcome["codes"]) == (0, 0), "a change waits already"
    clock.advance(hours=72)
    with site.database.transaction() as session:
        ask_number(session, draft.id, now=site.now())
    outcome = run_once(site)
    assert (outcome["codes"], outcome["numbers"], outcome["messages"]) == (1, 1, 1)
    # The number that had confirmed the way was typed long ago, and does not leave any more.
    assert len(messages(site)) == 1
    outcome = run_once(site)
    assert (outcome["codes"], outcome["numbers"]) == (0, 0)


def test_one_jobs_fault_stops_no_other_and_is_logged_without_its_words(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = (job("one", lambda _: 1), job("broken", fail), job("two", lambda _: 2))
    with caplog.at_level(logging.INFO, logger="portal.cli.jobs"):
        assert run_once(site, jobs) == {"one": 1, "broken": None, "two": 2}
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    failed = next(line for line in lines if line["what"] == "job failed")
    assert failed["job"] == "broken"
    assert failed["kinds"] == ["RuntimeError"]
    assert "Harbour" not in json.dumps(lines)


def test_a_database_that_does_not_answer_is_no_end_of_the_work(site: Site, tmp_path: Path) -> None:
    empty = type(site.database)(f"sqlite:///{tmp_path / 'without-tables.sqlite'}")
    outcome = run_once(replace(site, database=empty))
    # Without witnesses there is nothing to look for, and without Notify nobody to ask.
    assert outcome == {one.name: None for one in JOBS} | {"witness": 0, "arrivals": 0}
    empty.engine.dispose()


def test_a_job_that_somebody_else_is_at_is_left_to_them(site: Site) -> None:
    work = job("match", lambda _: 1)
    with site.database.only_one("job-match") as held:
        assert held
        assert run_once(site, (work,)) == {"match": None}
    assert run_once(site, (work,)) == {"match": 1}


def test_the_jobs_go_on_until_they_are_stopped_and_finish_what_they_are_at(site: Site) -> None:
    stop, began, may_end = Event(), Event(), Event()
    finished: list[str] = []

    def slow(_site: Site) -> int:
        began.set()
        may_end.wait(10)
        finished.append("slow")
        return 1

    def after(_site: Site) -> int:
        finished.append("after")
        return 1

    jobs = (job("slow", slow), job("after", after))
    thread = Thread(target=run_forever, args=(site, stop, jobs))
    thread.start()
    assert began.wait(10)
    stop.set()
    may_end.set()
    thread.join(10)
    assert not thread.is_alive()
    assert finished == ["slow"]


def test_a_job_is_done_again_and_again_each_at_its_own_pace(site: Site) -> None:
    stop = Event()
    often: list[int] = []
    seldom: list[int] = []

    def count(_site: Site) -> int:
        often.append(1)
        if len(often) == 5:
            stop.set()
        return 0

    def once(_site: Site) -> int:
        seldom.append(1)
        return 0

    jobs = (job("often", count, timedelta(milliseconds=1)), job("seldom", once, timedelta(hours=1)))
    thread = Thread(target=run_forever, args=(site, stop, jobs))
    thread.start()
    thread.join(20)
    assert len(often) == 5
    assert len(seldom) == 1


def test_nobody_outside_who_is_slow_holds_up_an_alert(site: Site) -> None:
    stop, still_slow = Event(), Event()
    done: list[str] = []

    def ask(_site: Site) -> int:
        still_slow.wait(20)
        done.append("answered")
        return 1

    def alert(_site: Site) -> int:
        done.append("alert")
        if len(done) == 3:
            stop.set()
            still_slow.set()
        return 1

    often = timedelta(milliseconds=1)
    slow = Job("slow", often, ask, waits_outside=True)
    thread = Thread(target=run_forever, args=(site, stop, (slow, job("alert", alert, often))))
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert done == ["alert", "alert", "alert", "answered"]


def test_what_waits_for_others_stands_apart() -> None:
    assert {one.name for one in JOBS if one.waits_outside} == {
        *("messages", "arrivals", "witness", "copies")
    }


def test_every_job_has_its_own_name_and_pace() -> None:
    assert len({one.name for one in JOBS}) == len(JOBS)
    often = [one for one in JOBS if one.name != "drift"]
    assert all(timedelta(0) < one.every <= timedelta(minutes=10) for one in often)


def test_the_command_does_every_job_once_and_says_what_it_did(site: Site) -> None:
    said = Flask("test").test_cli_runner().invoke(group(site), ["run", "--once"])
    assert said.exit_code == 0, said.output
    assert said.stdout.split("\n")[:-1] == [
        "match: 0",
        "sweep: 0",
        "codes: 0",
        "numbers: 0",
        "notices: 0",
        "messages: 0",
        "arrivals: 0",
        "publish: 1",
        "witness: 0",
        "copies: 0",
        "visits: 0",
        "erase: 0",
        "purge: 0",
        "drift: 0",
    ]


def test_the_command_ends_in_order_when_the_machine_is_shut_down(
    site: Site, tmp_path: Path
) -> None:
    environment = os.environ | {
        "ON_RECORD_DEMONSTRATION": "1",
        "ON_RECORD_INSTANCE": str(tmp_path / "instance"),
        "ON_RECORD_DATABASE_URL": site.database.url.render_as_string(hide_password=False),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "Ctrl-C" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_the_visit_of_somebody_who_is_still_here_keeps_its_code(
    site: Site, clock: HandClock
) -> None:
    filed = file_report(site)
    with site.database.transaction() as session:
        token = start_visit(
            session, filed.id, code=filed.code, keyring=site.keyring, now=site.now()
        )
    clock.advance(hours=1, minutes=59)
    run_once(site)
    with site.database.reading() as session:
        visit = find_visit(session, token, keyring=site.keyring, now=site.now())
    assert visit is not None
    assert code_of_visit(visit, site.keyring) == filed.code
