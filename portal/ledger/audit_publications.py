"""Auditing what was published: each signed note, its time, and the witnesses' lines over it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger.audit_findings import CLOCKS, Findings
from portal.ledger.audit_tree import Span
from portal.ledger.checkpoint import parse_checkpoint, parse_published
from portal.ledger.cosignatures import is_in_order
from portal.ledger.models import LedgerCosignature, LedgerPublication
from portal.ledger.note import (
    BadSignature,
    MalformedNote,
    Note,
    VerifierKey,
    find_signature,
    parse_note,
    verify_cosignature,
    verify_signature,
)


class Published(NamedTuple):
    """A publication without its note, small enough that all of them fit in memory."""

    log: int
    size: int
    at: datetime
    witnessed_at: datetime | None


def list_published(session: Session) -> list[Published]:
    """Every publication of every log, by log and size."""
    rows = session.execute(
        select(
            LedgerPublication.log,
            LedgerPublication.size,
            LedgerPublication.at,
            LedgerPublication.witnessed_at,
        ).order_by(LedgerPublication.log, LedgerPublication.size)
    )
    return [Published(*row) for row in rows]


def check_publications(
    session: Session,
    span: Span,
    published: Sequence[Published],
    roots: Mapping[int, bytes],
    keys: Sequence[VerifierKey],
    *,
    multiple: int,
    now: datetime,
    findings: Findings,
) -> None:
    """Check the publications of one log. `roots` are those of its tree by size; `keys` sign for
    it; `multiple` is what sizes are filled up to.
    """
    head = span.head
    findings.unless(
        bool(published) == (head.origin is not None),
        "publication",
        f"log {head.id}",
        "it has a name without a publication, or a publication without a name",
    )
    before: Published | None = None
    for one in published:
        where = _where(one)
        note = session.scalars(
            select(LedgerPublication.checkpoint).where(
                LedgerPublication.log == one.log, LedgerPublication.size == one.size
            )
        ).one()
        waits = one is published[-1] and now - one.at <= CLOCKS
        _check_note(note, one, head.origin, roots, keys, findings, may_wait=waits)
        closing = head.closed_at is not None and one is published[-1]
        opening = head.id > 1 and before is None
        findings.unless(
            one.size % multiple == 0 or closing or opening,
            "publication",
            where,
            f"its size is no multiple of {multiple}, so it tells when something was put on record",
        )
        if before is not None:
            findings.unless(
                before.at <= one.at, "publication", where, "its time is before that of the last one"
            )
        before = one


def check_cosignatures(
    session: Session,
    published: Sequence[Published],
    witnesses: Mapping[str, VerifierKey],
    *,
    now: datetime,
    findings: Findings,
) -> None:
    """Check every witness's line; `witnesses` are their keys by `name+key ID`."""
    known = {(one.log, one.size): one for one in published}
    arrived: dict[tuple[int, int], set[datetime]] = {}
    query = select(LedgerCosignature).order_by(LedgerCosignature.log, LedgerCosignature.size)
    for row in session.scalars(query.execution_options(yield_per=500)):
        one = known.get((row.log, row.size))
        where = f"cosignature of {row.witness} over {row.size} entries of log {row.log}"
        if findings.unless(one is not None, "cosignature", where, "there is no such publication"):
            assert one is not None  # noqa: S101 - the line above
            if one.witnessed_at is not None:
                arrived.setdefault((row.log, row.size), set()).add(row.received_at)
            _check_line(session, row, one, witnesses.get(row.witness), now, where, findings)
        session.expunge(row)
    for one in published:
        findings.unless(
            one.witnessed_at is None or one.witnessed_at in arrived.get((one.log, one.size), ()),
            "publication",
            _where(one),
            "it is marked as witnessed at a time at which no witness's line came",
        )


def _where(one: Published) -> str:
    return f"publication of {one.size} entries of log {one.log}"


def _check_note(
    text: str,
    one: Published,
    origin: str | None,
    roots: Mapping[int, bytes],
    keys: Sequence[VerifierKey],
    findings: Findings,
    *,
    may_wait: bool,
) -> None:
    where = _where(one)
    try:
        note = parse_published(text)
        stated = parse_checkpoint(note.text)
    except MalformedNote as error:
        findings.add("publication", where, f"it holds no checkpoint. {error.message}")
        return
    fits = stated.origin == origin and stated.size == one.size
    findings.unless(
        fits, "publication", where, "its note is of another log or size than its row says"
    )
    findings.unless(
        stated.root == roots.get(one.size),
        "publication",
        where,
        "the entries do not give the root that was published: "
        "one was changed, put in or taken away after it was published",
    )
    if note.signatures:
        _check_signed(note, keys, where, findings)
    else:
        findings.unless(
            may_wait,
            "publication",
            where,
            "nobody signed it: the jobs do not run, or they may not sign, or it was put in",
        )


def _check_signed(note: Note, keys: Sequence[VerifierKey], where: str, findings: Findings) -> None:
    signing = [key for key in keys if find_signature(note, key) is not None]
    findings.unless(
        bool(signing),
        "publication",
        where,
        "no configured key of the log signed it; set ON_RECORD_OLDER_LEDGER_KEYS if an older did",
    )
    # A note as it was stored holds no other line than those of the log's own keys.
    findings.unless(
        len(signing) == len(note.signatures) or not signing,
        "publication",
        where,
        "it holds a signature of which the key is not configured",
    )
    for key in signing:
        try:
            verify_signature(note, key)
        except BadSignature as error:
            findings.add("publication", where, error.message)


def _check_line(
    session: Session,
    row: LedgerCosignature,
    one: Published,
    key: VerifierKey | None,
    now: datetime,
    where: str,
    findings: Findings,
) -> None:
    checkpoint = session.scalars(
        select(LedgerPublication.checkpoint).where(
            LedgerPublication.log == row.log, LedgerPublication.size == row.size
        )
    ).one()
    try:
        note = parse_note(parse_published(checkpoint).text + "\n" + row.line)
        said = note.signatures[0]
        stamp = int.from_bytes(said.value[:8], "big")
        named = f"{said.name}+{said.key_id.hex()}"
        fits = len(note.signatures) == 1 and (named, stamp) == (row.witness, row.stamp)
        findings.unless(
            fits,
            "cosignature",
            where,
            "its line is by another witness, or of a time other than its row says",
        )
        if key is not None:
            verify_cosignature(note, key)
    except (MalformedNote, BadSignature) as error:
        findings.add("cosignature", where, error.message)
        return
    findings.unless(
        key is not None,
        "cosignature",
        where,
        "the witness's key is not in the policy, so nothing shows that the line is its own; "
        "name the key of an earlier witness with --witness",
    )
    findings.unless(
        is_in_order(one.at, stamp, row.received_at)
        and one.at - CLOCKS <= row.received_at <= now + CLOCKS,
        "cosignature",
        where,
        "publication, the witness's time and its arrival do not follow each other",
    )
