"""A quiet line asks how it has been; answered or put away it is gone."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.reports.survey_models import SurveyCount
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report
from tests.rig.people import site_of
from tests.rig.stated import matched

LINK = 'href="/back/how"'


def comes_back(app: Flask, filed: Filed) -> FlaskClient:
    client = app.test_client()
    assert client.post("/back", data={"code": filed.code}).status_code == 303
    return client


def counted(site: Site) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.sum(SurveyCount.number))) or 0


def test_answers_are_counted_once_and_the_line_is_gone(app: Flask) -> None:
    site = site_of(app)
    client = comes_back(app, file_report(site))
    assert LINK in client.get("/back/open").text
    page = client.get("/back/how").text
    assert "You do not have to answer." in page
    assert "Have the police believed you?" in page
    answer = client.post("/back/how", data={"believed": "4", "again": "0"})
    assert answer.location == "/back/open?done=5"
    assert counted(site) == 2
    page = client.get("/back/open?done=5").text
    assert "Your answers were counted." in page
    assert LINK not in page
    assert client.get("/back/how").location == "/back/open"
    assert client.post("/back/how", data={"believed": "4"}).location == "/back/open"
    assert counted(site) == 2


def test_put_away_it_is_gone(app: Flask) -> None:
    site = site_of(app)
    client = comes_back(app, file_report(site))
    assert client.post("/back/how/no").location == "/back/open"
    assert LINK not in client.get("/back/open").text
    assert client.post("/back/how/no").location == "/back/open"
    assert counted(site) == 0


def test_nothing_chosen_is_said_and_a_wrong_value_is_no_error_of_ours(app: Flask) -> None:
    client = comes_back(app, file_report(site_of(app)))
    assert "Nothing was chosen" in client.post("/back/how", data={}).text
    assert client.post("/back/how", data={"believed": "9"}).status_code == 400
    assert client.post("/back/how", data={"believed": "fully"}).status_code == 400
    assert counted(site_of(app)) == 0


def test_a_later_milestone_asks_once_more_and_is_counted_for_the_force_of_the_record(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed, _ = matched(site, clock)
    client = comes_back(app, filed)
    client.post("/back/how/no")
    assert LINK not in client.get("/back/open").text
    clock.advance(days=31)
    client = comes_back(app, filed)
    assert LINK in client.get("/back/open").text
    client.post("/back/how", data={"informed": "2"})
    with site.database.reading() as session:
        (row,) = session.scalars(select(SurveyCount))
    assert (row.force_id, row.milestone) == ("wiltshire", "later")


def test_who_told_nobody_is_asked_nothing(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = file_report(site, way="keep", happened=site.now() - timedelta(days=1))
    clock.advance(days=40)
    client = comes_back(app, filed)
    assert LINK not in client.get("/back/open").text
    assert client.get("/back/how").location == "/back/open"
    assert client.post("/back/how", data={"believed": "4"}).location == "/back/open"
    fresh = app.test_client()
    fresh.post("/start")
    assert fresh.get("/back/how").location == "/back/open"
