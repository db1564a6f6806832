"""Receipts a second with the ledger, against bare inserts of the same rows in the same run.

`python tests/benchmarks/bench_receipts.py [REPORTS]`; 500 unless told otherwise. SQLite, one
writer, one transaction for each report, synchronous=FULL on the disk that holds the project.
The bare inserts go the site's own way to the database and do nothing else: no sealing, no tree.
All take turns in small groups, so that a slow moment of the disk meets each of them.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, insert, select, update

from portal.cli.schema import migrate
from portal.config import Settings
from portal.db import Base, Database
from portal.ledger.models import LedgerEntry, LedgerOpening
from portal.ledger.service import NewEntry, append, make_receipt
from portal.reports.codes import make_code
from portal.reports.drafts import get_data_key, save_allegation, save_answers, start_draft
from portal.reports.filing import flatten
from portal.reports.models import Allegation, AllegationToken, Report
from portal.reports.service import submit
from portal.sealing import SlowHash
from portal.site import Site

Rows = dict[type[Base], list[dict[str, Any]]]

_REPORTS = 500
_GROUP = 10
_MARK = 0.5
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


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _drafts(site: Site, count: int) -> list[UUID]:
    keys: dict[str, Any] = {"keyring": site.keyring, "now": site.now()}
    quick = SlowHash(b"benchmark", 64, 1)
    made = []
    with site.database.transaction() as session:
        for _ in range(count):
            report = start_draft(session, code=make_code(quick), **keys)
            for part, values in _PARTS.items():
                save_allegation(session, report.id, 1, part, values, **keys)
            for page, answers in _PAGES.items():
                save_answers(session, report.id, page, answers, **keys)
            made.append(report.id)
    return made


def _file(site: Site, drafts: Sequence[UUID]) -> float:
    started = time.perf_counter()
    for report_id in drafts:
        with site.database.transaction() as session:
            submit(session, report_id, keyring=site.keyring, tokens=site.tokens, now=site.now())
    return time.perf_counter() - started


def _receipts(site: Site, reports: Sequence[UUID]) -> float:
    started = time.perf_counter()
    for report_id in reports:
        with site.database.reading() as session:
            data_key = get_data_key(session, report_id, keyring=site.keyring)
            index = session.scalars(select(Report.entry_index).where(Report.id == report_id))
            make_receipt(session, index.one() or 0, open_sealed=data_key.open, signer=site.signer)
    return time.perf_counter() - started


def _rows(site: Site, report_id: UUID) -> Rows:
    """Every row that filing this report wrote, by table, in an order that foreign keys allow."""
    index = select(Report.entry_index).where(Report.id == report_id).scalar_subquery()
    ours = select(Allegation.id).where(Allegation.report_id == report_id)
    conditions: dict[type[Base], ColumnElement[bool]] = {
        LedgerEntry: LedgerEntry.__table__.c.index == index,
        Report: Report.id == report_id,
        LedgerOpening: LedgerOpening.entry_index == index,
        Allegation: Allegation.report_id == report_id,
        AllegationToken: AllegationToken.allegation_id.in_(ours),
    }
    with site.database.reading() as session:
        return {
            model: [
                dict(row)
                for row in session.connection()
                .execute(select(_table(model)).where(condition))
                .mappings()
            ]
            for model, condition in conditions.items()
        }


def _insert(database: Database, reports: Sequence[Rows]) -> float:
    started = time.perf_counter()
    for rows in reports:
        with database.transaction() as session:
            for model, values in rows.items():
                session.connection().execute(insert(_table(model)), values)
    return time.perf_counter() - started


def _insert_and_append(site: Site, reports: Sequence[Rows], answers: dict[str, Any]) -> float:
    started = time.perf_counter()
    for rows in reports:
        data_key, _ = site.keyring.new_data_key()
        with site.database.transaction() as session:
            for model in (Report, Allegation, AllegationToken):
                session.connection().execute(insert(_table(model)), rows[model])
            subject = rows[Report][0]["id"]
            entry = NewEntry("submitted", subject, flatten(answers), data_key.seal)
            (index,) = append(session, [entry], now=site.now())
            table = _table(Report)
            session.connection().execute(
                update(table).where(table.c.id == subject).values(entry_index=index)
            )
    return time.perf_counter() - started


def _site(folder: Path) -> Site:
    site = Site.from_settings(Settings.for_demonstration(folder))
    migrate(site.database)
    return site


def _bench(reports: int, folder: Path) -> None:
    sites = {name: _site(folder / name) for name in ("filed", "bare", "appended")}
    seconds = dict.fromkeys((*sites, "shown"), 0.0)
    for start in range(0, reports, _GROUP):
        drafts = _drafts(sites["filed"], min(_GROUP, reports - start))
        seconds["filed"] += _file(sites["filed"], drafts)
        rows = [_rows(sites["filed"], one) for one in drafts]
        seconds["bare"] += _insert(sites["bare"].database, rows)
        for one in rows:
            one[Report][0]["entry_index"] = None
        answers = {"allegations": [_PARTS], **_PAGES}
        seconds["appended"] += _insert_and_append(sites["appended"], rows, answers)
        seconds["shown"] += _receipts(sites["filed"], drafts)
    print(f"{'one transaction for each report':<52}{'a second':>10}{'ratio':>8}")
    for name, words in (
        ("bare", "bare inserts of the same rows"),
        ("appended", "the same rows, the ledger's by appending to it"),
        ("filed", "a draft filed: answers opened, checked, on record"),
        ("shown", "receipts built from the tree and signed"),
    ):
        rate, ratio = reports / seconds[name], seconds["bare"] / seconds[name]
        print(f"{words:<52}{rate:>10,.0f}{ratio:>8.2f}")
    ratio = seconds["bare"] / seconds["appended"]
    print(f"with the ledger: {ratio:.2f} of bare inserts (mark: at least {_MARK})")
    if ratio < _MARK:
        sys.exit("The ledger costs more than the writing itself.")


if __name__ == "__main__":
    # Not the usual temporary folder: on many machines that is memory, where nothing is synced.
    home = Path("instance")
    home.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as made:
        _bench(int(sys.argv[1]) if len(sys.argv) > 1 else _REPORTS, Path(made))
