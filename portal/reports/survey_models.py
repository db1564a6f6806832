"""Tables of the short survey: milestones a person is done with, and answers of nobody known."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SurveyState(Base):
    """The milestones that the person answered or put away, sealed under the report's own key."""

    __tablename__ = "survey_states"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class SurveyAnswer(Base):
    """One answer to one item, apart from the report and from the same person's other answers.

    No time but the quarter of the year, no order, no report: `docs/what-happened.md` says why.
    `answer` is 1 (not at all) to 5 (very much); 0 is "prefer not to say".
    """

    __tablename__ = "survey_answers"
    __table_args__ = (
        CheckConstraint(
            "milestone IN ('sent', 'answered', 'found', 'resolved', 'later')", name="milestone"
        ),
        CheckConstraint(
            "item IN ('informed', 'fairly', 'respect', 'believed', 'investigated', 'again')",
            name="item",
        ),
        CheckConstraint("answer BETWEEN 0 AND 5", name="answer"),
        Index("ix_survey_answers_force", "force_id", "quarter"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    force_id: Mapped[str | None]
    milestone: Mapped[str]
    quarter: Mapped[str]
    item: Mapped[str]
    answer: Mapped[int]
