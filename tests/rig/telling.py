"""What a person tells, page by page, through a browser: from the first page to the receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from portal.reports.drafts import save_allegation, save_answers
from portal.reports.visits import open_with_code
from portal.site import Site
from tests.rig.filed import file_report
from tests.rig.hands import Hand

Step = tuple[str, str, str]  # what a Hand does: ("chooses", name, value), ("types", id, text), ...
Pages = Mapping[str, Sequence[Step]]

SAVE = "Save and continue"


def exactly(day: int, month: int, time: str, year: int = 2026) -> list[Step]:
    """The answer "I know the date", with its time."""
    return [
        ("chooses", "kind", "exact"),
        ("types", "exact-day", str(day)),
        ("types", "exact-month", str(month)),
        ("types", "exact-year", str(year)),
        ("types", "exact_time", time),
    ]


def event(number: int, category: str, happened: Sequence[Step]) -> dict[str, Sequence[Step]]:
    """One thing that happened in Swindon, as allegation `number`."""
    return {
        f"{number}/what": [("chooses", "category", category)],
        f"{number}/when": happened,
        f"{number}/where": [("types", "place", "12 Long Street"), ("types", "postcode", "SN1 1AA")],
        f"{number}/area": [("chooses", "force", "wiltshire")],
    }


WORDS = "He followed me home.\n\nI am frightened of him."
NAME = "Ada Quill"
PERSON: Pages = {
    "who": [("chooses", "who_for", "self")],
    "others": [("chooses", "insider", "no")],
    "words": [("types", "words", WORDS)],
    "about": [
        ("types", "name", NAME),
        ("types", "birth-day", "4"),
        ("types", "birth-month", "5"),
        ("types", "birth-year", "1990"),
    ],
    "contact": [("chooses", "contact", "none")],
}
HAPPENED = exactly(1, 3, "5pm")
TOLD = exactly(1, 3, "8.17pm")
REFERENCE = "54/70707/26"
KEPT: Pages = {"way": [("chooses", "way", "keep")]}
PASSED: Pages = {
    "way": [("chooses", "way", "pass")],
    "pass": [("chooses", "force", "wiltshire"), ("chooses", "agrees", "yes")],
}


def told(reference: str = REFERENCE) -> Pages:
    """ "I have told the police": on the phone, on 1 March 2026 at 8.17pm."""
    return {
        "way": [("chooses", "way", "told")],
        "told": TOLD,
        "told-how": [
            ("chooses", "channel", "101"),
            ("picks", "force", "wiltshire"),
            ("types", "crime_reference", reference),
        ],
    }


@dataclass
class Teller:
    """A person at a browser, with what they are going to say."""

    hand: Hand
    pages: Pages
    code: str = field(default="", init=False)

    def starts(self) -> str:
        """From the first page to the first question, keeping the return code."""
        self.hand.goes("/")
        self.hand.presses("Start now")
        self.hand.presses("Start", among="main")
        self.hand.presses("Go on", among="main")
        return self.keeps_code()

    def keeps_code(self) -> str:
        """Write the code down and go on to the questions."""
        self.code = "".join(self.hand.page.inner_text("#return-code").split())
        assert len(self.code) == 20
        self.hand.presses("I have kept it. Continue")
        return self.code

    def answers_all(self) -> None:
        """Answer every question in the order in which the pages lead."""
        for _ in range(40):
            if self.hand.path == "/start/check":
                return
            self.answers()
        raise AssertionError("the pages never led to the end")

    def answers(self) -> None:
        """Answer the question on the page."""
        page = self.hand.path.removeprefix("/start/")
        for what, name, given in self._steps(page):
            getattr(self.hand, what)(name, given)
        self.hand.presses(SAVE)

    def sends(self) -> None:
        """Send what was checked, and arrive at the receipt."""
        self.hand.presses("Send", among="main")
        assert self.hand.path == "/start/done"

    def comes_back(self, code: str = "") -> None:
        """Open it again with the return code."""
        self.hand.goes("/back")
        self.hand.types("code", code or self.code)
        self.hand.presses("Continue", among="main")

    def _steps(self, page: str) -> Sequence[Step]:
        if page != "more":
            return self.pages.get(page, ())
        so_far = max(self.hand.page.locator("[id^=told-]").count(), 1)
        return [("chooses", "more", "yes" if f"{so_far + 1}/what" in self.pages else "no")]


def file_told(site: Site) -> str:
    """PERSON told the police of one thing, and sent it without a browser; the return code."""
    now = site.now()
    return file_report(
        site,
        categories=["stalking-harassment"],
        happened=now - timedelta(hours=16),
        told=now - timedelta(hours=12, minutes=43),
        told_how={"crime_reference": REFERENCE},
        words=WORDS,
        about={"name": NAME, "birth_day": "4", "birth_month": "5", "birth_year": "1990"},
    ).code


def prefill(site: Site, code: str, upto: str = "") -> None:
    """Answer the draft of this code without a browser: all of it, or the pages before `upto`.

    It keeps one thing that happened, as PERSON, and tells nobody.
    """
    keys: Any = {"keyring": site.keyring, "now": site.now()}
    with site.database.transaction() as session:
        draft = open_with_code(
            session, code, codes=site.codes, keyring=site.keyring, now=site.now()
        )
        for part, values in _EVENT.items():
            save_allegation(session, draft.id, 1, part, values, **keys)
        for page, values in _ANSWERS.items():
            if page == upto:
                return
            save_answers(session, draft.id, page, values, **keys)


_EVENT: Mapping[str, dict[str, str]] = {
    "what": {"category": "stalking-harassment", "other": ""},
    "when": {"kind": "unknown"},
    "where": {"place": "12 Long Street", "postcode": "SN1 1AA"},
    "force": {"force": "wiltshire"},
}
_ANSWERS: Mapping[str, dict[str, str]] = {
    "who": {"who_for": "self"},
    "insider": {"insider": "no"},
    "way": {"way": "keep"},
    "words": {"words": WORDS},
    "about": {"name": NAME, "birth_year": "1990"},
    "contact": {"contact": "none"},
}
