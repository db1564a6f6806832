"""After an erasure and its purge, the database's own files hold no byte of what was erased.

What is looked for is proved to be there before: so a test that finds nothing has looked well.
"""

import multiprocessing
import os
import signal
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, func, select, text

from portal.alerts.models import Alert, AlertAction
from portal.cli.jobs import run_once
from portal.cli.schema import METADATA
from portal.db import Database
from portal.errors import Unavailable
from portal.ledger.models import LedgerOpening
from portal.matching.models import AllegationKey, Match, RecordKey
from portal.reports.erasure_models import Erasure
from portal.reports.models import (
    ForceAnswer,
    Handover,
    Look,
    Report,
    ReportKey,
    Visit,
)
from portal.reports.purging import LARGEST_REWRITTEN, TABLES, how_to_vacuum, purge
from portal.sealing import DataKey
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import new_draft
from tests.rig.erased import (
    CATEGORY,
    HAPPENED,
    WORDS,
    alerts_about,
    erase,
    lived_through,
)
from tests.rig.filed import Filed, file_report
from tests.rig.postgres import Cluster

_SLICE = 20
_KEY_ID, _WRAPPED = 4, 64


def files_of(site: Site) -> Iterator[Path]:
    """SQLite's file with what lies beside it, or the folder of PostgreSQL's tables."""
    if site.database.is_sqlite:
        path = Path(str(site.database.url.database))
        yield from path.parent.glob(f"{path.name}*")
        return
    folder = Path(str(site.database.url.query["host"])) / "data"
    with site.database.outside_transaction() as connection:
        # Until then new pages are in memory only, and old files wait to be removed.
        connection.execute(text("CHECKPOINT"))
        number = connection.scalar(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        )
    yield from (path for path in (folder / "base" / str(number)).iterdir() if path.is_file())


def raw(site: Site) -> bytes:
    """Every byte that a thief of the disk would have of the database."""
    return b"\0\0\0\0".join(path.read_bytes() for path in files_of(site))


def pieces(value: bytes) -> list[bytes]:
    """Short pieces of a value: a database may cut a long one anywhere."""
    last = max(len(value) - _SLICE, 0)
    return [value[start : start + _SLICE] for start in {0, last // 3, 2 * last // 3, last}]


def kept_bytes(site: Site, filed: Filed) -> dict[str, list[bytes]]:
    """Everything of a report that no byte may be left of, by what it is."""
    with site.database.reading() as session:
        report = session.get_one(Report, filed.id)
        ids = [one.id for one in report.allegations]
        handovers = list(session.scalars(select(Handover.id).where(Handover.report_id == filed.id)))
        alerts = list(session.scalars(select(Alert.id).where(Alert.allegation_id.in_(ids))))

        def read(column: object, where: object) -> list[bytes]:
            return list(session.scalars(select(column).where(where)))  # type: ignore[call-overload]

        found = {
            "wrapped key": read(ReportKey.wrapped, ReportKey.report_id == filed.id),
            "answers": [report.answers],
            "code": [report.code_hash, report.request_key or b""],
            "openings": read(LedgerOpening.sealed, LedgerOpening.subject == filed.id),
            "looks": read(Look.sealed_reason, Look.report_id == filed.id),
            "answer": read(ForceAnswer.sealed, ForceAnswer.handover_id.in_(handovers)),
            "code of visit": read(Visit.sealed_code, Visit.report_id == filed.id),
            "alert reason": read(AlertAction.sealed_reason, AlertAction.alert_id.in_(alerts)),
            "claim": read(Match.claim, Match.allegation_id.in_(ids)),
            "key": _lonely_keys(site, ids),
        }
    outbox = METADATA.tables["outbox_messages"]
    with site.database.reading() as session:
        found["message"] = list(
            session.scalars(select(outbox.c.sealed).where(outbox.c.about.in_(handovers)))
        )
    return found | {"category": [CATEGORY.encode()], "date": [_stored(site, HAPPENED)]}


def _lonely_keys(site: Site, allegation_ids: Sequence[UUID]) -> list[bytes]:
    """Those that no crime record and no other report has as well: what is others' stays."""
    with site.database.reading() as session:
        held = set(session.scalars(select(RecordKey.token)))
        held |= set(
            session.scalars(
                select(AllegationKey.token).where(
                    AllegationKey.allegation_id.not_in(allegation_ids)
                )
            )
        )
        ours = session.scalars(
            select(AllegationKey.token).where(AllegationKey.allegation_id.in_(allegation_ids))
        )
        return [
            struct.pack(">q" if site.database.is_sqlite else "<q", one)
            for one in ours
            if one not in held
        ]


def _stored(site: Site, instant: datetime) -> bytes:
    if site.database.is_sqlite:
        return instant.strftime("%Y-%m-%d %H:%M:%S").encode()
    since = instant - datetime(2000, 1, 1, tzinfo=UTC)
    return struct.pack("<q", round(since.total_seconds() * 1_000_000))


def left(held: bytes, kept: dict[str, list[bytes]]) -> set[str]:
    """What of it stands anywhere in the bytes."""
    return {
        what
        for what, values in kept.items()
        if any(piece in held for value in values for piece in pieces(value))
    }


def unwrapped_in(site: Site, held: bytes) -> set[bytes]:
    """Every data key that the configured key opens, wherever in the bytes it stands."""
    with site.database.reading() as session:
        one = session.scalars(select(Visit.sealed_code)).first()
        known = site.keyring.new_data_key()[1] if one is None else one[1:]
    found, at = set[bytes](), -1
    while (at := held.find(known[:_KEY_ID], at + 1)) >= 0:
        try:
            found.add(site.keyring.unwrap(held[at : at + _WRAPPED]).key)
        except Unavailable:
            continue
    return found


def data_key(site: Site, report_id: UUID) -> DataKey:
    with site.database.reading() as session:
        return site.keyring.unwrap(session.get_one(ReportKey, report_id).wrapped)


def others(site: Site, count: int) -> list[Filed]:
    """Reports of other people, so that the bytes lie between those of others."""
    return [file_report(site, words="Somebody else. " * 90, told=site.now()) for _ in range(count)]


def state_of(site: Site) -> list[datetime | None]:
    with site.database.reading() as session:
        return list(session.scalars(select(Erasure.purged_at)))


def test_no_byte_of_what_was_erased_is_left_in_the_files_of_the_database(
    site: Site, clock: HandClock
) -> None:
    around = others(site, 8)
    story = lived_through(site, clock)
    around += others(site, 8)
    assert alerts_about(site, story.filed.id)
    kept, key = kept_bytes(site, story.filed), data_key(site, story.filed.id)
    before = raw(site)
    assert all(any(values) for values in kept.values()), kept.keys()
    assert left(before, kept) == set(kept)
    assert key.key in unwrapped_in(site, before)

    erase(site, story.filed)
    assert purge(site.database, clock=clock) == 1
    after = raw(site)
    assert left(after, kept) == set()
    assert key.key not in unwrapped_in(site, after)
    assert not any(word.encode() in after for word in WORDS)
    assert data_key(site, around[0].id).key in unwrapped_in(site, after)
    assert state_of(site) == [clock()]


def test_erasing_alone_leaves_bytes_that_only_the_purge_destroys(
    site: Site, clock: HandClock
) -> None:
    story = lived_through(site, clock)
    kept = kept_bytes(site, story.filed)
    erase(site, story.filed)
    assert "wrapped key" in left(raw(site), kept)
    assert state_of(site) == [None]


def test_a_draft_leaves_no_byte_either(site: Site, clock: HandClock) -> None:
    others(site, 3)
    draft = new_draft(site)
    draft.give("words", words="Quaggamire " * 300)
    with site.database.reading() as session:
        kept = {
            "wrapped key": [session.get_one(ReportKey, draft.id).wrapped],
            "answers": [session.get_one(Report, draft.id).answers],
        }
    assert left(raw(site), kept) == set(kept)
    erase(site, Filed(Report(id=draft.id), draft.code))
    assert purge(site.database, clock=clock) == 1
    assert left(raw(site), kept) == set()


def test_values_in_the_statistics_of_the_planner_go_too(site: Site, clock: HandClock) -> None:
    others(site, 3)
    filed = file_report(site, categories=(CATEGORY,), happened=HAPPENED)
    with site.database.reading() as session:
        kept = {"wrapped key": [session.get_one(ReportKey, filed.id).wrapped]}
    with site.database.outside_transaction() as connection:
        connection.execute(text("ANALYZE"))
    erase(site, filed)
    purge(site.database, clock=clock)
    assert left(raw(site), kept) == set()


def test_while_somebody_reads_the_old_state_nothing_is_said_to_be_destroyed(
    site: Site, clock: HandClock
) -> None:
    filed = file_report(site, told=clock())
    kept = {"wrapped key": kept_bytes_of_key(site, filed)}
    with site.database.reading() as reader:
        reader.scalar(select(func.count()).select_from(Report))
        erase(site, filed)
        with pytest.raises(Unavailable, match="tried again"):
            purge(site.database, clock=clock, patience=0.2)
        assert state_of(site) == [None]
    assert purge(site.database, clock=clock) == 1
    assert left(raw(site), kept) == set()
    assert purge(site.database, clock=clock) == 0


def kept_bytes_of_key(site: Site, filed: Filed) -> list[bytes]:
    with site.database.reading() as session:
        return [session.get_one(ReportKey, filed.id).wrapped]


def _die() -> datetime:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still here")


def _purge_and_die(url: str) -> None:
    purge(Database(url), clock=_die)


def test_a_purge_that_was_killed_is_finished_by_the_next_jobs(site: Site, clock: HandClock) -> None:
    filed = file_report(site, told=clock())
    kept = {"wrapped key": kept_bytes_of_key(site, filed)}
    erase(site, filed)
    url = site.database.url.render_as_string(hide_password=False)
    process = multiprocessing.get_context("spawn").Process(target=_purge_and_die, args=(url,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert state_of(site) == [None]
    assert run_once(site)["purge"] == 1
    assert state_of(site) == [clock()]
    assert left(raw(site), kept) == set()


def test_every_table_that_an_erasure_changes_is_written_anew(site: Site, clock: HandClock) -> None:
    story = lived_through(site, clock)
    before = rows_of(site)
    erase(site, story.filed)
    after = rows_of(site)
    changed = {name for name, rows in before.items() if set(rows) - set(after[name])}
    assert changed - {"ledger_heads"} <= set(TABLES)
    assert {"report_keys", "reports", "ledger_openings", "alerts", "matches"} <= changed


def rows_of(site: Site) -> dict[str, list[str]]:
    with site.database.reading() as session:
        return {
            name: [str(tuple(row)) for row in session.execute(select(table))]
            for name, table in METADATA.tables.items()
        }


def test_no_sealed_column_is_left_out_of_what_is_written_anew() -> None:
    sealed = {
        table.name
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name.startswith(("sealed", "wrapped"))
    }
    # What staff and forces keep about themselves, or send, belongs to no report.
    sent = {"supply_requests", "waiting_files", "waiting_file_parts"}
    assert sealed - {"accounts", "supplies", "crime_record_versions"} - sent <= set(TABLES)


def test_without_an_erasure_nothing_is_done(site: Site, clock: HandClock) -> None:
    file_report(site)
    assert purge(site.database, clock=clock) == 0


def test_a_role_that_does_not_own_the_database_is_told_so(
    postgres_cluster: Cluster, postgres_template: str, clock: HandClock
) -> None:
    postgres_cluster.create("owned_by_another", template=postgres_template)
    with postgres_cluster.connect("owned_by_another") as connection:
        connection.execute("CREATE ROLE lodger LOGIN")
        connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO lodger")
    url = postgres_cluster.url("owned_by_another")
    lodgers = Database(url.replace("onrecord@", "lodger@"))
    with lodgers.transaction() as session:
        session.add(Erasure(erased_at=clock()))
    with pytest.raises(Unavailable, match="does not own the database"):
        purge(lodgers, clock=clock)
    lodgers.engine.dispose()
    postgres_cluster.drop("owned_by_another")


def test_a_table_is_written_anew_unless_files_would_be_out_of_reach_for_too_long() -> None:
    assert {how_to_vacuum(table, 1) for table in TABLES} == {"FULL, ANALYZE"}
    assert how_to_vacuum("evidence_parts", LARGEST_REWRITTEN + 1) == "ANALYZE"
    assert how_to_vacuum("report_keys", LARGEST_REWRITTEN + 1) == "FULL, ANALYZE"
    assert TABLES.index("report_keys") < TABLES.index("evidence_parts")
