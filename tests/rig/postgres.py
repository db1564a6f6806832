"""A PostgreSQL server of its own for one test run: in a temporary folder, on a socket, then gone.

Started as root it runs as an ordinary user, because PostgreSQL refuses to run as root.
`python -m tests.rig.postgres` prints where the server's programs are, or says what is missing.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

from tests.rig.memory import find_memory_folder

OLDEST = 15
_SECONDS_TO_START = 30
_OPTIONS = ("listen_addresses=",)
# The run is thrown away with its machine's power: what makes commits durable only costs time here.
_HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class MissingTool(Exception):
    """A program that the tests need is not on this machine. The message says what to install."""


@dataclass(frozen=True)
class Cluster:
    """A running server, reached through the socket in `folder`."""

    folder: Path
    _superuser: str = "onrecord"

    def url(self, database: str) -> str:
        """The SQLAlchemy address of one of its databases."""
        return f"postgresql+psycopg://{self._superuser}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A connection outside any transaction. Raises psycopg.OperationalError if none is had."""
        return psycopg.connect(
            host=str(self.folder), dbname=database, user=self._superuser, autocommit=True
        )

    @cached_property
    def _own(self) -> "psycopg.Connection[tuple[object, ...]]":
        # Kept open: two connections for each test cost as much as half of making its database.
        return self.connect()

    def create(self, database: str, *, template: str = "template1") -> None:
        """Make a database, as a copy of another that nobody is connected to."""
        # Without fsync, copying files takes less than half as long as going through the log.
        order = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._own.execute(order.format(sql.Identifier(database), sql.Identifier(template)))

    def drop(self, database: str) -> None:
        """Remove a database, and close whatever is still connected to it."""
        order = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._own.execute(order.format(sql.Identifier(database)))

    def close(self) -> None:
        """Let go of the server, which is about to stop."""
        self._own.close()


def get_programs() -> Path:
    """The folder of the newest server's programs. Raises MissingTool below version 15."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    versions = {folder: _read_version(folder) for folder in folders}
    newest = max(versions, key=lambda folder: versions[folder], default=None)
    if newest is None or versions[newest] < OLDEST:
        raise MissingTool(
            f"The tests need PostgreSQL {OLDEST} or newer, and this machine has "
            f"{'none' if newest is None else versions[newest]}. "
            "Install it (on Debian and Ubuntu: apt-get install postgresql), then run this again."
        )
    return newest


def _read_version(folder: Path) -> int:
    said = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True)
    return int("".join(c if c.isdigit() else " " for c in said.stdout).split()[0])


@contextmanager
def running(*, durable: Path | None = None) -> Iterator[Cluster]:
    """A fresh server. It stops and its folder goes when the block ends, however it ends.

    It lies in memory and syncs nothing; with `durable`, a folder on a disk that an ordinary user
    may enter, it lies in there and every commit waits for that disk.
    """
    programs = get_programs()
    user = _find_ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=durable or find_memory_folder()))
    options = _OPTIONS if durable else _OPTIONS + _HASTY
    if user:
        shutil.chown(folder, user.pw_uid, user.pw_gid)
    try:
        _initialise(programs, folder, user)
        server = _start(programs, folder, user, options)
        try:
            cluster = Cluster(folder)
            _wait_for(cluster, server, folder)
            with closing(cluster):
                yield cluster
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_ordinary_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _command(user: pwd.struct_passwd | None) -> list[str]:
    # The kernel stops the server when the test run dies without a chance to do it itself.
    words = ["setpriv", "--pdeathsig", "QUIT"]
    if user:
        words += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return words


def _initialise(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
    settings = ["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    made = subprocess.run(
        [*_command(user), programs / "initdb", *settings, "-U", "onrecord", folder / "data"],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    if made.returncode:
        raise RuntimeError(f"initdb did not make a PostgreSQL cluster: {made.stderr}")


def _start(
    programs: Path, folder: Path, user: pwd.struct_passwd | None, options: tuple[str, ...]
) -> "subprocess.Popen[str]":
    words = [word for option in options for word in ("-c", option)]
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            [*_command(user), programs / "postgres", "-D", folder / "data", "-k", folder, *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            text=True,
            cwd=folder,
            start_new_session=True,
        )


def _wait_for(cluster: Cluster, server: "subprocess.Popen[str]", folder: Path) -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while server.poll() is None and time.monotonic() < until:
        try:
            cluster.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")


def _stop(server: "subprocess.Popen[str]") -> None:
    # "Immediate": nothing that this server holds will be read again.
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    try:
        print(get_programs())
    except MissingTool as missing:
        sys.exit(str(missing))
