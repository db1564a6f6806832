"""A text that a person can copy and send themselves: why is this not recorded, please look again.

It is made when the page is shown, sent to nobody and kept nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.languages.translating import _
from portal.reports.date_words import say_date

_LINE = "________________________"


@dataclass(frozen=True)
class Facts:
    """What the text says. Whatever is "" is left out.

    `recorded` is the reference and the offence of a record that does not say what was reported.
    """

    force: str
    what: str = field(repr=False)
    when: str = field(repr=False)
    told: str = field(repr=False)
    incident_number: str = field(repr=False)
    crime_reference: str = field(repr=False)
    limit: str
    refused: Mapping[str, str] = field(repr=False)
    recorded: str = field(repr=False)
    entries: Sequence[tuple[int, date]]


def write_letter(facts: Facts) -> str:
    """The text, with lines to fill in for the name and a safe way to answer."""
    blocks = [
        _("To the Force Crime Registrar of %(force)s", force=facts.force or _("the police force")),
        _opening(facts),
        "\n".join(_about(facts)),
        *([_refusal(facts.refused)] if facts.refused else []),
        "\n".join(_asks(facts)),
        _proof(facts.entries),
        _("My name: %(line)s", line=_LINE)
        + "\n"
        + _("A safe way to answer me: %(line)s", line=_LINE),
    ]
    return "\n\n".join(block for block in blocks if block)


def _opening(facts: Facts) -> str:
    if facts.recorded:
        return _(
            "I reported a crime. It was recorded as %(recorded)s. That is not what I reported. "
            "Please look at it.",
            recorded=facts.recorded,
        )
    return _("I reported a crime, and as far as I know it was not recorded. Please look at it.")


def _about(facts: Facts) -> list[str]:
    said = [
        (_("What happened: %(said)s"), facts.what),
        (_("When it happened: %(said)s"), facts.when),
        (_("When the police were told: %(said)s"), facts.told),
        (_("Incident number that I was given: %(said)s"), facts.incident_number),
        (_("Crime reference that I was given: %(said)s"), facts.crime_reference),
    ]
    return [words % {"said": value} for words, value in said if value]


def _refusal(refused: Mapping[str, str]) -> str:
    lines = [_("I was told that it will not be recorded.")]
    for words, name in (
        (_("When I was told: %(said)s"), "when"),
        (_("Who told me: %(said)s"), "who"),
        (_("The reason that was given: %(said)s"), "reason"),
    ):
        if refused.get(name):
            lines.append(words % {"said": refused[name]})
    return "\n".join(lines)


def _asks(facts: Facts) -> list[str]:
    if facts.recorded:
        return [
            _("Please tell me in writing:"),
            _("1. Why was it recorded in this way, and who decided that?"),
            _("2. If it was wrong, please have it put right now."),
        ]
    lines = []
    if facts.limit:
        lines.append(
            _(
                "By the Home Office Crime Recording Rules it had to be recorded by %(limit)s.",
                limit=facts.limit,
            )
        )
    return [
        *lines,
        _("Please tell me in writing:"),
        _("1. Was it recorded as a crime? If so, when, as what, and under which reference?"),
        _("2. If not, why not, and who decided that?"),
        _("3. If the decision was wrong, please have it recorded now."),
    ]


def _proof(entries: Sequence[tuple[int, date]]) -> str:
    if not entries:
        return ""
    number, day = entries[0]
    return _(
        "I put my report on record on %(day)s (entry %(entry)s of the public log of On Record). I "
        "can show a receipt that proves it.",
        day=say_date(day),
        entry=number,
    )
