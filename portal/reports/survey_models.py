"""Tables of the short survey: milestones a person is done with, and answers of nobody known."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SurveyState(Base):
    """The milestones that the person answered or put away, sealed under the report's own key."""

    __tablename__ = "survey_states"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class SurveyCount(Base):
    """How many people gave one answer to one item: a number, and nobody's answer.

    There is no row for a person, no time but the quarter of the year, and no report:
    `docs/what-happened.md` says why. `force_id` is "" where it is not known. `answer` is 1 (not at
    all) to 5 (very much); 0 is "prefer not to say".
    """

    __tablename__ = "survey_counts"
    __table_args__ = (
        CheckConstraint(
            "milestone IN ('sent', 'answered', 'found', 'resolved', 'later')", name="milestone"
        ),
        CheckConstraint(
            "item IN ('informed', 'fairly', 'respect', 'believed', 'investigated', 'again')",
            name="item",
        ),
        CheckConstraint("answer BETWEEN 0 AND 5", name="answer"),
        CheckConstraint("number > 0", name="number"),
        {"sqlite_with_rowid": False},
    )

    force_id: Mapped[str] = mapped_column(primary_key=True)
    milestone: Mapped[str] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
