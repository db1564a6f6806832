"""What adding a large file costs: seconds and memory, beside writing the same bytes bare.

`python tests/benchmarks/bench_evidence.py`; BENCH_MEGABYTES sets the size, 50 unless told
otherwise. The site runs in a process of its own and is sent the file as a form sends it. Bare is
one transaction that writes the same bytes, in pieces of a mebibyte, to a table of the same database
with nothing sealed, hashed or put on record.
"""

import http.client
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from portal.app import create_app
from portal.config import Settings
from portal.db import Database
from portal.evidence.parts import PART
from portal.site import Site
from tests.rig.benching import BACKENDS, judge, option, sites
from tests.rig.running import serve
from tests.rig.uploads import jpeg

MEGABYTES = option("BENCH_MEGABYTES", 50)
MOST_TIMES_BARE = 5.0
MOST_MEMORY = 80.0  # MiB more than before the file came; 32 are SQLite's own cache of pages
_EDGE = "edge-of-a-part"
_TAIL = f"\r\n--{_EDGE}--\r\n".encode()
_HEAD = (
    f'--{_EDGE}\r\nContent-Disposition: form-data; name="files"; filename="film.jpg"\r\n'
    "Content-Type: image/jpeg\r\n\r\n"
).encode()


def run_site(settings: Settings, told: Any) -> None:  # noqa: ANN401 - a pipe's end
    """Serve the site until it is told to end."""
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    server = serve(app)
    told.send(server.port)
    told.recv()
    server.shutdown()


@contextmanager
def running(site: Site) -> Iterator[tuple[int, int]]:
    """The port and the process of a served site."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=run_site, args=(site.settings, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv(), int(process.pid or 0)
    finally:
        ours.send("end")
        process.join(20)


def memory(pid: int, name: str) -> float:
    """A figure of a process's memory, in MiB: VmRSS now, or VmHWM at most."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def forget_most(pid: int) -> None:
    """Let the most memory count from now on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def content() -> Iterator[bytes]:
    """A picture with so many bytes after it that cannot be pressed."""
    first = jpeg()
    yield first
    left = MEGABYTES * 1_000_000 - len(first)
    while left > 0:
        yield os.urandom(min(PART, left))
        left -= PART


def body(pieces: list[bytes]) -> Iterator[bytes]:
    """The form that holds the file."""
    yield _HEAD
    yield from pieces
    yield _TAIL


def add(port: int, pieces: list[bytes]) -> float:
    """Begin a draft and add the file to it; the seconds until it was said to be kept."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("POST", "/start")
    begun = connection.getresponse()
    begun.read()
    cookie = begun.headers["Set-Cookie"].partition(";")[0]
    length = len(_HEAD) + sum(map(len, pieces)) + len(_TAIL)
    headers = {
        "Cookie": cookie,
        "Content-Type": f"multipart/form-data; boundary={_EDGE}",
        "Content-Length": str(length),
    }
    started = time.perf_counter()
    connection.request("POST", "/start/files", body(pieces), headers)
    answer = connection.getresponse()
    seconds = time.perf_counter() - started
    assert answer.status == 303, answer.read()
    connection.close()
    return seconds


def write_bare(database: Database, pieces: list[bytes]) -> float:
    """Write the same bytes to a table of their own; the seconds until they were committed."""
    kind = "BLOB" if database.is_sqlite else "BYTEA"
    with database.transaction() as session:
        session.execute(text(f"CREATE TABLE bare (number INTEGER PRIMARY KEY, bytes {kind})"))
        if not database.is_sqlite:
            session.execute(text("ALTER TABLE bare ALTER COLUMN bytes SET STORAGE EXTERNAL"))
    started = time.perf_counter()
    with database.transaction() as session:
        for number, piece in enumerate(pieces):
            session.execute(
                text("INSERT INTO bare VALUES (:number, :bytes)"),
                {"number": number, "bytes": piece},
            )
    return time.perf_counter() - started


def stored(database: Database) -> float:
    """Bytes that the pieces take in the database, for each byte of the file."""
    if database.is_sqlite:
        query = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%evidence_parts%'"
    else:
        query = "SELECT pg_total_relation_size('evidence_parts')"
    with database.reading() as session:
        return float(session.scalar(text(query)) or 0) / (MEGABYTES * 1_000_000)


def bench(site: Site, backend: str) -> None:
    """Add one file, and say what it cost."""
    pieces = list(content())
    with running(site) as (port, pid):
        add(port, [jpeg((20, 20))])
        before = memory(pid, "VmRSS")
        forget_most(pid)
        seconds = add(port, pieces)
        most = memory(pid, "VmHWM") - before
    bare = write_bare(site.database, pieces)
    print(f"{backend}: {MEGABYTES} MB added in {seconds:.2f} s; written bare in {bare:.2f} s")
    words = f"{backend}: times as long as bare"
    print(judge(words, seconds / bare, MOST_TIMES_BARE, at_most=True))
    words = f"{backend}: MiB of memory more, at most"
    print(judge(words, most, MOST_MEMORY, at_most=True))
    try:
        print(f"{backend}: {stored(site.database):.3f} bytes in the database for each of the file")
    except Exception as error:  # noqa: BLE001 - not every SQLite can tell
        print(f"{backend}: size not known ({type(error).__name__})")


if __name__ == "__main__":
    with sites() as make:
        for each in BACKENDS:
            bench(make(each, "evidence"), each)
