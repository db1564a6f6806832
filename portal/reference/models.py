"""What each force has agreed with us: not public reference data but terms, kept in the database."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class ForceTerms(Base):
    """One force's terms. Without a row a force has agreed to nothing.

    `inbox_agreed_at`: since when delivery into the inbox counts as receipt by the force.
    `supply_interval_hours`: how often its crime records must be covered afresh.
    """

    __tablename__ = "force_terms"

    force_id: Mapped[str] = mapped_column(primary_key=True)
    inbox_agreed_at: Mapped[datetime | None]
    notice_address: Mapped[str | None]
    supply_interval_hours: Mapped[int | None]
    supplies_since: Mapped[datetime | None]
