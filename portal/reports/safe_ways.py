"""What the safe way of a report is, opened: `reports.safe_contacts` chooses and changes it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.ledger.code_chain import WAIT
from portal.reports.drafts import get_data_key
from portal.reports.models import SafeContact
from portal.sealing import DataKey, Keyring

EMAIL = "email"


@dataclass(frozen=True)
class Way:
    """A way to reach somebody: its kind and the address."""

    kind: str
    address: str = field(repr=False)


@dataclass(frozen=True)
class Contact:
    """A report's safe way: the confirmed one, and one that waits for its number.

    A lost code can be asked for with the confirmed one from `works_from` on.
    """

    confirmed: Way | None = None
    asked: Way | None = None
    works_from: datetime | None = None

    def usable(self, now: datetime) -> Way | None:
        """The confirmed way, once it was confirmed for 72 hours."""
        return self.confirmed if self.works_from and self.works_from <= now else None


def find_contact(session: Session, report_id: UUID, *, keyring: Keyring) -> Contact:
    """The safe way of a report, opened. Raises NotFound once the report was erased."""
    row = session.get(SafeContact, report_id)
    if row is None:
        return Contact()
    data_key = get_data_key(session, report_id, keyring=keyring)
    confirmed, asked = (
        open_way(each, data_key, report_id) for each in (row.sealed, row.sealed_asked)
    )
    works_from = row.confirmed_at + WAIT if row.confirmed_at else None
    return Contact(confirmed, asked, works_from)


def open_way(sealed: bytes | None, data_key: DataKey, report_id: UUID) -> Way | None:
    """A sealed way, opened; None for none."""
    return None if sealed is None else Way(*data_key.open_json(sealed, way_context(report_id)))


def way_context(report_id: UUID) -> str:
    """The place that a report's ways are sealed for."""
    return f"safe-contact:{report_id}"
