"""The questions about people: who it is for, the police, your words, you, and how to reach you."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import ValidationError

from portal.clock import to_london
from portal.languages.translating import _, lazy
from portal.reports.dates import SHORT_YEAR
from portal.reports.typed_dates import TypedDate, read_date
from portal.web.choices import OneOf, Option
from portal.web.fields import LongText, ShortText
from portal.web.report.flow import for_someone_else
from portal.web.report.page_form import HIDDEN, PageForm
from portal.web.report.when import LooseDate

WORDS_LIMIT = 20_000
_DETAIL = "detail_"
_AGREES_UNKNOWING = lazy(
    "You said that they do not know about this, and that they agree. They can only agree if they "
    "know. Change one of the two answers"
)


class WhoForm(PageForm):
    """For themselves, or for someone else who knows and agrees or not."""

    who_for = OneOf(
        lazy("Who did this happen to?"),
        size=HIDDEN,
        needed=lazy("Choose whether it happened to you or to someone else"),
        options=(
            Option("self", lazy("To me")),
            Option("young", lazy("To me, and I am under 18"), lazy("We ask you less")),
            Option("other", lazy("To someone else"), reveals=("relation", "knows", "agrees")),
        ),
    )
    relation = ShortText(
        lazy("Who are you to them? (you can leave this empty)"),
        hint=lazy("For example their mother, a friend, a support worker"),
        capitals="sentences",
    )
    knows = OneOf(
        lazy("Do they know that you are doing this?"),
        options=(Option("yes", lazy("Yes")), Option("no", lazy("No"))),
    )
    agrees = OneOf(
        lazy("Do they agree?"),
        needed=lazy("Choose whether they agree. “I cannot ask them” is an answer too"),
        options=(
            Option("yes", lazy("Yes")),
            Option("no", lazy("No")),
            Option("cannot_ask", lazy("I cannot ask them"), lazy("For example a small child")),
        ),
    )

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Also ask again about an agreement of somebody who does not know."""
        super().validate(extra_validators)
        if (self.who_for.data, self.knows.data, self.agrees.data) == ("other", "no", "yes"):
            self.refuse(_AGREES_UNKNOWING, "agrees")
        return not self.error_links()


class InsiderForm(PageForm):
    """Whether someone who works for the police may be involved."""

    insider = OneOf(
        lazy("Could anyone who works for the police be involved in what happened?"),
        size=HIDDEN,
        needed=lazy("Choose one of the answers. “I would rather not say” is an answer too"),
        options=(
            Option("yes", lazy("Yes")),
            Option("no", lazy("No")),
            Option("unsure", lazy("I am not sure")),
            Option("rather_not_say", lazy("I would rather not say"), divider=lazy("or")),
        ),
    )


class WordsForm(PageForm):
    """What happened, in their own words; optional."""

    words = LongText(lazy("Your words (you can leave this empty)"), limit=WORDS_LIMIT, rows=12)


class BirthDate(LooseDate):
    """A date of birth; a year alone will do. `today` is the London date that none may pass."""

    today: date | None = None

    def check(self) -> None:
        """Raises ValidationError, in words, for a date that cannot be."""
        typed = self.typed
        found = read_date(typed["day"], typed["month"], typed["year"], whole=False)
        if not isinstance(found, TypedDate):
            self.wrong_part = found[0].part
            raise ValidationError(found[0].message)
        if found.short_year:
            self.wrong_part = "year"
            raise ValidationError(SHORT_YEAR)
        if self.today and found.first() > self.today:
            self.wrong_part = "year"
            raise ValidationError(_("That date is still to come. Check the year"))


class AboutForm(PageForm):
    """Name and date of birth; both may stay empty."""

    name = ShortText(
        lazy("Name (you can leave this empty)"), limit=200, autocomplete="name", capitals="words"
    )
    birth = BirthDate(
        lazy("Date of birth (you can leave this empty)"),
        hint=lazy("For example 31 3 1980. A year is enough"),
        autocomplete="bday",
    )

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The stored parts of the date, in their boxes."""
        parts = ("day", "month", "year")
        birth = {part: stored.get(f"birth_{part}", "") for part in parts}
        return {"name": stored.get("name", ""), "birth": birth}

    def prepare(self) -> None:
        """Ask for the person it happened to."""
        self.birth.today = to_london(self.around.now).date()
        if for_someone_else(self.around.answers):
            self.name.label.text = _("Their name (you can leave this empty)")
            self.birth.label.text = _("Their date of birth (you can leave this empty)")
            self.name.autocomplete, self.birth.autocomplete = "off", ""

    def values(self) -> dict[str, Any]:
        """The name, and the date as typed."""
        birth = {f"birth_{part}": text for part, text in self.birth.typed.items()}
        return {"name": self.name.data, **birth}


class ContactForm(PageForm):
    """A safe way to reach them: none, unless they choose one."""

    contact = OneOf(
        lazy("How could we reach you safely?"),
        size=HIDDEN,
        needed=lazy("Choose one of the answers"),
        options=(
            Option("none", lazy("Do not contact me. I will come back myself")),
            Option("email", lazy("Email"), reveals=("detail_email",)),
            Option("phone", lazy("Phone call"), reveals=("detail_phone",)),
            Option("text", lazy("Text message"), reveals=("detail_text",)),
            Option("post", lazy("Post"), reveals=("detail_post",)),
            Option(
                "someone",
                lazy("Through someone I trust"),
                lazy("For example a support worker or a friend"),
                reveals=("detail_someone",),
            ),
        ),
    )
    detail_email = ShortText(
        lazy("Email address that only you read"),
        needed=lazy("Type the email address"),
        inputmode="email",
        autocomplete="email",
    )
    detail_phone = ShortText(
        lazy("Phone number that is safe to call"),
        needed=lazy("Type the phone number"),
        kind="tel",
        autocomplete="tel",
    )
    detail_text = ShortText(
        lazy("Mobile number that is safe to text"),
        needed=lazy("Type the mobile number"),
        kind="tel",
        autocomplete="tel",
    )
    detail_post = LongText(
        lazy("Address that is safe to write to"),
        needed=lazy("Type the address"),
        limit=1000,
        rows=4,
        counted=False,
    )
    detail_someone = LongText(
        lazy("Who, and how to reach them"),
        needed=lazy("Type who it is and how to reach them"),
        limit=1000,
        rows=3,
        counted=False,
    )
    safe_times = ShortText(
        lazy("Times that are safe (you can leave this empty)"),
        hint=lazy("For example weekdays between 9am and 2pm"),
        limit=500,
        capitals="sentences",
    )

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The stored detail under the way that it belongs to; without any, none is chosen."""
        contact = stored.get("contact") or "none"
        data = {"contact": contact, "safe_times": stored.get("safe_times", "")}
        return data | {f"{_DETAIL}{contact}": stored.get("detail", "")}

    def values(self) -> dict[str, Any]:
        """The way, its one detail, and the safe times."""
        contact = self.contact.data
        detail = "" if contact == "none" else self[f"{_DETAIL}{contact}"].data
        return {"contact": contact, "detail": detail, "safe_times": self.safe_times.data}
