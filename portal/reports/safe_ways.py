"""What the safe way of a report is, opened: `reports.safe_contacts` chooses and changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy.orm import Session

from portal.languages.translating import ENGLISH
from portal.ledger.code_chain import WAIT
from portal.notifications.addresses import text_address
from portal.reports.contact_models import SafeContact
from portal.reports.drafts import get_data_key
from portal.reports.safe_hours import SafeHours
from portal.sealing import DataKey, Keyring

EMAIL, TEXT, CALL = "email", "text", "call"
SENDING = (EMAIL, TEXT)
"""What messages are sent to. A call is made by a person, who sees it after a written look."""


@dataclass(frozen=True)
class WayRules:
    """How a way may be used: when, for what, and what a caller has to know.

    `news`: also for the notice that there is something new, and not for the return code alone.
    `no_message` and `hang_up` are for calls: leave nothing on a machine, and hang up if somebody
    else answers. The caller says the code word first, so that the person knows who it is.
    Messages speak the `language` in which the way was chosen.
    """

    hours: SafeHours = field(default=SafeHours(), repr=False)
    news: bool = False
    code_word: str = field(default="", repr=False)
    no_message: bool = False
    hang_up: bool = False
    language: str = ENGLISH

    def to_data(self) -> dict[str, Any]:
        """As JSON values."""
        language = {} if self.language == ENGLISH else {"language": self.language}
        return language | {
            "hours": self.hours.to_data(),
            "news": self.news,
            "code_word": self.code_word,
            "no_message": self.no_message,
            "hang_up": self.hang_up,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """From JSON values."""
        return cls(
            SafeHours.from_data(data["hours"]),
            data["news"],
            data["code_word"],
            data["no_message"],
            data["hang_up"],
            data.get("language", ENGLISH),
        )


@dataclass(frozen=True)
class Way:
    """A way to reach somebody: its kind, the address or number, and how it may be used."""

    kind: str
    address: str = field(repr=False)
    rules: WayRules = field(default=WayRules(), repr=False)

    @property
    def outbox_address(self) -> str:
        """The address as the outbox writes it. Raises ValueError for a way to call."""
        if self.kind not in SENDING:
            raise ValueError("nothing is sent there")
        return text_address(self.address) if self.kind == TEXT else self.address

    def is_same_place(self, other: "Way") -> bool:
        """Whether both lead to the same place, however they may be used."""
        return (self.kind, self.address.lower()) == (other.kind, other.address.lower())

    def to_data(self) -> list[Any]:
        """As JSON values; a way from before there were rules had two."""
        place: list[Any] = [self.kind, self.address]
        return place if self.rules == WayRules() else [*place, self.rules.to_data()]


@dataclass(frozen=True)
class Contact:
    """A report's safe way: the confirmed one, and one that waits for its number.

    A lost code can be asked for with the confirmed one from `works_from` on. `former` is one that
    was changed or removed and can be put back until `former_until`. Nothing is sent while its
    person has said that it is not safe (`paused_at`).
    """

    confirmed: Way | None = None
    asked: Way | None = None
    works_from: datetime | None = None
    former: Way | None = None
    former_until: datetime | None = None
    paused_at: datetime | None = None

    def usable(self, now: datetime) -> Way | None:
        """The confirmed way for a lost code: confirmed for 72 hours, not paused, and sent to."""
        works = self.works_from is not None and self.works_from <= now
        way = self.confirmed
        return way if works and way and way.kind in SENDING and not self.paused_at else None

    def can_put_back(self, now: datetime) -> Way | None:
        """The former way, while the change can still be undone."""
        in_time = self.former_until is not None and now < self.former_until
        return self.former if in_time else None

    def needs_code(self, now: datetime) -> bool:
        """Whether an open page is not enough for a change: one was confirmed, or just was."""
        return self.confirmed is not None or self.can_put_back(now) is not None


def find_contact(session: Session, report_id: UUID, *, keyring: Keyring) -> Contact:
    """The safe way of a report, opened. Raises NotFound once the report was erased."""
    row = session.get(SafeContact, report_id)
    if row is None:
        return Contact()
    data_key = get_data_key(session, report_id, keyring=keyring)
    confirmed, asked, former = (
        open_way(each, data_key, report_id)
        for each in (row.sealed, row.sealed_asked, row.sealed_former)
    )
    works_from = row.confirmed_at + WAIT if row.confirmed_at else None
    return Contact(confirmed, asked, works_from, former, row.former_until, row.paused_at)


def open_way(sealed: bytes | None, data_key: DataKey, report_id: UUID) -> Way | None:
    """A sealed way, opened; None for none."""
    if sealed is None:
        return None
    kind, address, *rules = data_key.open_json(sealed, way_context(report_id))
    return Way(kind, address, WayRules.from_data(rules[0]) if rules else WayRules())


def seal_way(way: Way, data_key: DataKey, report_id: UUID) -> bytes:
    """A way, sealed under its report's key."""
    return data_key.seal_json(way.to_data(), way_context(report_id))


def way_context(report_id: UUID) -> str:
    """The place that a report's ways are sealed for."""
    return f"safe-contact:{report_id}"
