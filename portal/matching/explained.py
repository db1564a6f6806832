"""The explanation of a pair that was kept, from its levels and the model that judged it.

Made anew each time from what stands in the row, so that it is the same for as long as the row is.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.clock import to_london
from portal.errors import Misconfigured
from portal.matching.choosing import model_of
from portal.matching.explaining import Explanation, explain
from portal.matching.gathering import stub_of
from portal.matching.models import Match
from portal.matching.moments import earliest
from portal.matching.posterior import weigh
from portal.matching.settling import unpack
from portal.matching.times import is_hours_before
from portal.matching.weighing import Candidate, kind_of
from portal.matching.zones import GATE_WORDS
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation


class Early(NamedTuple):
    """When police had a record, and when it began at the earliest by the report, in UTC."""

    had_at: datetime
    began: datetime


_MORE_WORDS = {
    "taken": "Another report holds this crime record already.",
    "decided": "A person matched another crime record before, and this one fits better.",
    "asked": "Somebody was asked about it, so that a person decides whatever was answered.",
    "corrected": "An answer was corrected after it was sent, so that a person decides.",
    "reopened": "Somebody decided on it before, and had it looked at again. So a person decides.",
    "outdated": (
        "The police have sent a newer version of this crime record, which was not compared or does "
        "not open. So a person decides."
    ),
}


def find_candidate(
    match: Match, allegation: Allegation, session: Session | None = None
) -> Candidate | None:
    """The pair as the model weighed it; None for what was decided before pairs had levels, and
    for a pair that is no candidate any more.
    """
    if match.levels is None:
        return None
    try:
        model = model_of(match, session)
    except Misconfigured:
        return None
    levels = unpack(match.levels)
    return Candidate(
        record_id=match.record_id,
        levels=levels,
        weights=weigh(levels, model, kind=_kind(match, allegation)),
        chance=match.chance or 0.0,
        log_odds=match.log_odds or 0.0,
        gates=(),
        zone="none",
    )


def find_explanation(
    match: Match, allegation: Allegation, record: CrimeRecord, session: Session | None = None
) -> Explanation | None:
    """The three questions, the bars, and what to ask; None where `find_candidate` gives none."""
    candidate = find_candidate(match, allegation, session)
    if candidate is None:
        return None
    kind = _kind(match, allegation)
    return explain(
        candidate,
        model_of(match, session),
        kind=kind,
        reference=record.reference,
        is_early=bool(match.is_early),
    )


def _kind(match: Match, allegation: Allegation) -> str:
    # What was corrected since must change nothing under a decision. Older rows do not say.
    return match.kind or kind_of(stub_of(*allegation.categories, can_tell=True))


def gate_words(match: Match) -> list[str]:
    """What held a pair back from being matched by itself, in words."""
    known = {str(name): words for name, words in GATE_WORDS.items()} | _MORE_WORDS
    closed = list(match.gates or ())
    # A record that a reader named has no chance, and no gate of it was tried.
    if match.chance is None and match.is_early:
        closed = ["early"]
    return [known[one] for one in closed if one in known]


def find_early(
    match: Match, allegation: Allegation, *, reported_at: datetime | None, recorded_at: datetime
) -> Early | None:
    """The two times that hold a pair back, from those of the version that it was judged on. None
    where none do, and where an answer was corrected since so that they say it no longer.
    """
    began = allegation.occurred_from
    had_at = earliest(*(to_london(one) for one in (reported_at, recorded_at) if one))
    if not match.is_early or began is None or had_at is None:
        return None
    return Early(had_at, began) if is_hours_before(had_at, began) else None
