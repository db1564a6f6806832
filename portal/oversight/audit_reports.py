"""Comparing a report, and what hangs on it, with its entries."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.alerts.service import deadline_of
from portal.clock import timestamp
from portal.errors import OnRecordError
from portal.ledger.audit_entries import ERASED
from portal.ledger.audit_findings import Findings
from portal.ledger.audit_opening import Opened
from portal.oversight.audit_beside import Accounts, check_beside
from portal.oversight.audit_dossiers import Dossier
from portal.oversight.audit_own import check_corrected, check_own, fold_dossier
from portal.reports.corrections import force_now, page_in, path_of
from portal.reports.filing import flatten, interval_of, way_in
from portal.reports.models import Allegation, Report

_MOVES = ("submitted", "told_police", "handed_over")


def check_report(dossier: Dossier, accounts: Accounts, findings: Findings) -> None:
    """Compare one report with its entries: its own row, allegations, clocks, handovers, looks."""
    report = dossier.report
    if report is None:
        return
    where = f"report {report.id}"
    submitted = dossier.of("submitted")
    if report.state == "draft":
        findings.unless(
            not dossier.entries and not dossier.allegations,
            "report",
            where,
            "its row says that it was never sent, and it is on record",
        )
        return
    if not findings.unless(
        len(submitted) == 1,
        "report",
        where,
        f"{len(submitted)} entries say that it was sent, and there should be one",
    ):
        return
    _check_row(report, submitted[0], dossier, findings)
    check_own(report, dossier, findings)
    _check_erased(report, dossier, findings)
    if report.erased_at is None:
        _check_content(report, submitted[0], dossier, findings)
    check_beside(dossier, accounts, findings)


def _check_row(report: Report, sent: Opened, dossier: Dossier, findings: Findings) -> None:
    where = f"report {report.id}"
    findings.unless(
        report.entry_index == sent.index, "report", where, "it names another entry than its own"
    )
    findings.unless(
        report.filed_at == sent.at,
        "report",
        where,
        "it says another time of sending than what is on record",
    )
    findings.unless(
        report.created_at <= sent.at
        and report.changed_at >= max(one.at for one in dossier.of(*_MOVES)),
        "report",
        where,
        "the times of its first and last change do not enclose its entries",
    )


def _check_erased(report: Report, dossier: Dossier, findings: Findings) -> None:
    erased = [one.at for one in dossier.of(ERASED)]
    findings.unless(
        erased == ([report.erased_at] if report.erased_at else []),
        "report",
        f"report {report.id}",
        "whether and when it was erased is not what is on record",
    )


def _check_content(report: Report, sent: Opened, dossier: Dossier, findings: Findings) -> None:
    where = f"report {report.id}"
    raw = dossier.unseal(report.answers, f"report-answers:{report.id}")
    if raw is None:
        findings.add("report", where, "its answers cannot be opened: they or its key were changed")
        return
    answers = json.loads(raw)
    if sent.fields is not None:
        on_record = {n: v for n, v in sent.fields.items() if n.startswith("answers.")}
        findings.unless(
            on_record == flatten(answers),
            "report",
            where,
            "its answers are not those that were put on record",
        )
    findings.unless(
        report.state == _state(answers, dossier), "report", where, "its state is not on record"
    )
    _check_allegations(report.state, answers, sent.at, dossier, findings)


def _state(answers: Mapping[str, Any], dossier: Dossier) -> str:
    if dossier.of("handed_over"):
        return "passed"
    return "told" if dossier.of("told_police") or way_in(answers) == "told" else "kept"


def _check_allegations(
    state: str,
    answers: dict[str, Any],
    filed_at: datetime,
    dossier: Dossier,
    findings: Findings,
) -> None:
    given = list(enumerate(answers.get("allegations") or [], 1))
    findings.unless(
        [one.ordinal for one in dossier.allegations] == [number for number, _ in given],
        "allegation",
        f"report {dossier.subject}",
        "its allegations are not as many as were put on record, or not numbered so",
    )
    folded, start = fold_dossier(answers, dossier), _last_start(dossier)
    # A force that was passed it cannot be corrected; any other can.
    later = _force_told_later(dossier) if dossier.of("handed_over") else None
    for allegation, (_, said) in zip(dossier.allegations, given, strict=False):
        where = f"allegation {allegation.id}"
        number = allegation.ordinal
        read_at = folded.corrected.get(path_of("when", number), filed_at)
        when = interval_of(page_in(folded.answers, "when", number), now=read_at)
        stands = (
            allegation.category,
            allegation.force_id,
            allegation.occurred_from,
            allegation.occurred_to,
        )
        force = later or force_now(folded.answers, number, state)
        wanted = (
            said["what"]["category"],
            force,
            when.earliest if when else None,
            when.latest if when else None,
        )
        findings.unless(
            stands == wanted,
            "allegation",
            where,
            "its category, force or time of the event is not what was put on record",
        )
        _check_start(allegation, start, findings)
        check_corrected(allegation, folded, findings)
        _check_clock(allegation, dossier, findings)


def _force_told_later(dossier: Dossier) -> str | None:
    found: str | None = None
    for one, fields in dossier.opened("told_police", "handed_over"):
        name = "answers.told_how.force" if one.kind == "told_police" else "force"
        if (force := fields.get(name)) not in (None, "", "unsure"):
            found = str(force)
    return found


def _last_start(dossier: Dossier) -> tuple[object, object, object]:
    start: tuple[object, object, object] = (None, None, None)
    for one, fields in dossier.opened(*_MOVES):
        if "clock.starts_at" in fields and not (one.kind == "handed_over" and start[0]):
            start = (fields["clock.starts_at"], fields["clock.event"], fields["clock.basis"])
    return start


def _check_start(
    allegation: Allegation, start: tuple[object, object, object], findings: Findings
) -> None:
    begins = allegation.clock_starts_at
    findings.unless(
        (timestamp(begins) if begins else None, allegation.clock_event, allegation.clock_basis)
        == start,
        "allegation",
        f"allegation {allegation.id}",
        "the start of its clock is not what was put on record",
    )


def _check_clock(allegation: Allegation, dossier: Dossier, findings: Findings) -> None:
    clock = dossier.clocks.get(allegation.id)
    where = f"clock of allegation {allegation.id}"
    if clock is None:
        findings.unless(
            allegation.to_sweep or allegation.clock_starts_at is None,
            "clock",
            where,
            "it was started, and its row is missing",
        )
        return
    try:
        worked_out = deadline_of(clock)
    except (OnRecordError, LookupError, TypeError, ValueError):
        findings.add("clock", where, "it names no rule that is known, or its sum is broken")
        return
    findings.unless(
        (clock.started_at, clock.start_event)
        == (allegation.clock_starts_at, allegation.clock_event)
        and (clock.rule_id, clock.rule_version) == (worked_out.rule_id, worked_out.rule_version)
        and (clock.limit_at, clock.alert_at) == (worked_out.limit_at, worked_out.alert_at)
        and clock.arithmetic == worked_out.as_data(),
        "clock",
        where,
        "its start, rule, limit or arithmetic was changed",
    )
