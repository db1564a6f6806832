"""The messages that wait to be sent, as whoever they are for would read them."""

import json
import re

from sqlalchemy import select

from portal.ledger.code_chain import WAIT
from portal.notifications.models import OutboxMessage
from portal.notifications.service import Letter
from portal.reports.codes import key_material
from portal.reports.lost_codes import send_numbers
from portal.reports.safe_contacts import ask_contact, confirm_contact
from portal.reports.safe_ways import EMAIL, Way
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft

ADDRESS = "narwhal@example.org"
_NUMBER = re.compile(r"\b(\d{4} \d{4})\b")


def letters(site: Site) -> list[Letter]:
    """Every message of the outbox, oldest first."""
    with site.database.reading() as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
    return [
        Letter(*json.loads(site.keyring.open_alone(row.sealed, f"outbox:{row.cause}")))
        for row in rows
    ]


def numbers(site: Site) -> list[str]:
    """The number in each message that has one, oldest first."""
    found = (_NUMBER.search(letter.body) for letter in letters(site))
    return [each[1] for each in found if each]


def look_at_requests(site: Site) -> int:
    """What the job does with the requests for lost codes; how many numbers go out."""
    return send_numbers(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())


def settled_safe_way(draft: Draft, clock: HandClock) -> None:
    """The person of a report has a safe way that can be used by now."""
    confirm_safe_way(draft)
    clock.instant += WAIT


def confirm_safe_way(draft: Draft, address: str = ADDRESS) -> None:
    """The person of a report, who has the code, chooses a safe way and types the number from it."""
    site = draft.site
    way = Way(EMAIL, address)
    keys = {"keyring": site.keyring, "tokens": site.tokens, "now": site.now()}
    with site.database.transaction() as session:
        code = site.codes.digest(key_material(draft.code))
        ask_contact(session, draft.id, way, code=code, **keys)  # type: ignore[arg-type]
    number = next(
        _NUMBER.search(each.body) for each in reversed(letters(site)) if each.address == address
    )
    assert number is not None
    with site.database.transaction() as session:
        assert confirm_contact(session, draft.id, number[1], **keys)  # type: ignore[arg-type]
