"""Processes that write to a log and die in the middle: by SIGKILL, at a point that has a name.

What runs here runs in a child; it is a module of its own so that a fork server can load it once.
"""

import multiprocessing
import os
import re
import signal
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, NoReturn, cast
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.ledger.service import NewEntry, append, make_receipt
from portal.reports.drafts import get_data_key
from portal.reports.service import submit
from portal.site import Site
from tests.rig.drafts import ready_draft


class Point(NamedTuple):
    """A moment of a report's transaction: before or after a statement, or something else."""

    moment: str
    statement: str = ""


POINTS = {
    "before the report row": Point("before", "UPDATE reports"),
    "after the report row": Point("after", "UPDATE reports"),
    "after the leaf": Point("after", "INSERT INTO ledger_entries"),
    "after the subtrees": Point("after", "INSERT INTO ledger_subtrees"),
    "after the head moved": Point("after", "UPDATE ledger_heads"),
    "after the openings": Point("after", "INSERT INTO ledger_openings"),
    "before the commit": Point("before commit"),
    "after the commit": Point("after commit"),
    "before the signature": Point("signature"),
}
COMMITTED = ("after the commit", "before the signature")
"""The points at which the report is on record already."""

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload([__name__])


def start(work: Callable[..., None], *arguments: Any) -> BaseProcess:  # noqa: ANN401
    """Run a function of this module in a process of its own."""
    process = _SERVER.Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


def send_and_die(settings: Settings, report_id: UUID, name: str) -> None:
    """Send a draft and show its receipt, but die at the point of this name."""
    site, point = Site.from_settings(settings), POINTS[name]
    _arm(site.database.engine, point)
    with site.database.transaction() as session:
        keys: dict[str, Any] = {"keyring": site.keyring}
        index = submit(session, report_id, now=site.now(), **keys).entry_index
    signer = site.signer
    if point.moment == "signature":
        deadly = replace(signer.keys[0], private=cast(Ed25519PrivateKey, _DeadlyKey()))
        signer = replace(signer, keys=(deadly,))
    with site.database.reading() as session:
        key = get_data_key(session, report_id, keyring=site.keyring)
        make_receipt(session, index or 0, open_sealed=key.open, signer=signer)


def send_reports(settings: Settings, count: int, shared: UUID | None = None) -> None:
    """Draft and send reports one after the other; after each, append to a shared one, too."""
    site = Site.from_settings(settings)
    for _ in range(count):
        ready_draft(site).send()
        if shared:
            append_to(site, shared)
    site.database.engine.dispose()


def append_to(site: Site, report_id: UUID) -> None:
    """Put two further entries of a report on record in one transaction."""
    with site.database.transaction() as session:
        key = get_data_key(session, report_id, keyring=site.keyring)
        append(session, [NewEntry("looked_at", report_id, {}, key.seal)] * 2, now=site.now())


class _DeadlyKey:
    """A private key that dies with its process when it is asked to sign."""

    def sign(self, _message: bytes) -> NoReturn:
        _die()

    def public_key(self) -> NoReturn:
        _die()


def _arm(engine: Engine, point: Point) -> None:
    pattern = re.compile(rf"{point.statement}\b")

    def die_if_it_is(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if pattern.match(statement):
            _die()

    if point.statement:
        event.listen(engine, f"{point.moment}_cursor_execute", die_if_it_is)
    elif point.moment == "before commit":
        event.listen(engine, "commit", lambda _connection: _die())
    elif point.moment == "after commit":
        event.listen(Session, "after_commit", lambda _session: _die())


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("a killed process went on")
