"""Promises about the questions on what happened and which force it belongs to."""

import re

from portal.reference.categories import all_categories
from portal.web.report.forms_event import force_name, force_options, grouped_categories
from tests.web.report.conftest import Person

RADIO = re.compile(r'name="force" type="radio" value="([^"]*)"')


def test_everything_that_can_have_happened_is_offered_once(person: Person) -> None:
    person.starts()
    offered = re.findall(
        r'name="category" type="radio" value="([^"]*)"', person.client.get("/start/1/what").text
    )
    assert offered == [each.slug for each in all_categories()]
    assert [each for _, group in grouped_categories() for each in group] == list(all_categories())
    assert offered[-2:] == ["something-else", "not-sure"]


def test_the_postcode_suggests_forces_and_the_list_and_not_sure_stay(person: Person) -> None:
    person.starts()
    person.answers("1/what")
    assert RADIO.findall(person.client.get("/start/1/area").text) == ["another", "unsure"]
    person.answers("1/where", postcode="sn1 1aa")
    offered = RADIO.findall(person.client.get("/start/1/area").text)
    assert offered[0] == "wiltshire"
    assert offered[-2:] == ["another", "unsure"]


def test_a_force_chosen_from_the_list_is_kept(person: Person) -> None:
    person.starts()
    person.answers("1/what")
    response = person.is_asked_again("1/area", force="another", listed="")
    assert "Choose a police force from the list" in response.text
    person.client.post("/start/1/area", data={"force": "another", "listed": "kent"})
    assert 'value="kent" selected' in person.client.get("/start/1/area").text


def test_a_force_that_does_not_exist_is_not_taken(person: Person) -> None:
    person.starts()
    person.answers("1/what")
    assert "error-summary" in person.is_asked_again("1/area", force="gotham").text


def test_every_force_is_named() -> None:
    assert len(force_options()) == 44
    assert force_name("wiltshire") == "Wiltshire Police"
    assert force_name("") == ""


def test_for_someone_else_the_answers_are_in_their_voice(person: Person) -> None:
    person.starts()
    assert "were speaking" not in person.client.get("/start/1/what").text
    person.answers("who", who_for="other", agrees="yes")
    assert "as if the person it happened to were speaking" in (
        person.client.get("/start/1/what").text
    )


def test_a_postcode_is_written_one_way_and_an_odd_one_only_noted(person: Person) -> None:
    person.starts()
    person.answers("1/what")
    person.answers("1/where", postcode="sn11aa")
    assert 'value="SN1 1AA"' in person.client.get("/start/1/where").text
    assert "odd-postcode" not in person.client.get("/start/1/area").text
    assert person.answers("1/where", postcode="12345").location == "/start/1/area"
    page = person.client.get("/start/1/area").text
    assert "You gave “12345” as the postcode. It does not look like one" in page


def test_without_script_a_force_from_the_list_wins_over_a_not_sure_that_was_marked(
    person: Person,
) -> None:
    person.starts()
    person.answers("1/what")
    person.client.post("/start/1/area", data={"force": "unsure", "listed": ""})
    person.client.post("/start/1/area", data={"force": "unsure", "listed": "kent"})
    assert 'value="kent" selected' in person.client.get("/start/1/area").text
    # What a list still holds, hidden, says nothing against a newly chosen answer.
    person.client.post("/start/1/area", data={"force": "unsure", "listed": "kent"})
    assert 'value="unsure" checked' in person.client.get("/start/1/area").text
