"""Entries, publications and receipts of one site, signed as they leave; and what somebody with SQL
alone can do to them.
"""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, update

from portal.ledger.checkpoint import format_checkpoint
from portal.ledger.merkle import range_root
from portal.ledger.models import (
    LedgerEntry,
    LedgerPublication,
)
from portal.ledger.note import Signer
from portal.ledger.publication import find_published, publish_signed
from portal.ledger.service import NewEntry, append, make_receipt
from portal.ledger.signing import LogSigner
from portal.ledger.store import find_head, stored_tree
from portal.site import Site
from tests.rig.ledger import signer as a_signer
from tests.rig.superuser import without_triggers


def put(site: Site, count: int = 1) -> int:
    """Put entries on record; the index of the last."""
    entries = [NewEntry("submitted", uuid4(), {}, site.keyring.seal_alone)] * count
    with site.database.transaction() as session:
        return append(session, entries, now=site.now())[-1]


def sign(site: Site, index: int) -> str:
    """The proof of a receipt of this entry, as it leaves."""
    with site.database.reading() as session:
        return make_receipt(
            session, index, open_sealed=site.keyring.open_alone, signer=site.signer
        )["proof"]


def publish_once(site: Site) -> None:
    """Publish the log now, padded to a multiple of 8."""
    publish_signed(
        site.database,
        seal_alone=site.keyring.seal_alone,
        signer=site.signer,
        now=site.now(),
        multiple=8,
        every=timedelta(0),
    )


def released(site: Site, signer: LogSigner | None = None) -> str:
    """The newest checkpoint as it is served."""
    with site.database.reading() as session:
        published = find_published(session)
        assert published is not None
        return (signer or site.signer).release(session, find_head(session), published.checkpoint)


def rotated(site: Site, *names: str) -> tuple[LogSigner, list[Signer]]:
    """A signer with the site's key and newer ones before it."""
    newer = [a_signer(name, seed) for seed, name in enumerate(names, 41)]
    return LogSigner((*newer, *site.signer.keys), site.signer.guard), newer


def forge(site: Site, index: int, *, publications_from: int | None = None) -> None:
    """What somebody with SQL alone can do: change a leaf, and take out newer publications."""
    with site.database.transaction() as session, without_triggers(session):
        values = {"leaf": b"\1" + b"forged".ljust(32)}
        session.execute(update(LedgerEntry).where(LedgerEntry.index == index).values(**values))
        if publications_from is not None:
            session.execute(
                delete(LedgerPublication).where(LedgerPublication.size >= publications_from)
            )


def put_in(site: Site, size: int, *lines: str) -> str:
    """Put in a publication whose root fits the entries as they are now; its text."""
    with site.database.reading() as session:
        head = find_head(session)
        root = range_root(0, size, stored_tree(session, head).node)
    text = format_checkpoint(site.signer.name, size, root)
    note = f"{text}\n{''.join(lines)}" if lines else text
    with site.database.transaction() as session:
        session.add(LedgerPublication(log=1, size=size, at=site.now(), checkpoint=note))
    return text
