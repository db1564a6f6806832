"""Which step a question belongs to, and the few words that its title shows.

Titles and addresses stay in the browser's history, so the words are those of any form. There are
as many steps whatever is answered, so the number on a page is true from the first one to the last;
counted by pages, it grew with the answers.
"""

from collections.abc import Mapping
from typing import NamedTuple

from portal.languages.translating import _, lazy
from portal.web.report.flow import Place


class Step(NamedTuple):
    """The number of a page's step, and the name of the page."""

    number: int
    name: str


STEPS: Mapping[str, Step] = {
    "who": Step(1, lazy("Who it is for")),
    "what": Step(2, lazy("What")),
    "when": Step(2, lazy("When")),
    "where": Step(2, lazy("Where")),
    "area": Step(2, lazy("Area")),
    "more": Step(2, lazy("Anything else")),
    "others": Step(3, lazy("Other people")),
    "way": Step(3, lazy("Your choice")),
    "told": Step(3, lazy("Date and time")),
    "told-how": Step(3, lazy("Numbers and names")),
    "pass": Step(3, lazy("Pass it on")),
    "words": Step(4, lazy("Your words")),
    "about": Step(5, lazy("Your details")),
    "contact": Step(5, lazy("Contact")),
    "check": Step(6, lazy("Check your answers")),
}
"""Every page of `flow.PAGES` by its name."""
LAST = max(step.number for step in STEPS.values())


def step_of(place: Place) -> tuple[int, int]:
    """Which step this is, and of how many: the same for every report."""
    return STEPS[place.page.name].number, LAST


def title_of(place: Place) -> str:
    """The title of the page: "When, part 2, step 2 of 6". No two questions share one."""
    step, name = STEPS[place.page.name].number, str(STEPS[place.page.name].name)
    if place.number > 1:
        return _(
            "%(name)s, part %(part)s, step %(step)s of %(steps)s",
            name=name,
            part=place.number,
            step=step,
            steps=LAST,
        )
    return _("%(name)s, step %(step)s of %(steps)s", name=name, step=step, steps=LAST)
