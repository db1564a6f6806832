"""Asking from the case page: whom, about what, and nothing that was begun is lost by it."""

from flask import Flask
from sqlalchemy import select

from portal.matching.models import Question
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import agree_inbox
from tests.rig.people import site_of
from tests.rig.reviewed import waiting_case
from tests.web.oversight.test_review import asks, at, pcc, states


def questions(site: Site) -> list[tuple[str, str | None]]:
    with site.database.reading() as session:
        rows = session.execute(select(Question.asks, Question.answer).order_by(Question.asks))
        return [(asks, answer) for asks, answer in rows]


def test_the_person_can_be_asked_and_a_force_only_when_the_report_was_passed_to_it(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = pcc(app)
    assert "The force cannot be asked here" in client.get(at(site, filed)).text
    assert asks(client, at(site, filed), "force").status_code == 422
    answer = asks(client, at(site, filed), "victim")
    assert answer.location == f"{at(site, filed)}?done=asked-victim"
    page = client.get(answer.location).text
    assert "No answer yet" in page
    assert "Nothing is sent" in page
    assert questions(site) == [("victim", None)]
    for bad in ("", "x", "\x00", "victim", "victim-x", f"victim-{'9' * 40}", "you-1"):
        assert client.post(at(site, filed), data={"ask": bad}).status_code == 404


def test_a_force_that_has_the_report_is_asked_in_its_inbox(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    agree_inbox(site)
    filed = waiting_case(site, clock, way="pass")
    client = pcc(app)
    assert "Is 54/7/26 the record of this report?" in client.get(at(site, filed)).text
    assert asks(client, at(site, filed), "force").status_code == 303
    assert questions(site) == [("force", None)]


def test_a_question_takes_nothing_away_of_what_was_begun(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = pcc(app)
    begun = {"decision": "none", "why": "event", "reason": "It was the barn beside it."}
    for _ in range(2):
        page = asks(client, at(site, filed), "victim", **begun)
        assert page.status_code == 200
        assert "The question waits for the person" in page.text
        assert "No answer yet" in page.text
        assert 'value="none" checked' in page.text
        assert 'value="event" checked' in page.text
        assert "It was the barn beside it.</textarea>" in page.text
        assert "There is a problem" not in page.text
    refused = asks(client, at(site, filed), "force", **begun)
    assert refused.status_code == 422
    assert "Nothing was asked. The report was not passed to this force" in refused.text
    assert "It was the barn beside it.</textarea>" in refused.text
    assert questions(site) == [("victim", None)]
    assert states(site) == ["proposed"]
