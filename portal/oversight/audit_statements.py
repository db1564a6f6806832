"""Comparing what a victim said about what police made of a report with its entries."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from portal.ledger.audit_findings import Findings
from portal.matching.models import Statement
from portal.matching.statements import DETAILS, context_of_statement
from portal.oversight.audit_dossiers import Dossier, compare
from portal.police.models import CrimeRecord

_Row = tuple[tuple[object, object], object]
_STATED, _TAKEN_BACK = "stated", "statement_taken_back"


def check_statements(dossier: Dossier, findings: Findings) -> None:
    """Compare, one to one and both ways. Of an erased report no row is left to compare."""
    if dossier.report is not None and dossier.report.erased_at is not None:
        return
    ordinals = {one.id: one.ordinal for one in dossier.allegations}
    stated: list[_Row] = []
    back: list[_Row] = []
    for one, record in dossier.statements:
        said = _said(one, ordinals[one.allegation_id], record)
        stated.append(((one.at, (*said, _details(dossier, one))), one.id))
        if one.taken_back_at is not None:
            back.append(((one.taken_back_at, said), one.id))
    where = f"report {dossier.subject}"
    entries: list[tuple[object, int]] = [
        ((one.at, (*_on_record(fields), _words(fields))), one.index)
        for one, fields in dossier.opened(_STATED)
    ]
    compare(findings, "statement", where, entries, stated, "statement")
    entries = [
        ((one.at, _on_record(fields)), one.index) for one, fields in dossier.opened(_TAKEN_BACK)
    ]
    compare(findings, "statement", where, entries, back, "statement that was taken back")


def _said(one: Statement, ordinal: int, record: CrimeRecord | None) -> tuple[object, ...]:
    force, reference = (record.force_id, record.reference) if record else (None, None)
    return ordinal, str(one.id), one.kind, force, reference


def _on_record(fields: Mapping[str, Any]) -> tuple[object, ...]:
    names = ("allegation", "statement", "statement.kind", "record.force", "record.reference")
    return tuple(fields.get(name) for name in names)


def _words(fields: Mapping[str, Any]) -> Sequence[object]:
    return tuple(fields.get(f"statement.{name}") or "" for name in DETAILS)


def _details(dossier: Dossier, one: Statement) -> Sequence[object] | None:
    if one.sealed is None:
        return ("",) * len(DETAILS)
    opened = dossier.unseal(one.sealed, context_of_statement(one.id))
    found = json.loads(opened) if opened else None
    return tuple(found.get(name) or "" for name in DETAILS) if isinstance(found, dict) else None
