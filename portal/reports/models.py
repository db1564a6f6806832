"""Tables of reports. Answers are sealed; what deadlines and lists need stands beside them."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    literal,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base

ERASED = "erased"
"""The category of an allegation whose report was erased."""


class Report(Base):
    """What a reporter tells us, from its first draft on. `reports.states` holds the moves.

    `answers` is the sealed JSON of every answer, by page; after filing it is never changed.
    `unfinished` is what was typed and could not be saved yet (`reports.unfinished`).
    `request_key` is the public half of the Ed25519 key that the return code gives. The two about
    asking to erase stand while an erasure waits (`reports.closing`), `supporter_stopped_at` while
    the supporter who sent it may see it no more. Of an erased report there is nothing left but the
    row: `docs/erasure.md` goes through the columns.
    """

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'kept', 'told', 'passed')", name="state"),
        CheckConstraint("(state = 'draft') = (filed_at IS NULL)", name="filed"),
        Index(
            "ix_reports_erase_due",
            "erase_due_at",
            sqlite_where=text("erase_due_at IS NOT NULL"),
            postgresql_where=text("erase_due_at IS NOT NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    state: Mapped[str]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_kept_at: Mapped[datetime | None]
    request_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    filed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    answers: Mapped[bytes] = mapped_column(LargeBinary)
    unfinished: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    filed_at: Mapped[datetime | None] = mapped_column(index=True)
    entry_index: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.index"))
    withdrawn_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    erase_asked_at: Mapped[datetime | None]
    erase_due_at: Mapped[datetime | None]
    supporter_stopped_at: Mapped[datetime | None]

    allegations: Mapped[list["Allegation"]] = relationship(
        order_by="Allegation.ordinal", cascade="all, delete-orphan"
    )


class ReportKey(Base):
    """The wrapped data key of one report. Destroying the row erases all that it sealed."""

    __tablename__ = "report_keys"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class Allegation(Base):
    """One thing that happened, written at filing. Clocks, matches and alerts belong to it.

    `clock_starts_at` is when the force received the report, or None while nobody was told.
    `to_match` and `to_sweep` are true while matching and alerts have yet to look (again).
    `corrected_at` is when an answer about it was last corrected. `corrected_categories` are the
    slugs that were ever chosen instead of `category`, which stays: each once, with spaces between
    them, the last chosen at the end (`reports.corrections`).
    """

    __tablename__ = "allegations"
    __table_args__ = (
        UniqueConstraint("report_id", "ordinal"),
        Index(
            "ix_allegations_to_match",
            "id",
            sqlite_where=text("to_match = 1"),
            postgresql_where=text("to_match"),
        ),
        Index(
            "ix_allegations_to_sweep",
            "id",
            sqlite_where=text("to_sweep = 1"),
            postgresql_where=text("to_sweep"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    ordinal: Mapped[int]
    category: Mapped[str]
    force_id: Mapped[str | None] = mapped_column(index=True)
    occurred_from: Mapped[datetime | None]
    occurred_to: Mapped[datetime | None]
    clock_starts_at: Mapped[datetime | None]
    clock_event: Mapped[str | None]
    clock_basis: Mapped[str | None]
    to_match: Mapped[bool] = mapped_column(default=False)
    to_sweep: Mapped[bool] = mapped_column(default=False)
    corrected_at: Mapped[datetime | None]
    corrected_categories: Mapped[str | None]

    @property
    def categories(self) -> tuple[str, ...]:
        """What was chosen at first, and all that it was ever corrected to, each once. The gravest
        of them counts: no second correction may take away what a first one said.
        """
        return tuple(dict.fromkeys((self.category, *(self.corrected_categories or "").split())))

    @property
    def category_now(self) -> str:
        """What the person says now that it was: the last answer. To be shown, never to count."""
        return (self.corrected_categories or self.category).split()[-1]

    @classmethod
    def ever_said_only(cls, slugs: Iterable[str]) -> ColumnElement[bool]:
        """Whether all that was ever said is among these, for a query."""
        said = literal(" ").concat(cls.category).concat(" ")
        said = said.concat(func.coalesce(cls.corrected_categories, "")).concat(" ")
        # Each gets two spaces of its own, so that none is left over when one beside it is taken.
        rest = func.replace(said, " ", "  ")
        for slug in slugs:
            rest = func.replace(rest, f" {slug} ", "")
        return func.trim(rest) == ""

    @property
    def is_erased(self) -> bool:
        """Whether the person had the report erased: then the row says nothing any more."""
        return self.category == ERASED


class Handover(Base):
    """A report passed to a force: delivered when this row commits, whenever it is opened."""

    __tablename__ = "handovers"
    __table_args__ = (UniqueConstraint("report_id", "force_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    force_id: Mapped[str] = mapped_column(index=True)
    delivered_at: Mapped[datetime]


class ForceAnswer(Base):
    """What a force says about a report passed to it: its claim. It stops nothing."""

    __tablename__ = "force_answers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    handover_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("handovers.id"), index=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Look(Base):
    """One look at a report by staff, an advocate or a force, written before it is sent."""

    __tablename__ = "looks"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), index=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    sealed_reason: Mapped[bytes] = mapped_column(LargeBinary)


class Visit(Base):
    """A browser that holds a draft or report open. Leaving ends the row, not just the cookie.

    `bound` ties it to its report (`reports.binding`); without it nothing is open.
    """

    __tablename__ = "visits"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), index=True)
    sealed_code: Mapped[bytes | None] = mapped_column(LargeBinary)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    bound: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class ReturnCode(Base):
    """A code that opens a report now, or is going to. A code that is over has no row.

    `tag` says quickly that a typed code is none of them (`SlowHash.tag`); None for codes from
    before there were tags, until they are used. A code whose change was asked for works from one
    time on, and the one before it until then. `bound` ties it to its report and to `works_from`
    (`reports.binding`); without it nothing opens.
    """

    __tablename__ = "return_codes"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), index=True)
    tag: Mapped[bytes | None] = mapped_column(LargeBinary(4), index=True)
    works_from: Mapped[datetime | None]
    works_until: Mapped[datetime | None]
    bound: Mapped[bytes | None] = mapped_column(LargeBinary(32))


_OPEN_CHANGE = text("cancelled_at IS NULL AND done_at IS NULL")


class CodeChange(Base):
    """Somebody with a receipt asked for a new code: it works from `works_from` on.

    Until then whoever has the old code can cancel it. A report has one open change at most.
    `request_key` is the public key that belongs to the new code.
    """

    __tablename__ = "code_changes"
    __table_args__ = (
        Index(
            "ix_code_changes_open",
            "report_id",
            unique=True,
            sqlite_where=_OPEN_CHANGE,
            postgresql_where=_OPEN_CHANGE,
        ),
        Index(
            "ix_code_changes_due",
            "works_from",
            sqlite_where=_OPEN_CHANGE,
            postgresql_where=_OPEN_CHANGE,
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    request_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    asked_at: Mapped[datetime]
    works_from: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class LostCode(Base):
    """Somebody without a code showed a receipt. Every such request has a row of the same form.

    `report_id` is None when the receipt is none of ours. Whether a number was sent is settled
    afterwards by a job, so that the answer takes equally long whatever is found. `sealed_code` is
    the new code, until the person says that they kept it. `cancelled_at` is when it was cancelled.
    """

    __tablename__ = "lost_codes"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    looked_at: Mapped[datetime | None]
    number_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    sent_at: Mapped[datetime | None]
    tries: Mapped[int]
    works_from: Mapped[datetime | None]
    sealed_code: Mapped[bytes | None] = mapped_column(LargeBinary)
    cancelled_at: Mapped[datetime | None]
