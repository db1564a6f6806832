"""Tables of clocks and alerts."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

KINDS = (
    "unrecorded",
    "recorded_late",
    "backdated",
    "vanished",
    "incident_only",
    "downgraded",
    "cancelled",
    "unsuitable_outcome",
    "disputed_outcome",
    "contested",
    "undelivered",
    "supply_stale",
)


class Clock(Base):
    """The recording limit of one allegation: rule version, start event and the arithmetic.

    `next_look_at` is when the sweep must look again; None once nothing more can come of it.
    """

    __tablename__ = "clocks"
    __table_args__ = (
        Index(
            "ix_clocks_due",
            "next_look_at",
            sqlite_where=text("next_look_at IS NOT NULL"),
            postgresql_where=text("next_look_at IS NOT NULL"),
        ),
        Index(
            "ix_clocks_running",
            "started_at",
            "allegation_id",
            sqlite_where=text("met_at IS NULL"),
            postgresql_where=text("met_at IS NULL"),
        ),
    )

    allegation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("allegations.id"), primary_key=True)
    rule_id: Mapped[str]
    rule_version: Mapped[str]
    start_event: Mapped[str]
    started_at: Mapped[datetime]
    limit_at: Mapped[datetime]
    alert_at: Mapped[datetime]
    arithmetic: Mapped[list[Any]] = mapped_column(JSON)
    next_look_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]


class Alert(Base):
    """Something oversight must look at, raised once per subject, kind and cause.

    `subject` is an allegation's id or, for a force, a stable id made from the force's name.
    `force_id` is None while nobody knows which force received it: inspectors see it.
    `stage` is 'awaiting_review', 'lead' or 'full'.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("subject", "kind", "cause"),
        CheckConstraint("kind IN ('" + "', '".join(KINDS) + "')", name="kind"),
        CheckConstraint("stage IN ('awaiting_review', 'lead', 'full')", name="stage"),
        CheckConstraint("state IN ('open', 'acknowledged', 'asked', 'resolved')", name="state"),
        Index("ix_alerts_force_state", "force_id", "state", "raised_at"),
        Index(
            "ix_alerts_waiting",
            "raised_at",
            "id",
            sqlite_where=text("state != 'resolved'"),
            postgresql_where=text("state != 'resolved'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    subject: Mapped[uuid.UUID]
    allegation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("allegations.id"), index=True
    )
    force_id: Mapped[str | None]
    kind: Mapped[str]
    cause: Mapped[str]
    stage: Mapped[str]
    state: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    cannot_be_checked_since: Mapped[datetime | None]
    raised_at: Mapped[datetime]
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    resolved_at: Mapped[datetime | None]
    entry_index: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.index"))


class AlertAction(Base):
    """What a person did about an alert: acknowledged, asked the force, commented, resolved."""

    __tablename__ = "alert_actions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    alert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("alerts.id"), index=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    action: Mapped[str]
    sealed_reason: Mapped[bytes] = mapped_column(LargeBinary)
