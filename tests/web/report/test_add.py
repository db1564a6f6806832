"""Adding on the pages: written, checked, put on record below what was sent."""

import re

from portal.site import Site
from tests.web.report.conftest import Person

WORDS = "He came back on Sunday.\nHe had a key."


def shown(person: Person, address: str) -> str:
    return re.sub(r"\s+", " ", person.client.get(address).text)


def test_words_that_are_added_stand_below_what_was_sent_with_their_own_receipt(
    person: Person,
) -> None:
    person.files()
    assert 'href="/back/add"' in person.client.get("/back/open").text
    done = person.client.post("/back/add", data={"words": WORDS})
    assert (done.status_code, done.location) == (303, "/back/add/check")
    assert "He had a key." in shown(person, "/back/add/check")
    for _ in range(2):
        assert person.client.post("/back/add/check").location.startswith("/back/open")
    page = shown(person, "/back/open?done=added")
    assert "It is added to what you sent." in page
    assert page.count("What you added on 2 March 2026, 9am</h3>") == 1
    assert page.index("The back door was broken.") < page.index("He had a key.")
    receipt = person.client.get("/back/receipt/2")
    assert receipt.status_code == 200
    assert b"He had a key." in receipt.data


def test_nothing_written_is_said_in_plain_words_and_nothing_typed_is_lost(person: Person) -> None:
    person.files()
    page = person.is_asked_again("/back/add", words="  ").text
    assert "Write what you want to add, or go back" in page
    assert person.client.get("/back/add/check").location == "/back/add"
    person.client.post("/back/add", data={"words": WORDS})
    person.client.post("/back/stop")
    person.client.post("/back/add", data={"words": WORDS})
    assert person.client.post("/back/add/check").location == "/back/add"
    page = shown(person, "/back/add")
    assert "Take it up again first" in page
    assert "He had a key." in page


def test_with_more_than_one_thing_the_part_can_be_named(person: Person) -> None:
    person.starts()
    for page in ("who", "1/what", "1/when", "1/where", "1/area"):
        person.answers(page)
    for page in ("2/what", "2/when", "2/where", "2/area"):
        person.answers(page, **({"category": "raped"} if page == "2/what" else {})) if (
            page == "2/what"
        ) else person.client.post(
            f"/start/{page}",
            data={
                "2/when": {"kind": "unknown"},
                "2/where": {"place": "", "postcode": ""},
                "2/area": {"force": "unsure"},
            }[page],
        )
    person.answers_all()
    person.sends()
    assert "Part 2: I was raped" in shown(person, "/back/add")
    person.client.post("/back/add", data={"words": WORDS, "part": "2"})
    assert "Part 2" in shown(person, "/back/add/check")
    person.client.post("/back/add/check")
    page = shown(person, "/back/open")
    assert "about part 2</h3>" in page
    assert "Part 2: You added something in your own words." in page


def test_a_draft_is_written_in_and_not_added_to(person: Person, site: Site) -> None:
    person.starts()
    assert person.client.get("/back/add").location == "/back/open"
    assert person.client.post("/back/add", data={"words": WORDS}).location == "/back/open"
    assert person.client.post("/back/add/check").location == "/back/open"
