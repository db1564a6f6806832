"""The questions about a report that was kept and is now told or passed on."""

from collections.abc import Mapping
from typing import Any

from portal.languages.translating import lazy
from portal.reports.filing import is_agreed, may_pass, needs_consent_now, with_consent
from portal.web.choices import OneOf, Option
from portal.web.report.forms_way import PassForm, ToldHowForm, likely_force
from portal.web.report.page_form import PageForm
from portal.web.report.when import ToldForm

_NO_LONGER_ASKED = "agrees_now"
_NOT_WITHOUT_THEM = lazy(
    "This cannot be sent while they do not agree. It stays here, and nobody is told"
)
_NOT_PASSED = lazy(
    "We pass it to the police only if they say yes. If you told the police yourself, go back and "
    "say that. Else it stays here, and nobody is told"
)


class ConsentForm(PageForm):
    """Whether the person it happened to agrees now, when they did not or could not before."""

    not_enough = _NOT_WITHOUT_THEM
    agrees_now = OneOf(
        lazy("Does the person it happened to agree now?"),
        hint=lazy(
            "When you sent this, you said that they did not agree, or that you could not ask them"
        ),
        needed=lazy("Choose whether they agree now"),
        options=(
            Option("yes", lazy("Yes, they agree now")),
            Option("no", lazy("No")),
            Option("cannot_ask", lazy("I cannot ask them"), lazy("For example a small child")),
        ),
    )

    def prepare(self) -> None:
        """Ask only where the answer given before was not "yes"."""
        if not needs_consent_now(self.around.answers):
            del self[_NO_LONGER_ASKED]

    @property
    def consent(self) -> str:
        """What was answered; "" when it did not need to be asked."""
        return str(self.agrees_now.data) if _NO_LONGER_ASKED in self else ""

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Also refuse what the person it happened to does not want."""
        super().validate(extra_validators)
        agreed = self.is_enough(with_consent(self.around.answers, self.consent))
        if self.consent and not agreed and not self.agrees_now.errors:
            self.refuse(self.not_enough, _NO_LONGER_ASKED)
        return not self.error_links()

    def is_enough(self, answers: Mapping[str, Any]) -> bool:
        """Whether it can be sent with what the person it happened to says now."""
        return is_agreed(answers)


class TellForm(ConsentForm, ToldForm, ToldHowForm):
    """When and how the police were told, in one."""

    def prepare(self) -> None:
        """Ask about the telling; choose the likely force beforehand."""
        ConsentForm.prepare(self)
        ToldForm.prepare(self)
        self.kind.size = "m"
        if not self.is_submitted() and not self.force.data:
            self.force.data = likely_force(self.around.answers)

    def how(self) -> dict[str, str]:
        """The answers about how, as a draft keeps them."""
        names = ("channel", "force", "incident_number", "crime_reference", "officer")
        return {name: str(self[name].data) for name in names}


class LaterPassForm(ConsentForm, PassForm):
    """Which agreed force to pass it to, and the consent without which nothing is passed."""

    not_enough = _NOT_PASSED

    def is_enough(self, answers: Mapping[str, Any]) -> bool:
        """Whether they said yes: nothing else will do for passing it on."""
        return may_pass(answers)

    def prepare(self) -> None:
        """Offer the forces that agreed."""
        ConsentForm.prepare(self)
        PassForm.prepare(self)
