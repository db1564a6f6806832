"""Proofs, appending and room on the disk as the log grows to a million entries, on both databases.

`python tests/benchmarks/bench_proofs.py`; BENCH_ENTRIES=10000 for a small run. Each proof is made
in a session of its own, as a page would. Entries are written in bulk, but the tree is the real one.
"""

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any, cast
from uuid import uuid4

from psycopg import Cursor
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from portal.ledger.merkle import consistency_proof, inclusion_proof, leaf_hash
from portal.ledger.models import LedgerSubtree
from portal.ledger.service import NewEntry, append
from portal.ledger.store import LockedHead, add_leaves, lock_head, stored_tree
from portal.site import Site
from tests.rig.benching import BACKENDS, judge, option, percentile, sites

ENTRIES = option("BENCH_ENTRIES", 1_000_000)
PROOFS = option("BENCH_PROOFS", 300)
APPENDS = 100
OPENINGS = option("BENCH_OPENINGS", 5_000)
_AT_ONCE = 50_000
_LEAF = 33
_PUBLIC = ("ledger_entries", "ledger_subtrees", "ledger_heads")
_CHANCE = random.Random(6962)


def fill(site: Site, size: int) -> None:
    """Write random leaves in bulk until the log holds `size` entries."""
    with site.database.transaction() as session:
        head, frontier = lock_head(session)
        while frontier.size < size - 1:
            count = min(_AT_ONCE, size - 1 - frontier.size)
            leaves = [b"\x01" + os.urandom(32) for _ in range(count)]
            _write(session, frontier.size, leaves)
            frontier, complete = frontier.extend(map(leaf_hash, leaves))
            rows = [
                {"log": head.log, "level": s.tile_level, "index": s.number, "hash": s.hash}
                for s in complete
            ]
            if rows:
                session.execute(insert(LedgerSubtree), rows)
        # The last one goes the usual way, which moves the head.
        add_leaves(session, LockedHead(head, frontier), [b"\x01" + os.urandom(32)])


def _write(session: Session, first: int, leaves: list[bytes]) -> None:
    rows = enumerate(leaves, first)
    driver: Any = session.connection().connection.driver_connection
    if session.connection().dialect.name == "sqlite":
        driver.executemany('INSERT INTO ledger_entries ("index", leaf) VALUES (?, ?)', rows)
        return
    cursor = cast("Cursor[Any]", driver.cursor())
    with cursor.copy('COPY ledger_entries ("index", leaf) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def _timed(work: Callable[[], object], times: int) -> list[float]:
    """The milliseconds that each of several calls took."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append((time.perf_counter() - started) * 1000)
    return took


def measure(site: Site, size: int) -> dict[str, list[float]]:
    """Milliseconds of each inclusion proof, consistency proof and append at this size."""

    def inclusion() -> None:
        with site.database.reading() as session:
            inclusion_proof(_CHANCE.randrange(size), size, stored_tree(session).node)

    def consistency() -> None:
        with site.database.reading() as session:
            consistency_proof(_CHANCE.randint(1, size), size, stored_tree(session).node)

    def add() -> None:
        entry = NewEntry("submitted", uuid4(), {"n": 1}, site.keyring.seal_alone)
        with site.database.transaction() as session:
            append(session, [entry], now=site.now())

    inclusion()
    return {
        "inclusion": _timed(inclusion, PROOFS),
        "consistency": _timed(consistency, PROOFS),
        "append": _timed(add, APPENDS),
    }


def room(site: Site, tables: tuple[str, ...]) -> int:
    """The bytes that tables and their indexes take up."""
    with site.database.reading() as session:
        if site.database.is_sqlite:
            query = text(
                "SELECT sum(pgsize) FROM dbstat WHERE name IN "
                "(SELECT name FROM sqlite_schema WHERE tbl_name = :table)"
            )
        else:
            query = text("SELECT pg_total_relation_size(CAST(:table AS regclass))")
        return sum(int(session.scalar(query, {"table": table}) or 0) for table in tables)


def _sizes() -> Iterator[int]:
    yield from (ENTRIES // 100, ENTRIES // 10, ENTRIES)


def bench_growth(site: Site, backend: str) -> None:
    """Print how proofs and appends take longer as the log grows."""
    medians: dict[str, list[float]] = {}
    empty = room(site, _PUBLIC)
    done = 0
    for size in _sizes():
        fill(site, size + done)
        found = measure(site, size)
        done += APPENDS
        for name, took in found.items():
            middle = statistics.median(took)
            medians.setdefault(name, []).append(middle)
            tail = percentile(took, 0.99)
            print(f"{backend:<11}{size:>10,} {name:<12}{middle:>8.2f} ms{tail:>9.2f} ms (p99)")
    for name, (small, _, large) in medians.items():
        print(f"{backend}: a log 100 times as long makes {name} {large / small:.2f} times as slow")
    beyond = (room(site, _PUBLIC) - empty) / (ENTRIES + done) - _LEAF
    if site.database.is_sqlite:
        inclusion = medians["inclusion"][-1]
        print(judge("sqlite: ms of an inclusion proof, median", inclusion, 2, at_most=True))
        print(judge("sqlite: bytes an entry beyond its leaf", beyond, 60, at_most=True))
    else:
        print(f"{backend}: bytes an entry beyond its leaf: {beyond:.2f}")


def bench_openings(site: Site, backend: str) -> None:
    """Print what the sealed openings take beside the public tables."""
    for kind, fields in (("padding", {}), ("submitted", {"words": "x" * 1000})):
        before = room(site, ("ledger_openings",))
        for _ in range(OPENINGS // 50):
            entries = [NewEntry(kind, uuid4(), fields, site.keyring.seal_alone) for _ in range(50)]
            with site.database.transaction() as session:
                append(session, entries, now=site.now())
        each = (room(site, ("ledger_openings",)) - before) / OPENINGS
        said = sum(len(str(value)) for value in fields.values())
        print(f"{backend}: an opening of {kind!r} with {said:,} characters takes {each:,.0f} bytes")


def main() -> None:
    """Measure both databases, one after the other."""
    with sites() as make:
        for backend in BACKENDS:
            started = time.perf_counter()
            site = make(backend, "grown")
            bench_growth(site, backend)
            bench_openings(site, backend)
            print(f"{backend}: measured in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
