"""Comparing how a person is reached, and their messages, with what is on record about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.ledger.audit_findings import Findings
from portal.ledger.audit_opening import Opened
from portal.oversight.audit_dossiers import Dossier, compare
from portal.reports.contact_models import Message

Accounts = Mapping[UUID, tuple[str, str]]
"""Role and organisation of every account."""

_COUNTS = ("contact_confirmed", "contact_restored")
_ENDS = ("contact_removed",)
_SAYS_SAFE = (*_COUNTS, "contact_still_safe")
_PAUSES = ("contact_paused",)
_PERSON = "person"


def check_contact(dossier: Dossier, findings: Findings) -> None:
    """Tell a safe way that the entries do not stand for: since when there is one, and whether its
    person last said that it is safe.
    """
    contact, where = dossier.contact, f"report {dossier.subject}"
    since = _newest(dossier, _COUNTS, (*_COUNTS, *_ENDS))
    findings.unless(
        (contact.confirmed_at if contact else None) == since
        and (contact is None or (contact.sealed is None) == (since is None)),
        "code",
        where,
        "its safe way, or since when there is one, is not what is on record",
    )
    if contact is None or since is None:
        return
    paused = _newest(dossier, _PAUSES, (*_SAYS_SAFE, *_PAUSES, *_ENDS))
    findings.unless(
        (contact.safe_at, contact.paused_at) == (_newest(dossier, _SAYS_SAFE, _SAYS_SAFE), paused),
        "code",
        where,
        "whether its safe way is still safe is not what its person said on record",
    )


def check_messages(dossier: Dossier, accounts: Accounts, findings: Findings) -> None:
    """Compare the messages one to one, and both ways. Of an erased report none may be left."""
    report, where = dossier.report, f"report {dossier.subject}"
    if report is None:
        return
    if report.erased_at is not None:
        findings.unless(
            not dossier.messages, "message", where, "it was erased, and a message is left"
        )
        return
    entries = [
        ((one.at, None if one.fields is None else _said(one.fields)), one.index)
        for one in dossier.of("message_sent")
    ]
    rows = [((one.at, _row(dossier, one, accounts)), one.id) for one in dossier.messages]
    compare(findings, "message", where, entries, rows, "message")


def _newest(dossier: Dossier, wanted: Sequence[str], among: Sequence[str]) -> datetime | None:
    """When the newest entry of these kinds was made, if it is of a wanted one."""
    found: list[Opened] = dossier.of(*among)
    return found[-1].at if found and found[-1].kind in wanted else None


def _said(fields: Mapping[str, Any]) -> object:
    names = ("message", "message.from", "message.to", "message.organisation", "message.words")
    return tuple(fields.get(name) for name in names)


def _row(dossier: Dossier, one: Message, accounts: Accounts) -> object:
    raw = dossier.unseal(one.sealed_words, f"message:{one.id}")
    words = None if raw is None else raw.decode()
    if one.account_id is None:
        return (str(one.id), _PERSON, one.correspondent, None, words)
    role, organisation = accounts.get(one.account_id, ("", ""))
    is_theirs = (role == "advocate") == (one.correspondent == "advocate")
    return (str(one.id), role if is_theirs else "", _PERSON, organisation, words)
