"""Having a copy made that is safe to show, in a process that may fail."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread, Timer
from typing import IO, cast

from sqlalchemy.exc import SQLAlchemyError

from portal.errors import OnRecordError
from portal.evidence.child import LOCKED, MADE, MOST_COPY
from portal.evidence.kinds import KINDS, Kind

LONGEST = 60.0
"""Seconds that the process may take, whatever it waits for."""
_LONGEST_LINE = 32
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Cleaned:
    """How it went: "made" with the copy and its kind, "locked" or "failed"."""

    state: str
    kind: Kind | None = None
    copy: bytes = field(default=b"", repr=False)


Clean = Callable[[Kind, Iterable[bytes]], Cleaned]
"""Makes the copy of a file of one kind from its pieces."""


def clean_apart(kind: Kind, pieces: Iterable[bytes], *, longest: float = LONGEST) -> Cleaned:
    """Have `child` make the copy; whatever becomes of it, this returns after `longest` seconds.

    Raises what reading the pieces raises.
    """
    process = subprocess.Popen(  # noqa: S603 - our own module, with a kind from our own list
        [sys.executable, "-P", "-m", "portal.evidence.child", kind.name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        # None of the site's keys, which stand in our own environment.
        env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
    )
    feeder, timer = _Feeder(process.stdin, pieces), Timer(longest, process.kill)
    feeder.start()
    timer.start()
    try:
        out = process.stdout.read(MOST_COPY + _LONGEST_LINE) if process.stdout else b""
        # One that closed its output ends by itself; the timer is for one that does not.
        code = process.wait()
    finally:
        timer.cancel()
        process.kill()
        feeder.join()
        if process.stdout:
            process.stdout.close()
    if feeder.problem:
        raise feeder.problem
    return _judge(code, out)


class _Feeder(Thread):
    """Writes the pieces into the process, which may have ended long before."""

    def __init__(self, into: IO[bytes] | None, pieces: Iterable[bytes]) -> None:
        super().__init__(daemon=True)
        self._into = into
        self._pieces = pieces
        self.problem: OnRecordError | SQLAlchemyError | None = None

    def run(self) -> None:
        """Write and close."""
        with suppress(OSError), closing(cast("IO[bytes]", self._into)) as into:
            try:
                for piece in self._pieces:
                    into.write(piece)
            except (OnRecordError, SQLAlchemyError) as problem:
                self.problem = problem


def _judge(code: int, out: bytes) -> Cleaned:
    name, line, copy = out.partition(b"\n")
    kind = KINDS.get(name.decode("ascii", "replace"))
    if code == MADE and line and kind is not None and 0 < len(copy) <= MOST_COPY:
        return Cleaned("made", kind, copy)
    return Cleaned("locked" if code == LOCKED else "failed")
