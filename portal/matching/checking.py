"""What the running site's own matches say about the model: which to check, and what has moved.

`auditing`, `drifting` and `fairness` hold the arithmetic; here are the rows that go into it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from portal.matching.auditing import audit_sample
from portal.matching.choosing import current_model
from portal.matching.drifting import Moved, moved_levels
from portal.matching.fairness import Cell, fairness_table
from portal.matching.levels import Levels
from portal.matching.measuring import Outcome
from portal.matching.models import Judgement, Match
from portal.matching.opening import Supplies
from portal.matching.refitting import Advance, draw_reports, read_records, try_one
from portal.matching.sampling import find_candidates
from portal.matching.settling import unpack
from portal.matching.sides import ReportSide
from portal.police.models import CrimeRecord

LATELY = timedelta(days=30)
BEFORE = timedelta(days=365)
"""What came within the last 30 days is held against the year before those."""
_AT_ONCE = 500
_DAYS_IN_YEAR = 365.25
_AGES = ((18, "under 18"), (30, "18 to 29"), (45, "30 to 44"), (60, "45 to 59"))


class ToCheck(NamedTuple):
    """An automatic match that was drawn: the two references, its log-odds in bits, and how likely
    it was to be drawn.
    """

    match_id: UUID
    allegation_id: UUID
    force_id: str
    reference: str
    log_odds: float
    chance: float


class Totals(NamedTuple):
    """How many matches are automatic, and how many allegations have no record."""

    automatic: int
    unrecorded: int


def draw_audit(session: Session, size: int, *, seed: int) -> list[ToCheck]:
    """About `size` automatic matches, drawn by chance of error, the lowest accepted first.

    The same rows and seed draw the same. Raises ValueError for a size below 1.
    """
    query = select(Match.id, Match.log_odds).where(_is_automatic(), Match.log_odds.is_not(None))
    matches = [(match_id, bits or 0.0) for match_id, bits in session.execute(query)]
    drawn = {one.match: one.chance for one in audit_sample(matches, size, seed=seed)}
    found: list[ToCheck] = []
    ids = list(drawn)
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.execute(
            select(
                Match.id,
                Match.allegation_id,
                CrimeRecord.force_id,
                CrimeRecord.reference,
                Match.log_odds,
            )
            .join(CrimeRecord, CrimeRecord.id == Match.record_id)
            .where(Match.id.in_(ids[start : start + _AT_ONCE]))
        )
        found += [
            ToCheck(one, allegation, force, reference, bits or 0.0, drawn[one])
            for one, allegation, force, reference, bits in rows
        ]
    return sorted(found, key=lambda one: (one.log_odds, str(one.match_id)))


def totals(session: Session) -> Totals:
    """The two numbers that a stated error needs beside the audit."""
    automatic = session.scalar(select(func.count()).where(_is_automatic())) or 0
    alone = select(func.count()).where(Judgement.state == "alert")
    return Totals(automatic, session.scalar(alone) or 0)


def find_drift(session: Session, *, now: datetime) -> tuple[Moved, ...]:
    """The levels whose shares among automatic matches of the model in use moved lately."""
    version, since = current_model(session).version, now - LATELY
    return moved_levels(
        _levels(session, version, since - BEFORE, since), _levels(session, version, since, now)
    )


def measure_fairness(
    session: Session,
    *,
    supplies: Supplies,
    seed: int,
    most_reports: int,
    advance: Advance = lambda _: None,
) -> tuple[Cell, ...]:
    """Errors by group, on reports whose record is known, tried as `refitting` says.

    Sex and the origin of a name are asked of nobody, and nothing here guesses them.
    """
    model = current_model(session)
    reports = draw_reports(session, supplies.keyring, seed, most_reports, advance)
    found = find_candidates(reports, read_records(session, supplies, advance), model)

    def cases() -> Iterator[tuple[Mapping[str, str], Outcome]]:
        for report, candidates in zip(reports, found, strict=True):
            for outcome in try_one(report, candidates, model):
                yield groups_of(report), outcome

    return fairness_table(cases())


def groups_of(report: ReportSide) -> dict[str, str]:
    """The groups that a report says it is in."""
    offence = "against a person" if report.is_against_person else "other"
    said = {"offence": "sexual" if report.is_sexual else offence, "force": report.force_id}
    if not report.offence_codes:
        del said["offence"]
    born, days = report.victim.birth_date, report.occurred or report.told
    if isinstance(born, str) and born and days:
        at = datetime.strptime(born, "%Y%m%d").toordinal()  # noqa: DTZ007 - a day, not an instant
        said["age"] = age_group((days[0] - at) / _DAYS_IN_YEAR)
    return said


def age_group(years: float) -> str:
    """The group of an age in years."""
    return next((name for under, name in _AGES if years < under), "60 and over")


def _levels(
    session: Session, version: str, since: datetime, until: datetime
) -> dict[str, Counter[str]]:
    rows = session.execute(
        select(Match.levels, func.count())
        .where(
            _is_automatic(),
            Match.levels.is_not(None),
            Match.model_version == version,
            Match.decided_at >= since,
            Match.decided_at < until,
        )
        .group_by(Match.levels)
    )
    counts: dict[str, Counter[str]] = {field: Counter() for field in Levels._fields}
    for text, many in rows:
        for field, level in unpack(str(text))._asdict().items():
            counts[field][level] += many
    return counts


def _is_automatic() -> ColumnElement[bool]:
    return and_(Match.state == "accepted", Match.decided_by.is_(None))
