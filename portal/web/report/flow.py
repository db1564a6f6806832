"""The order of the questions, as one table: what comes next, what came before, where to resume.

Nothing else in the pages knows an order. A page is asked when it applies to the answers given so
far, and is done once its answer was saved, an empty one included.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from portal.errors import NotFound
from portal.languages.translating import _

Answers = Mapping[str, Any]


def _always(_answers: Answers) -> bool:
    return True


def chosen_way(answers: Answers) -> str:
    """Which way in was chosen ("told", "pass" or "keep"), or "" while none was."""
    return str((answers.get("way") or {}).get("way", ""))


def police_involved(answers: Answers) -> bool:
    """Whether someone who works for the police is involved, or may be."""
    return (answers.get("insider") or {}).get("insider") in ("yes", "unsure")


def for_someone_else(answers: Answers) -> bool:
    """Whether it happened to somebody other than the person who writes."""
    return bool((answers.get("who") or {}).get("who_for") == "other")


def is_young(answers: Answers) -> bool:
    """Whether it happened to the person who writes, and they are under 18: they are asked less."""
    return bool((answers.get("who") or {}).get("who_for") == "young")


def does_not_agree(answers: Answers) -> bool:
    """Whether the person it happened to is known not to agree: then nobody is told."""
    return for_someone_else(answers) and answers["who"].get("agrees") == "no"


@dataclass(frozen=True)
class Page:
    """One question. `name` is the end of its address; its answers are kept under `key`.

    `kept_as` is that key where the address, which stays in the browser's history, tells less.
    It can be opened where it `applies`, and stands on the way where it is `asked` as well.
    """

    name: str
    per_allegation: bool = False
    applies: Callable[[Answers], bool] = _always
    asked: Callable[[Answers], bool] = _always
    kept_as: str = ""

    def on_the_way(self, answers: Answers) -> bool:
        """Whether this person comes by it without asking for it."""
        return self.applies(answers) and self.asked(answers)

    @property
    def key(self) -> str:
        """The name under which the answers of a report hold this page's."""
        return self.kept_as or self.name.replace("-", "_")


def _of_age(answers: Answers) -> bool:
    return not is_young(answers)


PAGES: tuple[Page, ...] = (
    # First, because the answers to "what" are in the voice of the person it happened to.
    Page("who"),
    Page("what", per_allegation=True),
    Page("when", per_allegation=True),
    Page("where", per_allegation=True),
    Page("area", per_allegation=True, asked=_of_age, kept_as="force"),
    Page("more", asked=_of_age),
    Page("others", kept_as="insider"),
    Page("way"),
    Page("told", applies=lambda answers: chosen_way(answers) == "told"),
    Page("told-how", applies=lambda answers: chosen_way(answers) == "told"),
    Page("pass", applies=lambda answers: chosen_way(answers) == "pass"),
    Page("words"),
    Page("about"),
    Page("contact"),
    Page("check"),
)
CHECK = "check"
MORE = "more"
THENS = (CHECK, MORE)
_AFTER_MORE = PAGES[[page.name for page in PAGES].index(MORE) + 1].key
_BY_NAME = {page.name: page for page in PAGES}


@dataclass(frozen=True)
class Place:
    """One question as it stands on the way: a page, and the allegation it is about (from 1)."""

    page: Page
    number: int = 0

    @property
    def address(self) -> str:
        """Where its page is."""
        return f"/start/{self.number}/{self.page.name}" if self.number else self.plain_address

    @property
    def kept_as(self) -> str:
        """Under which name what was typed there and not saved is kept."""
        return f"{self.number}/{self.page.key}" if self.number else self.page.key

    @property
    def plain_address(self) -> str:
        """The address of a page that is about no single allegation."""
        return f"/start/{self.page.name}"


def count_allegations(answers: Answers) -> int:
    """How many things that happened were begun."""
    return len(answers.get("allegations") or [])


def places(answers: Answers, at_least: int = 1) -> list[Place]:
    """Every question that applies, in order, for at least so many allegations."""
    numbers = range(1, max(count_allegations(answers), at_least, 1) + 1)
    about_each = [page for page in PAGES if page.per_allegation]
    at = PAGES.index(about_each[0])
    before = [Place(page) for page in PAGES[:at] if page.on_the_way(answers)]
    after = [
        Place(page) for page in PAGES[at:] if not page.per_allegation and page.on_the_way(answers)
    ]
    asked = [page for page in about_each if page.on_the_way(answers)]
    return [*before, *(Place(page, number) for number in numbers for page in asked), *after]


def get_place(name: str, number: int, answers: Answers) -> Place:
    """The place of an address. Raises NotFound for a page that does not exist or apply.

    One allegation more than there are is a place too: the next to be told.
    """
    page = _BY_NAME.get(name)
    known = page is not None and page.per_allegation == (number > 0)
    if page is None or not known or number > count_allegations(answers) + 1:
        raise NotFound(_("There is no such question."))
    if not page.applies(answers):
        raise NotFound(_("This question does not go with your other answers."))
    return Place(page, number)


def is_answered(place: Place, answers: Answers) -> bool:
    """Whether the page was saved. "More?" is answered by going on, and "check" never."""
    if place.page.name == CHECK:
        return False
    if place.page.name == MORE:
        return _AFTER_MORE in answers
    if not place.number:
        return place.page.key in answers
    told = answers.get("allegations") or []
    return len(told) >= place.number and place.page.key in told[place.number - 1]


def resume(answers: Answers, typed: Collection[str] = ()) -> Place:
    """The first question without an answer; "check" when all have one.

    `typed` names what was typed and could not be saved yet (`kept_as`): that comes before "check".
    """
    return next(
        place
        for place in places(answers)
        if not is_answered(place, answers)
        or (place.page.name not in THENS and place.kept_as in typed)
    )


def open_event(answers: Answers) -> Place | None:
    """The first question without an answer about anything that happened; None when all have one."""
    about_each = (place for place in places(answers) if place.number)
    return next((place for place in about_each if not is_answered(place, answers)), None)


def next_place(place: Place, answers: Answers, then: str = "") -> Place:
    """Where to go once this page was saved.

    `then` is where the person came from to change something: back there, by way of whatever
    the change has newly left open.
    """
    if then == CHECK:
        return resume(answers)
    if then == MORE and place.number:
        return open_event(answers) or Place(_BY_NAME[MORE])
    order = places(answers, at_least=place.number)
    return order[order.index(place) + 1] if place in order else resume(answers)


def back_place(place: Place, answers: Answers, then: str = "") -> Place | None:
    """The page before this one; None before the first. A further allegation began at "more?"."""
    if then in THENS and place.page.name != then:
        return Place(_BY_NAME[then])
    order = places(answers, at_least=place.number)
    if place not in order:
        return Place(_BY_NAME[CHECK])
    at = order.index(place)
    if place.number > 1 and order[at - 1].number < place.number:
        return Place(_BY_NAME[MORE])
    return order[at - 1] if at else None


def left_over(answers: Answers) -> list[str]:
    """The keys of saved answers to questions that no longer apply: they are not sent."""
    return [page.key for page in PAGES if page.key in answers and not page.applies(answers)]
