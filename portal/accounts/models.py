"""Tables of staff and advocates. E-mail addresses are sealed; a keyed token finds them."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

ROLES = ("advocate", "liaison", "registrar", "pcc", "inspector", "administrator")


class Account(Base):
    """A person who signs in. `force_id` is set for liaison, registrar and PCC office.

    `password_chosen_at` is None while the password is one that an administrator gave: it opens
    nothing but the page on which its owner chooses another.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("role IN ('" + "', '".join(ROLES) + "')", name="role"),
        CheckConstraint(
            "(role IN ('liaison', 'registrar', 'pcc')) = (force_id IS NOT NULL)", name="force"
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email_token: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    sealed_email: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    organisation: Mapped[str]
    role: Mapped[str]
    force_id: Mapped[str | None]
    password_hash: Mapped[str]
    password_chosen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class SignIn(Base):
    """A signed-in browser. Ending the row ends it, whoever holds a copy of the cookie."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Throttle(Base):
    """Tries counted per keyed bucket and window, in the database so that all workers share them."""

    __tablename__ = "throttles"

    bucket: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    window_started_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int]
