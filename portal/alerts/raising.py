"""Raising an alert: once per subject, kind and cause, in the ledger, and told to oversight."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.accounts.service import email_of
from portal.alerts.findings import Finding
from portal.alerts.models import Alert, AlertAction
from portal.clock import timestamp
from portal.errors import NotFound, OnRecordError
from portal.ledger.service import NewEntry, append
from portal.notifications.service import Letter, enqueue
from portal.police.coverage import Coverage, coverage_of
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation
from portal.sealing import Keyring

_LOG = logging.getLogger(__name__)
_FORCES = UUID("6f6e2d72-6563-4f72-8d66-6f7263657300")
_NOTICE = "Something new waits for you on On Record. Sign in to read it.\n"

OwnAction = Literal[
    "match_accepted",
    "covered_again",
    "reopened",
    "became_full",
    "checked",
    "reach_moved",
    "victim_confirmed",
    "victim_doubted",
    "taken_back",
]
"""What the sweep itself can do to an alert that was raised."""


def force_subject(force_id: str) -> UUID:
    """The stable id under which a force is the subject of alerts and ledger entries."""
    return uuid5(_FORCES, force_id)


@dataclass
class Docket:
    """The alerts of one transaction, gathered so that the ledger is appended to last."""

    keyring: Keyring
    now: datetime
    _new: list[tuple[Alert | None, NewEntry]] = field(default_factory=list)
    _coverage: dict[str, Coverage] = field(default_factory=dict)
    raised: int = 0
    failed: set[UUID] = field(default_factory=set)

    def coverage(self, session: Session, force_id: str) -> Coverage:
        """What a force's supplies cover, read once for the docket."""
        if force_id not in self._coverage:
            self._coverage[force_id] = coverage_of(session, force_id)
        return self._coverage[force_id]

    @contextmanager
    def apart(self, session: Session, subject: UUID) -> Iterator[None]:
        """Keep what goes wrong with one subject from everything else in the transaction.

        A report whose key does not open must not hold up the alerts of others: it is logged by
        its id, and what was begun for it is undone.
        """
        entries, raised = len(self._new), self.raised
        try:
            with session.begin_nested():
                yield
        except OnRecordError as error:
            del self._new[entries:]
            self.raised = raised
            self.failed.add(subject)
            facts = {"facts": {"subject": str(subject)}}
            _LOG.error("not looked at", exc_info=error, extra=facts)

    def raise_for_allegation(
        self, session: Session, finding: Finding, allegation: Allegation, *, stage: str = "full"
    ) -> Alert | None:
        """Raise a finding about an allegation; None when it was raised before, or was erased."""
        if allegation.is_erased:
            return None
        alert = Alert(
            subject=allegation.id,
            allegation_id=allegation.id,
            force_id=allegation.force_id,
            kind=finding.kind,
            cause=finding.cause,
            stage="lead" if finding.lead else stage,
            facts=dict(finding.facts),
        )
        return self._raise(session, alert, allegation)

    def raise_for_force(self, session: Session, finding: Finding, force_id: str) -> Alert | None:
        """Raise a finding about a force itself; None when it was raised before."""
        alert = Alert(
            subject=force_subject(force_id),
            force_id=force_id,
            kind=finding.kind,
            cause=finding.cause,
            stage="lead" if finding.lead else "full",
            facts=dict(finding.facts),
        )
        return self._raise(session, alert, None)

    def note(self, session: Session, alert: Alert, action: OwnAction, reason: str) -> None:
        """Write down what the sweep itself did to an alert, in the alert's history and ledger."""
        made = AlertAction(alert_id=alert.id, account_id=None, at=self.now, action=action)
        made.sealed_reason = seal_reason(alert, reason, keyring=self.keyring)
        session.add(made)
        fields: dict[str, object] = {
            "alert": str(alert.id),
            "action": action,
            "reason": reason,
        }
        entry = entry_about(session, "alert_changed", alert, fields, keyring=self.keyring)
        self._new.append((None, entry))

    def settle(self, session: Session, alert: Alert, action: OwnAction, reason: str) -> None:
        """Resolve an alert because its cause is gone, which is not for a person to decide."""
        alert.state = "resolved"
        alert.resolved_at = self.now
        self.note(session, alert, action, reason)

    def reopen(self, session: Session, alert: Alert, reason: str) -> None:
        """Open an alert that the sweep itself had settled; one that a person resolved stays."""
        if alert.state != "resolved" or not _was_settled_by_the_sweep(session, alert):
            return
        alert.state = "acknowledged" if alert.owner_id else "open"
        alert.resolved_at = None
        self.note(session, alert, "reopened", reason)
        _tell_oversight(session, alert, again=self.now, keyring=self.keyring, now=self.now)

    def close(self, session: Session) -> None:
        """Append every gathered entry. Call it last in the transaction."""
        session.flush()
        indices = append(session, [entry for _, entry in self._new], now=self.now)
        for (alert, _), index in zip(self._new, indices, strict=True):
            if alert is not None:
                alert.entry_index = index
        self._new.clear()

    def _raise(self, session: Session, alert: Alert, allegation: Allegation | None) -> Alert | None:
        earlier = find_alert(session, alert.subject, alert.kind, alert.cause)
        if earlier is not None:
            self.reopen(session, earlier, "What had settled it no longer holds.")
            return None
        alert.state = "open"
        alert.raised_at = self.now
        since = alert.facts.get("cannot_be_checked_since")
        alert.cannot_be_checked_since = datetime.fromisoformat(since) if since else None
        session.add(alert)
        session.flush()
        fields = {
            "alert": str(alert.id),
            "alert.kind": alert.kind,
            "alert.cause": alert.cause,
            "alert.stage": alert.stage,
            "force": alert.force_id,
            "allegation": allegation.ordinal if allegation else None,
            **{f"facts.{name}": value for name, value in alert.facts.items() if _is_exact(value)},
        }
        entry = entry_about(session, "alert_raised", alert, fields, keyring=self.keyring)
        self._new.append((alert, entry))
        _tell_oversight(session, alert, keyring=self.keyring, now=self.now)
        self.raised += 1
        return alert


def entry_about(
    session: Session, kind: str, alert: Alert, fields: dict[str, object], *, keyring: Keyring
) -> NewEntry:
    """An entry about an alert: among its report's entries, or its force's when it has no report."""
    if alert.allegation_id is None:
        return NewEntry(kind, alert.subject, fields, keyring.seal_alone)
    report_id = _report_of(session, alert.allegation_id)
    try:
        seal = get_data_key(session, report_id, keyring=keyring).seal
    except NotFound:
        # What is done about an alert after its report was erased holds nothing of the report.
        seal = keyring.seal_alone
    return NewEntry(kind, report_id, fields, seal)


def find_alert(session: Session, subject: UUID, kind: str, cause: str) -> Alert | None:
    """The alert of this subject, kind and cause, or None."""
    return session.scalars(
        select(Alert).where(Alert.subject == subject, Alert.kind == kind, Alert.cause == cause)
    ).one_or_none()


def seal_reason(alert: Alert, reason: str, *, keyring: Keyring) -> bytes:
    """Seal a reason. It names nobody and outlives the report, so the key travels with it."""
    return keyring.seal_alone(reason.encode(), f"alert-action:{alert.id}")


def open_reason(alert: Alert, sealed: bytes, *, keyring: Keyring) -> str:
    """Open what `seal_reason` sealed."""
    return keyring.open_alone(sealed, f"alert-action:{alert.id}").decode()


def _report_of(session: Session, allegation_id: UUID) -> UUID:
    return session.scalars(select(Allegation.report_id).where(Allegation.id == allegation_id)).one()


def _is_exact(value: object) -> bool:
    # A fraction has no one canonical form, so the ledger does not commit to one.
    return value is None or isinstance(value, str | int | bool)


def _watchers(session: Session, force_id: str | None) -> Sequence[Account]:
    pcc = (Account.role == "pcc") & (Account.force_id == force_id)
    return session.scalars(
        select(Account).where(Account.closed_at.is_(None), or_(pcc, Account.role == "inspector"))
    ).all()


def _was_settled_by_the_sweep(session: Session, alert: Alert) -> bool:
    last = session.scalars(
        select(AlertAction)
        .where(AlertAction.alert_id == alert.id, AlertAction.action != "commented")
        .order_by(AlertAction.at.desc())
        .limit(1)
    ).one_or_none()
    return last is not None and last.account_id is None


def _tell_oversight(
    session: Session,
    alert: Alert,
    *,
    keyring: Keyring,
    now: datetime,
    again: datetime | None = None,
) -> None:
    once_more = f":{timestamp(again)}" if again else ""
    for account in _watchers(session, alert.force_id):
        enqueue(
            session,
            Letter(email_of(account, keyring), "Something new on On Record", _NOTICE),
            kind="alert_notice",
            cause=f"alert:{alert.id}:{account.id}{once_more}",
            about=alert.id,
            keyring=keyring,
            now=now,
        )
