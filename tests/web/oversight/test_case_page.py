"""The page of a case: words and bars before anything personal, and what holds a record back."""

import re

from flask import Flask

from portal.matching.service import use_model
from portal.matching.zones import GATE_WORDS
from tests.matching.test_choosing import text_of
from tests.rig.clock import HandClock
from tests.rig.filed import look_again
from tests.rig.people import site_of
from tests.rig.reviewed import crowded_case, waiting_case
from tests.rig.watched import ABOUT, WORDS
from tests.web.oversight.test_review import at, decides, pcc


def test_what_holds_a_record_back_is_read_before_its_chance(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    page = pcc(app).get(at(site, filed)).text
    (found,) = re.findall(r'<section aria-labelledby="candidate-A">.*?</section>', page, re.S)
    held = [found.index(said) for said in GATE_WORDS.values() if said in found]
    assert held
    assert max(held) < found.index(" in 100.")


def test_a_case_shows_the_candidates_side_by_side_in_words_and_bars(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, references=("54/7/26", "54/8/26"))
    page = pcc(app).get(at(site, filed)).text
    for said in (
        "A: 54/7/26</th>",
        "B: 54/8/26</th>",
        "Is it this person, or somebody of their home?",
        "Is it this event, and not another of theirs?",
        "Is it this event, and not another against somebody of their home?",
        "What would settle it:",
        "speaks for it (+",
        "Least sure is: “",
        "Ask the person",
        'aria-hidden="true"',
    ):
        assert said in page, said
    assert page.count("<svg") >= 4
    assert ABOUT["name"] not in page
    assert WORDS not in page


def test_a_case_that_a_model_accepted_here_judged_is_explained_on_its_page(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    with site.database.transaction() as session:
        use_model(session, text_of("ours-2"), now=site.now())
    filed = waiting_case(site, clock)
    page = pcc(app).get(at(site, filed)).text
    assert "Is it this person, or somebody of their home?" in page
    assert "Model “ours-2”" in page


def test_what_is_accepted_is_headed_as_its_record(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    for filed in (waiting_case(site, clock), crowded_case(site, clock, incident="5403260000999")):
        client = pcc(app, name=str(filed.id))
        address = at(site, filed)
        if "Too many records" in client.get(address).text:
            typed = {"reference": "54/3/26"}
            address = client.post(f"{address}/beside", data=typed).location
        decides(client, address, "is-", reason="The same lock.")
        assert "Its record</h1>" in client.get(at(site, filed)).text


def test_no_chance_of_before_stands_beside_a_record_that_was_just_put_back(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = pcc(app)
    decides(client, at(site, filed), "none")
    assert "What changed is compared again now" in client.get(at(site, filed)).text
    look_again(site)
    again = f"{at(site, filed)}/again"
    put_back = {"records": "1", "reason": "I pressed the wrong one."}
    assert client.post(again, data=put_back).status_code == 303
    page = client.get(at(site, filed)).text
    assert "the chances are worked out again now" in page
    look_again(site)
    page = client.get(at(site, filed)).text
    assert "By the model, the chance that this is not its record is" in page
