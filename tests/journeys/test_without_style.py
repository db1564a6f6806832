"""The page alone is enough: nothing of style, script or images ever arrives."""

import pytest

from tests.journeys.conftest import People
from tests.rig.telling import HAPPENED, PERSON, WORDS, Teller, event, told

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
ALL = {**PERSON, **told(), **event(1, "hurt", HAPPENED)}


def test_somebody_reports_although_no_second_request_is_ever_answered(people: People) -> None:
    hand = people.comes(script=False)  # none would arrive
    asked: list[str] = []
    hand.page.context.route(
        "**/static/**", lambda route: (asked.append(route.request.url), route.abort())
    )
    teller = Teller(hand, ALL)
    teller.starts()
    order = hand.page.evaluate(
        """() => ["a[data-leave]", "a[href='#main-content']", ".govuk-back-link", "h1",
            "main form input:not([type=hidden])", "main form button", ".or-help", ".or-footer"]
            .map(name => document.querySelector(name).getBoundingClientRect().top)"""
    )
    assert order == sorted(order), "what comes first is read first"
    teller.answers_all()
    assert " ".join(WORDS.split()) in " ".join(hand.says.split())
    teller.sends()
    assert hand.page.locator("#return-code").is_visible()
    hand.leaves()
    assert asked, "the pages do ask for more"


def test_the_pages_with_a_form_weigh_at_most_100_kilobytes_on_the_wire(people: People) -> None:
    hand = people.comes()
    context = hand.page.context
    session = context.new_cdp_session(hand.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weights: dict[str, float] = {}

    def arrived(event: dict[str, float]) -> None:
        path = hand.path
        weights[path] = weights.get(path, 0) + event["encodedDataLength"]

    session.on("Network.loadingFinished", arrived)
    teller = Teller(hand, ALL)
    teller.starts()
    seen = {}
    for _ in range(40):
        hand.page.wait_for_load_state("networkidle")
        path = hand.path
        weights.clear()
        hand.page.reload(wait_until="networkidle")
        seen[path] = weights.get(path, 0)
        if path == "/start/check":
            break
        teller.answers()
    print({path: round(weight / 1000, 1) for path, weight in seen.items()})
    assert len(seen) == 14
    assert 50_000 < max(seen.values()) <= 100_000
