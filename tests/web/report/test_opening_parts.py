"""What the page of an opened report says of reaching its person."""

import re

from flask.testing import FlaskClient

from portal.reports.safe_contacts import remove_contact
from portal.reports.safe_ways import CALL, EMAIL, Way, WayRules
from portal.site import Site
from portal.web.report.opening_parts import Reach, opening_parts
from tests.rig.clock import HandClock
from tests.rig.filed import file_report
from tests.rig.letters import ADDRESS
from tests.rig.reached import as_draft, choose, code_of, contact_of, did_not_arrive, keys


def page(client: FlaskClient) -> str:
    return re.sub(r"\s+", " ", client.get("/back/open").text)


def test_whether_it_is_still_safe_is_asked_and_answered_with_one_press(
    client: FlaskClient, site: Site, clock: HandClock
) -> None:
    filed = file_report(site)
    choose(as_draft(site, filed), Way(EMAIL, ADDRESS))
    client.post("/back", data={"code": filed.code})
    assert "Is this still safe" not in page(client)
    clock.advance(days=90)
    client.post("/back", data={"code": filed.code})
    assert "Is this still safe: n…@example.org?" in page(client)
    assert ADDRESS not in page(client)
    yes = client.post("/back/safe-way/still", data={"still": "yes"})
    assert yes.location == "/back/open?done=6"
    assert "Is this still safe" not in page(client)
    no = client.post("/back/safe-way/still", data={"still": "no"})
    assert no.location == "/back/safe-way?done=4"
    assert "Nothing is sent there any more." in client.get(no.location).text
    assert "You said that your safe way is not safe." in page(client)
    assert contact_of(as_draft(site, filed)).paused_at == clock()


def test_what_was_said_not_to_be_safe_is_used_again_only_with_the_code(
    client: FlaskClient, site: Site
) -> None:
    filed = file_report(site)
    draft = as_draft(site, filed)
    choose(draft, Way(EMAIL, ADDRESS))
    client.post("/back", data={"code": filed.code})
    assert client.get("/back/safe-way/still").location == "/back/safe-way"
    client.post("/back/safe-way/still", data={"still": "no"})
    asked = client.post("/back/safe-way/still", data={"still": "yes"})
    assert asked.location == "/back/safe-way/still"
    assert "Your return code" in client.get(asked.location).text
    for code in ("", "no code", file_report(site).code):
        refused = client.post("/back/safe-way/still", data={"still": "yes", "code": code})
        assert refused.status_code == 400
        assert "Nothing was changed" in refused.text
    assert contact_of(draft).paused_at is not None
    done = client.post("/back/safe-way/still", data={"still": "yes", "code": filed.code})
    assert done.location == "/back/open?done=6"
    assert contact_of(draft).paused_at is None


def test_a_change_can_be_put_back_from_there_with_one_press_and_later_with_the_code(
    client: FlaskClient, site: Site, clock: HandClock
) -> None:
    filed = file_report(site)
    draft = as_draft(site, filed)
    choose(draft, Way(EMAIL, ADDRESS))
    for minutes in (1, 16):
        with site.database.transaction() as session:
            remove_contact(session, filed.id, code=code_of(draft), **keys(site))
        client.post("/back", data={"code": filed.code})
        clock.advance(minutes=minutes)
        shown = page(client)
        assert "you can put back what was there before" in shown
        assert 'id="way-undo"' in shown
        pressed = client.post("/back/safe-way/put-back")
        if minutes == 1:
            assert pressed.location == "/back/safe-way?done=3"
            assert ADDRESS in client.get(pressed.location).text
            continue
        assert pressed.location == "/back/safe-way/put-back"
        assert ADDRESS not in client.get(pressed.location).text
        wrong = client.post(pressed.location, data={"code": "narwhal"})
        assert wrong.status_code == 400
        empty = client.post(pressed.location, data={"code": ""})
        assert empty.status_code == 400
        right = client.post(pressed.location, data={"code": filed.code})
        assert right.location == "/back/safe-way?done=3"
    assert contact_of(draft).confirmed == Way(EMAIL, ADDRESS)
    clock.advance(days=4)
    client.post("/back", data={"code": filed.code})
    assert 'id="way-undo"' not in page(client)
    assert client.get("/back/safe-way/put-back").location == "/back/safe-way"


def test_no_page_shows_a_code_word_or_a_whole_number_at_the_top(
    client: FlaskClient, site: Site
) -> None:
    filed = file_report(site)
    choose(as_draft(site, filed), Way(CALL, "+447700900982", WayRules(code_word="Zebulonta")))
    client.post("/back", data={"code": filed.code})
    assert "the number that ends in 982" in page(client)
    for address in ("/back/open", "/back/safe-way", "/back/safe-way/remove"):
        shown = client.get(address).text
        assert "Zebulonta" not in shown
        assert ("07700" in shown) == (address != "/back/open")


def test_the_parts_have_names() -> None:
    assert Reach("", False, None, None, None).way == ""
    assert callable(opening_parts)


def test_what_did_not_arrive_is_said_without_alarm_and_without_the_address(
    client: FlaskClient, site: Site, clock: HandClock
) -> None:
    filed = file_report(site)
    choose(as_draft(site, filed), Way(EMAIL, ADDRESS))
    clock.advance(minutes=1)
    did_not_arrive(site, filed.id)
    client.post("/back", data={"code": filed.code})
    shown = page(client)
    assert "A message we sent to your safe way did not arrive. Check it." in shown
    assert "Nothing more is sent there until you answer." in shown
    assert ADDRESS not in shown
    client.post("/back/safe-way/still", data={"still": "yes"})
    assert "did not arrive" not in page(client)
