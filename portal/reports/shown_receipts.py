"""Whose receipt a file is: its entry is made anew from its fields and found in our own log.

Nothing that the file says of itself is believed: not its index, its proof or its signature. It
counts when the leaf that its fields give is the leaf that our log holds at that place. A receipt
that shows none of the answers does as well as one that shows them all.
"""

import base64
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger import verify
from portal.ledger.entry import DisclosedField, Disclosure, leaf_of
from portal.ledger.receipt import MAX_RECEIPT_BYTES
from portal.ledger.service import find_subject
from portal.ledger.store import read_leaves
from portal.reports.models import Report


def is_receipt(data: bytes) -> bool:
    """Whether a file is a receipt at all, of whatever log; nothing is looked up.

    One that was damaged since is, as long as it can be read.
    """
    try:
        read = verify.read_json(data)
    except (verify.Unreadable, verify.NotProved):
        return False
    return isinstance(read, dict) and read.get("format") == verify.FORMAT


def find_report_of(session: Session, data: bytes) -> UUID | None:
    """The report that a receipt file is about; None for anything that is no receipt of ours."""
    if len(data) > MAX_RECEIPT_BYTES:
        return None
    verdict = verify.judge(data)
    if verdict.code != verify.SIGNER_UNKNOWN or verdict.entry_index is None:
        return None
    index = verdict.entry_index
    if index > verify.MAX_INTEGER or list(read_leaves(session, index, index + 1)) != [_leaf(data)]:
        return None
    return session.scalar(
        select(Report.id).where(
            Report.id == find_subject(session, index), Report.erased_at.is_(None)
        )
    )


def _leaf(data: bytes) -> bytes:
    """The leaf that the fields of a receipt give. `verify.judge` has read it without a fault."""
    receipt: Any = verify.read_receipt(data)
    fields = tuple(
        DisclosedField(one["name"], one["value"], base64.b64decode(one["key"]))
        for one in receipt["fields"]
    )
    return leaf_of(Disclosure(fields, tuple(base64.b64decode(one) for one in receipt["hidden"])))
