"""Which record a person named beside a crowded report, as an address carries it.

Signed for who named it, the report and the time: whoever counts the numbers in it up finds nothing,
and a link that is passed on names nothing for anybody else. Once names are opened it is signed for
that look too, so that a reason given for one record opens no other.
"""

import hmac
import re
from datetime import timedelta
from uuid import UUID

from flask import request

from portal.matching.beside import Named
from portal.matching.cases import Case
from portal.web.access import get_account, site

NAMED_FOR = timedelta(hours=12)
"""How long a record stays named; after that it is named again."""
_SIGNED = re.compile(r"([0-9]{1,19})\.([0-9]{1,12})\.([0-9a-f]{32})", re.ASCII)


def sign_named(record_id: int, allegation_id: UUID, look_id: UUID | None = None) -> str:
    """What an address carries of a record that this person named, or opened by this look."""
    at = int(site().now().timestamp())
    return f"{record_id}.{at}.{_proof(record_id, at, allegation_id, look_id)}"


def find_signed(allegation_id: UUID, look_id: UUID | None = None) -> Named | None:
    """The record that this person named; None for anything that was not signed for all of it."""
    here = site()
    parts = _SIGNED.fullmatch(request.values.get("named", ""))
    if parts is None:
        return None
    record_id, at = int(parts[1]), int(parts[2])
    if not hmac.compare_digest(parts[3], _proof(record_id, at, allegation_id, look_id)):
        return None
    if here.now().timestamp() >= at + NAMED_FOR.total_seconds():
        return None
    return Named(record_id, here.keyring, here.tokens, here.settings.shared_keys)


def sign_shown(case: Case, look_id: UUID | None = None) -> str | None:
    """The record beside a crowded report, signed for the next page; None where none was named."""
    if not (case.crowd and case.proposed):
        return None
    return sign_named(case.proposed[0].record.id, case.allegation.id, look_id)


def _proof(record_id: int, at: int, allegation_id: UUID, look_id: UUID | None) -> str:
    said = f"{get_account().id}\x00{allegation_id}\x00{look_id}\x00{record_id}\x00{at}"
    return site().tokens.token("named record", said).hex()
