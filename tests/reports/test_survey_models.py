"""The tables of the survey refuse what is no answer, on both databases."""

import pytest

from portal.db import Database
from portal.reports.survey_models import SurveyCount, SurveyState
from tests.rig.rows import add, can_be_left_out, can_point_nowhere, fill_every_table, refuse


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        fill_every_table(session.connection())
    return database


def test_what_a_row_needs_cannot_be_left_out(filled: Database) -> None:
    assert can_be_left_out(filled, SurveyState, SurveyCount) == []


def test_what_a_person_is_done_with_belongs_to_a_report(filled: Database) -> None:
    assert can_point_nowhere(filled, SurveyState) == []


def test_only_answers_to_the_six_items_after_the_five_milestones_are_counted(
    filled: Database,
) -> None:
    fits = {"milestone": "found", "item": "believed", "answer": 0, "number": 1}
    add(filled, SurveyCount, **fits)
    for wrong in ({"milestone": "x"}, {"item": "x"}, {"answer": 6}, {"answer": -1}, {"number": 0}):
        refuse(filled, SurveyCount, **(fits | {"quarter": "other"} | wrong))
