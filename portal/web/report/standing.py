"""Where each thing that happened stands: its recording limit, worked out, and its crime records."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.alerts.deadline import Deadline
from portal.alerts.models import Clock
from portal.alerts.service import deadline_for, deadline_of
from portal.languages.translating import _, noted
from portal.matching.models import Judgement
from portal.matching.queries import Accepted, accepted_for
from portal.police.coverage import coverage_of
from portal.reference.categories import find_category
from portal.reference.offences import find_offence
from portal.reference.rules import get_rule
from portal.reports.date_words import say_moment, say_until
from portal.reports.models import Allegation
from portal.reports.starts import say_basis
from portal.web.filters import london, london_date
from portal.web.report.coming import Coming, Moments, coming_for
from portal.web.report.forms_event import force_name

_SHOWN_STEPS = ("start", "limit", "supply_allowance")


@dataclass(frozen=True)
class Limit:
    """A recording limit as it was worked out: the steps in words, the rule and where it is from.

    `passed` tells only that the limit and the time for records to arrive are over; `look_after`
    says when that is.
    """

    steps: list[str]
    rule: str
    source: str
    passed: bool
    look_after: str


@dataclass(frozen=True)
class Record:
    """An accepted crime record: its reference, how it was recorded, when, and by which force.

    `recorded_on` is the time in words, or the day alone where the force gave no time of day.
    """

    reference: str = field(repr=False)
    offence: str = field(repr=False)
    recorded_at: datetime
    recorded_on: str
    force: str


@dataclass(frozen=True)
class Standing:
    """One thing that happened: its name, its limit (None: nobody was told), its records.

    `is_rape`: police may write down such a report as a mere incident first. `needs_more`: too
    little was told to find its record by, so the person can be asked for more. `reach` says how
    far the force's records reach that were looked through; "" where that tells nothing.
    """

    ordinal: int
    name: str = field(repr=False)
    is_rape: bool
    force: str
    limit: Limit | None
    records: list[Record]
    coming: Coming
    needs_more: bool = False
    reach: str = ""


def standings(
    session: Session,
    allegations: Sequence[Allegation],
    *,
    now: datetime,
    only_fraud: bool = False,
) -> list[Standing]:
    """How each allegation of a sent report stands, and what should happen next."""
    return [_standing(session, each, now=now, only_fraud=only_fraud) for each in allegations]


def _standing(
    session: Session, allegation: Allegation, *, now: datetime, only_fraud: bool
) -> Standing:
    accepted = accepted_for(session, allegation.id)
    deadline = _deadline(session, allegation)
    moments = Moments(deadline.limit_at, deadline.alert_at, now) if deadline else None
    return Standing(
        ordinal=allegation.ordinal,
        name=name_of(allegation),
        is_rape=_is_rape(allegation),
        force=force_name(allegation.force_id or ""),
        limit=_limit(deadline, now=now),
        records=[_record(one) for one in accepted],
        coming=coming_for(allegation, accepted, moments, only_fraud=only_fraud, now=now),
        needs_more=not accepted and _tells_too_little(session, allegation),
        reach="" if accepted or only_fraud else _reach(session, allegation),
    )


def _reach(session: Session, allegation: Allegation) -> str:
    """Up to when we have the records of its force, counted without a gap from its clock's start."""
    force = force_name(allegation.force_id or "")
    if allegation.clock_starts_at is None or not force:
        return ""
    coverage = coverage_of(session, allegation.force_id or "")
    until = coverage.until(allegation.clock_starts_at)
    if until is None:
        return _("We have no records of %(force)s for that time yet.", force=force)
    return _(
        "We have the records of %(force)s up to %(until)s, and look for it in them.",
        force=force,
        until=say_until(until),
    )


def _tells_too_little(session: Session, allegation: Allegation) -> bool:
    judged = session.get(Judgement, allegation.id)
    return judged is not None and judged.state == "ask"


def name_of(allegation: Allegation) -> str:
    """What an allegation is called to whoever told it, by what they said last."""
    category = find_category(allegation.category_now)
    return _(category.words) if category else _("Something that happened")


def _is_rape(allegation: Allegation) -> bool:
    chosen = [find_category(each) for each in allegation.categories]
    return any(category is not None and "rape" in category.flags for category in chosen)


def _deadline(session: Session, allegation: Allegation) -> Deadline | None:
    clock = session.get(Clock, allegation.id)
    return deadline_of(clock) if clock else deadline_for(allegation)


def _limit(deadline: Deadline | None, *, now: datetime) -> Limit | None:
    if deadline is None:
        return None
    rule = get_rule(deadline.rule_version)
    steps = [
        say_basis(deadline.start) if step.name == "start" else step.words
        for step in deadline.arithmetic
        if step.name in _SHOWN_STEPS
    ]
    return Limit(
        steps,
        _rule(rule.version),
        rule.source,
        deadline.alert_at <= now,
        say_moment(deadline.alert_at),
    )


_RULES = (noted("24 hours"), noted("72 hours"))


def _rule(version: str) -> str:
    """What a version of the rule is called: "24 hours"."""
    return _(version.replace("-", " "))


def _record(accepted: Accepted) -> Record:
    record, version = accepted.record, accepted.version
    offence = find_offence(version.offence_code)
    code = version.offence_code
    words = _(offence.title) if offence else _("offence code %(code)s", code=code)
    say = london_date if version.recorded_day_only else london
    return Record(
        reference=record.reference,
        offence=words,
        recorded_at=version.recorded_at,
        recorded_on=say(version.recorded_at),
        force=force_name(record.force_id),
    )
