"""Tables of supplies and crime records. A record never changes: it gains versions."""

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class Supply(Base):
    """One delivery of crime records by a force. Its records count once `taken_at` is set.

    `digest` is the SHA-256 of the file; `wrapped_key` seals what is personal in its rows. The same
    bytes for another period are another supply: on a quiet day a force sends an empty file again.
    `matched_at` and `swept_at` are set when matching and alerts have worked through it;
    `unopened_at` since when some of it waits for a sealing key that is not here.
    """

    __tablename__ = "supplies"
    __table_args__ = (
        UniqueConstraint("force_id", "digest", "covers_from", "covers_to", "is_full"),
        CheckConstraint("covers_from <= covers_to", name="period"),
        Index("ix_supplies_force_covered", "force_id", "covers_to"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    number: Mapped[int] = mapped_column(unique=True)
    force_id: Mapped[str]
    received_at: Mapped[datetime]
    covers_from: Mapped[datetime]
    covers_to: Mapped[datetime]
    is_full: Mapped[bool]
    declared_rows: Mapped[int]
    taken_rows: Mapped[int]
    refused_rows: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    loaded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    taken_at: Mapped[datetime | None] = mapped_column(index=True)
    matched_at: Mapped[datetime | None]
    swept_at: Mapped[datetime | None]
    unopened_at: Mapped[datetime | None]
    entry_index: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.index"))


class SupplyRemark(Base):
    """A row refused, or taken with a notice: its line, field and reason, never its value."""

    __tablename__ = "supply_remarks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    supply_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplies.id"), index=True)
    line: Mapped[int]
    field: Mapped[str]
    reason: Mapped[str]
    refused: Mapped[bool]


class CrimeRecord(Base):
    """A crime in a force's register, under its reference. `reference_key` is the normalised form.

    `first_supply_id` is the supply that first held it, `last_supply_id` the newest that did.
    """

    __tablename__ = "crime_records"
    __table_args__ = (UniqueConstraint("force_id", "reference_key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    force_id: Mapped[str]
    reference: Mapped[str]
    reference_key: Mapped[str]
    first_supply_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplies.id"))
    last_supply_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplies.id"), index=True)


class CrimeRecordVersion(Base):
    """One state of a crime record, as one supply gave it. `sealed` holds victims and place.

    `content` is a keyed digest of everything in the version: equal content is no new version.
    `recorded_day_only`: the force gave no time of day, and `recorded_at` is that London midnight.
    """

    __tablename__ = "crime_record_versions"
    __table_args__ = (
        UniqueConstraint("record_id", "number"),
        Index("ix_crime_record_versions_supply", "supply_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("crime_records.id"))
    number: Mapped[int]
    supply_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplies.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary(16))
    recorded_at: Mapped[datetime]
    recorded_day_only: Mapped[bool] = mapped_column(default=False)
    reported_at: Mapped[datetime | None]
    occurred_from: Mapped[datetime | None]
    occurred_to: Mapped[datetime | None]
    offence_code: Mapped[str]
    is_incident: Mapped[bool]
    outcome_type: Mapped[int | None]
    outcome_at: Mapped[datetime | None]
    removal_code: Mapped[str | None]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def is_gone(self) -> bool:
        """Whether it is no crime record that stands: police removed it, or it is a note (N100)."""
        return self.is_incident or self.removal_code is not None


class ForceCredential(Base):
    """What a force's own system shows to send records: only the SHA-256 of the secret is here."""

    __tablename__ = "force_credentials"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    force_id: Mapped[str]
    name: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SupplyRequest(Base):
    """A batch that was taken under an Idempotency-Key, and the answer that was given to it.

    `key_hash` is the SHA-256 of the key, `digest` that of the batch. `sealed_answer` is empty
    until the answer was made, which is after the batch counts.
    """

    __tablename__ = "supply_requests"

    force_id: Mapped[str] = mapped_column(primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    supply_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplies.id"), index=True)
    credential_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("force_credentials.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    sealed_answer: Mapped[bytes | None] = mapped_column(LargeBinary)


class ForceMapping(Base):
    """The mapping by which a force's files are read (`mappings`). No row: the format itself."""

    __tablename__ = "force_mappings"

    force_id: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[str]
    chosen_at: Mapped[datetime]


class WaitingFile(Base):
    """A file that was sent and looked at, and that somebody has not yet said to take.

    `sealed_preview` is what was found in it; `wrapped_key` seals that and its parts.
    """

    __tablename__ = "waiting_files"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    force_id: Mapped[str]
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
    covers_from: Mapped[datetime]
    covers_to: Mapped[datetime]
    is_full: Mapped[bool]
    declared_rows: Mapped[int]
    mapping: Mapped[str | None]
    parts: Mapped[int]
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_preview: Mapped[bytes] = mapped_column(LargeBinary)


class WaitingFilePart(Base):
    """A piece of a waiting file, sealed, so that no transaction has to write all of it."""

    __tablename__ = "waiting_file_parts"

    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("waiting_files.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
