"""The forms of signing in, of accounts and of what forces agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.accounts.passwords import LEAST_LENGTH
from portal.clock import LONDON
from portal.police.mappings import all_mappings
from portal.reference.forces import all_forces
from portal.reference.models import ForceTerms
from portal.web.account.words import ROLES
from portal.web.choices import OneOf, OneOfList, Option
from portal.web.dates import DateParts
from portal.web.fields import Secret, ShortText
from portal.web.forms import PlainForm

AS_AGREED = "none"
_MOST_PASSWORD = 1000
_HOURS_IN_A_YEAR = 24 * 366
_GOOD_PASSWORD = (
    f"At least {LEAST_LENGTH} characters. Three or more words that do not belong together are "
    "easy to remember and hard to guess"
)


class SignInForm(PlainForm):
    """E-mail address and password."""

    email = ShortText(
        "E-mail address",
        inputmode="email",
        autocomplete="username",
        needed="Write your e-mail address",
    )
    password = Secret("Password", limit=_MOST_PASSWORD, needed="Write your password")


class _NewPassword(PlainForm):
    """A new password, typed twice because nobody can see what they typed."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """As every form, and both new passwords are the same."""
        super().validate(extra_validators)
        new, again = self["new_password"], self["again_password"]
        if not new.errors and not again.errors and new.data != again.data:
            self.refuse("The two new passwords differ. Type both again", "new_password")
        return not self.error_links()


class ChoosePasswordForm(_NewPassword):
    """A password of one's own in place of the one that an administrator gave."""

    email = ShortText(
        "E-mail address",
        inputmode="email",
        autocomplete="username",
        needed="Write your e-mail address",
    )
    password = Secret(
        "The password that you were given",
        limit=_MOST_PASSWORD,
        needed="Write the password that you were given",
    )
    new_password = Secret(
        "Your new password",
        limit=_MOST_PASSWORD,
        autocomplete="new-password",
        hint=_GOOD_PASSWORD,
        needed="Write a new password",
    )
    again_password = Secret(
        "Your new password again",
        limit=_MOST_PASSWORD,
        autocomplete="new-password",
        needed="Write the new password again",
    )


class ChangePasswordForm(_NewPassword):
    """Another password."""

    password = Secret(
        "Your password now", limit=_MOST_PASSWORD, needed="Write the password that you have now"
    )
    new_password = Secret(
        "New password",
        limit=_MOST_PASSWORD,
        autocomplete="new-password",
        hint=_GOOD_PASSWORD,
        needed="Write a new password",
    )
    again_password = Secret(
        "New password again",
        limit=_MOST_PASSWORD,
        autocomplete="new-password",
        needed="Write the new password again",
    )


class PersonForm(PlainForm):
    """A new account."""

    name = ShortText("Name", needed="Write the person’s name")
    email = ShortText(
        "E-mail address", kind="email", hint="They sign in with it", needed="Write the address"
    )
    organisation = ShortText("Organisation", needed="Write the name of the organisation")
    role = OneOf(
        "What may they do?",
        needed="Choose what they may do",
        options=[Option(role.key, role.name, hint=role.may) for role in ROLES],
    )
    force = OneOfList(
        "Force",
        hint="Only for a force liaison, a force crime registrar or a PCC office",
        prompt="No force",
        options=[Option(force.id, force.full_name) for force in all_forces()],
    )


class TermsForm(PlainForm):
    """What one force has agreed."""

    inbox = OneOf(
        "Has the force agreed that a report counts as received when it reaches its inbox here?",
        needed="Choose yes or no",
        options=(
            Option("yes", "Yes, in writing", reveals=("since",)),
            Option("no", "No", hint="Nobody can pass a report to this force through us"),
        ),
    )
    since = DateParts(
        "Since which day?",
        hint="For example, 1 4 2026",
        needed="Write the day of the agreement",
    )
    notice_address = ShortText(
        "E-mail address for notices",
        kind="email",
        hint="A notice says only that there is something to read here. An inbox needs one",
    )
    interval = ShortText(
        "How often are its records supplied, in hours?",
        hint="24 for every day, 168 for every week. Leave it empty if none are",
        inputmode="numeric",
        width=5,
    )
    mapping = OneOf(
        "How are its files of records written?",
        hint="It counts from the next file on. Files that were taken stay as they are",
        options=(
            Option(AS_AGREED, "In the format that we publish"),
            *(Option(name, one.title) for name, one in all_mappings().items()),
        ),
    )

    @classmethod
    def of(cls, terms: ForceTerms | None, mapping: str | None) -> TermsForm:
        """The form, filled with what is posted or else with the terms so far."""
        if terms is None:
            return cls(data={"mapping": mapping or AS_AGREED})
        agreed = terms.inbox_agreed_at
        return cls(
            data={
                "inbox": "yes" if agreed else "no",
                "since": agreed.astimezone(LONDON).date() if agreed else None,
                "notice_address": terms.notice_address,
                "interval": terms.supply_interval_hours,
                "mapping": mapping or AS_AGREED,
            }
        )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """As every form, and the interval is a whole number of hours up to a year."""
        super().validate(extra_validators)
        typed = self["interval"].data
        is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len("9999")
        if typed and not (is_number and 1 <= int(typed) <= _HOURS_IN_A_YEAR):
            self.refuse("Write a whole number of hours, from 1 to 8,784", "interval")
        address = self["notice_address"].data
        if address and ("@" not in address or " " in address):
            self.refuse("Write the address like name@example.org", "notice_address")
        return not self.error_links()

    @property
    def chosen(self) -> str | None:
        """The mapping that was chosen; None for the published format."""
        name = str(self["mapping"].data)
        return None if name == AS_AGREED else name

    def terms(self) -> dict[str, Any]:
        """The terms as `reference.terms.set_terms` takes them; a day begins at London midnight."""
        answers = self.answers()
        since: date | None = answers.get("since")
        agreed = datetime(since.year, since.month, since.day, tzinfo=LONDON) if since else None
        return {
            "inbox_agreed_at": agreed,
            "notice_address": answers["notice_address"] or None,
            "supply_interval_hours": int(answers["interval"]) if answers["interval"] else None,
        }
