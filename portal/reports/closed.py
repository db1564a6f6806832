"""Whether a report is closed to everybody but whoever has the return code.

It was withdrawn, its erasure was asked for, or it is erased. Clocks and alerts run all the same.
"""

from sqlalchemy import ColumnElement, and_

from portal.errors import Refused
from portal.languages.translating import _
from portal.reports.models import Report


def is_closed(report: Report) -> bool:
    """Whether nobody who works with this service may look at it or ask about it."""
    return any(
        each is not None for each in (report.withdrawn_at, report.erase_asked_at, report.erased_at)
    )


def is_open() -> ColumnElement[bool]:
    """The opposite of `is_closed`, as a condition of a query of reports."""
    return and_(
        Report.withdrawn_at.is_(None),
        Report.erase_asked_at.is_(None),
        Report.erased_at.is_(None),
    )


def check_not_erasing(report: Report) -> None:
    """Raises Refused while an erasure waits: then only keeping it is possible."""
    if report.erase_asked_at is not None:
        raise Refused(
            _(
                "Nothing was changed, because this is going to be erased. Open it again to keep it "
                "after all."
            )
        )
