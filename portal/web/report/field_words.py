"""What can be shown of an entry, in words, for the person who chooses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from portal.languages.translating import _
from portal.ledger.service import OpenedEntry
from portal.web.report.field_rules import OTHER, RULES, Rule, Values, plain

STANDARD = frozenset({"kind", "at"})
"""What is ticked before anything is chosen."""
_NUMBERED = re.compile(r"answers\.allegations\.(\d+)\.")
_PARTS = list(dict.fromkeys([*(rule.part for rule in RULES), OTHER]))


@dataclass(frozen=True)
class Choice:
    """One thing to show or to hide: what it is called, what it says, and the fields that hold it.

    Boxes of one answer, such as day, month and year, make one choice: apart they tell nothing.
    """

    part: str
    label: str
    words: str = field(repr=False)
    names: tuple[str, ...]

    @property
    def is_standard(self) -> bool:
        """Whether it is ticked at first."""
        return not STANDARD.isdisjoint(self.names)


def choices(entry: OpenedEntry, names: Sequence[str]) -> list[Choice]:
    """What can be shown of the fields `names` of an entry, part by part.

    What was left empty is no choice, and stays hidden. A field that no rule knows is offered under
    its own name.
    """
    found = [each for rule in RULES for each in _by(rule, entry.fields, names)]
    found += [
        (
            (_PARTS.index(OTHER), 0),
            Choice(_(OTHER), _("The field “%(name)s”", name=name), words, (name,)),
        )
        for name in names
        if not any(re.fullmatch(rule.pattern, name) for rule in RULES)
        if (words := plain({name: entry.fields[name]})) not in ("", "None")
    ]
    return [choice for _, choice in sorted(found, key=lambda each: each[0])]


def _by(
    rule: Rule, fields: Values, names: Sequence[str]
) -> Iterator[tuple[tuple[int, int], Choice]]:
    """The choices that a rule makes, one for each thing that happened, and their place."""
    boxes: dict[int, dict[str, str]] = {}
    for name in names:
        if caught := re.fullmatch(rule.pattern, name):
            box = caught[1] if caught.re.groups else name
            boxes.setdefault(_number(name), {})[name] = box
    several = any(_number(name) > 1 for name in names)
    for number, by_name in boxes.items():
        values = {box: fields[name] for name, box in by_name.items()}
        if any(value not in ("", None) for value in values.values()):
            part = _part(rule, number) if number and several else _(rule.part)
            choice = Choice(part, str(rule.label), rule.say(values), tuple(by_name))
            yield (_PARTS.index(rule.part), number), choice


def _part(rule: Rule, number: int) -> str:
    return _("%(heading)s, part %(number)s", heading=_(rule.part), number=number)


def _number(name: str) -> int:
    """Which thing that happened a field is about, from 1; 0 for none."""
    numbered = _NUMBERED.match(name)
    return int(numbered[1]) if numbered else 0
