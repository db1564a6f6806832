"""When something was first decided about a pair, by the log: a row has only the last of it."""

import logging
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from portal.errors import OnRecordError
from portal.ledger.service import timeline
from portal.matching.models import Match
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation
from portal.sealing import DataKey

_LOG = logging.getLogger(__name__)


def first_decided(
    session: Session,
    match: Match,
    allegation: Allegation,
    data_key: DataKey,
    kinds: Collection[str] = ("matched",),
) -> datetime | None:
    """When the first entry of these kinds was made about this pair; None when there is none.

    Raises Unavailable when an entry of the report does not open.
    """
    record = session.get_one(CrimeRecord, match.record_id)
    about = (allegation.ordinal, record.force_id, record.reference)
    names = ("allegation", "record.force", "record.reference")
    for one in timeline(session, allegation.report_id, data_key.open):
        if one.kind in kinds and tuple(one.fields.get(name) for name in names) == about:
            return one.at
    return None


def decided_by_log(
    session: Session, match: Match, allegation: Allegation, data_key: DataKey
) -> datetime | None:
    """When a pair that fell away, and that the rules accept now, was first decided on; None when it
    never was: what came removed falls away without an entry. As the audit reads the log.
    """
    try:
        return first_decided(session, match, allegation, data_key, ("matched", "match_gone"))
    except OnRecordError as error:
        # The audit names what does not open: it keeps nobody from the record that they have.
        facts = {"match": str(match.id)}
        _LOG.error("first decision not read", exc_info=error, extra={"facts": facts})
        return match.decided_at
