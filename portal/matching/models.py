"""Tables of matches between allegations and crime records."""

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


class Match(Base):
    """A link between an allegation and a crime record, judged on one version of the record.

    `claim` stands for the victim: one crime record can be claimed once per victim.
    `checks` holds what was compared and how it came out, without any personal detail.
    """

    __tablename__ = "matches"
    __table_args__ = (
        UniqueConstraint("allegation_id", "record_id"),
        CheckConstraint("zone IN ('automatic', 'likely', 'possible')", name="zone"),
        CheckConstraint("state IN ('proposed', 'accepted', 'refused', 'ended')", name="state"),
        Index(
            "ix_matches_one_claim",
            "record_id",
            "claim",
            unique=True,
            sqlite_where=text("state = 'accepted'"),
            postgresql_where=text("state = 'accepted'"),
        ),
        Index(
            "ix_matches_waiting",
            "proposed_at",
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    allegation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("allegations.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("crime_records.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("crime_record_versions.id"), index=True)
    zone: Mapped[str]
    state: Mapped[str]
    claim: Mapped[bytes] = mapped_column(LargeBinary(16))
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    model_version: Mapped[str]
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    sealed_reason: Mapped[bytes | None] = mapped_column(LargeBinary)
