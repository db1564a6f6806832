"""One entry about the report that this browser holds open, read back from the log.

Addresses name it by its number among the entries of its own report. Its number in the log is
public, so the browser's history must not tie it to who sat there.
"""

from portal.errors import NotFound
from portal.languages.translating import _
from portal.ledger.service import OpenedEntry, indices_of, open_entry
from portal.reports.drafts import get_data_key
from portal.reports.models import Report
from portal.web.access import site


def own_index(report: Report, number: int) -> int:
    """Where the entry with this number, from 1, is in the log. Raises NotFound for no such one."""
    with site().database.reading() as session:
        index = indices_of(session, report.id).get(number)
    if index is None:
        raise NotFound(_("There is no such entry about what you sent."))
    return index


def own_entry(report: Report, index: int) -> OpenedEntry:
    """An entry about the report, opened. Raises NotFound when the log does not hold it."""
    with site().database.reading() as session:
        data_key = get_data_key(session, report.id, keyring=site().keyring)
        return open_entry(session, index, data_key.open)
