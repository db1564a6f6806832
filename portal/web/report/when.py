"""The question "when", with every way to answer it on one page, read by `reports.dates`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.languages.translating import _, lazy
from portal.reports.dates import NO_TIME, PARTS, Kind, Reading, When, ends_before, read_when
from portal.reports.typed_dates import Problem, full_year
from portal.web.choices import OneOf, OneOfList, Option, Tick
from portal.web.dates import DateParts
from portal.web.fields import ShortText
from portal.web.report.page_form import HIDDEN, PageForm

_PART_LABELS = {
    "early-morning": lazy("Early morning (midnight to 6am)"),
    "morning": lazy("Morning (6am to noon)"),
    "afternoon": lazy("Afternoon (noon to 6pm)"),
    "evening": lazy("Evening (6pm to midnight)"),
    "night": lazy("Night (6pm to 6am the next day)"),
}
_NOT_EXACT = lazy(
    "Type a time like 7pm or 19:30, or leave it empty. If you know the time only roughly, you can "
    "choose “I know about when” and a time of day."
)
_TIME_HINT = lazy("For example 7pm or 19:30. Leave it empty if you do not know")
_LONGEST_TIME = 20


class LooseDate(DateParts):
    """Three boxes of a date of which only a part may be known; `dates.py` judges them."""

    def check(self) -> None:
        """Nothing: a year alone can be an answer, so the form reads the boxes together."""


class WhenForm(PageForm):
    """When something happened. What is typed stays as typed."""

    kind = OneOf(
        lazy("When did it happen?"),
        size=HIDDEN,
        needed=lazy("Choose one of the answers. “I do not know” is an answer too"),
        options=(
            Option("exact", lazy("I know the date"), reveals=("exact", "exact_time")),
            Option(
                "approximate",
                lazy("I know about when"),
                lazy("A day, a month or a year is enough"),
                reveals=("about", "part"),
            ),
            Option(
                "range",
                lazy("Between two dates"),
                lazy("For something that went on for a while, or if you found out later"),
                reveals=("start", "start_time", "end", "end_time"),
            ),
            Option("unknown", lazy("I do not know"), divider=lazy("or")),
            Option("rather-not-say", lazy("I would rather not say")),
        ),
    )
    exact = LooseDate(lazy("Date"), hint=lazy("For example 27 3 2026"))
    exact_time = ShortText(
        lazy("Time, if you know it"), hint=_TIME_HINT, width=10, limit=_LONGEST_TIME
    )
    about = LooseDate(
        lazy("About when"), hint=lazy("Leave the day empty, or the day and month, if not sure")
    )
    part = OneOfList(
        lazy("Time of day"),
        prompt=lazy("I am not sure"),
        options=tuple(Option(part, _PART_LABELS[part]) for part in PARTS),
    )
    start = LooseDate(lazy("From"), hint=lazy("A month or a year is enough"))
    start_time = ShortText(lazy("Time, if you know it"), width=10, limit=_LONGEST_TIME)
    end = LooseDate(lazy("To"), hint=lazy("A month or a year is enough"))
    end_time = ShortText(lazy("Time, if you know it"), width=10, limit=_LONGEST_TIME)

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Put the stored answer into the boxes of its kind."""
        when = When.from_data({key: str(value) for key, value in stored.items()})
        first = {"day": when.day, "month": when.month, "year": when.year}
        last = {"day": when.to_day, "month": when.to_month, "year": when.to_year}
        data: dict[str, Any] = {"kind": when.kind}
        if when.kind == Kind.EXACT:
            data |= {"exact": first, "exact_time": when.time}
        elif when.kind == Kind.APPROXIMATE:
            data |= {"about": first, "part": when.part}
        elif when.kind == Kind.RANGE:
            data |= {"start": first, "start_time": when.time}
            data |= {"end": last, "end_time": when.to_time}
        return data

    def answer(self) -> When:
        """The answer as it stands in the boxes of the chosen kind."""
        if self.kind.data == Kind.EXACT:
            return When(self.kind.data, **self.exact.typed, time=self.exact_time.data)
        if self.kind.data == Kind.APPROXIMATE:
            return When(self.kind.data, **self.about.typed, part=self.part.data)
        if self.kind.data == Kind.RANGE:
            last = {f"to_{part}": text for part, text in self.end.typed.items()}
            return When(
                self.kind.data,
                **self.start.typed,
                time=self.start_time.data,
                **last,
                to_time=self.end_time.data,
            )
        return When(self.kind.data)

    def values(self) -> dict[str, Any]:
        """The answer as `reports.dates` keeps it, with the years as they were understood."""
        data = self.answer().as_data()
        return data | {name: full_year(data[name]) for name in ("year", "to_year")}

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Also read the boxes together, and lead to the first that is wrong."""
        if not super().validate(extra_validators):
            return False
        for problem in self.read(now=self.around.now).problems:
            self._show(problem)
        return not self.error_links()

    def read(self, *, now: datetime) -> Reading:
        """What the answer means."""
        return read_when(self.answer(), now=now)

    def _show(self, problem: Problem) -> None:
        last = problem.part.startswith("to_")
        box = problem.part.removeprefix("to_")
        names = {
            Kind.EXACT: ("exact", "exact_time"),
            Kind.APPROXIMATE: ("about", "part"),
            Kind.RANGE: ("end", "end_time") if last else ("start", "start_time"),
        }
        date_name, time_name = names.get(Kind(self.kind.data), ("kind", "kind"))
        if box in ("day", "month", "year"):
            boxes = self[date_name]
            if isinstance(boxes, LooseDate) and not boxes.errors:
                boxes.wrong_part = box
            self.refuse(problem.message, date_name)
        elif problem.message == NO_TIME and self.kind.data == Kind.EXACT:
            self.refuse(_NOT_EXACT, time_name)
        else:
            self.refuse(problem.message, "kind" if box == "kind" else time_name)


class ToldForm(WhenForm):
    """When the police were told. Before it happened is possible, and is asked about."""

    sure = Tick(
        lazy("You told them before it happened. Is that right?"),
        says=lazy("Yes, that is right"),
        hint=lazy("Go back to change when it happened, or change the date above"),
        needed=lazy(
            "You told them before it happened. Change a date, or tick the box if that is right"
        ),
    )

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The stored answer, and whether the order was confirmed."""
        return super().load(stored) | {"sure": ["yes"] if stored.get("sure") else []}

    def prepare(self) -> None:
        """Ask about the telling, not about the event; about the order only if it is odd."""
        self.kind.label.text = _("When did you tell the police?")
        if not self.is_early():
            del self["sure"]

    def is_early(self) -> bool:
        """Whether all of the told time lies before something that happened, both being known."""
        now, told = self.around.now, self.read(now=self.around.now).interval
        for one in self.around.answers.get("allegations") or []:
            when = When.from_data({key: str(text) for key, text in (one.get("when") or {}).items()})
            happened = read_when(when, now=now).interval
            if told and happened and ends_before(told, happened):
                return True
        return False

    def values(self) -> dict[str, Any]:
        """The answer, and that its odd order is right."""
        return super().values() | ({"sure": "yes"} if "sure" in self else {})
