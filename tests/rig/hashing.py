"""A hash of return codes that notes whether anybody had to wait for it."""

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
