"""What was typed on a page that could not be saved yet, or chosen there only to be looked at:
sealed beside the answers, and no answer.

It never reaches the ledger, a receipt, matching or anybody who looks. It goes away when its page
is answered, and all of it when the report is sent or moved on.
"""

from collections.abc import Sequence
from uuid import UUID

from portal.reports.models import Report
from portal.sealing import DataKey

Fields = list[tuple[str, str]]
"""A posted form: each field's name and value, in order; a name may come several times."""


def set_unfinished(
    report: Report, page: str, fields: Sequence[tuple[str, str]], data_key: DataKey
) -> None:
    """Keep what was typed on `page`, in place of what was kept of it before."""
    kept = open_unfinished(report, data_key)
    _seal(report, {**kept, page: list(fields)}, data_key)


def drop_unfinished(report: Report, page: str, data_key: DataKey) -> None:
    """Forget what was typed on one page; nothing happens when nothing was kept."""
    if report.unfinished is not None:
        kept = open_unfinished(report, data_key)
        _seal(report, {name: kept[name] for name in kept if name != page}, data_key)


def open_unfinished(report: Report, data_key: DataKey) -> dict[str, Fields]:
    """What was typed and not saved, by page."""
    if report.unfinished is None:
        return {}
    kept = data_key.open_json(report.unfinished, _context(report.id))
    return {page: [(name, value) for name, value in fields] for page, fields in kept.items()}


def _seal(report: Report, kept: dict[str, Fields], data_key: DataKey) -> None:
    report.unfinished = data_key.seal_json(kept, _context(report.id)) if kept else None


def _context(report_id: UUID) -> str:
    return f"report-unfinished:{report_id}"
