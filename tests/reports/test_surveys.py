"""Answers to the survey become numbers; nothing says whose they were, and nobody is asked twice."""

import pytest
from sqlalchemy import select

from portal.errors import Refused
from portal.reports.service import withdraw
from portal.reports.survey_models import SurveyCount, SurveyState
from portal.reports.surveys import answer_survey, dismiss_survey, done_with
from portal.site import Site
from tests.rig.filed import Filed, file_report


def answers(site: Site, filed: Filed, milestone: str = "sent", **points: int) -> bool:
    with site.database.transaction() as session:
        return answer_survey(
            session,
            filed.id,
            milestone,  # type: ignore[arg-type]
            points,
            force_id="wiltshire",
            passed=["sent"],
            keyring=site.keyring,
            now=site.now(),
        )


def counts(site: Site) -> list[tuple[str, str, str, str, int, int]]:
    with site.database.reading() as session:
        rows = session.scalars(select(SurveyCount).order_by(SurveyCount.item, SurveyCount.answer))
        return [
            (one.force_id, one.milestone, one.quarter, one.item, one.answer, one.number)
            for one in rows
        ]


def done(site: Site, filed: Filed) -> frozenset[str]:
    with site.database.reading() as session:
        return done_with(session, filed.id, keyring=site.keyring)


def test_an_answer_is_counted_once_and_the_same_of_two_people_is_one_number(site: Site) -> None:
    one, other = file_report(site), file_report(site)
    assert answers(site, one, informed=4, believed=0)
    assert not answers(site, one, informed=1)
    assert answers(site, other, informed=4)
    assert counts(site) == [
        ("wiltshire", "sent", "2026-Q1", "believed", 0, 1),
        ("wiltshire", "sent", "2026-Q1", "informed", 4, 2),
    ]


def test_no_column_of_a_number_leads_to_a_report_or_a_time() -> None:
    columns = set(SurveyCount.__table__.columns.keys())
    assert columns == {"force_id", "milestone", "quarter", "item", "answer", "number"}
    assert not SurveyCount.__table__.foreign_keys  # type: ignore[attr-defined]


def test_what_was_let_pass_is_not_asked_again_and_which_is_sealed(site: Site) -> None:
    filed = file_report(site)
    assert answers(site, filed, "found", informed=4)
    assert done(site, filed) == {"sent", "found"}
    with site.database.reading() as session:
        sealed = session.scalars(select(SurveyState.sealed)).one()
    assert b"found" not in sealed


def test_put_away_it_is_gone_and_counts_for_nothing(site: Site) -> None:
    filed = file_report(site)
    for _ in range(2):
        with site.database.transaction() as session:
            dismiss_survey(session, filed.id, "sent", passed=["sent"], keyring=site.keyring)
    assert done(site, filed) == {"sent"}
    assert not answers(site, filed, informed=5)
    assert counts(site) == []


@pytest.mark.parametrize(
    ("milestone", "points"),
    [("sent", {"informed": 6}), ("sent", {"informed": -1}), ("sent", {"x": 1}), ("x", {})],
)
def test_what_is_no_answer_is_refused(site: Site, milestone: str, points: dict[str, int]) -> None:
    filed = file_report(site)
    with pytest.raises(Refused):
        answers(site, filed, milestone, **points)
    assert done(site, filed) == frozenset()


def test_a_withdrawn_report_is_asked_nothing(site: Site) -> None:
    filed = file_report(site)
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=site.now())
    with pytest.raises(Refused, match="withdrew"):
        answers(site, filed, informed=5)
