"""The order of the questions: each can be reached, each leads on, nothing is asked in vain."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import NotFound
from portal.web.report import flow

Answers = dict[str, Any]
EVENT = {"what": {"category": "hurt"}, "when": {}, "where": {}, "force": {"force": "unsure"}}


def answered(way: str, events: int = 1) -> Answers:
    """Every question answered, under one way in."""
    answers: Answers = {page.key: {} for page in flow.PAGES if not page.per_allegation}
    return answers | {"allegations": [EVENT] * events, "way": {"way": way}}


ways = st.sampled_from(["told", "pass", "keep"])


@given(ways, st.integers(1, 4))
def test_from_the_first_question_the_way_leads_through_every_one_to_the_end(
    way: str, events: int
) -> None:
    answers = answered(way, events)
    place = flow.get_place("who", 0, answers)
    passed = [place]
    while place.page.name != flow.CHECK:
        place = flow.next_place(place, answers)
        passed.append(place)
    assert passed == flow.places(answers)
    asked = {each.page.name for each in passed}
    assert asked == {page.name for page in flow.PAGES if page.applies(answers)}


def test_every_page_is_reached_by_some_way() -> None:
    asked = {
        place.page.name for way in ("told", "pass", "keep") for place in flow.places(answered(way))
    }
    assert asked == {page.name for page in flow.PAGES}


@given(ways, st.integers(1, 4))
def test_back_undoes_a_step_except_into_an_earlier_event(way: str, events: int) -> None:
    answers = answered(way, events)
    order = flow.places(answers)
    for before, place in pairwise(order):
        back = flow.back_place(place, answers)
        assert back is not None
        started_anew = place.page.name == "what" and place.number > 1
        assert back == before or (started_anew and back.page.name == flow.MORE)
    assert flow.back_place(order[0], answers) is None


@given(ways, st.sets(st.sampled_from([page.key for page in flow.PAGES if not page.per_allegation])))
def test_whoever_comes_back_goes_on_at_the_first_open_question(way: str, lost: set[str]) -> None:
    full = answered(way)
    answers = {key: value for key, value in full.items() if key not in lost - {"way"}}
    place = flow.resume(answers)
    order = flow.places(answers)
    assert all(flow.is_answered(each, answers) for each in order[: order.index(place)])
    assert not flow.is_answered(place, answers)


@given(ways, st.integers(1, 3))
def test_a_change_from_the_end_returns_to_the_end(way: str, events: int) -> None:
    answers = answered(way, events)
    for place in flow.places(answers):
        assert flow.next_place(place, answers, flow.CHECK).page.name == flow.CHECK


def test_a_change_that_opens_a_question_leads_there_first() -> None:
    answers = answered("keep")
    del answers["told"]
    answers["way"] = {"way": "told"}
    after = flow.next_place(flow.get_place("way", 0, answers), answers, flow.CHECK)
    assert after.address == "/start/told"


def test_a_change_from_the_list_of_events_returns_to_the_list() -> None:
    answers = answered("keep", 2)
    place = flow.get_place("when", 2, answers)
    assert flow.next_place(place, answers, flow.MORE).address == "/start/more"
    back = flow.back_place(place, answers, flow.MORE)
    assert back is not None
    assert back.address == "/start/more"


def test_the_event_after_the_last_is_the_next_and_no_further_one_exists() -> None:
    answers = answered("keep", 2)
    assert flow.get_place("what", 3, answers).address == "/start/3/what"
    with pytest.raises(NotFound):
        flow.get_place("what", 4, answers)


@pytest.mark.parametrize(("name", "number"), [("nothing", 0), ("what", 0), ("who", 1), ("told", 0)])
def test_what_is_no_question_or_does_not_apply_is_not_found(name: str, number: int) -> None:
    with pytest.raises(NotFound):
        flow.get_place(name, number, answered("keep"))


def test_answers_to_questions_that_fell_away_are_named() -> None:
    assert set(flow.left_over(answered("keep"))) == {"told", "told_how", "pass"}
    assert flow.left_over(answered("told")) == ["pass"]


def test_who_it_happened_to_is_asked_before_what_happened() -> None:
    assert flow.resume({}).address == "/start/who"
    assert flow.resume({"who": {}}).address == "/start/1/what"
    back = flow.back_place(flow.get_place("what", 1, {"who": {}}), {"who": {}})
    assert back is not None
    assert back.address == "/start/who"


YOUNG = {"who": {"who_for": "young"}}


def test_somebody_under_eighteen_is_asked_less() -> None:
    asked = [place.page.name for place in flow.places(YOUNG)]
    of_age = [place.page.name for place in flow.places({"who": {"who_for": "self"}})]
    assert len(asked) < len(of_age)
    assert {"area", "more"}.isdisjoint(asked)
    assert {"others", "way", "contact"} <= set(asked)


def test_somebody_under_eighteen_may_still_say_more() -> None:
    answers = YOUNG | {"allegations": [{"what": {}, "when": {}, "where": {}}]}
    more = flow.get_place("more", 0, answers)
    assert flow.next_place(more, answers, flow.CHECK).page.name == "others"
    force = flow.get_place("area", 1, answers)
    assert flow.next_place(force, answers).page.name == "others"
    assert flow.back_place(force, answers) == flow.get_place("check", 0, answers)


def test_who_turns_out_to_be_of_age_is_asked_the_rest() -> None:
    told = [{"what": {}, "when": {}, "where": {}}]
    answers = {"who": {"who_for": "self"}, "allegations": told, "insider": {}}
    assert flow.resume(answers).address == "/start/1/area"
