"""A weighed pair in plain words: three questions, a bar for each field, and what would settle it.

The words hold nothing personal, so that they can be kept with a decision and shown before a report
is opened. Words for each level are data, beside the model.
"""

from dataclasses import dataclass, replace
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
Says = Literal["for", "neither", "against", "held"]

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
_PROBABLE = 1.0
# What tells two of one home apart: they share a surname, and often a telephone.
_OWN = ("forename", "birth_date", "email")
_NOT_COMPARED = (
    "It was not compared: no first name, date of birth or e-mail address is known on both sides."
)
_EARLY = "By the hours that both sides give, police had it before it happened."
_HOURS = "The hour at which it happened, or at which police were told"
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
    """One of the three questions, the bits that answer it (0 is even odds), and the answer.

    `is_compared`: whether the bits come of anything that the question asks.
    """

    rival: Rival
    question: str
    bits: float
    answer: str
    is_compared: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """One field: its level in words, and the bits that the whole would lose without it.

    `against` holds the bits against an unrelated person, another event, a housemate's event and a
    co-victim. A missing field has no bits. It says "held" where the hours, which have none, hold
    the record back.
    """

    field: str
    title: str
    level: str
    words: str
    says: Says
    bits: float
    against: Bits

    @property
    def is_shown(self) -> bool:
        """Whether it says anything."""
        return self.level != MISSING or self.says == "held"


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask, and whom. Words may hold the crime reference of the record, nothing else."""

    to: Literal["victim", "force"]
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A pair in words. `settles`: what would move it most if it were known. `unknown`: the fields
    that a side lacks. `asks_about`: the doubt that the victim is asked about. Of what a home owns
    together the record may bear another name, so that the name is none.
    """

    subtotals: tuple[Subtotal, Subtotal, Subtotal]
    bars: tuple[Bar, ...]
    doubt: Rival
    asks_about: Rival
    settles: tuple[str, ...]
    unknown: tuple[str, ...]
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


def explain(
    candidate: Candidate, model: Model, *, kind: str, reference: str, is_early: bool = False
) -> Explanation:
    """The explanation of one candidate for a report of this kind, one of `model.KINDS`.

    `reference` is the record's crime reference as the force writes it, for the questions.
    `is_early`: by the hours, which the bits leave out, police had it before it happened.
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
    if is_early:
        second, third = _if_wrong(second), _if_wrong(third) if at_home else third
    if not at_home and _are_alike_at_home(levels):
        third = replace(third, answer=_NOT_COMPARED, is_compared=False)
    doubt = min(_RIVALS, key=lambda rival: bits[_RIVALS.index(rival)])
    is_event = is_early or (at_home and doubt == "housemate")
    asks_about: Rival = "another" if is_event else doubt
    bars = _bars(levels, model, kind, is_early=is_early)
    shown = {bar.field for bar in bars if bar.is_shown}
    settling = settling_fields(levels, model, kind=kind)
    settles = [_TITLES[one] for one in settling if not (is_early and one in ("when", "delay"))]
    return Explanation(
        subtotals=(first, second, third),
        bars=bars,
        doubt=doubt,
        asks_about=asks_about,
        settles=(_HOURS, *settles[:2]) if is_early else tuple(settles),
        unknown=tuple(_TITLES[one] for one in _missing(levels) if one not in shown),
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

    return tuple(sorted(_missing(levels), key=lambda one: (-spread(one), one))[:3])


def _missing(levels: Levels) -> list[str]:
    """The fields that a side lacks, in their order."""
    # The force says nothing that a place which agrees has not said.
    spoken = {"force"} if levels.place not in (MISSING, "different") else set()
    found = [field for field, level in levels._asdict().items() if level == MISSING]
    return [field for field in found if field not in spoken]


def _are_alike_at_home(levels: Levels) -> bool:
    """Whether nothing is known on both sides that two of one home do not share."""
    known = levels._asdict()
    return levels.surname != "different" and all(known[one] == MISSING for one in _OWN)


def _subtotal(rival: Rival, question: str, bits: float) -> Subtotal:
    return Subtotal(rival, question, bits, answer(bits))


def _if_wrong(one: Subtotal) -> Subtotal:
    """The answer of days to whether it is this event, where the hours say that it is not."""
    if one.bits <= _PROBABLE:
        return one
    return replace(one, answer=f"{one.answer.removesuffix('.')}, if one of the times is wrong.")


def _bars(levels: Levels, model: Model, kind: str, *, is_early: bool) -> tuple[Bar, ...]:
    words, against = level_words(), field_bits(levels, model)
    net = net_bits(levels, model, kind=kind)

    def bar(field: str, level: str) -> Bar:
        if level == MISSING:
            nobody = "At least one of the two sides does not say."
            return Bar(field, _TITLES[field], level, nobody, "neither", 0.0, (0.0, 0.0, 0.0, 0.0))
        says = _says(net[field])
        text = words[field, level.rpartition("/")[2]]
        return Bar(field, _TITLES[field], level, text, says, net[field], against[field])

    made = (bar(field, level) for field, level in levels._asdict().items())
    return tuple(_held(one) if is_early and one.field == "delay" else one for one in made)


def _held(bar: Bar) -> Bar:
    """The bar of when police had it, where the hours say that it was before it happened."""
    if bar.says == "against":
        return bar
    days = f" Bits count days alone, by which {bar.words[0].lower()}{bar.words[1:]}"
    return replace(bar, says="held", words=_EARLY + (days if bar.level != MISSING else ""))


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
