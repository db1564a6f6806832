"""The hash of return codes: one that notes who had to wait for it, and one that nobody gets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

from flask import Flask
from sqlalchemy import QueuePool

from portal.sealing import Derived, SlowHash
from tests.rig.people import site_of


def watch_hashing(app: Flask) -> list[int]:
    """How many connections to the database were held at each hash; it grows as codes are made."""
    site, held = site_of(app), list[int]()
    pool = cast(QueuePool, site.database.engine.pool)

    class Watching(SlowHash):
        def derive(self, secret: bytes) -> Derived:
            held.append(pool.checkedout())
            return site.codes.derive(secret)

    watching = Watching(site.codes.key, site.codes.memory_kib, site.codes.passes)
    app.extensions["on_record"] = replace(site, codes=watching)
    return held


@contextmanager
def no_turns_left(app: Flask) -> Iterator[None]:
    """Within it others have every turn of the slow hash. Whoever asks is told so soon; that they
    would wait two seconds for a turn is held in tests/test_sealing.py.
    """
    site = site_of(app)
    busy = replace(site.codes, longest_wait=0.01)
    app.extensions["on_record"] = replace(site, codes=busy)
    for _ in range(2):
        busy._turns.acquire()
    yield
    for _ in range(2):
        busy._turns.release()
    app.extensions["on_record"] = site
