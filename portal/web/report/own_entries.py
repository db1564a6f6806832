"""One entry about the report that this browser holds open, read back from the log."""

from portal.errors import NotFound
from portal.ledger.service import OpenedEntry, find_subject, open_entry
from portal.reports.drafts import get_data_key
from portal.reports.models import Report
from portal.web.access import site


def check_own(report: Report, index: int) -> None:
    """Raises NotFound when the entry is about something else, or not there."""
    with site().database.reading() as session:
        if find_subject(session, index) != report.id:
            raise NotFound("There is no such entry about what you sent.")


def own_entry(report: Report, index: int) -> OpenedEntry:
    """The entry, opened. Raises NotFound when it is about something else, or not there."""
    check_own(report, index)
    with site().database.reading() as session:
        data_key = get_data_key(session, report.id, keyring=site().keyring)
        return open_entry(session, index, data_key.open)
