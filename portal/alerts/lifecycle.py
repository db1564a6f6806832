"""What people do about an alert: acknowledge, ask, comment, resolve. Nothing is ever deleted."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.alerts.models import Alert, AlertAction
from portal.alerts.raising import entry_about, open_reason, seal_reason
from portal.errors import NotAllowed, NotFound, Refused
from portal.ledger.service import append
from portal.sealing import Keyring

_LONGEST = 4000
_STATE_AFTER = {"acknowledge": "acknowledged", "ask": "asked", "resolve": "resolved"}
_DONE = {
    "acknowledge": "acknowledged",
    "ask": "asked_the_force",
    "comment": "commented",
    "propose": "proposed",
    "resolve": "resolved",
}
_DECIDERS = ("pcc", "inspector")


@dataclass(frozen=True)
class ActionSeen:
    """One line of an alert's history; `role` is "" for what the sweep itself did.

    `reason` is "" when it was erased with the report.
    """

    at: datetime
    action: str
    role: str
    organisation: str
    reason: str = field(repr=False)


def act(
    session: Session,
    alert_id: UUID,
    action: str,
    *,
    account: Account,
    reason: str,
    keyring: Keyring,
    now: datetime,
) -> Alert:
    """Do one thing about an alert: acknowledge, ask, comment, propose or resolve, with a reason.

    Whoever acknowledges it owns it. A force crime registrar may comment and propose; the rest
    about their own force needs a PCC office or an inspector. Raises NotFound for an alert that
    this person may not see, NotAllowed, or Refused without a reason or once it is resolved.
    """
    alert = get_alert(session, account, alert_id, lock=True)
    if action not in _DONE:
        raise NotFound("There is no such thing to do about this.")
    if action in _STATE_AFTER and account.role not in _DECIDERS:
        raise NotAllowed(
            "Nothing was changed. You can comment on this or propose what to do; a PCC office or "
            "an inspector has to decide."
        )
    _check(alert, action, reason)
    if action in _STATE_AFTER:
        alert.state = _STATE_AFTER[action]
        alert.owner_id = alert.owner_id or account.id
    if action == "resolve":
        alert.resolved_at = now
    made = AlertAction(
        alert_id=alert.id, account_id=account.id, at=now, action=_DONE[action], sealed_reason=b""
    )
    made.sealed_reason = seal_reason(alert, reason.strip(), keyring=keyring)
    session.add(made)
    fields: dict[str, object] = {
        "alert": str(alert.id),
        "action": _DONE[action],
        "reason": reason.strip(),
        "role": account.role,
        "organisation": account.organisation,
    }
    session.flush()
    entry = entry_about(session, "alert_changed", alert, fields, keyring=keyring)
    append(session, [entry], now=now)
    return alert


def get_alert(session: Session, account: Account, alert_id: UUID, *, lock: bool = False) -> Alert:
    """An alert that this person may see: their own force's, or any for an inspector.

    Raises NotFound otherwise.
    """
    query = select(Alert).where(Alert.id == alert_id)
    alert = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if alert is None or not may_see(account, alert.force_id):
        raise NotFound("There is no such alert, or it is not one of yours to see.")
    return alert


def may_see(account: Account, force_id: str | None) -> bool:
    """Whether this person's role covers what concerns this force (None: not known which)."""
    if account.role == "inspector":
        return True
    return account.role in ("pcc", "registrar") and force_id == account.force_id


def history(session: Session, alert: Alert, *, keyring: Keyring) -> list[ActionSeen]:
    """Everything done about an alert, oldest first."""
    rows = session.execute(
        select(AlertAction, Account)
        .outerjoin(Account, Account.id == AlertAction.account_id)
        .where(AlertAction.alert_id == alert.id)
        .order_by(AlertAction.at)
    ).all()
    return [
        ActionSeen(
            action.at,
            action.action,
            account.role if account else "",
            account.organisation if account else "",
            open_reason(alert, action.sealed_reason, keyring=keyring)
            if action.sealed_reason
            else "",
        )
        for action, account in rows
    ]


def _check(alert: Alert, action: str, reason: str) -> None:
    if alert.state == "resolved" and action != "comment":
        raise Refused("Nothing was changed. This alert is resolved; you can still comment on it.")
    if not reason.strip():
        raise Refused("Nothing was changed. Say why, or what you ask, in a sentence.")
    if len(reason) > _LONGEST:
        raise Refused(f"Nothing was changed. Keep it to {_LONGEST} characters.")
