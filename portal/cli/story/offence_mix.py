"""How often each offence is recorded, what victims call it, and what it may be written down as.

The shares follow the police recorded crime tables of the Office for National Statistics for
England and Wales, year to March 2024, without fraud, rounded by hand: true in their order of
size, not to the last figure. Offence codes and their kinds come from the reference data.
"""

from functools import cache
from random import Random

from portal.reference.categories import all_categories
from portal.reference.offences import has_flag, is_child, is_sexual, relation

SHARES = {  # in a thousand
    "105A": 135, "8N": 100, "46": 82, "9A": 70, "49": 70, "8L": 60, "8R": 45, "58C": 38,
    "45": 35, "28E": 32, "8Q": 25, "48": 24, "39": 24, "58D": 22, "92E": 22, "58A": 18,
    "34B": 13, "30C": 13, "20A": 12, "44": 11, "40": 10, "19C": 9, "58B": 8, "92A": 7,
    "92D": 7, "3B": 6, "126": 5, "10D": 5, "99": 5, "104": 5, "5D": 4, "56B": 4, "10C": 4,
    "19D": 3, "22B": 3, "88E": 3, "35": 3, "11A": 3, "66": 3, "34A": 2, "20B": 2, "17A": 2,
    "88A": 2, "79": 2, "19F": 1, "36": 1, "105B": 1, "8M": 1,
}  # fmt: skip
# Shops report their own thefts; victims of sexual offences are whom this service is made for.
_SHOP = 0.1
_SEXUAL = 2.5
# Theft from a shop and assault on a constable: another victim, not a lesser offence.
_OF_SOMEBODY_ELSE = frozenset({"46", "104"})


@cache
def _reported() -> tuple[tuple[str, ...], tuple[float, ...]]:
    codes = tuple(code for code in SHARES if categories_of(code))
    return codes, tuple(SHARES[code] * _interest(code) for code in codes)


def _interest(code: str) -> float:
    if code == "46":
        return _SHOP
    return _SEXUAL if is_sexual(code) else 1.0


@cache
def categories_of(code: str) -> tuple[str, ...]:
    """The categories that a victim may choose for an offence; none for one without a victim."""
    wanted = [
        one
        for one in all_categories()
        if code in one.codes and ("child" in one.flags) == is_child(code)
    ]
    leading = [one for one in wanted if one.lead_code == code]
    return tuple(one.slug for one in leading or wanted[:1])


@cache
def lesser_than(code: str) -> tuple[str, ...]:
    """The offences as which this one is known to be written down instead."""
    return tuple(
        other
        for other in SHARES
        if relation(code, other) == "downgrade"
        and is_child(other) == is_child(code)
        and other not in _OF_SOMEBODY_ELSE
    )


def recorded_offence(rng: Random) -> str:
    """An offence code as often as police record it."""
    return rng.choices(tuple(SHARES), tuple(SHARES.values()))[0]


def reported_offence(rng: Random) -> str:
    """An offence code as often as victims bring it here."""
    codes, weights = _reported()
    return rng.choices(codes, weights)[0]


def is_in_person(code: str) -> bool:
    """Whether the victim was there, so that the time is known to the hour."""
    return has_flag(code, "person")
