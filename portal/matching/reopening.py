"""Looking again at a record that a person decided about: it waits for a reader as if it were new.

A reader can press a wrong button, or learn better. What the person whose report it is said of a
record is theirs to take back, and nobody else's.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.matching.cases import Case, find_case
from portal.matching.deciding import LONGEST_REASON, lock_pair, put_on_record
from portal.matching.first_decided import first_decided
from portal.matching.models import Judgement, Match
from portal.matching.queries import Waiting
from portal.matching.questions import is_disowned
from portal.matching.readers import DECIDERS
from portal.matching.statements import standing, statements_on
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation
from portal.sealing import DataKey, Keyring

CHANGED = (
    "Nothing was changed. Somebody has decided about this record meanwhile, or the person said "
    "that it is not theirs."
)


def can_look_again(session: Session, case: Case) -> list[Waiting]:
    """What was decided of a case that a person may put before a reader again."""
    return [one for one in (*case.refused, *case.gone) if _is_open(session, one.match)]


def look_again(
    session: Session,
    allegation_id: UUID,
    record_ids: Sequence[int],
    *,
    account: Account,
    reason: str,
    keyring: Keyring,
    now: datetime,
) -> list[Match]:
    """Put these records of an allegation before a reader again, whatever was read of them before.

    Where too many fit, nothing stands before a reader: then each can be named again. Raises
    NotFound, NotAllowed, or Refused: without a reason, for what the person whose report it is
    said is not theirs, and for a record about which nobody decided.
    """
    case = find_case(session, account, allegation_id)
    if case is None:
        raise NotFound("There is no such case, or it is not one of yours to see.")
    if account.role not in DECIDERS:
        raise NotAllowed("Nothing was changed. A PCC office or an inspector has to do this.")
    if not reason.strip():
        raise Refused("Nothing was changed. Say why, in a sentence.")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"The reason can be up to {LONGEST_REASON} characters long.")
    known = {one.record.id: one.match for one in (*case.refused, *case.gone)}
    if not record_ids or not known.keys() >= set(record_ids):
        raise Refused(CHANGED)
    said = {
        "decided.role": account.role,
        "decided.organisation": account.organisation,
        "decided.reason": reason.strip(),
    }
    done: list[Match] = []
    for match in (known[one] for one in sorted(set(record_ids))):
        allegation = lock_pair(session, match)
        if not _is_open(session, match):
            raise Refused(CHANGED)
        data_key = get_data_key(session, allegation.report_id, keyring=keyring)
        _reopen(session, match, allegation, data_key, now)
        done.append(
            put_on_record(session, match, allegation, data_key, said, now, "match_reopened")
        )
    return done


def _is_open(session: Session, match: Match) -> bool:
    """Whether a person decided on it, and the one whose report it is never said that it is not."""
    if match.state not in ("refused", "ended") or match.decided_by is None:
        return False
    if is_disowned(session, match.allegation_id, match.record_id):
        return False
    said = standing(statements_on(session, match.allegation_id), "not_mine")
    return all(one.record_id != match.record_id for one in said)


def _reopen(
    session: Session, match: Match, allegation: Allegation, data_key: DataKey, now: datetime
) -> None:
    match.decided_at = first_decided(session, match, allegation, data_key)
    match.decided_by = match.sealed_reason = None
    match.reopened_at = now
    # What the force made of it meanwhile was not compared: a decision stands by what it saw.
    allegation.to_match = True
    judgement = session.get(Judgement, allegation.id)
    if judgement is not None and judgement.state == "crowded":
        match.levels = match.total = None
        match.zone, match.state = "none", "kept" if match.decided_at is None else "ended"
        return
    match.state = "proposed"
    if match.zone == "automatic":
        # Whoever competes with it must not be decided on as if the rules could match it.
        match.zone, match.gates = "likely", ["reopened"]
