"""The person who comes back finds a question, may answer it once, and may leave it."""

import re
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Account
from portal.matching.asking import ask
from portal.matching.models import Question
from tests.rig.asked import call_case, number_case
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.people import add_person, site_of
from tests.rig.reviewed import case_of, waiting_case


def comes_back(app: Flask, filed: Filed) -> FlaskClient:
    client = app.test_client()
    assert client.post("/back", data={"code": filed.code}).status_code == 303
    return client


def asked(app: Flask, clock: HandClock) -> Filed:
    site = site_of(app)
    filed = waiting_case(site, clock)
    inspector = add_person(site, "inspector")
    case = case_of(site, filed, inspector)
    with site.database.transaction() as session:
        ask(
            session,
            case.allegation.id,
            case.proposed[0].record.id,
            "victim",
            account=session.get_one(Account, inspector),
            keyring=site.keyring,
            now=site.now(),
        )
    return filed


def answer_of(app: Flask) -> str | None:
    with site_of(app).database.reading() as session:
        return session.scalars(select(Question.answer)).one()


def test_a_question_waits_on_their_page_and_is_gone_once_it_is_answered(
    app: Flask, clock: HandClock
) -> None:
    filed = asked(app, clock)
    client = comes_back(app, filed)
    page = client.get("/back/open").text
    assert "You are asked something" in page
    (address,) = re.findall(r'href="(/back/asked/[^"]+)"', page)
    assert address == "/back/asked/1", "an address names no question"
    question = client.get(address).text
    assert "54/7/26" in question
    (which,) = re.findall(r'name="which" value="([^"]+)"', question)
    assert "You do not have to answer" in question
    nothing = client.post(address, data={"which": which})
    assert nothing.status_code == 400
    assert "Choose your answer" in nothing.text
    assert client.post(address, data={"which": which, "answer": "perhaps"}).status_code == 400
    assert client.post(address, data={"answer": "no"}).location == "/back/open"
    other = {"which": str(uuid4()), "answer": "no"}
    assert client.post(address, data=other).location == "/back/open"
    assert answer_of(app) is None, "a second press answers no other question"
    assert client.post(address, data={"which": which, "answer": "no"}).location == "/back/open"
    assert answer_of(app) == "no"
    page = client.get("/back/open").text
    assert 'id="asked"' not in page
    assert "You answered: no." in page
    assert client.get(address).location == "/back/open"
    again = client.post(address, data={"which": which, "answer": "yes"})
    assert again.location == "/back/open"
    assert answer_of(app) == "no"


def test_nobody_else_finds_it(app: Flask, clock: HandClock) -> None:
    asked(app, clock)
    other = file_report(site_of(app))
    client = comes_back(app, other)
    with site_of(app).database.reading() as session:
        question = session.scalars(select(Question.id)).one()
    assert client.get("/back/asked/1").location == "/back/open"
    for one in (question, uuid4()):
        typed = {"which": str(one), "answer": "yes"}
        assert client.post("/back/asked/1", data=typed).location == "/back/open"
    assert answer_of(app) is None


def test_who_alone_can_know_is_told_so_and_what_a_yes_does(app: Flask, clock: HandClock) -> None:
    filed = number_case(site_of(app), clock)
    client = comes_back(app, filed)
    page = client.get("/back/asked/1").text
    assert "This is about: Someone broke into my home" in page
    assert "Only you can know" in page
    assert "the time limit stops" in page
    assert "people who watch over the police ask you" not in page
    (which,) = re.findall(r'name="which" value="([^"]+)"', page)
    answered = client.post("/back/asked/1", data={"which": which, "answer": "yes"})
    assert answered.status_code == 303
    look_again(site_of(app))
    back = client.get("/back/open").text
    assert "54/7/26" in back
    assert "You are asked something" not in back


def test_who_typed_a_number_with_a_slip_is_told_that_theirs_is_close(
    app: Flask, clock: HandClock
) -> None:
    number = {"number": "54/13457/26", "crime_reference": "54/13475/26"}
    filed = number_case(site_of(app), clock, **number)
    page = comes_back(app, filed).get("/back/asked/1").text
    assert "Is 54/13475/26 the number for this" in page
    assert "You gave us a number that is close to this one" in page
    assert "You gave us this number" not in page


def test_who_typed_the_number_of_a_call_is_shown_it_and_none_that_they_may_never_have_had(
    app: Flask, clock: HandClock
) -> None:
    filed = call_case(site_of(app), clock)
    page = comes_back(app, filed).get("/back/asked/1").text
    assert "Was the number that you gave us for this, and for nothing else" in page
    assert "You gave us this number: 712." in page
    assert "record that goes with this number counts" in page
    assert "54/7/26" not in page


def test_of_a_record_that_was_taken_away_nobody_is_told_that_a_yes_stops_the_time_limit(
    app: Flask, clock: HandClock
) -> None:
    filed = number_case(site_of(app), clock, removal_code="C2")
    page = comes_back(app, filed).get("/back/asked/1").text
    assert "The police have since taken their record away" in page
    assert "The time limit does not stop" in page
    assert "and the time limit stops" not in page


def test_a_yes_long_after_the_code_was_typed_says_what_to_do_and_a_no_is_taken(
    app: Flask, clock: HandClock
) -> None:
    filed = number_case(site_of(app), clock)
    client = comes_back(app, filed)
    clock.advance(minutes=16)
    page = client.get("/back/asked/1").text
    assert "To say yes, close this first" in page
    (which,) = re.findall(r'name="which" value="([^"]+)"', page)
    refused = client.post("/back/asked/1", data={"which": which, "answer": "yes"})
    assert refused.status_code == 400
    assert "open it again with the return code, and answer then" in refused.text
    assert answer_of(app) is None
    assert client.post("/back/asked/1", data={"which": which, "answer": "no"}).status_code == 303
    assert answer_of(app) == "no"
