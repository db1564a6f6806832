"""Figures of confidence come from numbers of ten or more, of quarters that are over."""

from datetime import UTC, datetime

import pytest

from portal.accounts.models import Account
from portal.oversight.confidence import Figure, confidence, finished_quarters
from portal.reports.survey_models import SurveyCount
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.people import add_person


def put(site: Site, number: int, **cell: object) -> None:
    plain: dict[str, object] = {
        "force_id": "wiltshire",
        "milestone": "sent",
        "quarter": "2025-Q4",
        "item": "believed",
        "answer": 5,
    }
    with site.database.transaction() as session:
        session.add(SurveyCount(**(plain | cell), number=number))


def shown(figures: object) -> dict[str, str]:
    assert isinstance(figures, list)
    return {
        one.group: f"{one.share.hits}/{one.share.of}" if one.share else "-"
        for one in figures
        if isinstance(one, Figure)
    }


@pytest.fixture
def inspector(site: Site) -> Account:
    person = add_person(site, "inspector")
    with site.database.reading() as session:
        return session.get_one(Account, person)


def test_the_running_quarter_is_none_of_those_shown(clock: HandClock) -> None:
    assert finished_quarters(clock()) == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert finished_quarters(datetime(2026, 12, 31, tzinfo=UTC))[-1] == "2026-Q3"


def test_those_who_say_yes_are_counted_of_those_who_said_a_point(
    site: Site, inspector: Account
) -> None:
    put(site, 6)
    put(site, 3, answer=4)
    put(site, 4, answer=1)
    put(site, 50, answer=0)
    put(site, 90, quarter="2026-Q1")
    with site.database.reading() as session:
        found = confidence(session, inspector, now=site.now())
    assert shown(found.in_all) == {"": "9/13"}
    assert shown(found.by_milestone) == {"sent": "9/13"}
    assert shown(found.by_force) == {"wiltshire": "9/13"}


def test_nine_answers_are_not_shown_and_neither_is_what_would_give_them_away(
    site: Site, inspector: Account
) -> None:
    put(site, 9, milestone="found")
    put(site, 12, milestone="sent")
    put(site, 30, milestone="later")
    with site.database.reading() as session:
        found = confidence(session, inspector, now=site.now())
    assert shown(found.by_milestone) == {"sent": "-", "found": "-", "later": "30/30"}
    assert shown(found.in_all) == {"": "51/51"}


def test_an_office_sees_the_numbers_of_its_own_force(site: Site) -> None:
    put(site, 12)
    put(site, 20, force_id="dorset")
    put(site, 20, force_id="")
    person = add_person(site, "pcc", force_id="wiltshire")
    with site.database.reading() as session:
        account = session.get_one(Account, person)
        found = confidence(session, account, now=site.now())
    assert shown(found.in_all) == {"": "12/12"}
    assert found.by_force == []


def test_with_no_answers_there_is_nothing(site: Site, inspector: Account) -> None:
    with site.database.reading() as session:
        found = confidence(session, inspector, now=site.now())
    assert list(found.in_all) == list(found.by_milestone) == list(found.by_force) == []
