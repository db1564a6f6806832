"""A person who chose how to be reached, and what goes there."""

from typing import Any
from uuid import UUID

from portal.accounts.models import Account
from portal.ledger.service import OpenedEntry, timeline
from portal.notifications.leaving import Delivery
from portal.notifications.models import OutboxMessage
from portal.notifications.service import Letter, send_due
from portal.reports.codes import key_material
from portal.reports.contact_models import SafeContact
from portal.reports.drafts import get_data_key
from portal.reports.notices import may_leave, write_notices
from portal.reports.safe_contacts import ask_contact, confirm_contact
from portal.reports.safe_hours import SafeHours
from portal.reports.safe_ways import EMAIL, Contact, Way, WayRules, find_contact
from portal.reports.staff_messages import write_as_staff
from portal.site import Site
from tests.rig.drafts import Draft
from tests.rig.filed import Filed
from tests.rig.letters import ADDRESS, numbers

NEWS = WayRules(news=True)
DAYTIME = WayRules(SafeHours((), 9, 17), news=True)


def keys(site: Site) -> dict[str, Any]:
    """What most services need."""
    return {"keyring": site.keyring, "now": site.now()}


def as_draft(site: Site, filed: Filed) -> Draft:
    """A filed report as its person has it."""
    return Draft(site, filed.id, filed.code)


def code_of(draft: Draft) -> bytes:
    """The digest of the return code."""
    return draft.site.codes.digest(key_material(draft.code))


def choose(draft: Draft, way: Way, *, confirm: bool = True) -> None:
    """Choose a way, with the return code where it is known, and type the number that came."""
    site = draft.site
    with site.database.transaction() as session:
        waits = ask_contact(
            session,
            draft.id,
            way,
            code=code_of(draft) if draft.code else None,
            tokens=site.tokens,
            **keys(site),
        )
    if waits and confirm:
        with site.database.transaction() as session:
            assert confirm_contact(
                session, draft.id, numbers(site)[-1], tokens=site.tokens, **keys(site)
            )


def wants_news(draft: Draft, rules: WayRules = NEWS, address: str = ADDRESS) -> None:
    """A confirmed address that gets notices too, the number having left."""
    choose(draft, Way(EMAIL, address, rules))
    sent(draft.site)


def did_not_arrive(site: Site, report_id: UUID, cause: str = "news:lost") -> None:
    """A message to the safe way was given up just now."""
    with site.database.transaction() as session:
        session.add(
            OutboxMessage(
                cause=cause,
                kind="news",
                about=report_id,
                sealed=b"",
                created_at=site.now(),
                due_at=site.now(),
                attempts=1,
                sent_at=site.now(),
                failed_at=site.now(),
            )
        )


def contact_of(draft: Draft) -> Contact:
    """How the person is reached."""
    with draft.site.database.reading() as session:
        return find_contact(session, draft.id, keyring=draft.site.keyring)


def row_of(draft: Draft) -> SafeContact:
    """The row of that."""
    with draft.site.database.reading() as session:
        return session.get_one(SafeContact, draft.id)


def entries_of(site: Site, report_id: UUID) -> list[OpenedEntry]:
    """Every entry of a report, opened."""
    with site.database.reading() as session:
        data_key = get_data_key(session, report_id, keyring=site.keyring)
        return timeline(session, report_id, data_key.open)


def kinds_of(site: Site, report_id: UUID) -> list[str]:
    """The kinds of a report's entries."""
    return [each.kind for each in entries_of(site, report_id)]


def supporter_writes(site: Site, report_id: UUID, account_id: UUID, words: str) -> None:
    """Somebody who helps writes to the person."""
    with site.database.transaction() as session:
        account = session.get_one(Account, account_id)
        write_as_staff(session, report_id, words, account=account, **keys(site))


class Box:
    """A sender that keeps what it is given, or cannot send."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.letters: list[Letter] = []

    def send(self, address: str, subject: str, body: str) -> str | None:
        """Take one message."""
        from portal.notifications.leaving import NotSentError

        if self.broken:
            raise NotSentError
        self.letters.append(Letter(address, subject, body))
        return None


class Lossy(Box):
    """A service that takes everything, and says of all of it that it was lost."""

    def send(self, address: str, subject: str, body: str) -> str | None:
        """Take one message, and give it a reference."""
        super().send(address, subject, body)
        return f"reference-{len(self.letters)}"

    def delivery(self, _reference: str) -> Delivery:
        """What became of it."""
        return "lost"


def sent(site: Site, *, broken: bool = False, through: Box | None = None) -> list[Letter]:
    """What the jobs send now."""
    box = through or Box(broken=broken)
    write_notices(site.database, **keys(site))

    def gate(session: Any, message: Any, letter: Any, now: Any) -> Any:  # noqa: ANN401
        return may_leave(session, message, letter, now, keyring=site.keyring)

    before = len(box.letters)
    send_due(site.database, box, keyring=site.keyring, clock=site.now, gate=gate)
    return box.letters[before:]


def to_person(letters: list[Letter], address: str = ADDRESS) -> list[Letter]:
    """Those that go to the person."""
    return [each for each in letters if each.address == address]
