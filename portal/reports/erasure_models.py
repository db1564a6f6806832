"""The table of erasures: what is still to be destroyed, and what this browser has had erased."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Erasure(Base):
    """One erasure. `purged_at` is when the last bytes were destroyed (`reports.purging`).

    `report_id` is None for a draft, of which no row is left. `visit_hash` is that of the browser
    which asked, so that it can be told how far it is.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        Index(
            "ix_erasures_to_purge",
            "erased_at",
            sqlite_where=text("purged_at IS NULL"),
            postgresql_where=text("purged_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"), unique=True)
    visit_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    erased_at: Mapped[datetime]
    purged_at: Mapped[datetime | None]
