"""Comparing what a person did with their own report with what is on record about it."""

from datetime import datetime

from portal.clock import timestamp
from portal.ledger.audit_findings import Findings
from portal.ledger.erasure_asked import ASKED, ERASES_FROM, KEPT
from portal.oversight.audit_dossiers import Dossier
from portal.reference.cooling_off import ERASE, cooling_off
from portal.reports.corrections import Folded, fold
from portal.reports.models import Allegation, Report
from portal.reports.withdrawing import ALLOWED, STOPPED, TAKEN_UP


def check_own(report: Report, dossier: Dossier, findings: Findings) -> None:
    """Tell of withdrawals, erasures that wait, and supporters who were stopped, what differs."""
    where, gone = f"report {report.id}", report.erased_at is not None
    findings.unless(
        report.withdrawn_at == _since(dossier, "withdrawn", TAKEN_UP),
        "report",
        where,
        "whether and when it was withdrawn is not what is on record",
    )
    findings.unless(
        report.supporter_stopped_at == (None if gone else _since(dossier, STOPPED, ALLOWED)),
        "report",
        where,
        "whether its supporter may see it is not what is on record",
    )
    asked_at = None if gone else _since(dossier, ASKED, KEPT)
    due_at = asked_at + cooling_off(ERASE, asked_at=asked_at).wait if asked_at else None
    findings.unless(
        (report.erase_asked_at, report.erase_due_at) == (asked_at, due_at),
        "report",
        where,
        "whether an erasure waits, and until when, is not what is on record",
    )
    for one, fields in dossier.opened(ASKED):
        wait = cooling_off(ERASE, asked_at=one.at).wait
        findings.unless(
            fields.get(ERASES_FROM) == timestamp(one.at + wait),
            "report",
            f"entry {one.index}",
            "it asks for an erasure sooner or later than the cooling-off time says",
        )


def fold_dossier(answers: dict[str, object], dossier: Dossier) -> Folded:
    """The answers as the entries say that they hold now."""
    return fold(answers, ((one.at, fields) for one, fields in dossier.opened(*_LAID_OVER)))


def check_corrected(allegation: Allegation, folded: Folded, findings: Findings) -> None:
    """Tell when an allegation's row says something else of corrections than the entries do."""
    number = allegation.ordinal
    said = " ".join(folded.categories.get(number, ())) or None
    findings.unless(
        (allegation.corrected_at, allegation.corrected_categories)
        == (folded.last_about(number), said),
        "allegation",
        f"allegation {allegation.id}",
        "whether and how it was corrected is not what was put on record",
    )


_LAID_OVER = ("told_police", "corrected")


def _since(dossier: Dossier, begins: str, ends: str) -> datetime | None:
    """Since when it has been so by the entries; None when it is not, or no longer."""
    since: datetime | None = None
    for one in dossier.of(begins, ends):
        since = one.at if one.kind == begins else None
    return since
