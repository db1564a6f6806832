"""A weighed pair in plain words: three questions, a bar for each field, and what would settle it.

The words hold nothing personal, so that they can be kept with a decision and shown before a report
is opened. Words for each level are data, beside the model.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from portal.matching.levels import Levels, is_of_household
from portal.matching.model import DATA, LEVELS, Bits, Model
from portal.matching.numbers import MISSING
from portal.matching.posterior import field_bits, net_bits, weigh
from portal.matching.weighing import Candidate
from portal.reference.files import BadDataFile, read_rows

Rival = Literal["unrelated", "another", "housemate"]
Says = Literal["for", "neither", "against"]

_FILE = "level_words.csv"
_TITLES = {
    "forename": "First name",
    "surname": "Surname",
    "birth_date": "Date of birth",
    "telephone": "Telephone",
    "email": "E-mail address",
    "reference": "Crime reference",
    "place": "Place",
    "when": "When it happened",
    "delay": "When police had it",
    "offence": "Offence",
    "force": "Police force",
}
QUESTIONS: dict[Rival, str] = {
    "unrelated": "Is it this person?",
    "another": "Is it this event, and not another of theirs?",
    "housemate": "Is it them, and not a housemate?",
}
# Of what a home owns together police name anybody, so that the record may be in another's name.
_AT_HOME: dict[Rival, str] = {
    "unrelated": "Is it this person, or somebody of their home?",
    "another": "Is it this event, and not another of theirs?",
    "housemate": "Is it this event, and not another against somebody of their home?",
}
_RIVALS: tuple[Rival, ...] = ("unrelated", "another", "housemate")
# Up to so many bits: the answer. 5 bits are odds of 32 to 1, 1 bit of 2 to 1.
_ANSWERS = (
    (-5.0, "Almost certainly not."),
    (-1.0, "Probably not."),
    (1.0, "It cannot be told."),
    (5.0, "Probably."),
    (float("inf"), "Almost certainly."),
)
_LITTLE = 0.5
# What only a person can settle, and whom to ask, where a field is open. The first that fits counts.
_ASKED: dict[Rival, tuple[tuple[str, str], ...]] = {
    "unrelated": (
        ("birth_date", "What is your date of birth?"),
        ("surname", "What is your full name?"),
        ("forename", "What is your full name?"),
        ("telephone", "Which telephone number did you give to the police?"),
    ),
    "another": (
        ("reference", "Did the police give you the number {reference}?"),
        ("when", "On which day did it happen?"),
        ("delay", "On which day did you tell the police?"),
        ("offence", "Which of these says best what happened?"),
    ),
    "housemate": (
        ("forename", "What is the full name of the person it happened to?"),
        ("birth_date", "What is the date of birth of the person it happened to?"),
    ),
}
_TO_VICTIM: dict[Rival, str] = {
    "unrelated": "Did the police give you the number {reference}?",
    "another": "Is {reference} the number for this, or for something else that happened to you?",
    "housemate": "Is {reference} in your name, or in that of somebody you live with or were with?",
}
_TO_FORCE = "Is {reference} the record of this report?"


@dataclass(frozen=True, slots=True)
class Subtotal:
    """One of the three questions, the bits that answer it (0 is even odds), and the answer."""

    rival: Rival
    question: str
    bits: float
    answer: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One field: its level in words, and the bits that the whole would lose without it.

    `against` holds the bits against an unrelated person, another event, a housemate's event and a
    co-victim. A missing field has no bits.
    """

    field: str
    title: str
    level: str
    words: str
    says: Says
    bits: float
    against: Bits


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask, and whom. Words may hold the crime reference of the record, nothing else."""

    to: Literal["victim", "force"]
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A pair in words. `settles`: fields that would move it most if they were known. `asks_about`:
    the doubt that the victim is asked about. Of what a home owns together the record may bear
    another name, so that the name is none.
    """

    subtotals: tuple[Subtotal, Subtotal, Subtotal]
    bars: tuple[Bar, ...]
    doubt: Rival
    asks_about: Rival
    settles: tuple[str, ...]
    questions: tuple[Question, ...]


@cache
def level_words(directory: Path = DATA) -> dict[tuple[str, str], str]:
    """The words for each field and level. Raises BadDataFile when one is missing or unknown."""
    found: dict[tuple[str, str], str] = {}
    wanted = {
        (field, level.rpartition("/")[2]) for field, levels in LEVELS.items() for level in levels
    }
    for row in read_rows(directory, _FILE, ("field", "level", "words")):
        key = (row.text("field"), row.text("level"))
        if key not in wanted or key in found:
            raise row.bad(f"{key[0]} {key[1]} is no level, or comes twice")
        found[key] = row.text("words")
    if wanted - set(found):
        raise BadDataFile(_FILE, 1, f"no words for {' '.join(min(wanted - set(found)))}")
    return found


def explain(candidate: Candidate, model: Model, *, kind: str, reference: str) -> Explanation:
    """The explanation of one candidate for a report of this kind, one of `model.KINDS`.

    `reference` is the record's crime reference as the force writes it, for the questions.
    """
    bits = (
        candidate.weights.unrelated,
        candidate.weights.another,
        candidate.weights.housemate,
    )
    levels = candidate.levels
    at_home = is_of_household(levels, model, kind=kind)
    asked = (_AT_HOME if at_home else QUESTIONS).values()
    first, second, third = map(_subtotal, _RIVALS, asked, bits)
    doubt = min(_RIVALS, key=lambda rival: bits[_RIVALS.index(rival)])
    asks_about: Rival = "another" if at_home and doubt == "housemate" else doubt
    return Explanation(
        subtotals=(first, second, third),
        bars=_bars(levels, model, kind),
        doubt=doubt,
        asks_about=asks_about,
        settles=tuple(_TITLES[field] for field in settling_fields(levels, model, kind=kind)),
        questions=_questions(asks_about, levels, reference),
    )


def answer(bits: float) -> str:
    """Log-odds in bits as a short answer to one of the three questions."""
    return next(words for most, words in _ANSWERS if bits <= most)


def settling_fields(levels: Levels, model: Model, *, kind: str = "any") -> tuple[str, ...]:
    """Up to three fields that are missing now and would move the total most if they agreed, or
    disagreed: the spread in bits between the best and the worst level decides.
    """

    def spread(field: str) -> float:
        totals = [
            weigh(levels._replace(**{field: level}), model, kind=kind).total
            for level in LEVELS[field]
        ]
        return max(totals) - min(totals)

    # The force says nothing that a place which agrees has not said.
    spoken = {"force"} if levels.place not in (MISSING, "different") else set()
    missing = [field for field, level in levels._asdict().items() if level == MISSING]
    return tuple(sorted(set(missing) - spoken, key=lambda one: (-spread(one), one))[:3])


def _subtotal(rival: Rival, question: str, bits: float) -> Subtotal:
    return Subtotal(rival, question, bits, answer(bits))


def _bars(levels: Levels, model: Model, kind: str) -> tuple[Bar, ...]:
    words, against = level_words(), field_bits(levels, model)
    net = net_bits(levels, model, kind=kind)

    def bar(field: str, level: str) -> Bar:
        if level == MISSING:
            nobody = "At least one of the two sides does not say."
            return Bar(field, _TITLES[field], level, nobody, "neither", 0.0, (0.0, 0.0, 0.0, 0.0))
        says = _says(net[field])
        text = words[field, level.rpartition("/")[2]]
        return Bar(field, _TITLES[field], level, text, says, net[field], against[field])

    return tuple(bar(field, level) for field, level in levels._asdict().items())


def _says(bits: float) -> Says:
    if abs(bits) < _LITTLE:
        return "neither"
    return "for" if bits > 0 else "against"


def _questions(doubt: Rival, levels: Levels, reference: str) -> tuple[Question, ...]:
    """What to ask the victim about the weakest of the three, then what to ask the force."""
    known = levels._asdict()
    asked = next(
        (words for field, words in _ASKED[doubt] if known[field] == MISSING), _TO_VICTIM[doubt]
    )
    return (
        Question("victim", asked.format(reference=reference)),
        Question("force", _TO_FORCE.format(reference=reference)),
    )
