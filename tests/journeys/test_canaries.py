"""Whatever a person types, in every box there is, stands nowhere but where it belongs."""

import logging
import re
from collections.abc import Iterator
from typing import NoReturn

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.reports.looks import look
from portal.reports.models import Report
from tests.journeys.conftest import People
from tests.rig.canaries import TYPED, Eyes, Notebook, files_of, found_in
from tests.rig.filed import agree_inbox
from tests.rig.hands import Hand
from tests.rig.letters import letters, numbers
from tests.rig.people import add_person, sign_in
from tests.rig.running import Running
from tests.rig.telling import SAVE, Pages, Teller, event, exactly, told

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
HAPPENED = exactly(1, 3, "5pm")
ALL: Pages = {
    **told(TYPED["reference"]),
    **event(1, "hurt", HAPPENED),
    "who": [
        ("chooses", "who_for", "other"),
        ("types", "relation", TYPED["relation"]),
        ("chooses", "knows", "yes"),
        ("chooses", "agrees", "yes"),
    ],
    "1/what": [("chooses", "category", "hurt"), ("types", "other", TYPED["other"])],
    "1/where": [("types", "place", TYPED["place"]), ("types", "postcode", TYPED["postcode"])],
    "1/area": [("chooses", "force", "another"), ("picks", "listed", "wiltshire")],
    "others": [("chooses", "insider", "yes")],
    "told-how": [
        ("chooses", "channel", "101"),
        ("picks", "force", "wiltshire"),
        ("types", "incident_number", TYPED["incident"]),
        ("types", "crime_reference", TYPED["reference"]),
        ("types", "officer", TYPED["officer"]),
    ],
    "words": [("types", "words", TYPED["words"])],
    "about": [("types", "name", TYPED["name"]), ("types", "birth-year", "1911")],
    "contact": [
        ("chooses", "contact", "email"),
        ("types", "detail_email", TYPED["contact"]),
        ("types", "safe_times", TYPED["times"]),
    ],
}


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    """Reads along with every logger."""
    kept, root = Notebook(), logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in ("portal", "gunicorn.error"))]
    before = [(one, one.level) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.addHandler(kept)
    yield kept
    for one, level in before:
        one.setLevel(level)
        one.removeHandler(kept)


def makes_a_mistake(hand: Hand, teller: Teller) -> None:
    """Type a date that cannot be, and words that a fault of ours meets."""
    hand.goes("/start/about")
    hand.types("birth-month", TYPED["mistake"])
    hand.presses(SAVE)
    assert "There is a problem" in hand.says
    hand.types("birth-month", "")
    hand.presses(SAVE)


def meets_a_fault(hand: Hand, served: Running) -> str:
    """Send words that the site cannot take, for a fault of its own; the page that says so."""
    view = served.app.view_functions["report.answer"]

    def fail(**_parts: object) -> NoReturn:
        raise RuntimeError(f"row holds {TYPED['lost words']}")

    served.app.view_functions["report.answer"] = fail
    hand.goes("/start/words")
    token = hand.page.locator("main input[name=csrf_token]").get_attribute("value") or ""
    typed = {"csrf_token": token, "words": TYPED["lost words"]}
    answer = hand.page.context.request.post("/start/words", form=typed)
    served.app.view_functions["report.answer"] = view
    assert answer.status == 500
    return answer.text()


def lives_on(hand: Hand, teller: Teller, served: Running) -> list[str]:
    """After sending: a safe way, a new code, a part to show, and withdrawing; the codes."""
    site = served.site
    hand.goes("/back/safe-way")
    hand.chooses("way", "email")
    hand.types("address", TYPED["safe way"])
    hand.presses("Continue", among="main")
    hand.types("number", numbers(site)[-1])
    hand.presses("Continue", among="main")
    hand.goes("/back/new-code")
    hand.types("code", teller.code)
    hand.presses("Make a new code", among="main")
    fresh = "".join(hand.page.inner_text("#return-code").split())
    hand.goes("/back/show/1")
    hand.page.locator("input[type=checkbox]").first.check()
    hand.page.locator("main form button[type=submit]").first.click()
    hand.goes("/back/open")
    hand.presses("Withdraw it")
    hand.presses("Withdraw", among="main")
    return [teller.code, fresh]


def somebody_looks(served: Running) -> None:
    """An inspector opens it with a reason, and staff walk by."""
    site = served.site
    inspector = add_person(site, "inspector")
    with site.database.transaction() as session:
        report = session.scalars(select(Report)).one()
        look(
            session,
            report.id,
            account=session.get_one(Account, inspector),
            reason=TYPED["look"],
            keyring=site.keyring,
            now=site.now(),
        )
    client = sign_in(served.app, inspector)
    for address in ("/oversight", "/oversight/alerts", "/oversight/unmatched", "/oversight/review"):
        assert client.get(address).status_code == 200


def test_nothing_that_was_typed_is_found_where_it_does_not_belong(
    people: People, served: Running, notebook: Notebook
) -> None:
    site = served.site
    agree_inbox(site)
    hand = people.comes()
    eyes = Eyes()
    eyes.watch(hand.page.context)
    eyes.listen(served.app)
    hand.page.on("load", lambda page: eyes.titles.append(page.title()))
    teller = Teller(hand, ALL)
    teller.starts()
    teller.answers_all()
    makes_a_mistake(hand, teller)
    fault = meets_a_fault(hand, served)
    hand.goes("/start/check")
    assert TYPED["words"] in hand.says, "it was really typed"
    teller.sends()
    somebody_looks(served)
    codes = lives_on(hand, teller, served)
    eyes.look_at_storage(hand.page.context)
    hand.leaves()
    teller.comes_back("0" * 20)

    typed = {**TYPED, **{f"code {number}": code for number, code in enumerate(codes)}}
    groups = {
        f"{what} as shown": f"{code[:5]} {code[5:10]}"
        for what, code in zip("ab", codes, strict=True)
    }
    typed_or_shown = typed | groups
    assert eyes.titles
    assert len(eyes.addresses) > 50
    assert len(eyes.access_log) > 50
    places = {
        "the logs": "\n".join(notebook.lines),
        "the addresses": "\n".join(eyes.addresses),
        "the log of accesses": "\n".join(eyes.access_log),
        "the titles": "\n".join(eyes.titles),
        "what the browser keeps": "\n".join(eyes.stored),
        "the page of a fault": re.sub(r"\s+", " ", fault),
        "the letters": "\n".join(f"{each.subject} {each.body}" for each in letters(site)),
        "the database": files_of(site.settings.database_url),
    }
    found = {where: found_in(held, typed_or_shown) for where, held in places.items()}
    assert not {where: what for where, what in found.items() if what}
    assert eyes.referers == []
    assert eyes.cookies == {"session"}
    assert eyes.stored == ['[{},{},"","",null,[],[],0]']
    told_by_log = [line for line in notebook.lines if "fault reference" in line]
    assert told_by_log, "the fault was written down, without what was typed"


@pytest.mark.usefixtures("backend")
def test_the_eyes_would_find_it() -> None:
    assert found_in("x QUAGGALONE@narwhal.example y", TYPED) == ["contact"]
    assert "reference" in found_in("GET /start?x=54%2F90717%2F26", TYPED)
    assert found_in(b"Vlimmerish".hex(), {"words": "Vlimmerish"}) == ["words"]
    assert found_in("nothing", TYPED) == []
