"""Comparing alerts, and what was done about them, with their entries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.alerts.models import Alert, AlertAction
from portal.errors import OnRecordError
from portal.ledger.audit_findings import Findings
from portal.ledger.audit_opening import Opened
from portal.oversight.audit_dossiers import Dossier, compare
from portal.sealing import Keyring

Accounts = Mapping[UUID, tuple[str, str]]
_BY_PEOPLE = {"acknowledged": "acknowledged", "asked_the_force": "asked", "resolved": "resolved"}
_SETTLED = frozenset({"match_accepted", "covered_again"})
_MADE_FULL = frozenset({"became_full", "victim_confirmed"})
_REACH = frozenset({"checked", "reach_moved"})


def check_alerts(
    dossier: Dossier, accounts: Accounts, keyring: Keyring, findings: Findings
) -> None:
    """Compare each alert of a report or a force, and each thing done about it, with its entry."""
    ordinals = {one.id: one.ordinal for one in dossier.allegations}
    gone = dossier.report is not None and dossier.report.erased_at is not None
    if gone:
        _count(dossier, findings)
        return
    raised = defaultdict[object, list[tuple[Opened, Mapping[str, Any]]]](list)
    for entry, fields in dossier.opened("alert_raised"):
        raised[fields.get("alert")].append((entry, fields))
    actions = defaultdict[UUID, list[AlertAction]](list)
    for action in dossier.actions:
        actions[action.alert_id].append(action)
    for alert in dossier.alerts:
        found = raised.pop(str(alert.id), [])
        where = f"alert {alert.id}"
        if findings.unless(
            len(found) == 1,
            "alert",
            where,
            f"{len(found)} entries say that it was raised, and there should be one",
        ):
            _check_raised(alert, *found[0], ordinals, actions[alert.id], findings)
        _check_state(alert, actions[alert.id], findings)
    for left in raised.values():
        findings.add(
            "alert",
            f"entry {left[0][0].index}",
            "the alert that it raised is not there: its row was changed or deleted",
        )
    _check_actions(dossier, accounts, keyring, findings)


def _count(dossier: Dossier, findings: Findings) -> None:
    """Of an erased report the entries do not open any more: their kinds and times still count."""
    where = f"report {dossier.subject}"
    for what, kind, rows in (
        ("alert", "alert_raised", [(one.raised_at, one.id) for one in dossier.alerts]),
        ("alert action", "alert_changed", [(one.at, one.id) for one in dossier.actions]),
    ):
        entries = [(one.at, one.index) for one in dossier.of(kind)]
        compare(findings, "alert", where, entries, rows, what)


def _check_raised(
    alert: Alert,
    entry: Opened,
    fields: Mapping[str, Any],
    ordinals: Mapping[UUID, int],
    actions: Sequence[AlertAction],
    findings: Findings,
) -> None:
    where, done = f"alert {alert.id}", {one.action for one in actions}
    ordinal = ordinals.get(alert.allegation_id) if alert.allegation_id else None
    stands = (alert.kind, alert.cause, alert.force_id, ordinal, alert.raised_at, alert.entry_index)
    wanted = tuple(
        fields.get(name) for name in ("alert.kind", "alert.cause", "force", "allegation")
    )
    findings.unless(
        stands == (*wanted, entry.at, entry.index)
        and alert.subject == (alert.allegation_id or entry.subject),
        "alert",
        where,
        "what it is about, or when it was raised, is not what is on record",
    )
    stage = "full" if done & _MADE_FULL else fields.get("alert.stage")
    findings.unless(alert.stage == stage, "alert", where, "its stage is not what is on record")
    if done & _REACH:
        return
    exact = {
        f"facts.{n}": v for n, v in alert.facts.items() if not isinstance(v, list | dict | float)
    }
    on_record = {name: value for name, value in fields.items() if name.startswith("facts.")}
    since = on_record.get("facts.cannot_be_checked_since")
    findings.unless(
        exact == on_record
        and alert.cannot_be_checked_since
        == (datetime.fromisoformat(str(since)) if since else None),
        "alert",
        where,
        "its facts are not what is on record",
    )


def _check_state(alert: Alert, actions: Sequence[AlertAction], findings: Findings) -> None:
    state, owner, resolved_at = "open", None, None
    for one in sorted(actions, key=lambda action: action.at):
        if one.action in _BY_PEOPLE:
            state, owner = _BY_PEOPLE[one.action], owner or one.account_id
        elif one.action in _SETTLED:
            state = "resolved"
        elif one.action == "reopened":
            state = "acknowledged" if owner else "open"
        else:
            continue
        resolved_at = one.at if state == "resolved" else None
    stands = (alert.state, alert.owner_id, alert.resolved_at)
    findings.unless(
        stands == (state, owner, resolved_at),
        "alert",
        f"alert {alert.id}",
        f"its state “{alert.state}”, its owner or its time is not what was done about it",
    )


def _check_actions(
    dossier: Dossier, accounts: Accounts, keyring: Keyring, findings: Findings
) -> None:
    names = ("alert", "action", "reason", "role", "organisation")
    entries = [
        ((entry.at, *(fields.get(name) for name in names)), entry.index)
        for entry, fields in dossier.opened("alert_changed")
    ]
    rows = [
        (
            (
                one.at,
                str(one.alert_id),
                one.action,
                _reason(one, keyring),
                *(accounts.get(one.account_id, ("", "")) if one.account_id else (None, None)),
            ),
            one.id,
        )
        for one in dossier.actions
    ]
    compare(findings, "alert", f"subject {dossier.subject}", entries, rows, "alert action")


def _reason(action: AlertAction, keyring: Keyring) -> str | None:
    try:
        raw = keyring.open_alone(action.sealed_reason, f"alert-action:{action.alert_id}")
    except OnRecordError:
        return None
    return raw.decode()
