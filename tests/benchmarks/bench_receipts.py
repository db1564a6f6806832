"""Putting a report on record, against bare inserts of the same rows: one and eight writers.

`python tests/benchmarks/bench_receipts.py`; BENCH_REPORTS=20 for a small run. SQLite with
synchronous=FULL and PostgreSQL with fsync, on one disk. Each writer is a process. The bare inserts
go the site's own way to the database (SQLite: under the same write lock) and do nothing else: no
sealing, no tree, no head. Both take turns in small groups, so that a slow moment meets each.
"""

import multiprocessing
import os
import statistics
import time
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Table, insert, select, update

from portal.config import Settings
from portal.db import Base
from portal.ledger.models import LedgerEntry, LedgerOpening
from portal.ledger.service import NewEntry, append, make_receipt
from portal.reports.codes import make_code
from portal.reports.drafts import get_data_key, save_allegation, save_answers, start_draft
from portal.reports.filing import flatten
from portal.reports.models import Allegation, Report
from portal.reports.service import submit
from portal.sealing import SlowHash
from portal.site import Site
from tests.rig.benching import BACKENDS, MakeSite, judge, option, percentile, sites

Rows = dict[type[Base], list[dict[str, Any]]]

REPORTS = option("BENCH_REPORTS", 800)
GROUP = 10
MARKS = {("sqlite", 1): 0.5, ("postgresql", 1): 0.4, ("sqlite", 8): 3, ("postgresql", 8): 5}
_WHEN = {"kind": "exact", "day": "1", "month": "9", "year": "2025", "time": "19:30"}
_PARTS = {
    "what": {"category": "burglary-home", "other": ""},
    "when": _WHEN,
    "where": {"place": "the back of Harbour Lane", "postcode": "SN1 1AA"},
    "force": {"force": "wiltshire"},
}
_PAGES: dict[str, dict[str, str]] = {
    "who": {"who_for": "self", "relation": "", "knows": "", "agrees": ""},
    "insider": {"insider": "no"},
    "way": {"way": "told"},
    "told": _WHEN,
    "told_how": {
        "channel": "101",
        "force": "wiltshire",
        "incident_number": "0123 of 2 September",
        "crime_reference": "54/0012345/25",
        "officer": "",
    },
    "words": {"words": "They came in by the window and took a bicycle. " * 10},
    "about": {"name": "Ann Example", "birth_day": "1", "birth_month": "2", "birth_year": "1980"},
    "contact": {"contact": "none", "detail": "", "safe_times": ""},
}
_ANSWERS = {"allegations": [_PARTS], **_PAGES}


class Turn(NamedTuple):
    """What one writer did in one turn: when it began and ended, and the seconds of each report."""

    began: float
    ended: float
    took: list[float]


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def file_one(site: Site) -> tuple[UUID, float]:
    """File a report as a person does; its id and the seconds that sending took."""
    keys: dict[str, Any] = {"keyring": site.keyring, "now": site.now()}
    with site.database.transaction() as session:
        code = make_code(SlowHash(b"benchmark", 64, 1))
        report = start_draft(session, code=code, **keys)
        for part, values in _PARTS.items():
            save_allegation(session, report.id, 1, part, values, **keys)
        for page, answers in _PAGES.items():
            save_answers(session, report.id, page, answers, **keys)
    started = time.perf_counter()
    with site.database.transaction() as session:
        submit(session, report.id, **keys)
    return report.id, time.perf_counter() - started


def read_rows(site: Site, report_id: UUID) -> Rows:
    """Every row that filing this report wrote, by table, in an order that foreign keys allow."""
    index = select(Report.entry_index).where(Report.id == report_id).scalar_subquery()
    conditions: dict[type[Base], ColumnElement[bool]] = {
        LedgerEntry: LedgerEntry.__table__.c.index == index,
        Report: Report.id == report_id,
        LedgerOpening: LedgerOpening.entry_index == index,
        Allegation: Allegation.report_id == report_id,
    }
    rows: Rows = {}
    with site.database.reading() as session:
        for model, condition in conditions.items():
            found = session.connection().execute(select(_table(model)).where(condition))
            rows[model] = [dict(row) for row in found.mappings()]
    return rows


def copy_rows(rows: Rows, index: int) -> Rows:
    """The rows of another report that says the same, with entry `index`."""
    report, allegation = uuid4(), uuid4()
    changes: dict[type[Base], dict[str, Any]] = {
        LedgerEntry: {"index": index, "leaf": b"\x01" + os.urandom(32)},
        Report: {"id": report, "code_hash": os.urandom(32), "entry_index": index},
        LedgerOpening: {"entry_index": index, "subject": report},
        Allegation: {"id": allegation, "report_id": report},
    }
    return {model: [row | changes[model] for row in rows[model]] for model in rows}


def insert_bare(site: Site, rows: Rows) -> None:
    """The rows, the ledger's among them, in one transaction."""
    with site.database.transaction() as session:
        for model, values in rows.items():
            session.connection().execute(insert(_table(model)), values)


def insert_and_append(site: Site, rows: Rows) -> None:
    """The report's rows, and the ledger's by appending to it, in one transaction."""
    rows[Report][0]["entry_index"] = None
    data_key, _ = site.keyring.new_data_key()
    with site.database.transaction() as session:
        for model in (Report, Allegation):
            session.connection().execute(insert(_table(model)), rows[model])
        subject = rows[Report][0]["id"]
        entry = NewEntry("submitted", subject, flatten(_ANSWERS), data_key.seal)
        (index,) = append(session, [entry], now=site.now())
        table = _table(Report)
        session.connection().execute(
            update(table).where(table.c.id == subject).values(entry_index=index)
        )


WAYS = {"bare": insert_bare, "appended": insert_and_append}


def write(
    settings: dict[str, Settings], rows: Rows, writer: int, writers: int, together: Barrier
) -> dict[str, list[Turn]]:
    """One writer's turns in both ways, each turn begun together with the other writers."""
    own = {way: Site.from_settings(one) for way, one in settings.items()}
    turns: dict[str, list[Turn]] = {way: [] for way in WAYS}
    for turn in range(-1, max(1, REPORTS // writers // GROUP)):
        for way, work in WAYS.items():
            # Numbers are never used twice, and grow in the order in which the rows come.
            first = 1_000 + (turn + 1) * GROUP * writers + writer
            copies = [copy_rows(rows, first + n * writers) for n in range(GROUP)]
            together.wait(120)
            began, took = time.perf_counter(), []
            for one in copies:
                started = time.perf_counter()
                work(own[way], one)
                took.append(time.perf_counter() - started)
            if turn >= 0:  # The first turn only connects and warms up.
                turns[way].append(Turn(began, time.perf_counter(), took))
    for site in own.values():
        site.database.engine.dispose()
    return turns


def write_with(settings: dict[str, Settings], rows: Rows, writers: int) -> dict[str, list[float]]:
    """Reports a second and the p99 in milliseconds, by way, with so many writers at once."""
    context = multiprocessing.get_context("forkserver")
    with context.Manager() as manager, context.Pool(writers) as pool:
        together = cast(Barrier, manager.Barrier(writers))
        tasks = [(settings, rows, writer, writers, together) for writer in range(writers)]
        done = pool.starmap(write, tasks, chunksize=1)
    found = {}
    for way in WAYS:
        took = [one for turns in done for turn in turns[way] for one in turn.took]
        seconds = sum(
            max(turn.ended for turn in at_once) - min(turn.began for turn in at_once)
            for at_once in zip(*(turns[way] for turns in done), strict=True)
        )
        found[way] = [len(took) / seconds, percentile(took, 0.99) * 1000]
    return found


def compare(make: MakeSite, backend: str, rows: Rows, writers: int) -> None:
    """Measure one kind of database with so many writers, and print how appending compares."""
    settings = {way: make(backend, f"{way}_{writers}").settings for way in WAYS}
    found = write_with(settings, rows, writers)
    words = f"{backend}, {writers} writer{'s' if writers > 1 else ''}"
    for way, (rate, tail) in found.items():
        print(f"{words:<24}{way:<10}{rate:>8,.0f} a second{tail:>9.1f} ms (p99)")
    mark = MARKS[backend, writers]
    if writers == 1:
        ratio = found["appended"][0] / found["bare"][0]
        print(judge(f"{words}: of the bare rate", ratio, mark, at_most=False))
    else:
        ratio = found["appended"][1] / found["bare"][1]
        print(judge(f"{words}: p99 against bare", ratio, mark, at_most=True))


def show(site: Site, reports: Sequence[UUID]) -> float:
    """The median seconds of making a receipt."""
    took = []
    for report_id in reports:
        started = time.perf_counter()
        with site.database.reading() as session:
            key = get_data_key(session, report_id, keyring=site.keyring)
            index = session.scalars(select(Report.entry_index).where(Report.id == report_id)).one()
            make_receipt(session, index or 0, open_sealed=key.open, signer=site.signer)
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def main() -> None:
    """Measure both databases."""
    with sites() as make:
        for backend in BACKENDS:
            started = time.perf_counter()
            site = make(backend, "filed")
            filed = [file_one(site) for _ in range(max(10, REPORTS // 8))]
            rows = read_rows(site, filed[0][0])
            for writers in (1, 8):
                compare(make, backend, rows, writers)
            sent = statistics.median(seconds for _, seconds in filed)
            shown = show(site, [report_id for report_id, _ in filed])
            print(f"{backend}: sending a draft {sent * 1000:.1f} ms, median")
            print(f"{backend}: making its receipt {shown * 1000:.1f} ms, median")
            print(f"{backend}: measured in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
