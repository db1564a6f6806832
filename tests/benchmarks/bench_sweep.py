"""The sweep over 1,000,000 open reports: its time must follow the number due, not the number open.

Run with `make bench`, or `python tests/benchmarks/bench_sweep.py 100000` for fewer. Prints ratios
within one run, and how the database says that it finds what is due.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert, text

from portal.alerts.models import Clock
from portal.alerts.service import sweep
from portal.cli.schema import migrate
from portal.clock import utc_now
from portal.config import Settings
from portal.reports.models import Allegation, Report, ReportKey
from portal.site import Site

OPEN = 1_000_000
DUE = (100, 1_000)
MOST_GROWTH = 3.0
_ROWS_AT_ONCE = 20_000


def fill(site: Site, number: int, *, due_at: datetime) -> None:
    """Add open reports with their clocks, as filing and a first sweep leave them."""
    data_key, wrapped = site.keyring.new_data_key()
    answers = data_key.seal_json({}, "bench")
    started = due_at - timedelta(hours=48)
    step = {"step": "start", "at": "", "hours": 0.0, "words": "The police were told."}
    for chunk in _chunks(number):
        reports, keys, allegations, clocks = [], [], [], []
        for _ in range(chunk):
            report_id, allegation_id = uuid4(), uuid4()
            reports.append(
                {
                    "id": report_id,
                    "state": "told",
                    "code_hash": report_id.bytes * 2,
                    "answers": answers,
                    "created_at": started,
                    "changed_at": started,
                    "filed_at": started,
                }
            )
            keys.append({"report_id": report_id, "wrapped": wrapped})
            allegations.append(
                {
                    "id": allegation_id,
                    "report_id": report_id,
                    "ordinal": 1,
                    "category": "robbery",
                    "force_id": "kent",
                    "clock_starts_at": started,
                    "clock_event": "told_police",
                    "clock_basis": "The police were told.",
                    "to_match": False,
                    "to_sweep": False,
                }
            )
            clocks.append(
                {
                    "allegation_id": allegation_id,
                    "rule_id": "recording-limit",
                    "rule_version": "24-hours",
                    "start_event": "told_police",
                    "started_at": started,
                    "limit_at": started + timedelta(hours=24),
                    "alert_at": due_at,
                    "arithmetic": [step],
                    "next_look_at": due_at,
                }
            )
        with site.database.transaction() as session:
            for table, rows in (
                (Report, reports),
                (ReportKey, keys),
                (Allegation, allegations),
                (Clock, clocks),
            ):
                session.execute(insert(table), rows)


def timed_sweep(site: Site, now: datetime) -> tuple[int, float]:
    """How many alerts a sweep raised, and its seconds."""
    begun = time.perf_counter()
    raised = sweep(site.database, keyring=site.keyring, now=now)
    return raised, time.perf_counter() - begun


def plan(site: Site, now: datetime) -> str:
    """How SQLite finds the clocks that are due."""
    query = (
        "EXPLAIN QUERY PLAN SELECT allegation_id FROM clocks "
        "WHERE next_look_at IS NOT NULL AND next_look_at <= :now ORDER BY next_look_at LIMIT 200"
    )
    with site.database.reading() as session:
        return "; ".join(row[3] for row in session.execute(text(query), {"now": str(now)}))


def _chunks(number: int) -> Iterator[int]:
    while number > 0:
        yield min(number, _ROWS_AT_ONCE)
        number -= _ROWS_AT_ONCE


def main() -> None:
    """Sweep the same numbers due with few and with very many reports open."""
    open_reports = int(sys.argv[1]) if len(sys.argv) > 1 else OPEN
    now = utc_now()
    rates: dict[int, list[float]] = {}
    idle: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        site = Site.from_settings(Settings.for_demonstration(Path(folder)))
        migrate(site.database)
        for already_open in (open_reports // 100, open_reports):
            fill(
                site, already_open - sum(idle and [open_reports // 100]), due_at=now + timedelta(30)
            )
            sweep(site.database, keyring=site.keyring, now=now)
            idle.append(min(timed_sweep(site, now)[1] for _ in range(5)))
            for due in DUE:
                fill(site, due, due_at=now - timedelta(minutes=1))
                raised, seconds = timed_sweep(site, now)
                assert raised == due, (raised, due)
                rates.setdefault(due, []).append(seconds)
                print(f"{already_open:>9,} open, {due:>5,} due: {seconds:.2f} s")
            print(f"{already_open:>9,} open,     0 due: {idle[-1] * 1000:.1f} ms")
        found = plan(site, now)
        print(f"SQLite: {found}")
    print("Growth when 100 times as many reports are open (1.0 is none):")
    for due, (few, many) in rates.items():
        print(f"  {due:>5,} due: {many / few:.2f}")
    print(f"      0 due: {idle[1] / idle[0]:.2f}")
    for open_at, row in zip(("few", "many"), zip(*rates.values(), strict=True), strict=True):
        growth = row[1] / row[0]
        print(f"Growth when 10 times as many are due, {open_at} open: {growth:.1f}")
    worst = max(idle[1] / idle[0], *(many / few for few, many in rates.values()))
    print(f"worst growth with the number open: {worst:.2f} (mark: at most {MOST_GROWTH})")
    if "SCAN" in found or worst > MOST_GROWTH:
        sys.exit("The sweep's time follows the number open: it no longer walks its index.")


if __name__ == "__main__":
    main()
