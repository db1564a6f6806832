"""Whether a crime record is the record of an allegation: by what, how surely, and why.

The worst error is a false match, for it hides a crime that was never recorded. So this model,
"reference-1", goes by the reference that the victim was given, and even then makes an automatic
match only if nothing is left open; all the rest goes to a person. A missing value is neutral, never
a disagreement, and never evidence either. A model that weighs probabilities fits the same seam:
facts in, a verdict with its checks out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from portal.matching.names import compare_names
from portal.reference.offences import Relation, relation
from portal.reports.dates import Interval

MODEL_VERSION = "reference-1"
Zone = Literal["automatic", "likely", "possible", "none"]
Says = Literal["for", "neither", "against"]
Token = str | bytes
Relate = Callable[[str, str], Relation]

# A longer stretch overlaps the other crimes of a repeat victim too, so a person has to look.
WIDEST = timedelta(days=31, hours=1)
_NOTHING = ("missing", "missing")
_CLOSEST_FIRST: tuple[Relation, ...] = ("same", "related", "downgrade")
_SAYS: dict[str, dict[str, tuple[Says, str]]] = {
    "reference": {
        "same": ("for", "The crime reference is the same."),
        "incident": ("neither", "Only the incident number is the same. It shows a call to police."),
        "different": ("neither", "No number that was given is the same."),
    },
    "record": {
        "crime": ("for", "It is a crime record, and it was not removed."),
        "incident": ("against", "It is the note of an incident (N100), not a crime record."),
        "removed": ("against", "The police removed this crime record."),
    },
    "dates": {
        "overlap": ("for", "The dates fit."),
        "wide": ("neither", "The dates fit, but one of them is too wide to tell much."),
        "apart": ("against", "The dates do not fit."),
        "unknown": ("neither", "At least one date is not known."),
    },
    "offence": {
        "same": ("for", "The offence is the same."),
        "related": ("for", "The offence is a related one."),
        "downgrade": ("for", "The offence is a lesser one that such reports are known to become."),
        "other": ("against", "The offence is another one."),
        "unknown": ("neither", "The report does not say which offence it was."),
    },
    "name": {
        "same": ("for", "The name is the same."),
        "partly": ("neither", "A part of the name is the same."),
        "different": ("against", "The name is different."),
        "missing": ("neither", "At least one of the two has no name."),
    },
    "birth_date": {
        "same": ("for", "The date of birth is the same."),
        "different": ("against", "The date of birth is different."),
        "missing": ("neither", "At least one of the two has no date of birth."),
    },
    "force": {
        "same": ("for", "The police force is the same."),
        "different": ("neither", "It is another police force. Crimes are sometimes moved."),
        "unknown": ("neither", "The report does not say which police force it was."),
    },
}


@dataclass(frozen=True)
class VictimFacts:
    """A victim as one side names them; either part may be None. Never shown in a traceback."""

    name: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)


@dataclass(frozen=True)
class AllegationFacts:
    """What is compared of an allegation. Numbers are normalised strings or keyed tokens.

    `offence_codes`: every code that the victim's category can stand for; empty for "not sure".
    """

    references: frozenset[Token] = frozenset()
    incident_numbers: frozenset[Token] = frozenset()
    force_id: str | None = None
    occurred: Interval | None = None
    offence_codes: frozenset[str] = frozenset()
    victims: tuple[VictimFacts, ...] = ()


@dataclass(frozen=True)
class RecordFacts:
    """What is compared of one version of a crime record.

    `is_incident`: an N100. `removed`: it carries a removal code.
    """

    force_id: str
    offence_code: str
    references: frozenset[Token] = frozenset()
    incident_numbers: frozenset[Token] = frozenset()
    occurred: Interval | None = None
    victims: tuple[VictimFacts, ...] = ()
    is_incident: bool = False
    removed: bool = False


@dataclass(frozen=True)
class Check:
    """One thing compared: its level, what that says of a match, and words for a reviewer.

    It holds nothing personal, so it can be kept and shown before a report is opened.
    """

    name: str
    level: str
    words: str
    says: Says


@dataclass(frozen=True)
class Verdict:
    """The zone of a pair: "automatic" stops the clock, "likely" and "possible" go to a person."""

    zone: Zone
    checks: tuple[Check, ...]
    model_version: str = MODEL_VERSION

    def as_data(self) -> list[dict[str, str]]:
        """The checks as plain data, to be kept with the match."""
        return [
            {"name": one.name, "level": one.level, "words": one.words, "says": one.says}
            for one in self.checks
        ]


def judge(
    allegation: AllegationFacts, record: RecordFacts, *, relate: Relate = relation
) -> Verdict:
    """The verdict on one pair. `relate` says how a recorded offence relates to a reported one.

    Automatic: the crime reference is the same, both dates are known and overlap, the offence is
    the same, related or a known downgrade, no identifier disagrees, and it is a crime record that
    was not removed; in another or an unknown force a name or birth date must agree as well, for
    two forces can use one number. An incident number alone is never automatic.
    """
    name, birth_date = _victims(allegation.victims, record.victims)
    levels = {
        "reference": _reference(allegation, record),
        "record": _record(record),
        "dates": _dates(allegation.occurred, record.occurred),
        "offence": _offence(allegation.offence_codes, record.offence_code, relate),
        "name": name,
        "birth_date": birth_date,
        "force": _force(allegation.force_id, record.force_id),
    }
    checks = {key: _check(key, level) for key, level in levels.items()}
    return Verdict(_zone(checks), tuple(checks.values()))


def _zone(checks: dict[str, Check]) -> Zone:
    speaks_for = {key for key, check in checks.items() if check.says == "for"}
    is_them = bool(speaks_for & {"name", "birth_date"})
    is_event = {"dates", "offence"} <= speaks_for
    if checks["reference"].level == "different":
        return "none"
    if any(check.says == "against" for check in checks.values()):
        return "possible"
    if "reference" not in speaks_for:
        return "likely" if is_event and is_them else "possible"
    return "automatic" if is_event and (is_them or "force" in speaks_for) else "likely"


def _check(name: str, level: str) -> Check:
    says, words = _SAYS[name][level]
    return Check(name, level, words, says)


def _reference(allegation: AllegationFacts, record: RecordFacts) -> str:
    if allegation.references & record.references:
        return "same"
    given = allegation.references | allegation.incident_numbers
    held = record.references | record.incident_numbers
    # People put a number in the wrong box; across boxes it counts no more than an incident number.
    return "incident" if given & held else "different"


def _record(record: RecordFacts) -> str:
    if record.is_incident:
        return "incident"
    return "removed" if record.removed else "crime"


def _dates(reported: Interval | None, recorded: Interval | None) -> str:
    """Without any tolerance: stretches that only touch, such as two nights, are apart."""
    if reported is None or recorded is None:
        return "unknown"
    if not reported.overlaps(recorded):
        return "apart"
    return "wide" if max(reported.length, recorded.length) > WIDEST else "overlap"


def _offence(reported: frozenset[str], recorded: str, relate: Relate) -> str:
    if not reported:
        return "unknown"
    found = {relate(code, recorded) for code in reported}
    return next((close for close in _CLOSEST_FIRST if close in found), "other")


def _force(reported: str | None, recorded: str) -> str:
    if reported is None:
        return "unknown"
    return "same" if reported == recorded else "different"


def _victims(
    reported: tuple[VictimFacts, ...], recorded: tuple[VictimFacts, ...]
) -> tuple[str, str]:
    """The levels of name and birth date for the two victims who fit each other best.

    Pairs with nothing to compare are left out: an empty or half-empty row must not outweigh a
    named victim who is somebody else.
    """
    pairs = [
        (compare_names(one.name, other.name), _birth_dates(one.birth_date, other.birth_date))
        for one in reported
        for other in recorded
    ]
    comparable = [pair for pair in pairs if pair != _NOTHING]
    return min(comparable, key=_misfit, default=_NOTHING)


def _birth_dates(one: date | None, other: date | None) -> str:
    if one is None or other is None:
        return "missing"
    return "same" if one == other else "different"


def _misfit(pair: tuple[str, str]) -> tuple[int, int, tuple[str, str]]:
    """Fewest disagreements first, then most agreements; the levels settle what is left."""
    says = [_SAYS["name"][pair[0]][0], _SAYS["birth_date"][pair[1]][0]]
    return says.count("against"), -says.count("for"), pair
