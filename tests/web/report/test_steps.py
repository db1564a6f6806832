"""Promises about the step that a page says it is, and about the name that history keeps of it."""

import itertools
from typing import Any

import pytest

from portal.web.report import flow
from portal.web.report.steps import LAST, STEPS, step_of, title_of

ALL: list[dict[str, Any]] = [
    {"way": {"way": way}, "allegations": [{}] * count}
    for way, count in itertools.product(("", "told", "pass", "keep"), (0, 1, 3))
]


def test_every_question_has_its_step_and_no_step_is_left_over() -> None:
    assert STEPS.keys() == {page.name for page in flow.PAGES}


@pytest.mark.parametrize("answers", ALL)
def test_steps_begin_at_one_skip_none_never_go_back_and_are_as_many_as_was_said(
    answers: dict[str, Any],
) -> None:
    steps = [step_of(place) for place in flow.places(answers)]
    assert steps == sorted(steps)
    assert {step for step, _ in steps} == set(range(1, LAST + 1))
    assert {of for _, of in steps} == {LAST}


@pytest.mark.parametrize("answers", ALL)
def test_no_two_questions_share_a_title(answers: dict[str, Any]) -> None:
    order = flow.places(answers)
    assert len({title_of(place) for place in order}) == len(order)


def test_a_title_says_which_part_and_which_step() -> None:
    first, second = (flow.get_place("when", number, {"allegations": [{}]}) for number in (1, 2))
    assert title_of(first) == "When, step 2 of 6"
    assert title_of(second) == "When, part 2, step 2 of 6"
