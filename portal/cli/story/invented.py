"""Invented people, places and words. Nobody here lives, and no such street is meant."""

from datetime import date, timedelta
from random import Random

from portal.cli.story.plans import Place, Victim
from portal.reference.categories import get_category

_ALL_FORENAMES = (
    "Amina Bronwen Carlos Daniela Eleni Farah Gareth Hana Idris Joanna Kwame Leila Mateusz Nia "
    "Oluwaseun Priya Quentin Rosa Samir Tamsin Umar Violeta Wojtek Xin Yasmin Zofia Alasdair "
    "Bethan Chidi Dilys Esther Femi Gwen Harjit Imogen Jamal Katarzyna Lowri Marek Nadia"
)
_ALL_SURNAMES = (
    "Abara Brightwell Cardoso Dunmore Edevane Fairwater Ganeshan Hollowell Ivanescu Jeffcott "
    "Karimov Lightfoot Mahlaba Nettlecombe Okonjo Pemberley Quillfeather Ravenhall Sandoval "
    "Thistlewood Underhay Vasquez Wexcombe Xanthou Yardley Zielonka Ashgrove Bellweather "
    "Chaudry Daffern Elmhirst Fernsby Greenhalge Hartigan Islwyn Jankovic Kowalczuk Larkmoor"
)
_STREETS = (
    "Example Lane",
    "Teapot Row",
    "Old Lantern Street",
    "Marigold Close",
    "Sundial Square",
    "Kettle Hill",
    "Paper Mill Walk",
    "Heron Steps",
)
_TOWNS = {
    "wiltshire": (
        ("Swindon", "SN1"),
        ("Salisbury", "SP1"),
        ("Trowbridge", "BA14"),
        ("Chippenham", "SN15"),
        ("Devizes", "SN10"),
    ),
    "avon-and-somerset": (
        ("Bristol", "BS1"),
        ("Bath", "BA1"),
        ("Taunton", "TA1"),
        ("Weston-super-Mare", "BS23"),
        ("Yeovil", "BA20"),
    ),
    "dorset": (
        ("Bournemouth", "BH1"),
        ("Poole", "BH15"),
        ("Weymouth", "DT4"),
        ("Dorchester", "DT1"),
    ),
}
_FORENAMES, _SURNAMES = _ALL_FORENAMES.split(), _ALL_SURNAMES.split()
_FIRST_BIRTH = date(1946, 1, 1)
_WORDS = {
    "Sexual": (
        "I knew the person a little. I have told a friend and now I want it written down.",
        "I did not agree to it. I went home and told my sister the next day.",
    ),
    "My home or building": (
        "The back door was open when I came home. My grandmother’s watch is gone.",
        "Things were moved and a window was broken. I no longer like to leave the house.",
    ),
    "Hurt or frightened": (
        "It was not the first time. I have kept the messages.",
        "I was on my way home. Somebody in the shop saw it and gave me their number.",
        "I have bruises and went to the walk-in centre. They wrote it down as well.",
    ),
    "Taken or broken": (
        "It was locked when I left it. A neighbour has a camera.",
        "I noticed it the next morning. I need it for work.",
    ),
}
_OTHER_WORDS = ("I would like somebody to look into this.", "I wrote down all that I remember.")


def person(rng: Random) -> Victim:
    """Somebody new."""
    name = f"{rng.choice(_FORENAMES)} {rng.choice(_SURNAMES)}"
    return Victim(name, _FIRST_BIRTH + timedelta(days=rng.randrange(58 * 365)))


def housemate(rng: Random, of: Victim) -> Victim:
    """Somebody who lives with a person: another forename and, half the time, the same surname."""
    other = person(rng)
    forename, surname = other.name.split()
    while forename == of.name.split()[0]:
        forename = rng.choice(_FORENAMES)
    kept = of.name.split()[-1] if rng.random() < 0.5 else surname
    return Victim(f"{forename} {kept}", other.born)


def place(rng: Random, force: str) -> Place:
    """Somewhere in a force's area."""
    town, postcode = rng.choice(_TOWNS[force])
    return Place(f"{rng.choice(_STREETS)}, {town}", postcode)


def words(rng: Random, category: str) -> str:
    """What somebody may write about it in their own words: short and sober."""
    return rng.choice(_WORDS.get(get_category(category).group, _OTHER_WORDS))
