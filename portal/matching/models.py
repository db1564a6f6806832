"""Tables of matches between allegations and crime records, and of the keys that find them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId

_CLAIMED = text("state = 'accepted' AND duplicate_of IS NULL")
STATES = ("automatic", "review", "ask", "alert", "crowded")
"""How an allegation stands: settled, with a person, not enough to tell, without a record, or with
too many candidates to tell them apart."""


class Match(Base):
    """A link between an allegation and a crime record, judged on one version of the record.

    A pair that is worth keeping stands here from when it was compared, "kept" until it is proposed
    or accepted, so that what the model saw never changes under a decision. `levels` are those of
    `matching.levels`, in their order with commas between; None once the pair is no candidate any
    more, and for decisions of before there were levels, of which `checks` holds the words.
    `total` is the pair's own log-odds in bits, for a report of the `kind` that it then was (one of
    `model.KINDS`; None for what was decided before that was kept); `log_odds` and `chance` are
    those beside the other candidates of the report; `gates` name what held it back from being
    automatic.

    `claim` stands for the victim who reported: one crime record can be claimed once per victim,
    but by reports that are duplicates of one another (`duplicate_of`: the first of them).
    `victim` stands for the one of the record's victims who fits; None when it names one or none.
    `event` stands for the event that the record is of: records of one force and one minute.
    `is_early`: police had the record before it happened, by the hours that both sides give; None
    where nobody looked.

    `decided_at` of what waits or fell away: it was accepted once, or came removed and would have
    been. Of what the rules accepted: when it was first decided on, by the log. `reopened_at`:
    somebody had it looked at again after it was decided on (`reopening`), or the victim took back
    that it is not theirs; what was read of it before counts no more, and the rules match it no
    more.
    """

    __tablename__ = "matches"
    __table_args__ = (
        UniqueConstraint("allegation_id", "record_id"),
        CheckConstraint("zone IN ('automatic', 'likely', 'possible', 'none')", name="zone"),
        CheckConstraint(
            "state IN ('kept', 'proposed', 'accepted', 'refused', 'ended')", name="state"
        ),
        Index(
            "ix_matches_one_claim",
            "record_id",
            "claim",
            unique=True,
            sqlite_where=_CLAIMED,
            postgresql_where=_CLAIMED,
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
    levels: Mapped[str | None]
    total: Mapped[float | None] = mapped_column(Double)
    kind: Mapped[str | None]
    log_odds: Mapped[float | None] = mapped_column(Double)
    chance: Mapped[float | None] = mapped_column(Double)
    gates: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    victim: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    event: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    is_early: Mapped[bool | None]
    duplicate_of: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("allegations.id"))
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    sealed_reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    reopened_at: Mapped[datetime | None]


class Judgement(Base):
    """How an allegation stands with the whole register, by one version of the model.

    `found` is how many records shared a key with it, or more; `can_tell` whether it holds anything
    to find its record by. `no_record` is the chance that it has none, as the model sees it.
    `to_settle`: its pairs changed since it was last decided on.
    """

    __tablename__ = "judgements"
    __table_args__ = (
        CheckConstraint("state IN ('" + "', '".join(STATES) + "')", name="state"),
        Index(
            "ix_judgements_to_settle",
            "allegation_id",
            sqlite_where=text("to_settle = 1"),
            postgresql_where=text("to_settle"),
        ),
    )

    allegation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("allegations.id"), primary_key=True)
    state: Mapped[str]
    can_tell: Mapped[bool]
    found: Mapped[int]
    no_record: Mapped[float] = mapped_column(Double, default=1.0)
    model_version: Mapped[str]
    to_settle: Mapped[bool]


class AllegationKey(Base):
    """A keyed token of what a report says (`matching.blocking`), and the days that it may fit.

    The four are days as by `date.toordinal`: within which it happened, or was recorded where either
    side does not say when it happened. Empty: any day.
    """

    __tablename__ = "allegation_keys"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own idiom

    token: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    allegation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("allegations.id"), primary_key=True, index=True
    )
    occurred_since: Mapped[int | None]
    occurred_until: Mapped[int | None]
    told_since: Mapped[int | None]
    told_until: Mapped[int | None]


class RecordKey(Base):
    """A keyed token of what a crime record says, and the days on which it happened and came."""

    __tablename__ = "record_keys"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own idiom

    token: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("crime_records.id"), primary_key=True, index=True
    )
    first_day: Mapped[int | None]
    last_day: Mapped[int | None]
    recorded_day: Mapped[int]


class KeyedRecord(Base):
    """Which version of a crime record its keys were made from."""

    __tablename__ = "keyed_records"

    record_id: Mapped[int] = mapped_column(
        ForeignKey("crime_records.id"), primary_key=True, autoincrement=False
    )
    version_id: Mapped[int] = mapped_column(ForeignKey("crime_record_versions.id"), index=True)


class Reading(Base):
    """What one person made of an allegation's candidates, with a reason. It is never changed.

    `seen` stands for the candidates, in their versions, that were before the reader: once those
    change, the reading no longer counts. `record_id` and `version_id` are of the record that it
    is. `is_double`: two people had to agree. Ids count up, so that they tell who read first. A pair
    that falls away is deleted, so a reading points at records and not at matches.
    """

    __tablename__ = "readings"
    __table_args__ = (
        UniqueConstraint("allegation_id", "account_id", "seen"),
        CheckConstraint("verdict IN ('record', 'none', 'cannot_tell')", name="verdict"),
        CheckConstraint("(verdict = 'record') = (record_id IS NOT NULL)", name="record"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    allegation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("allegations.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str]
    verdict: Mapped[str]
    record_id: Mapped[int | None] = mapped_column(ForeignKey("crime_records.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("crime_record_versions.id"))
    seen: Mapped[bytes] = mapped_column(LargeBinary(16))
    is_double: Mapped[bool]
    model_version: Mapped[str]
    at: Mapped[datetime]
    sealed_reason: Mapped[bytes] = mapped_column(LargeBinary)


class Question(Base):
    """Whether a record is that of an allegation, asked of the victim or of the record's force.

    Asked once of each. `kind` says which words were used (`matching.asking`). `asked_by` is None
    where the rules asked (`matching.asking_first`). `answer` is None while it waits; `sealed_words`
    is what a force adds.
    """

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("allegation_id", "record_id", "asks"),
        CheckConstraint("asks IN ('victim', 'force')", name="asks"),
        CheckConstraint("answer IN ('yes', 'no', 'unknown')", name="answer"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    allegation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("allegations.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("crime_records.id"), index=True)
    asks: Mapped[str]
    kind: Mapped[str]
    asked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    sealed_words: Mapped[bytes | None] = mapped_column(LargeBinary)


class Statement(Base):
    """What a victim says about what police made of an allegation. It is never deleted.

    `record_id` is the crime record that it is about, for the kinds that are about one. `sealed` is
    whatever was added in words. Once it was taken back, `taken_back_at` says when: it stands no
    more, and stays to be seen.
    """

    __tablename__ = "statements"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('not_mine', 'not_what_i_said', 'refused', 'supports', 'stands_by', "
            "'chose_wrong')",
            name="kind",
        ),
        CheckConstraint("(kind IN ('refused', 'supports')) = (record_id IS NULL)", name="record"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    allegation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("allegations.id"), index=True)
    kind: Mapped[str]
    record_id: Mapped[int | None] = mapped_column(ForeignKey("crime_records.id"), index=True)
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class ChosenModel(Base):
    """A model that was accepted to decide from then on (`choosing`): the newest one does.

    `data` is its text as the file held it, `digest` the SHA-256 of that.
    """

    __tablename__ = "chosen_models"

    number: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    data: Mapped[str] = mapped_column(Text)
    chosen_at: Mapped[datetime]
