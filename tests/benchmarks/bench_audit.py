"""Entries a second that an audit reads, against a bare read with one SHA-256 for each leaf.

`python tests/benchmarks/bench_audit.py [ENTRIES]`; 100,000 unless told otherwise. SQLite. Both read
the same rows in the same run. Prints both rates, their ratio, and how the memory grew.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import select

from portal.cli.schema import migrate
from portal.clock import utc_now
from portal.config import Settings
from portal.ledger.models import LedgerEntry, LedgerOpening
from portal.ledger.publication import PADDING_SUBJECT, publish, sign_new
from portal.ledger.service import PADDING, NewEntry, append
from portal.oversight.audit import Auditor
from portal.site import Site

_ENTRIES = 100_000
_AT_ONCE = 5_000


def fill(site: Site, entries: int) -> None:
    """Put entries on record, published every so many; each has a key that travels with it."""
    padding = NewEntry(PADDING, PADDING_SUBJECT, {}, site.keyring.seal_alone)
    for _ in range(0, entries, _AT_ONCE):
        with site.database.transaction() as session:
            append(session, [padding] * (_AT_ONCE - 1), now=site.now())
            made = publish(
                session,
                seal_alone=site.keyring.seal_alone,
                signer=site.signer,
                now=site.now(),
                multiple=1,
                every=timedelta(0),
            )
            assert made is not None
        sign_new(site.database, signer=site.signer)


def bare(site: Site) -> int:
    """Read every leaf with what opens it, and hash it."""
    count = 0
    query = select(LedgerEntry.leaf, LedgerOpening.sealed).join(
        LedgerOpening, LedgerOpening.entry_index == LedgerEntry.index
    )
    with site.database.reading() as session:
        for leaf, _ in session.execute(query.execution_options(yield_per=1000)):
            sha256(b"\0" + leaf).digest()
            count += 1
    return count


def audited(site: Site) -> int:
    """The whole audit; the log must be clean."""
    auditor = Auditor(site.keyring, site.signer, 1)
    with site.database.reading() as session:
        done = auditor.run(session, now=site.now(), tell=print)
    assert not done.findings
    return done.entries


def measure(work: Callable[[Site], int], settings: Settings, at: datetime) -> tuple[float, float]:
    """Entries a second, and by how many MB the most memory ever used grew. Call it in a process of
    its own: what filling the log used must not hide what this uses.
    """
    site = Site.from_settings(settings, now=lambda: at)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before, started = _peak(), time.perf_counter()
    count = work(site)
    return count / (time.perf_counter() - started), _peak() - before


def _peak() -> float:
    # Not `getrusage`: what it says is carried over from the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Fill, read, audit, and say the figures."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else _ENTRIES
    with tempfile.TemporaryDirectory(prefix="on-record-bench-") as folder:
        settings = Settings.for_demonstration(Path(folder))
        at = utc_now()
        site = Site.from_settings(settings, now=lambda: at)
        migrate(site.database)
        fill(site, entries)
        with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as apart:
            plain, _ = apart.submit(measure, bare, settings, at).result()
            rate, grown = apart.submit(measure, audited, settings, at).result()
        print(f"{entries:,} entries")
        print(f"bare read and hash  {plain:10,.0f} entries a second")
        print(f"audit               {rate:10,.0f} entries a second, {rate / plain:.3f} of bare")
        print(f"memory              {grown:10.1f} MB more at the peak")
        site.database.engine.dispose()


if __name__ == "__main__":
    main()
