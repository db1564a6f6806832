"""Comparing what hangs on a report with its entries: handovers, answers of forces, looks."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from portal.ledger.audit_findings import Findings
from portal.oversight.audit_dossiers import Dossier, compare

Accounts = Mapping[UUID, tuple[str, str]]
"""Role and organisation of every account."""
_Keyed = Callable[[Mapping[str, Any]], object]


def check_beside(dossier: Dossier, accounts: Accounts, findings: Findings) -> None:
    """Compare, one to one and both ways. Of an erased report only the times are left to compare."""
    gone = dossier.report is not None and dossier.report.erased_at is not None
    passed = {one.id: one.force_id for one in dossier.handovers}
    handovers = [(one.delivered_at, one.force_id, one.id) for one in dossier.handovers]
    answers = [
        (one.at, _claim(dossier, one.id, one.sealed, passed[one.handover_id]), one.id)
        for one in dossier.answers
    ]
    looks = [
        (
            one.at,
            (
                _text(dossier, one.sealed_reason, f"look:{one.id}"),
                *accounts.get(one.account_id, ("", "")),
            ),
            one.id,
        )
        for one in dossier.looks
    ]
    kinds: tuple[tuple[str, str, _Keyed, list[Any]], ...] = (
        ("handover", "handed_over", lambda said: said.get("force"), handovers),
        ("answer of a force", "force_answered", _answered, answers),
        ("look", "looked_at", _looked, looks),
    )
    for words, kind, key, rows in kinds:
        entries = [
            ((one.at, None if one.fields is None or gone else key(one.fields)), one.index)
            for one in dossier.of(kind)
        ]
        here = [((at, None if gone else said), id_) for at, said, id_ in rows]
        compare(findings, words, f"report {dossier.subject}", entries, here, words)


def _answered(fields: Mapping[str, Any]) -> object:
    return (fields.get("force"), fields.get("crime_reference"), fields.get("words"))


def _looked(fields: Mapping[str, Any]) -> object:
    return (fields.get("reason"), fields.get("role"), fields.get("organisation"))


def _text(dossier: Dossier, sealed: bytes, context: str) -> str | None:
    raw = dossier.unseal(sealed, context)
    return None if raw is None else raw.decode()


def _claim(dossier: Dossier, id_: UUID, sealed: bytes, force: str) -> object:
    raw = dossier.unseal(sealed, f"force-answer:{id_}")
    if raw is None:
        return None
    said = json.loads(raw)
    return (force, said.get("crime_reference"), said.get("words"))
