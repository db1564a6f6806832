"""Taking up again, keeping, and who may see it, on the pages."""

import re

from flask import Flask

from portal.reports.codes import make_code
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import file_report
from tests.rig.people import add_person
from tests.web.report.conftest import KEPT, PASSED, Person


def shown(person: Person, address: str) -> str:
    return re.sub(r"\s+", " ", person.client.get(address).text)


def test_what_was_withdrawn_is_taken_up_again_with_one_press(
    person: Person, clock: HandClock
) -> None:
    code = person.files()
    assert "You can undo it" in shown(person, "/back/stop")
    person.client.post("/back/stop")
    page = shown(person, "/back/open")
    assert 'action="/back/take-up"' in page
    assert 'href="/back/add"' not in page
    for _ in range(2):
        assert person.client.post("/back/take-up").location == "/back/open?done=taken-up"
    page = shown(person, "/back/open?done=taken-up")
    assert "You took it up again." in page
    assert 'id="withdrawn"' not in page
    clock.advance(days=6, hours=23)
    person.client.post("/back", data={"code": code})
    assert "You withdrew it." in shown(person, "/back/open").split('id="events"')[0]
    clock.advance(hours=1, minutes=1)
    assert 'id="recent"' not in shown(person, "/back/open")


def test_who_can_open_it_is_said_in_plain_words(person: Person, agreed: str) -> None:
    assert agreed
    person.files(**PASSED)
    page = shown(person, "/back/seen-by")
    assert "Wiltshire Police" in page
    assert "They do not work for the police" in page
    assert "supporter" not in page.lower()


def test_what_is_kept_nobody_else_can_open(person: Person) -> None:
    person.files(**KEPT)
    page = shown(person, "/back/seen-by")
    assert "No police force can open it here." in page
    assert "because nobody was told" in page
    assert person.client.post("/back/seen-by/stop").status_code == 409


def test_a_supporter_is_stopped_at_once_and_allowed_again_only_with_the_code(
    app: Flask, site: Site, person: Person
) -> None:
    filed = file_report(site, filed_by=add_person(site, "advocate"))
    person.client.post("/back", data={"code": filed.code})
    assert "They can open it, with a reason." in shown(person, "/back/seen-by")
    done = person.client.post("/back/seen-by/stop")
    page = shown(person, done.location)
    assert "Your supporter cannot see it any more." in page
    assert "You stopped them on" in page
    for typed, says in (
        ("", "Type your return code"),
        (make_code(site.codes).text, "opens nothing"),
        (file_report(site).code, "not the code of what is open here"),
    ):
        answer = person.client.post("/back/seen-by/allow", data={"code": typed})
        assert answer.status_code == 400
        assert says in re.sub(r"\s+", " ", answer.text)
        assert "You stopped them on" in answer.text
    done = person.client.post("/back/seen-by/allow", data={"code": filed.code})
    assert "Your supporter can see it again." in shown(person, done.location)


def test_the_list_of_what_can_be_done_is_short_and_for_a_kept_report_begins_with_telling(
    person: Person,
) -> None:
    person.files(**KEPT)
    page = person.client.get("/back/open").text.split('id="own"')[1].split("</section")[0]
    links = re.findall(r'href="([^"]+)"', page)
    assert links == [
        *("/back/tell", "/back/add", "/back/correct", "/back/files", "/back/seen-by"),
        *("/back/everything", "/back/stop", "/back/end"),
    ]
    assert "Nobody was told so far. That is fine." in page
