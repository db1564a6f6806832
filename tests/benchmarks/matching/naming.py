"""Names of people of several origins, and what becomes of a name when it is written again."""

import unicodedata
from random import Random

from tests.benchmarks.matching.picking import Weighted, by_rank, lines

ORIGINS = Weighted(
    *zip(
        ("british", 0.74),
        ("south-asian-muslim", 0.065),
        ("sikh-hindu", 0.045),
        ("eastern-european", 0.055),
        ("west-african", 0.035),
        ("arabic", 0.025),
        ("chinese", 0.015),
        ("iberian", 0.02),
        strict=True,
    )
)
_VOWELS = "aeiou"
_LETTERS = "etaoinshrdlucmfwypvbgkjqxz"


def _forenames() -> dict[tuple[str, str], list[tuple[int, Weighted[str]]]]:
    found: dict[tuple[str, str], list[tuple[int, Weighted[str]]]] = {}
    for head, names in lines("forenames.txt"):
        origin, sex, year = head.split()
        found.setdefault((origin, sex), []).append((int(year), by_rank(names)))
    return found


def _surnames() -> dict[str, tuple[float, Weighted[str]]]:
    found = {}
    for head, names in lines("surnames.txt"):
        origin, share = head.split()
        found[origin] = float(share), by_rank(list(dict.fromkeys(names)), flat=8.0)
    return found


def _groups(kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for head, names in lines("variants.txt"):
        if head != kind:
            continue
        bearers = names[:1] if kind == "short" else names
        for one in bearers:
            found.setdefault(one, []).extend(name for name in names if name != one)
    return found


_FORENAMES = _forenames()
_SURNAMES = _surnames()
_SHORT, _SPELT = _groups("short"), _groups("spelt")
_BEGINNINGS, _ENDINGS = (by_rank(names, flat=25.0) for _, names in lines("compounds.txt"))


def pick_forename(random: Random, origin: str, sex: str, year: int) -> str:
    """A forename in the fashion of the year of birth."""
    lists = _FORENAMES[origin, sex]
    fashion = lists[0][1]
    for begins, names in lists:
        if begins <= year:
            fashion = names
    # Fashion is not all: one in five bears a name of another generation.
    if len(lists) > 1 and random.random() < 0.2:
        fashion = lists[int(random.random() * len(lists))][1]
    return fashion.pick(random)


def pick_surname(random: Random, origin: str) -> str:
    """A surname; rare British ones are compounds."""
    share, names = _SURNAMES[origin]
    if random.random() < share:
        return names.pick(random)
    return _BEGINNINGS.pick(random) + _ENDINGS.pick(random)


def has_short_form(forename: str) -> bool:
    """Whether the list knows what people of this name are called."""
    return forename in _SHORT


def short_form(random: Random, forename: str) -> str:
    """What somebody of this name is called; the name itself where nothing is known."""
    known = _SHORT.get(forename)
    return known[int(random.random() * len(known))] if known else forename


def other_spelling(random: Random, name: str) -> str:
    """Another way to write the name in Latin letters, or the name itself."""
    known = _SPELT.get(name)
    return known[int(random.random() * len(known))] if known else name


def without_marks(name: str) -> str:
    """Without diacritics, as most systems keep it."""
    if name.isascii():
        return name
    apart = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("ı", "i"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def slip(random: Random, text: str) -> str:
    """One slip of the hand: two letters turned, one left out, doubled, or another one."""
    if len(text) < 2:
        return text
    at = int(random.random() * (len(text) - 1))
    kind = random.random()
    if kind < 0.25:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 0.5:
        return text[:at] + text[at + 1 :] if at else text[:-1]
    if kind < 0.7:
        return text[: at + 1] + text[at:]
    # What is heard and not seen goes wrong in its vowels.
    pool = _VOWELS if text[at] in _VOWELS else _LETTERS
    return text[:at] + pool[int(random.random() * len(pool))] + text[at + 1 :]


def slip_of_digits(random: Random, text: str) -> str:
    """One digit of the text turned with the next, left out, or another."""
    places = [at for at, char in enumerate(text) if char.isdigit()]
    if len(places) < 2:
        return text
    at = places[int(random.random() * (len(places) - 1))]
    kind = random.random()
    if kind < 0.35:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 0.55:
        return text[:at] + text[at + 1 :]
    return text[:at] + str(int(random.random() * 10)) + text[at + 1 :]
