"""Comparing the files that were added with what is on record about them."""

import json
from collections.abc import Mapping
from typing import Any

from portal.evidence.adding import ADDED, context_of
from portal.evidence.models import EvidenceFile
from portal.ledger.audit_findings import Findings
from portal.oversight.audit_dossiers import Dossier, compare

_WORDS = "file"


def check_evidence(dossier: Dossier, findings: Findings) -> None:
    """Compare files and entries, one to one and both ways, and each file with its own pieces.

    A draft has no entries yet. Of an erased report nothing may be left.
    """
    report = dossier.report
    if report is None:
        return
    where = f"report {report.id}"
    whole = [one for one in dossier.files if one.added_at is not None]
    if report.erased_at is not None:
        findings.unless(not dossier.files, _WORDS, where, "it was erased, and a file of it is left")
        return
    for one in whole:
        _check_pieces(one, dossier, findings)
    if report.state == "draft":
        findings.unless(
            all(one.entry_index is None for one in whole),
            _WORDS,
            where,
            "it was never sent, and a file of it names an entry",
        )
        return
    entries = [((one.index, *_said(fields)), one.index) for one, fields in dossier.opened(ADDED)]
    rows = [((one.entry_index, *_stands(one, dossier)), one.id) for one in whole]
    compare(findings, _WORDS, where, entries, rows, _WORDS)


def _said(fields: Mapping[str, Any]) -> tuple[object, ...]:
    names = ("file.number", "file.kind", "file.size", "file.sha256")
    return tuple(fields.get(name) for name in names)


def _stands(file: EvidenceFile, dossier: Dossier) -> tuple[object, ...]:
    raw = dossier.unseal(file.sealed, context_of(file.id))
    kept = json.loads(raw) if raw is not None else {}
    return (file.number, kept.get("kind"), file.size, kept.get("sha256"))


def _check_pieces(file: EvidenceFile, dossier: Dossier, findings: Findings) -> None:
    originals, copies = dossier.pieces.get(file.id, (0, 0))
    wanted = file.copy_parts or 0 if file.copy_state == "made" else None
    findings.unless(
        originals == file.parts and wanted in (None, copies),
        _WORDS,
        f"{_WORDS} {file.id}",
        "a piece of it is missing, or there is one too many",
    )
