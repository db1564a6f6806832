"""Comparing return codes, their changes and the safe way with what is on record about them."""

from portal.clock import timestamp
from portal.ledger.audit_findings import Findings
from portal.ledger.code_chain import ASKED, CANCELLED, CHANGED, RECEIPT, Chain, digest_of, follow
from portal.oversight.audit_contact import check_contact
from portal.oversight.audit_dossiers import Dossier, compare
from portal.reports.binding import is_bound
from portal.reports.models import CodeChange, Report
from portal.sealing import DataKey


def check_codes(dossier: Dossier, data_key: DataKey | None, findings: Findings) -> None:
    """Tell what broke a rule about codes, and each row about codes that no entry stands for.

    `data_key` is the report's own, None when it is gone or cannot be opened.
    """
    report = dossier.report
    if report is None:
        return
    if report.erased_at is not None:
        left = [*dossier.codes, *dossier.changes, *([dossier.contact] if dossier.contact else [])]
        findings.unless(
            not left, "code", f"report {report.id}", "it was erased, and a code or safe way is left"
        )
        return
    opened = [one for one in dossier.entries if one.fields is not None]
    chain = follow(one.fields or {} for one in opened)
    for breach in chain.breaches:
        findings.add("code", f"entry {opened[breach.place].index}", breach.words)
    _check_newest(report, chain, findings)
    _check_rows(report, dossier, data_key, findings)
    _check_changes(dossier, findings)
    check_contact(dossier, findings)


def _check_newest(report: Report, chain: Chain, findings: Findings) -> None:
    where = f"report {report.id}"
    findings.unless(
        report.state == "draft" or report.request_key == chain.key,
        "code",
        where,
        "the key of its return code is not the newest one on record: somebody else could erase it",
    )
    findings.unless(
        chain.code in (None, digest_of(report.code_hash)),
        "code",
        where,
        "its return code is not the one that it was changed to: somebody else could open it",
    )


def _check_rows(
    report: Report, dossier: Dossier, data_key: DataKey | None, findings: Findings
) -> None:
    waiting = [(one.code_hash, one.works_from) for one in dossier.changes if _is_open(one)]
    findings.unless(
        {(one.code_hash, one.works_from) for one in dossier.codes}
        == {(report.code_hash, None), *waiting},
        "code",
        f"report {report.id}",
        "the codes that open it are not its own and the one that waits: one was put in or changed",
    )
    findings.unless(
        data_key is not None and all(is_bound(one, data_key) for one in dossier.codes),
        "code",
        f"report {report.id}",
        "a code that should open it was not made for it: its row was changed or put in",
    )


def _check_changes(dossier: Dossier, findings: Findings) -> None:
    where, rows = f"report {dossier.subject}", dossier.changes
    asked = [
        ((one.at, fields.get("works.from"), fields.get("code.digest")), one.index)
        for one, fields in dossier.opened(ASKED)
    ]
    stand = [
        ((one.asked_at, timestamp(one.works_from), digest_of(one.code_hash)), one.id)
        for one in rows
    ]
    compare(findings, "code", where, asked, stand, "code change")
    ended = [(one.at, one.index) for one in dossier.of(CANCELLED)]
    cancelled = [(one.cancelled_at, one.id) for one in rows if one.cancelled_at]
    compare(findings, "code", where, ended, cancelled, "cancelled code change")
    done = [
        (one.at, one.index)
        for one, fields in dossier.opened(CHANGED)
        if fields.get("changed.with") == RECEIPT
    ]
    carried_out = [(one.done_at, one.id) for one in rows if one.done_at]
    compare(findings, "code", where, done, carried_out, "code change that was carried out")


def _is_open(change: CodeChange) -> bool:
    return change.cancelled_at is None and change.done_at is None
