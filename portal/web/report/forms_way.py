"""The questions about what to do with it: the three ways in, how police were told, passing on."""

from collections.abc import Mapping
from typing import Any

from portal.languages.translating import lazy
from portal.reference.forces import Force, all_forces
from portal.reports.filing import force_at, may_pass
from portal.web.choices import OneOf, OneOfList, Option, Tick
from portal.web.fields import ShortText
from portal.web.report.flow import does_not_agree, is_young, police_involved
from portal.web.report.forms_event import UNSURE, force_options
from portal.web.report.page_form import HIDDEN, Around, PageForm

_TOLD = Option("told", lazy("I have already told the police"))
_PASS = Option("pass", lazy("Pass it to the police for me"))
_KEEP = Option("keep", lazy("Keep it here for now"))
_WITH_HINTS = {
    "told": lazy(
        "You tell us when and how. The police then have a time limit to write it down as a "
        "crime. The limit counts from when you told them."
    ),
    "pass": lazy(
        "We put it in the inbox of a police force that you choose. Their time limit counts "
        "from that moment, whenever they open it."
    ),
    "keep": lazy(
        "Nobody is told. No time limit starts. You get a receipt that shows it was here. You "
        "can tell the police later, or never."
    ),
}


def agreed_forces(around: Around) -> list[Force]:
    """The forces that a report can be passed to, by name."""
    return [force for force in all_forces() if force.id in around.agreed]


class WayForm(PageForm):
    """Which of the three ways in. Nothing is chosen beforehand."""

    way = OneOf(
        lazy("What do you want us to do?"),
        size=HIDDEN,
        needed=lazy("Choose what you want us to do"),
        options=(_TOLD, _PASS, _KEEP),
    )

    def prepare(self) -> None:
        """Offer only what can be done."""
        offered = [_TOLD, _PASS, _KEEP]
        if does_not_agree(self.around.answers):
            offered = [_KEEP]
        elif not self.around.agreed or not may_pass(self.around.answers):
            offered = [_TOLD, _KEEP]
        self.way.options = tuple(
            Option(each.value, each.label, _WITH_HINTS[each.value]) for each in offered
        )


class ToldHowForm(PageForm):
    """How police were told. Every answer may stay empty."""

    channel = OneOf(
        lazy("How did you tell them? (you can leave this empty)"),
        options=(
            Option("999", lazy("I called 999")),
            Option("101", lazy("I called 101")),
            Option("online", lazy("On a police website")),
            Option("station", lazy("At a police station")),
            Option("in_person", lazy("An officer came, or I spoke to one somewhere else")),
            Option("other", lazy("Another way")),
        ),
    )
    force = OneOfList(
        lazy("Which police force did you tell?"),
        prompt=lazy("I am not sure"),
        options=force_options(),
    )
    incident_number = ShortText(
        lazy("Incident number, if they gave you one"),
        hint=lazy(
            "It shows that they logged your call. It is often a number and a date. Not sure which "
            "number it is? Put it in either box. We look for both"
        ),
        width=20,
        limit=100,
    )
    crime_reference = ShortText(
        lazy("Crime reference number, if they gave you one"),
        hint=lazy(
            "It shows that they wrote it down as a crime. It often has letters and a year. Not "
            "sure which number it is? Put it in either box. We look for both"
        ),
        width=20,
        limit=100,
    )
    officer = ShortText(
        lazy("Name or number of the officer, if you know it"), limit=200, width=20, spellcheck=False
    )

    def prepare(self) -> None:
        """Choose the force of the place beforehand, unless police may be involved."""
        answers = self.around.answers
        if is_young(answers):
            del self.officer
        unanswered = "told_how" not in answers and not self.is_submitted()
        if unanswered and not self.force.data:
            self.force.data = likely_force(answers)


class PassForm(PageForm):
    """Which agreed force to pass it to, and the consent without which nothing is passed."""

    force = OneOf(
        lazy("Which police force should we pass it to?"), needed=lazy("Choose a police force")
    )
    agrees = Tick(
        lazy("Do you agree?"),
        says=lazy("I agree that you pass what I told you to this police force"),
        hint=lazy(
            "They get your answers, and how to reach you if you told us. They do not get your "
            "answer about people who work for the police"
        ),
        needed=lazy("Tick the box if you agree. If you do not, go back and choose another way"),
    )

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The stored force; consent is a box."""
        return {
            "force": stored.get("force", ""),
            "agrees": ["yes"] if stored.get("agrees") else [],
        }

    def prepare(self) -> None:
        """Offer the forces that agreed; never choose one when police may be involved."""
        options = [Option(each.id, each.full_name) for each in agreed_forces(self.around)]
        self.force.options = tuple(options)
        likely = likely_force(self.around.answers)
        if not self.is_submitted() and not self.force.data and likely in self.around.agreed:
            self.force.data = likely

    def values(self) -> dict[str, Any]:
        """The force and the consent."""
        return {"force": self.force.data, "agrees": "yes"}


def likely_force(answers: Mapping[str, Any]) -> str:
    """The force of the first place, or "": also whenever someone in the police may be involved."""
    first = (answers.get("allegations") or [{}])[0]
    chosen = (first.get("force") or {}).get("force")
    force = str(chosen or force_at(answers, first) or "")
    return "" if police_involved(answers) or force == UNSURE else force
