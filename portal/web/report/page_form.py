"""What the form of every question shares: how it is filled from, and given back to, a draft."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from portal.web.forms import PlainForm
from portal.web.language import typed_before_switching

HIDDEN = "s govuk-visually-hidden"
"""The size of a question that the page's own heading already asks: only screen readers need it."""


@dataclass(frozen=True)
class Around:
    """What a question may need to know beside its own answer.

    `number` is the allegation it is about (0: all); `agreed` are the forces that take reports
    from us; `now` is the instant at which the page is asked.
    """

    answers: Mapping[str, Any] = field(repr=False)
    number: int
    agreed: frozenset[str]
    now: datetime

    def allegation(self) -> Mapping[str, Any]:
        """The answers about the allegation in question; empty before its first one."""
        told = self.answers.get("allegations") or []
        return told[self.number - 1] if 0 < self.number <= len(told) else {}


class PageForm(PlainForm):
    """One question's form."""

    around: Around
    typed_before = False

    @classmethod
    def make(
        cls,
        stored: Mapping[str, Any],
        around: Around,
        typed: MultiDict[str, str] | None = None,
    ) -> Self:
        """The form, filled with what is posted, or else with what is stored.

        `typed` was posted before and could not be saved: it is shown again with what is wrong.
        """
        in_the_form = typed_before_switching() or typed
        if in_the_form is None:
            form = cls(data=cls.load(stored))
        else:
            # It is shown and not saved, and whoever sends it next has a token of their own.
            form = cls(formdata=in_the_form, data=cls.load(stored), meta={"csrf": False})
            form.typed_before = True
        form.around = around
        form.prepare()
        if typed is not None:
            form.validate()
        return form

    def is_submitted(self) -> bool:
        """Whether the fields hold what a person typed, now or before."""
        return self.typed_before or bool(super().is_submitted())

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The stored answers as the data of the fields."""
        return dict(stored)

    def prepare(self) -> None:
        """Fit the question to the other answers: options, labels, what is chosen already."""

    def values(self) -> dict[str, Any]:
        """The answers to keep, by name."""
        return self.answers()
