"""Oversight sees real figures of the short survey in the demonstration, and some held back."""

from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.cli.story.surveys import add_answers
from portal.oversight.confidence import FEWEST, confidence
from portal.reports.survey_models import SurveyCount
from portal.reports.surveys import ITEMS
from portal.site import Site
from tests.rig.story import Tale


def test_the_office_of_wiltshire_sees_a_figure_for_everything_that_was_asked(tale: Tale) -> None:
    with tale.site.database.reading() as session:
        office = session.scalars(select(Account).where(Account.role == "pcc")).one()
        found = confidence(session, office, now=tale.site.now())
    assert {one.item for one in found.in_all} == set(ITEMS)
    assert all(one.share and one.share.of >= FEWEST for one in found.in_all)
    assert all(one.share for one in found.by_milestone)
    shares = [one.share.value for one in found.in_all if one.share]
    assert max(shares) - min(shares) > 0.2


def test_an_inspector_sees_the_three_forces(tale: Tale) -> None:
    with tale.site.database.reading() as session:
        inspector = session.scalars(select(Account).where(Account.role == "inspector")).one()
        found = confidence(session, inspector, now=tale.site.now())
    assert {one.group for one in found.by_force} == {"wiltshire", "avon-and-somerset", "dorset"}


def test_one_number_gives_one_outcome(site: Site) -> None:
    sums = []
    for _ in range(2):
        with site.database.transaction() as session:
            session.query(SurveyCount).delete()
            add_answers(session, site.now(), number=7)
            query = select(func.count(), func.sum(SurveyCount.number * SurveyCount.answer))
            sums.append(tuple(session.execute(query).one()))
    assert sums[0] == sums[1]
    assert sums[0][0]
