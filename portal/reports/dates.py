"""When something happened, as a victim can say it, and the stretch of time which that means.

"That evening", "about the 3rd", "some time in 2019" and "I don't know" are answers. Everything is
read as a clock in London showed it and kept in UTC; days of 23 and 25 hours come out right.
"""

from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self

from portal.clock import LONDON, to_london
from portal.languages.translating import _, lazy, noted
from portal.reports.typed_dates import Problem, TypedDate, read_date, read_time, say_time

NOT_YET = lazy("That is still to come. Check the date.")
SHORT_YEAR = lazy("Type all 4 figures of the year, like 1998.")
NO_TIME = lazy("Type a time like 7pm or 19:30. Leave it empty if you are not sure.")
ABOUT = timedelta(days=3)


class Kind(StrEnum):
    """The ways to answer "when"."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    RANGE = "range"
    UNKNOWN = "unknown"
    NOT_SAID = "rather-not-say"


@dataclass(frozen=True)
class Part:
    """A part of a day: hours from and to, counted from its midnight, and how to say it."""

    from_hour: int
    to_hour: int
    words: str


PARTS = {
    "early-morning": Part(0, 6, noted("the early morning of %(day)s (about)")),
    "morning": Part(6, 12, noted("the morning of %(day)s (about)")),
    "afternoon": Part(12, 18, noted("the afternoon of %(day)s (about)")),
    "evening": Part(18, 24, noted("the evening of %(day)s (about)")),
    "night": Part(18, 30, noted("the night of %(day)s (about)")),
}


@dataclass(frozen=True)
class Interval:
    """A stretch of time in UTC. The two ends are equal when the moment is known.

    A stretch includes its first instant and not its last: the evening of the 3rd ends where the
    4th begins, and the two do not overlap. Raises ValueError for ends out of order or naive.
    """

    earliest: datetime
    latest: datetime

    def __post_init__(self) -> None:
        if self.earliest.tzinfo is None or self.latest.tzinfo is None:
            raise ValueError("an interval needs times with a zone")
        if self.latest < self.earliest:
            raise ValueError("an interval cannot end before it begins")

    @property
    def length(self) -> timedelta:
        """From the first end to the last; zero when the moment is known."""
        return self.latest - self.earliest


@dataclass(frozen=True)
class When:
    """An answer to "when", as typed. Empty boxes are empty strings.

    `part` is a key of `PARTS`, "about" (3 days either side), or "". The `to_` boxes are for ranges.
    """

    kind: str
    day: str = ""
    month: str = ""
    year: str = ""
    time: str = ""
    part: str = ""
    to_day: str = ""
    to_month: str = ""
    to_year: str = ""
    to_time: str = ""

    @classmethod
    def from_data(cls, data: dict[str, str]) -> Self:
        """The answer that `as_data` gave, or a form's; keys of other questions are left out."""
        names = {field.name for field in fields(cls)}
        kept = {key: value for key, value in data.items() if key in names}
        return cls(**{"kind": "", **kept})

    @property
    def has_time(self) -> bool:
        """Whether it says at what time of its first day it began, be it by a part of that day."""
        if self.kind == Kind.APPROXIMATE:
            return self.part in PARTS
        return self.kind in (Kind.EXACT, Kind.RANGE) and bool(self.time.strip())

    def as_data(self) -> dict[str, str]:
        """The boxes as plain data, for a sealed draft."""
        return asdict(self)


@dataclass(frozen=True)
class Reading:
    """What an answer means. `interval` is None when it is unknown, or when there are problems.

    `notes` say in plain words what had to be decided for the person, so that they can change it.
    """

    interval: Interval | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Side:
    """One date with its time or part of day, as the instants it can mean."""

    typed: TypedDate
    interval: Interval
    notes: tuple[str, ...] = ()


def read_when(answer: When, *, now: datetime) -> Reading:
    """What the answer means at `now`: an interval, "unknown", or everything to put right.

    A date still to come is refused; what would end after `now` is cut there.
    """
    if answer.kind in (Kind.UNKNOWN, Kind.NOT_SAID):
        return Reading()
    if answer.kind == Kind.RANGE:
        return _read_range(answer, now)
    if answer.kind not in (Kind.EXACT, Kind.APPROXIMATE):
        return Reading(problems=(Problem("kind", _("Choose one of the answers.")),))
    side = _read_exact(answer) if answer.kind == Kind.EXACT else _read_approximate(answer)
    if not isinstance(side, _Side):
        return Reading(problems=tuple(side))
    late = _still_to_come(side, answer, now)
    if late:
        return Reading(problems=(late,))
    return Reading(_cut(side.interval.earliest, side.interval.latest, now), notes=side.notes)


def _read_exact(answer: When) -> _Side | list[Problem]:
    return _read_side(answer.day, answer.month, answer.year, answer.time, whole=True)


def _read_approximate(answer: When) -> _Side | list[Problem]:
    found = read_date(answer.day, answer.month, answer.year, whole=bool(answer.part))
    wrong_part = answer.part not in ("", "about", *PARTS)
    if not isinstance(found, TypedDate) or wrong_part:
        problems = [] if isinstance(found, TypedDate) else found
        return problems + [Problem("part", _("Choose a part of the day."))] * wrong_part
    if answer.part in PARTS:
        part = PARTS[answer.part]
        start, end = _hours(found.first(), part.from_hour), _hours(found.first(), part.to_hour)
        return _Side(found, Interval(start, end))
    around = ABOUT if found.day else timedelta()
    start, end = _midnight(found.first() - around), _midnight(found.after() + around)
    return _Side(found, Interval(start, end))


def _read_range(answer: When, now: datetime) -> Reading:
    first = _read_side(answer.day, answer.month, answer.year, answer.time, whole=False)
    last = _read_side(
        answer.to_day, answer.to_month, answer.to_year, answer.to_time, prefix="to_", whole=False
    )
    problems: list[Problem] = []
    for side, prefix in ((first, ""), (last, "to_")):
        if isinstance(side, _Side):
            late = _still_to_come(side, answer, now, prefix)
            problems += [late] if late else []
        else:
            problems += side
    if problems or not (isinstance(first, _Side) and isinstance(last, _Side)):
        return Reading(problems=tuple(problems))
    if ends_before(last.interval, first.interval):
        box = "to_time" if last.typed == first.typed else "to_day"
        return Reading(problems=(Problem(box, _("The end is before the start. Check both.")),))
    notes = tuple(dict.fromkeys(first.notes + last.notes))
    return Reading(_cut(first.interval.earliest, last.interval.latest, now), notes=notes)


def ends_before(last: Interval, first: Interval) -> bool:
    """Whether all of `last` lies before `first`. Two moments at once do not."""
    touching = last.latest == first.earliest and last.length
    return last.latest < first.earliest or bool(touching)


def _read_side(
    day: str, month: str, year: str, clock: str, *, prefix: str = "", whole: bool
) -> _Side | list[Problem]:
    found = read_date(day, month, year, prefix=prefix, whole=whole or bool(clock.strip()))
    at = read_time(clock)
    problems = [] if isinstance(found, TypedDate) else found
    if clock.strip() and at is None:
        problems = [*problems, Problem(f"{prefix}time", NO_TIME)]
    if problems or not isinstance(found, TypedDate):
        return problems
    if at is None:
        return _Side(found, Interval(_midnight(found.first()), _midnight(found.after())))
    return _at(found, at)


def _at(found: TypedDate, at: time) -> _Side:
    """A time that the clocks skip moves forward; one that they show twice covers both."""
    shown = datetime.combine(found.first(), at)
    first, second = (shown.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if second < first:
        used = say_time(to_london(first).time())
        note = _(
            "The clocks went forward that night, so they never showed %(typed)s. We have used "
            "%(used)s.",
            typed=say_time(at),
            used=used,
        )
        return _Side(found, Interval(first, first), (note,))
    if first < second:
        note = _(
            "The clocks went back that night, so they showed %(typed)s twice. We have counted "
            "both.",
            typed=say_time(at),
        )
        return _Side(found, Interval(first, second), (note,))
    return _Side(found, Interval(first, first))


def _hours(day: date, hour: int) -> datetime:
    """The instant when a London clock shows `hour` of that day; hours of 24 on are the next."""
    shown = datetime.combine(day + timedelta(days=hour // 24), time(hour % 24))
    return shown.replace(tzinfo=LONDON).astimezone(UTC)


def _midnight(day: date) -> datetime:
    return _hours(day, 0)


def _cut(earliest: datetime, latest: datetime, now: datetime) -> Interval:
    return Interval(min(earliest, now), min(latest, now))


def _still_to_come(side: _Side, answer: When, now: datetime, prefix: str = "") -> Problem | None:
    typed, today = side.typed, to_london(now).date()
    if typed.first() <= today and side.interval.earliest <= now:
        return None
    if typed.first() <= today:
        box = "time" if prefix or answer.kind != Kind.APPROXIMATE else "part"
        return Problem(f"{prefix}{box}", _("That time is still to come. Check the time."))
    if typed.year > today.year:
        return Problem(f"{prefix}year", SHORT_YEAR if typed.short_year else NOT_YET)
    if typed.month is not None and (typed.day is None or typed.month > today.month):
        return Problem(f"{prefix}month", NOT_YET)
    return Problem(f"{prefix}day", NOT_YET)
