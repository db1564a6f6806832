"""Ways for everyone: people under 18, people who find reading hard, people who need large print."""

import pytest

from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.telling import HAPPENED, PERSON, Teller, event, told
from tests.rig.watch import PHONE, WIDE

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize("script", [True, False])
def test_somebody_of_fifteen_is_asked_less_and_gets_the_same_receipt(
    people: People, site: Site, script: bool
) -> None:
    victim = people.comes(script=script, size=PHONE)
    pages = {**PERSON, "who": [("chooses", "who_for", "young")]}
    teller = Teller(victim, {**pages, **told(), **event(1, "messages", HAPPENED)})
    teller.starts()
    teller.answers()
    assert victim.path == "/start/1/what"
    assert "It is not your fault" in victim.says
    assert "0800 1111" in victim.says
    assert "stolen from my shop" not in victim.says
    seen = []
    while victim.path != "/start/check":
        seen.append(victim.path)
        teller.answers()
    assert "/start/1/area" not in seen
    assert "/start/more" not in seen
    assert "To me, and I am under 18" in victim.says
    teller.sends()
    teller.comes_back()
    assert "We are looking for it in the police records" in victim.says
    victim.goes("/start/print")
    victim.presses("Show it in large print")
    assert "or-large" in (victim.page.get_attribute("#sheet", "class") or "")


def test_easy_read_says_the_same_with_a_picture_beside_each_part(people: People) -> None:
    reader = people.comes(sizes=(PHONE, WIDE))
    reader.goes("/")
    reader.presses("Easy read, with pictures")
    pictures = reader.page.locator("main img")
    assert pictures.count() >= 8
    assert all(
        pictures.nth(at).evaluate("image => image.complete && image.naturalWidth > 0")
        for at in range(pictures.count())
    )
    reader.presses("Start now")
    assert reader.path == "/start"
