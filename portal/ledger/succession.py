"""Closing a log and opening the next, whose first entry commits to where the last one ended.

Two things end a log: its key may be in other hands, or its newest entries are lost with the disk
that held them. Neither may end in two trees of one size under one name. docs/operation.md has the
procedures for people.
"""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.errors import NotFound, Refused
from portal.ledger.checkpoint import parse_published
from portal.ledger.guard import SignedHead
from portal.ledger.note import find_signature
from portal.ledger.publication import find_published, publish
from portal.ledger.receipt import Receipt
from portal.ledger.service import NewEntry, append, make_receipt
from portal.ledger.signing import LogSigner
from portal.ledger.store import LEDGER, Head, close_log, find_head, get_head, open_log

COMPROMISED = "compromised"
RESTORED = "restored"
OPENED = "log_opened"
LOG_SUBJECT = UUID(int=1)


def open_next(
    session: Session,
    *,
    because: str,
    seal_alone: Callable[[bytes, str], bytes],
    signer: LogSigner,
    multiple: int,
    now: datetime,
) -> Head:
    """Close the open log and begin the one that `signer` is named for; the new log's head.

    `because` is COMPROMISED (the log is published once more, which `publication.sign_new` signs
    after the commit with a fresh key of its own name) or RESTORED (it is left as it is: what was
    signed last is no longer here). Raises Refused when the settings do not fit, and says what they
    must be.
    """
    old = find_head(session)
    if old.origin is None or not old.size:
        raise Refused("There is no published log to close. Nothing was changed.")
    if old.origin == signer.name:
        raise Refused(
            "The settings still name the log that is to be closed. Nothing was changed. Set "
            "ON_RECORD_LEDGER_NAME and the key to those of the next log first."
        )
    if because == COMPROMISED:
        _publish_last(
            session, old, seal_alone=seal_alone, signer=signer, multiple=multiple, now=now
        )
    elif because != RESTORED:
        raise Refused("A log is closed because it was compromised or restored.")
    last = _newest_signed(session, signer)
    held = find_head(session)
    close_log(session, held, because=because, size=last.size, root=last.root, at=now)
    fresh = Head(0, b"", log=held.log + 1, start=held.start + held.size, origin=signer.name)
    open_log(session, fresh)
    session.info[LEDGER] = signer
    first = NewEntry(OPENED, LOG_SUBJECT, _first_fields(held, last, because), seal_alone)
    append(session, [first], now=now)
    return find_head(session)


def make_opening(
    session: Session,
    log: int,
    *,
    open_sealed: Callable[[bytes, str], bytes],
    signer: LogSigner,
) -> Receipt:
    """The receipt of a log's first entry, which says what the log before it ended with.

    Raises NotFound for the first log, which follows none.
    """
    head = get_head(session, log)
    if log == 1:
        raise NotFound("The first log follows no other.")
    return make_receipt(session, head.start, open_sealed=open_sealed, signer=signer)


def _publish_last(
    session: Session,
    old: Head,
    *,
    seal_alone: Callable[[bytes, str], bytes],
    signer: LogSigner,
    multiple: int,
    now: datetime,
) -> None:
    """Publish all that the old log holds, under a key that nobody else has."""
    keys = signer.keys_of(str(old.origin))
    published = find_published(session)
    note = parse_published(published.checkpoint) if published else None
    if not keys or (note and any(find_signature(note, key.key) for key in keys)):
        raise Refused(
            "Nothing was changed. Receipts of the log that is closed need a fresh key of its own "
            f"name. Make one with: flask ledger key new {old.origin}. Put it into "
            "ON_RECORD_OLDER_LEDGER_KEYS, and take the key that was stolen out of the settings."
        )
    closing = LogSigner(keys, signer.guard)
    session.info[LEDGER] = closing
    publish(
        session,
        seal_alone=seal_alone,
        signer=closing,
        now=now,
        multiple=multiple,
        every=timedelta(0),
    )


def _newest_signed(session: Session, signer: LogSigner) -> SignedHead:
    head = find_head(session)
    known = signer.guard.find_newest(str(head.origin))
    if known is not None and known.size > head.size:
        return known
    return SignedHead(head.size, head.root)


def _first_fields(held: Head, last: SignedHead, because: str) -> dict[str, object]:
    return {
        "because": because,
        "previous.origin": held.origin,
        "previous.size": last.size,
        "previous.root": base64.b64encode(last.root).decode(),
        "previous.held": held.size,
    }
