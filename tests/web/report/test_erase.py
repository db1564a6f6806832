"""Erasing on the pages: explained, only with the code typed once more, and then it is gone."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.cli.jobs import run_once
from portal.reports.codes import make_code
from portal.reports.erasure_models import Erasure
from portal.reports.models import Report
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.hashing import no_turns_left
from tests.web.report.conftest import KEPT, Person, sends_on

SURE = {"sure": "yes"}


def shown(person: Person, address: str) -> str:
    return re.sub(r"\s+", " ", person.client.get(address).text)


def is_erased(site: Site) -> bool:
    with site.database.reading() as session:
        return session.scalars(select(Report.erased_at)).one() is not None


def test_the_page_says_what_goes_and_what_stays_and_offers_other_ways(person: Person) -> None:
    person.files()
    assert 'href="/back/end"' in person.client.get("/back/open").text
    page = shown(person, "/back/end")
    for words in (
        "What goes",
        "What stays",
        "Nobody can ever read them, not even we",
        "put pressure on you",
        "at most 30 days",
        "Nobody can bring it back",
        "Save the receipt with all of your answers",
        "Keep it as it is",
        "Withdraw it",
        "you can talk to someone first",
    ):
        assert words in page, words
    for address in re.findall(r'href="(/(?:start|back)/[^"#]*)', page):
        assert person.client.get(address).status_code == 200, address


def test_a_visit_that_ended_before_the_button_was_pressed_erases_nothing_and_blames_nobody(
    person: Person, site: Site, clock: HandClock
) -> None:
    code = person.files()
    clock.advance(hours=3)
    page = sends_on(person, "/back/end", code, SURE | {"code": code})
    assert "It was closed meanwhile. Nothing was erased." in page
    assert "There is a problem" not in page
    assert "<title>Error" not in page
    assert not is_erased(site)


def test_asking_closes_it_at_once_and_after_the_wait_the_code_opens_nothing(
    person: Person, site: Site, app: Flask, clock: HandClock
) -> None:
    code = person.files()
    done = person.client.post("/back/end", data=SURE | {"code": code.lower()})
    assert (done.status_code, done.location) == (303, "/back/closed")
    page = shown(person, "/back/closed")
    assert "You asked us on 2 March 2026, 9am to erase it" in page
    assert "It will be erased on 5 March 2026, 9am" in page
    assert not is_erased(site)
    clock.advance(hours=71)
    run_once(site)
    assert not is_erased(site)
    clock.advance(hours=1)
    run_once(site)
    assert is_erased(site)
    assert person.client.get("/back/open").location == "/back"

    browser = app.test_client()
    said = [
        re.sub(r"[0-9A-Z]{20}", "", browser.post("/back", data={"code": typed}).text)
        for typed in (code, make_code(site.codes).text)
    ]
    assert said[0] == said[1]
    assert "opens nothing here" in said[0]


def test_a_second_press_shows_the_same_page_and_asks_nothing_else(
    person: Person, site: Site, clock: HandClock
) -> None:
    code = person.files()
    for _ in range(2):
        response = person.client.post("/back/end", data=SURE | {"code": code})
        assert response.location == "/back/closed"
    clock.advance(hours=72)
    for _ in range(2):
        run_once(site)
    with site.database.reading() as session:
        assert len(session.scalars(select(Erasure)).all()) == 1


def test_while_it_waits_no_page_shows_a_word_and_one_press_keeps_it(
    person: Person, site: Site, clock: HandClock
) -> None:
    code = person.files()
    addresses = (
        *("/back/seen-by", "/back/add", "/back/correct", "/back/everything", "/start/done"),
        *("/back/everything/file", "/start/receipt", "/back/receipt/1", "/back/print/1"),
        *("/back/show/1", "/back/stop", "/back/end", "/back/new-code", "/start/print"),
    )
    person.client.post("/back/end", data=SURE | {"code": code})
    person.client.post("/back", data={"code": code})
    for address in addresses:
        response = person.client.get(address)
        assert (response.status_code, response.location) == (303, "/back/open"), address
    for address in ("/back/stop", "/back/take-up", "/back/seen-by/stop", "/back/add/check"):
        assert person.client.post(address).location == "/back/open", address
    page = shown(person, "/back/open").split("<main")[1]
    assert "Ada Example" not in page
    assert "Long Street" not in page
    clock.advance(hours=71)
    person.client.post("/back", data={"code": code})
    assert person.client.post("/back/keep").location.startswith("/back/open")
    assert "You kept it. It is not erased." in shown(person, "/back/open?done=kept")
    clock.advance(hours=71)
    run_once(site)
    person.client.post("/back", data={"code": code})
    page = shown(person, "/back/open")
    assert "You kept it after all." in page
    assert "Done with your return code in the last days" in page
    assert person.client.post("/back/keep").location.startswith("/back/open")
    assert not is_erased(site)


def test_whoever_takes_the_phone_after_asking_keeps_nothing_without_the_code(
    person: Person, site: Site, app: Flask
) -> None:
    code = person.files()
    person.client.post("/back/end", data=SURE | {"code": code})
    page = shown(person, "/back/closed").split("<main")[1]
    assert "Come back with your return code" in page
    assert "/back/keep" not in page
    assert "Ada Example" not in page
    person.client.post("/back/keep")
    assert person.client.get("/back/open").location == "/back"
    with site.database.reading() as session:
        assert session.scalars(select(Report.erase_asked_at)).one() is not None
    assert app.test_client().get("/back/closed").location == "/back"
    person.client.post("/back", data={"code": code})
    assert 'action="/back/keep"' in shown(person, "/back/open")
    assert person.client.post("/back/keep").location == "/back/open?done=kept"
    with site.database.reading() as session:
        assert session.scalars(select(Report.erase_asked_at)).one() is None
    assert "Ada Example" not in shown(person, "/back/closed")


def test_a_draft_is_erased_at_once_and_says_when_its_last_traces_went(
    person: Person, site: Site, clock: HandClock
) -> None:
    code = person.starts()
    done = person.client.post("/back/end", data=SURE | {"code": code})
    assert (done.status_code, done.location) == (303, "/back/ended")
    page = shown(person, "/back/ended")
    assert "It is erased" in page
    assert "still holds traces" in page
    clock.advance(minutes=1)
    run_once(site)
    assert "were destroyed on 2 March 2026, 9:01am" in shown(person, "/back/ended")
    assert person.client.get("/back/open").location == "/back"
    for _ in range(2):
        again = person.client.post("/back/end", data=SURE | {"code": code})
        assert again.location == "/back/ended"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Type your return code. Nothing was erased"),
        ({"code": "ABC"} | SURE, "You typed 3"),
        ({"code": "right"}, "Tick the box if you want to erase it. Nothing was erased"),
        ({"code": "other"} | SURE, "That is not the return code of what is open here"),
    ],
)
def test_without_the_right_code_and_the_tick_nothing_is_erased(
    person: Person, site: Site, typed: dict[str, str], says: str
) -> None:
    codes = {"right": person.files(), "other": make_code(site.codes).text}
    data = typed | ({"code": codes.get(typed["code"], typed["code"])} if "code" in typed else {})
    response = person.client.post("/back/end", data=data)
    assert response.status_code == 400
    assert says in response.text
    assert "It is all still here" in response.text
    assert not is_erased(site)


def test_when_too_many_wait_nothing_is_erased(person: Person, site: Site, app: Flask) -> None:
    code = person.files()
    with no_turns_left(app):
        response = person.client.post("/back/end", data=SURE | {"code": code})
    assert response.status_code == 503
    assert "Nothing was lost" in response.text
    assert not is_erased(site)


def test_what_was_never_sent_can_be_erased_too(person: Person, site: Site) -> None:
    code = person.starts()
    person.answers("1/what")
    assert 'href="/back/end"' in person.client.get("/back/open").text
    page = shown(person, "/back/end")
    assert "It was never sent" in page
    assert "receipt" not in page.split("<main")[1].split("</main")[0].lower()
    assert person.client.post("/back/end", data=SURE | {"code": code}).location == "/back/ended"
    assert "It is erased" in shown(person, "/back/ended")
    with site.database.reading() as session:
        assert session.scalars(select(Report)).all() == []


def test_a_kept_report_has_no_check_to_speak_of_and_a_withdrawn_one_is_not_withdrawn_again(
    person: Person,
) -> None:
    person.files(**KEPT)
    assert "asked to check something" not in shown(person, "/back/end")
    person.client.post("/back/stop")
    page = shown(person, "/back/end")
    assert 'href="/back/stop"' not in page
    assert 'href="/back/end"' in person.client.get("/back/open").text


def test_whom_to_talk_to_fits_what_happened(person: Person) -> None:
    person.files(**{"1/what": {"category": "raped"}})
    assert "Rape Crisis" in shown(person, "/back/end").split("</main")[0]


def test_without_an_open_report_there_is_nothing_to_erase(client: FlaskClient) -> None:
    assert client.get("/back/end").location == "/back"
    assert client.get("/back/ended").location == "/back"
    assert client.post("/back/end", data=SURE | {"code": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("days", "says"),
    [(None, "have not said here how long"), (0, "We keep no backups"), (1, "at most 1 day.")],
)
def test_how_long_backups_hold_it_is_said_as_the_site_is_run(
    person: Person, site: Site, app: Flask, days: int | None, says: str
) -> None:
    person.files()
    settings = replace(site.settings, backup_days=days)
    app.extensions["on_record"] = replace(site, settings=settings)
    assert says in shown(person, "/back/end")
