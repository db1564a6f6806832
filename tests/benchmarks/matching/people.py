"""Households: who lives together, what they share, and who is taken for whom."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.benchmarks.matching.naming import (
    ORIGINS,
    other_spelling,
    pick_forename,
    pick_surname,
    without_marks,
)
from tests.benchmarks.matching.picking import Weighted
from tests.benchmarks.matching.places import Town, pick_postcode, pick_street

YEAR = 2025
_SIZES = Weighted([1, 2, 3, 4, 5], [0.3, 0.35, 0.16, 0.13, 0.06])
_AGES = Weighted([8, 14, 18, 25, 35, 45, 55, 65, 78], [4, 9, 13, 20, 19, 14, 11, 6, 4])
_HOSTS = Weighted(
    ["mail.example", "post.example", "inbox.example", "net.example"], [0.5, 0.25, 0.15, 0.1]
)


@dataclass(slots=True)
class Person:
    """Somebody, as they are; what either side writes of them is another matter."""

    origin: str
    sex: str
    born: date
    forename: str
    middle: str
    surname: str
    former_surname: str
    mobile: str
    email: str

    @property
    def age(self) -> int:
        """Years, in the year of the records."""
        return YEAR - self.born.year


@dataclass(slots=True)
class Household:
    """A home and those who live in it."""

    town: Town
    postcode: str
    street: str
    landline: str
    members: list[Person] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kin:
    """How often those who live together are hard to tell apart."""

    family: float = 0.72
    twins: float = 0.025
    namesakes: float = 0.03
    shared_email: float = 0.06


def make_household(random: Random, town: Town, kin: Kin, first: Person | None = None) -> Household:
    """A household of one to five in the town, `first` among them."""
    home = Household(town, pick_postcode(random, town), pick_street(random), _landline(random))
    head = first or make_person(random)
    home.members.append(head)
    for _ in range(_SIZES.pick(random) - 1):
        home.members.append(_another(random, home, kin))
    return home


def make_person(
    random: Random,
    *,
    origin: str = "",
    sex: str = "",
    age: int | None = None,
    surname: str = "",
) -> Person:
    """Somebody new; what is not given is drawn."""
    origin = origin or ORIGINS.pick(random)
    sex = sex or ("f" if random.random() < 0.51 else "m")
    born = _birth_date(random, age)
    forename = pick_forename(random, origin, sex, born.year)
    own = surname or pick_surname(random, origin)
    former = ""
    if sex == "f" and YEAR - born.year > 22 and random.random() < 0.3:
        former = pick_surname(random, origin)
    middle = pick_forename(random, origin, sex, born.year) if random.random() < 0.5 else ""
    return Person(
        *(origin, sex, born, forename, middle, own, former),
        mobile=f"07{int(random.random() * 1e9):09d}",
        email=_email(random, forename, own, born),
    )


def _another(random: Random, home: Household, kin: Kin) -> Person:
    head = home.members[0]
    if random.random() > kin.family:
        origin = head.origin if random.random() < 0.6 else ""
        return make_person(random, origin=origin, age=max(19, head.age + _about(random, 4)))
    chance = random.random()
    if chance < kin.twins:
        return _twin(random, head)
    if chance < kin.twins + kin.namesakes and head.sex == "m":
        return _namesake(random, head)
    if head.age >= 20 and len(home.members) == 1 and random.random() < 0.75:
        sex = "m" if (head.sex == "f") == (random.random() < 0.96) else "f"
        shared = head.surname if random.random() < 0.58 else ""
        other = make_person(
            *(random,),
            origin=head.origin,
            sex=sex,
            age=max(18, head.age + _about(random, 4)),
            surname=shared,
        )
        if random.random() < kin.shared_email:
            other.email = head.email
        return other
    age = head.age - 22 - int(random.random() * 15) if head.age > 36 else head.age + 22
    return make_person(random, origin=head.origin, age=max(1, age), surname=head.surname)


def _twin(random: Random, head: Person) -> Person:
    sex = head.sex if random.random() < 0.66 else ""
    twin = make_person(random, origin=head.origin, sex=sex, age=head.age, surname=head.surname)
    twin.born = head.born
    if random.random() < 0.35:
        for _ in range(20):
            if twin.forename[0] == head.forename[0] and twin.forename != head.forename:
                break
            twin.forename = pick_forename(random, head.origin, twin.sex, head.born.year)
    if twin.forename == head.forename:
        twin.forename = pick_forename(random, head.origin, twin.sex, head.born.year)
    return twin


def _namesake(random: Random, head: Person) -> Person:
    age = head.age - 26 if head.age > 40 else head.age + 27
    other = make_person(
        random, origin=head.origin, sex=head.sex, age=max(1, age), surname=head.surname
    )
    other.forename = head.forename
    return other


def _birth_date(random: Random, age: int | None) -> date:
    if age is None:
        age = _AGES.pick(random) + int(random.random() * 11) - 3
    # Many who came from elsewhere have papers that say the first of January.
    if random.random() < 0.012:
        return date(YEAR - age, 1, 1)
    return date(YEAR - age, 1, 1) + timedelta(int(random.random() * 365))


def _email(random: Random, forename: str, surname: str, born: date) -> str:
    first, last = without_marks(forename), without_marks(surname).replace("'", "")
    shape = random.random()
    if shape < 0.3:
        local = f"{first}.{last}{int(random.random() * 100)}"
    elif shape < 0.55:
        local = f"{first}{last}{born.year % 100}{int(random.random() * 30) or ''}"
    elif shape < 0.8:
        local = f"{first[0]}{last}{int(random.random() * 1000)}"
    else:
        local = f"{other_spelling(random, first)}{int(random.random() * 1e5)}"
    return f"{local}@{_HOSTS.pick(random)}"


def _landline(random: Random) -> str:
    return f"01{int(random.random() * 1e9):09d}" if random.random() < 0.45 else ""


def _about(random: Random, years: int) -> int:
    return int(random.gauss(0, years))
