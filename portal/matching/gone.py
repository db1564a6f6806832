"""Deciding that a record which the force removed, or the note of an incident, is that of a report.

Neither is a crime record that stands, so it stops no clock. What follows is what follows where the
rules are sure of such a one: `cancelled` of what was removed, `incident_only` of a note. It stands
for as long as the record is gone. Once the force puts it back it is a candidate like any other.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import Refused
from portal.matching.deciding import check_shown, decidable, decide, told_before
from portal.matching.models import Match
from portal.matching.second_reader import check_second_reader, needs_two
from portal.police.queries import find_current_version
from portal.sealing import Keyring


def is_said_gone(session: Session, match: Match) -> bool:
    """Whether a person said that this was the record, or is the note, and it is gone still."""
    if match.state != "ended" or match.decided_by is None:
        return False
    newest = find_current_version(session, match.record_id)
    return newest is not None and newest.is_gone


def confirm_gone(
    session: Session,
    match_id: UUID,
    *,
    account: Account,
    reason: str,
    version_id: int,
    keyring: Keyring,
    now: datetime,
) -> Match:
    """A person says that a removed record was the report's, or that a note is of it. `version_id`
    is the newest version of the record that they were shown.

    Raises as `deciding.confirm` does; and Refused for a record that stands.
    """
    match, allegation = decidable(session, match_id, account, reason)
    current = check_shown(session, match, version_id)
    if not current.is_gone or match.version_id != current.id:
        raise Refused(
            "Nothing was changed. The force changed this record, and what is compared here is "
            "from before. Look again in a few minutes."
        )
    if needs_two(allegation.categories, [current.offence_code]):
        check_second_reader(session, match, account)
    # One that was matched for another crime of the same victim before it went is that one's.
    told_before(session, match, keyring)
    said = {"record.removed": current.removal_code, "record.is_note": current.is_incident}
    return decide(
        session, match, allegation, "ended", account, reason, keyring, now, ("match_gone", said)
    )
