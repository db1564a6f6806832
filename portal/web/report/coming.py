"""What should happen next by law, in words: how it stands in one sentence, and who owes what when.

The recording limit (clock hours) and the Victims' Code (working days) stand apart, each with its
source and arithmetic. There are dates and times, and nothing that counts down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.alerts.rights import RightClock, begun_with, work_out_rights
from portal.clock import to_london
from portal.languages.translating import _, ngettext
from portal.matching.queries import Accepted
from portal.reference.code_rights import all_rights, enhanced_categories
from portal.reference.working_days import Count, bank_holidays
from portal.reports.date_words import say_day, say_moment, say_until
from portal.reports.models import Allegation


@dataclass(frozen=True)
class Owed:
    """One thing that should happen: what, by when, how that was worked out, and where it says so.

    `passed`: the day is over. That does not mean that it did not happen: we cannot see it.
    """

    id: str
    words: str
    by: str
    passed: bool
    steps: list[str]
    source: str
    more: str = ""


@dataclass(frozen=True)
class Moments:
    """The recording limit of one allegation, when its records must have reached us, and now."""

    limit_at: datetime
    look_after: datetime
    now: datetime


@dataclass(frozen=True)
class Coming:
    """What should happen next about one allegation, and how it stands in one sentence."""

    state: str
    owed: list[Owed] = field(default_factory=list)


def coming_for(
    allegation: Allegation,
    accepted: Sequence[Accepted],
    moments: Moments | None,
    *,
    only_fraud: bool,
    now: datetime,
) -> Coming:
    """What is owed about an allegation. `moments` is None while nobody was told."""
    version = accepted[0].version if accepted else None
    # "Filed" is where the clock counts from when it is not known when the police were told.
    is_known = allegation.clock_event != "filed"
    begun = begun_with(
        allegation.clock_starts_at if is_known else None,
        version.outcome_type if version else None,
        version.outcome_at if version else None,
    )
    clocks = work_out_rights(
        begun,
        all_rights(),
        surely_enhanced=not enhanced_categories().keys().isdisjoint(allegation.categories),
        holidays=bank_holidays(),
    )
    today = to_london(now).date()
    state = _state(accepted, moments, only_fraud=only_fraud)
    return Coming(state, [_owed(one, today) for one in clocks])


def _state(accepted: Sequence[Accepted], moments: Moments | None, *, only_fraud: bool) -> str:
    if accepted:
        return _("The police wrote it down as a crime.")
    if moments is None:
        return _("It is kept here, and nobody was told.")
    if only_fraud:
        return _("A national body deals with it, and we look for it in the police records.")
    if moments.now < moments.limit_at:
        until = say_until(moments.limit_at)
        return _("The police have until %(until)s to write it down as a crime.", until=until)
    until = say_until(moments.limit_at)
    if moments.now < moments.look_after:
        return _(
            "The police had until %(until)s to write it down, and we wait until %(later)s for "
            "their records to reach us.",
            until=until,
            later=say_moment(moments.look_after),
        )
    return _(
        "The police had until %(until)s to write it down, and we have not found a crime record.",
        until=until,
    )


def _owed(clock: RightClock, today: date) -> Owed:
    day = say_day(clock.until)
    more = ""
    if clock.enhanced is not None:
        more = _(
            "If you have Enhanced Rights, it is sooner: by the end of %(day)s. Ask the police "
            "whether you have them.",
            day=say_day(clock.enhanced.last),
        )
    return Owed(
        clock.right.id,
        _what(clock),
        _("by the end of %(day)s", day=day),
        clock.until < today,
        _steps(clock),
        clock.right.source,
        more,
    )


def _what(clock: RightClock) -> str:
    if clock.right.starts == "told":
        return _("The police should put you in touch with a service that supports victims.")
    if clock.right.starts == "charge":
        return _("The police should tell you that somebody was charged.")
    return _("The police should tell you that they stopped, and why.")


def _steps(clock: RightClock) -> list[str]:
    first = say_day(clock.count.first)
    begun = {
        "told": _("The police were told on %(day)s.", day=first),
        "charge": _("Somebody was charged on %(day)s, as the police record says.", day=first),
        "end": _("It ended on %(day)s, as the police record says.", day=first),
    }[clock.right.starts]
    counted = ngettext(
        "They have %(num)s working day. It counts from the day after.",
        "They have %(num)s working days. They count from the day after.",
        clock.days,
    ) % {"num": clock.days}
    return [begun, counted, *_passed_over(clock.count), _days(clock.count)]


def _passed_over(count: Count) -> list[str]:
    said = [_("Saturdays, Sundays and bank holidays do not count.")]
    said += [
        _("%(day)s is a bank holiday (%(name)s).", day=say_day(day), name=_(name))
        for day, name in count.holidays
    ]
    return said


def _days(count: Count) -> str:
    days = ", ".join(say_day(each) for each in count.counted)
    return _("So these days count: %(days)s.", days=days)
