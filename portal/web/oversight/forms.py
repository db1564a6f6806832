"""The forms of oversight: narrowing a list, acting on an alert, opening a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request

from portal.accounts.models import Account
from portal.clock import LONDON
from portal.oversight.queries import FORCE_NOT_KNOWN, Wanted, WantedUnmatched
from portal.reference.forces import all_forces
from portal.web.choices import OneOf, OneOfList, Option
from portal.web.dates import PARTS, DateParts
from portal.web.fields import LongText
from portal.web.forms import PlainForm
from portal.web.oversight import words

MOST_FOR_ACTION = 4000  # characters, as the lifecycle of alerts takes them
MOST_FOR_LOOK = 1000
_FORCES = (
    *(Option(force.id, force.short_name) for force in all_forces()),
    Option(FORCE_NOT_KNOWN, "Not known which"),
)


def _options(names: Mapping[str, str]) -> list[Option]:
    return [Option(key, name) for key, name in names.items()]


class Filters(PlainForm):
    """What both lists can be narrowed by. The form is sent by GET, so that a list has an address.

    Only an inspector sees more than one force.
    """

    @classmethod
    def from_address(cls, account: Account) -> Any:  # noqa: ANN401 - each form of its own kind
        """The filters that the page's address holds."""
        form = cls(request.args, meta={"csrf": False})
        if account.role != "inspector":
            del form["force"]
        form.validate()
        return form

    @property
    def is_used(self) -> bool:
        """Whether anything is narrowed, or wrong."""
        return bool(self.error_links()) or any(self.answers().values())

    def names_sent(self) -> list[str]:
        """The names under which a browser sends the answers."""
        return [
            name
            for field in self
            for name in (
                [f"{field.name}-{part}" for part in PARTS]
                if isinstance(field, DateParts)
                else [field.name]
            )
        ]

    def asked(self) -> dict[str, Any]:
        """What is asked for; the days become the instants at which they begin and end."""
        given = {name: value for name, value in self.answers().items() if not self[name].errors}
        since, until = given.pop("since", None), given.pop("until", None)
        return {
            **{name: value or "" for name, value in given.items()},
            "since": _midnight(since) if since else None,
            "until": _midnight(until, days_later=1) if until else None,
        }


class AlertFilters(Filters):
    """Narrowing the list of alerts."""

    kind = OneOfList("Kind", options=_options(words.KINDS), prompt="Every kind")
    state = OneOfList(
        "State",
        options=[*_options(words.STATES), Option("any", "Every state, resolved too")],
        prompt="All that wait",
    )
    stage = OneOfList("Stage", options=_options(words.STAGES), prompt="Every stage")
    force = OneOfList("Force", options=_FORCES, prompt="Every force")
    since = DateParts("Raised on or after")
    until = DateParts("Raised on or before")

    def wanted(self) -> Wanted:
        """What the list is narrowed to."""
        return Wanted(**self.asked())


class UnmatchedFilters(Filters):
    """Narrowing the list of what has no record."""

    limit = OneOfList(
        "Recording limit",
        options=(Option("passed", "Passed"), Option("running", "Still running")),
        prompt="Passed or not",
    )
    candidates = OneOfList(
        "Possible match",
        options=(Option("waiting", "Waits for a person"), Option("none", "None")),
        prompt="With or without",
    )
    force = OneOfList("Force", options=_FORCES, prompt="Every force")
    since = DateParts("Told on or after")
    until = DateParts("Told on or before")

    def wanted(self) -> WantedUnmatched:
        """What the list is narrowed to."""
        return WantedUnmatched(**self.asked())


_ACTIONS = {
    "acknowledge": Option(
        "acknowledge", "Acknowledge it", hint="You take it on. Say what you will do first"
    ),
    "ask": Option(
        "ask",
        "Note a question to the force",
        hint="Your question goes on record here. It is not sent: ask the force in your usual way",
    ),
    "comment": Option("comment", "Comment"),
    "propose": Option("propose", "Propose what to do", hint="A PCC office or an inspector decides"),
    "resolve": Option(
        "resolve", "Resolve it", hint="It stays on record and in the log. Nothing is deleted"
    ),
}


class ActForm(PlainForm):
    """Doing one thing about an alert, with a reason."""

    action = OneOf("What do you want to do?", needed="Choose what you want to do")
    reason = LongText(
        "Your reason, question or comment",
        hint="Name nobody. Oversight can read it here, and the log holds proof of what it says",
        needed="Write a reason, in a sentence",
        limit=MOST_FOR_ACTION,
        rows=5,
    )

    def offer(self, actions: Iterable[str]) -> None:
        """Offer these actions; a single one is chosen already."""
        self.action.options = [_ACTIONS[name] for name in actions]
        if not self.is_submitted() and len(self.action.options) == 1:
            self.action.data = self.action.options[0].value


class OpenForm(PlainForm):
    """The reason for opening what a person wrote."""

    reason = LongText(
        "Why do you need to open it?",
        hint="The person it belongs to can read this",
        needed="Say why you need to open it",
        limit=MOST_FOR_LOOK,
        rows=4,
    )


def _midnight(day: date, *, days_later: int = 0) -> datetime:
    try:
        return datetime.combine(day + timedelta(days=days_later), time(), LONDON).astimezone(UTC)
    except OverflowError:
        # After the last day that there is comes no other.
        return datetime.max.replace(tzinfo=UTC)
