"""What a liaison is asked: why something is opened, what is answered, what a file holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.errors import Refused
from portal.police.period import read_end, read_start
from portal.police.service import Declaration
from portal.reference.forces import all_forces
from portal.web.choices import OneOf, OneOfList, Option
from portal.web.fields import FileChoice, LongText, ShortText
from portal.web.force.upload import LARGEST_FILE
from portal.web.forms import PlainForm

_MOST_DIGITS = 9


class OpenForm(PlainForm):
    """Why it is opened. The person it belongs to reads the answer."""

    reason = LongText(
        "Why do you need to open it?",
        hint="The person it belongs to can read this, with the time and the name of your force",
        needed="Write why you need to open it",
        limit=1000,
        rows=3,
    )


class AnswerForm(PlainForm):
    """What the force says of it: a claim, kept with its time."""

    crime_reference = ShortText(
        "Crime reference number, if there is one",
        hint="For example, 54/12345/26",
        limit=100,
        width=20,
    )
    words = LongText(
        "What do you want to say?",
        hint="The person it belongs to can read this",
        limit=4000,
        rows=5,
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """As every form, and not both answers may stay empty."""
        super().validate(extra_validators)
        if not self["crime_reference"].data and not self["words"].data:
            self.refuse("Write a crime reference number, or say something", "crime_reference")
        return not self.error_links()


class TakeForm(PlainForm):
    """Nothing to fill in: a button to take a file that was looked at, and one to drop it."""


class SupplyForm(PlainForm):
    """A file of records and what the force declares of it. Administrators name the force."""

    force = OneOfList(
        "Whose records are these?",
        needed="Choose the force",
        prompt="Choose a force",
        options=[Option(force.id, force.full_name) for force in all_forces()],
    )
    file = FileChoice(
        "The file",
        accept=".csv,text/csv",
        hint=f"A CSV file in UTF-8. {LARGEST_FILE}",
        needed="Choose the file",
    )
    covers_from = ShortText(
        "It covers records made from",
        hint="A day in London, such as 2026-01-31 or 31/01/2026",
        needed="Write the first day that the file covers",
        width=20,
    )
    covers_to = ShortText(
        "It covers records made up to",
        hint="The last day, which is included, or a day and time such as 2026-01-31 14:30",
        needed="Write the last day, or the time, up to which the file covers records",
        width=20,
    )
    kind = OneOf(
        "Does it hold every record of that period?",
        needed="Choose what the file holds",
        options=(
            Option("full", "Yes, every record", hint="A record that is missing will be noticed"),
            Option("changes", "No, only new and changed records"),
        ),
    )
    rows = ShortText(
        "How many rows does it hold?",
        hint="Without the row of column names. If the number differs, nothing is taken",
        needed="Write how many rows the file holds",
        inputmode="numeric",
        width=10,
    )

    @classmethod
    def for_force(cls, force_id: str | None) -> SupplyForm:
        """The form of a liaison, whose force is known, or of an administrator (None)."""
        form = cls()
        if force_id is not None:
            del form.force
        return form

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """As every form, and the period and the number can be read."""
        super().validate(extra_validators)
        for name, read in (("covers_from", read_start), ("covers_to", read_end)):
            self._check_time(name, read)
        typed = self._digits()
        if self["rows"].data and not (typed.isascii() and typed.isdecimal()):
            self.refuse("Write the number of rows in digits", "rows")
        elif len(typed) > _MOST_DIGITS:
            self.refuse("A file cannot hold so many rows", "rows")
        return not self.error_links()

    def declaration(self) -> Declaration:
        """What was declared, once `validate` has accepted it."""
        return Declaration(
            covers_from=read_start(self["covers_from"].data),
            covers_to=read_end(self["covers_to"].data),
            is_full=self["kind"].data == "full",
            rows=int(self._digits()),
        )

    def _digits(self) -> str:
        return "".join(self["rows"].data.replace(",", " ").split())

    def _check_time(self, name: str, read: Callable[[str], datetime]) -> None:
        if not self[name].data or self[name].errors:
            return
        try:
            read(self[name].data)
        except Refused as refused:
            self.refuse(refused.message.removesuffix("."), name)
