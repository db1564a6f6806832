"""Review: bars in words before anything personal, two readers, and the next case opens."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.matching.models import Match
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, file_report, look_again
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.reviewed import allegation_of, crowded_case, waiting_case
from tests.rig.watched import ABOUT


def pcc(app: Flask, force: str = "wiltshire", name: str = "") -> FlaskClient:
    return sign_in(app, add_person(site_of(app), "pcc", force_id=force, name=name))


def inspector(app: Flask) -> FlaskClient:
    return sign_in(app, add_person(site_of(app), "inspector"))


def states(site: Site) -> list[str]:
    with site.database.reading() as session:
        return list(session.scalars(select(Match.state).order_by(Match.record_id)))


def at(site: Site, filed: Filed) -> str:
    return f"/oversight/review/{allegation_of(site, filed)}"


def decides(client: FlaskClient, address: str, decision: str, **data: str) -> TestResponse:
    """Open the page, choose the first that begins so, say why, and press the button."""
    page = client.get(address).text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    offered = re.findall(r'name="decision" type="radio" value="([^"]+)"', page)
    chosen = next((one for one in offered if one.startswith(decision)), decision)
    why = {"is": "fits", "cannot": "little"}.get(chosen.partition("-")[0], "event")
    return client.post(address, data={**hidden, "decision": chosen, "why": why, **data})


def asks(client: FlaskClient, address: str, whom: str, **begun: str) -> TestResponse:
    """Press the button of a question, with what was begun of a decision."""
    page = client.get(address).text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    (record,) = set(re.findall(r'value="is-([0-9]+)"', page))
    return client.post(address, data={**hidden, **begun, "ask": f"{whom}-{record}"})


def test_the_queue_says_why_each_is_where_it_is_and_names_nobody(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    waiting_case(site, clock)
    waiting_case(site, clock, category="raped", references=("54/8/26",))
    page = pcc(app).get("/oversight/review").text
    rows = " ".join(re.sub(r"<[^>]+>", " ", page.split("<tbody")[1]).split())
    assert rows.index("Rape") < rows.index("Break-in at a home")
    assert "in 100" in rows
    assert "Less than a day" in rows
    assert "Nobody has read it" in rows
    assert "2 wait, 2 of them for you" in page
    assert ABOUT["name"] not in page


def test_an_empty_queue_and_a_page_beyond_its_end_say_so(app: Flask) -> None:
    client = pcc(app)
    assert "No possible match waits" in client.get("/oversight/review").text
    assert "There is nothing on this page" in client.get("/oversight/review?page=99999999").text
    assert client.get("/oversight/review?page=-3").status_code == 200


def test_what_has_nothing_to_read_is_counted_apart_for_whom_it_is_to_see(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    office = pcc(app)
    assert 'id="ask"' not in office.get("/oversight/review").text
    file_report(site)
    look_again(site)
    page = office.get("/oversight/review").text
    assert "1 more holds too little to be compared" in page
    assert "too little" not in pcc(app, "kent", "other").get("/oversight/review").text


def test_a_report_that_too_many_records_fit_opens_from_the_queue_and_says_why_nothing_is_beside_it(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = crowded_case(site, clock)
    client = pcc(app)
    queue = client.get("/oversight/review").text
    assert f'href="{at(site, filed)}"' in queue
    assert "Too many to compare" in queue
    assert "Read the first" not in queue, "there is nothing to read before a record is named"
    page = client.get(at(site, filed)).text
    for said in (
        "Too many records to compare",
        "At least 6 records share something with it",
        "Break-in at a home",
        "What would settle it",
        "48 hours later",
        "Open with a reason",
    ):
        assert said in page, said
    assert ABOUT["name"] not in page
    assert 'name="decision"' not in page
    assert at(site, filed) not in pcc(app, "kent", "other").get("/oversight/review").text


def test_a_record_that_is_named_is_read_asked_about_and_decided_like_any_other(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = crowded_case(site, clock)
    client = pcc(app)
    beside = client.post(f"{at(site, filed)}/beside", data={"reference": "54/2/26"}).location
    page = client.get(beside).text
    assert "You named this record." in page
    assert "A: 54/2/26" in page
    assert "no chance can be stated" in page
    assert "in 100" not in page
    asked = asks(client, beside, "victim")
    assert asked.location == f"{beside}&done=asked-victim"
    assert "No answer yet" in client.get(beside).text
    crowded = client.get(at(site, filed)).text
    assert "No answer yet" in crowded, "and where none is beside it"
    (again,) = re.findall(r'href="([^"]+named=[^"]+)"', crowded)
    assert "A: 54/2/26" in client.get(again).text
    opening = re.findall(r'href="([^"]+/open[^"]*)"', page)[0].replace("&amp;", "&")
    opened = client.post(opening, data={"reason": "To compare."}).location
    assert "54/2/26" in client.get(opened).text
    answer = decides(client, beside, "is-", why="own", reason="The lock is the one.")
    assert answer.location == f"/oversight/review?done=accept&of={allegation_of(site, filed)}"
    assert states(site) == ["accepted"]
    assert "54/2/26" in client.get(at(site, filed)).text
    assert at(site, filed) not in client.get("/oversight/review").text


def test_an_alert_does_not_say_that_nothing_was_found_where_too_much_was(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = crowded_case(site, clock)
    clock.advance(days=5)
    look_again(site)
    (alert,) = [one for one in alerts_of(site) if one.kind == "unrecorded"]
    page = pcc(app).get(f"/oversight/alerts/{alert.id}").text
    assert "No record was found to compare" not in page
    assert "Too many records share something with it" in page
    assert f'href="{at(site, filed)}"' in page


@pytest.mark.parametrize(("decision", "state"), [("is-", "accepted"), ("none", "refused")])
def test_a_decision_opens_the_next_case_and_then_the_queue(
    app: Flask, clock: HandClock, decision: str, state: str
) -> None:
    site = site_of(app)
    first = waiting_case(site, clock, category="burglary-home")
    second = waiting_case(site, clock, references=("54/8/26",), incident="5403260000999")
    client = pcc(app)
    answer = decides(client, at(site, first), decision)
    done = {"is-": "accept", "none": "refuse"}[decision]
    assert (answer.status_code, answer.location) == (
        303,
        f"{at(site, second)}?done={done}&of={allegation_of(site, first)}",
    )
    assert "The alerts follow" in client.get(answer.location).text
    answer = decides(client, at(site, second), decision, why="own", reason="Both say the barn.")
    assert answer.location == f"/oversight/review?done={done}&of={allegation_of(site, second)}"
    page = client.get(answer.location).text
    assert "No possible match waits" in page
    assert f'href="{at(site, second)}">Go back to that case' in page
    assert states(site) == [state, state]
    if state == "accepted":
        assert "Both say the barn." in client.get(at(site, second)).text


def test_a_rape_needs_two_who_agree_and_the_second_does_not_see_what_the_first_said(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, category="raped")
    first, second = pcc(app), inspector(app)
    assert "two people have to agree" in first.get(at(site, filed)).text
    answer = decides(first, at(site, filed), "is-", why="own", reason="The door says it.")
    assert answer.location == "/oversight/review?done=second"
    own = first.get(at(site, filed)).text
    assert "The door says it." in own
    assert 'name="decision"' not in own
    page = second.get(at(site, filed)).text
    assert "One person has read it" in page
    assert "The door says it." not in page
    assert (
        decides(second, at(site, filed), "is-").location
        == f"/oversight/review?done=accept&of={allegation_of(site, filed)}"
    )
    assert states(site) == ["accepted"]
    assert "1 case" in second.get("/oversight/review/agreement").text


def test_an_accepted_record_can_be_taken_back(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = pcc(app)
    decides(client, at(site, filed), "is-")
    answer = decides(client, at(site, filed), "not-", why="event")
    assert answer.location.startswith("/oversight/review?done=taken-back&of=")
    assert states(site) == ["refused"]
    late = client.post(at(site, filed), data={"decision": "none", "why": "own", "reason": "Long."})
    assert late.status_code == 422


def test_who_decides_after_another_did_is_told_so_and_not_one_press_from_undoing_it(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    first, second = pcc(app), inspector(app)
    page = first.get(at(site, filed)).text
    (chosen,) = re.findall(r'name="decision" type="radio" value="(is-[0-9]+)"', page)
    decides(second, at(site, filed), "is-")
    answer = decides(first, at(site, filed), chosen, why="own", reason="The barn is the one.")
    assert answer.status_code == 422
    assert "Nothing was changed. What is compared here is not what it was" in answer.text
    assert "Choose what you think" not in answer.text
    assert "The barn is the one." in answer.text
    assert 'value="not-' not in answer.text
    assert "Accepted" in answer.text
    assert states(site) == ["accepted"]
    assert 'value="not-' in first.get(at(site, filed)).text


def test_without_a_choice_or_a_reason_nothing_is_decided_and_what_was_typed_stays(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = pcc(app)
    no_why = decides(client, at(site, filed), "none", why="")
    assert no_why.status_code == 422
    assert "Choose why" in no_why.text
    no_reason = decides(client, at(site, filed), "none", why="own")
    assert "Write a reason, in a sentence" in no_reason.text
    assert 'value="none" checked' in no_reason.text
    no_choice = client.post(at(site, filed), data={"why": "own", "reason": "A long thought."})
    assert no_choice.status_code == 422
    assert "A long thought.</textarea>" in no_choice.text
    assert states(site) == ["proposed"]


@pytest.mark.parametrize("seen", ["", "zz", "00" * 16, "9" * 5000])
def test_what_was_compared_with_something_else_is_looked_at_again(
    app: Flask, clock: HandClock, seen: str
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    tried = decides(pcc(app), at(site, filed), "is-", why="own", reason="It fits.", seen=seen)
    assert tried.status_code == 422
    assert "Look again" in tried.text
    assert "It fits.</textarea>" in tried.text


@pytest.mark.parametrize("decision", ["is-", "is-x", "not-7", "is-99999999999999999999", "-", "x"])
def test_a_choice_that_was_not_offered_decides_nothing(
    app: Flask, clock: HandClock, decision: str
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    data = {"decision": decision, "why": "fits", "seen": "00" * 16}
    assert pcc(app).post(at(site, filed), data=data).status_code == 422
    assert states(site) == ["proposed"]


def test_a_registrar_can_only_propose(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = sign_in(app, add_person(site, "registrar", force_id="wiltshire"))
    answer = decides(client, at(site, filed), "is-", why="own", reason="It is ours.")
    assert answer.location == "/oversight/review?done=proposed"
    assert states(site) == ["proposed"]
    assert "It is ours." in pcc(app).get(at(site, filed)).text
    assert client.post(at(site, filed), data={"ask": "victim-1"}).status_code == 403
    assert client.get(f"{at(site, filed)}/open").status_code == 403


def test_a_case_of_another_force_is_as_if_it_were_not_there(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = pcc(app, "kent")
    for address in (at(site, filed), f"{at(site, filed)}/open"):
        assert client.get(address).status_code == 404
        assert client.post(address, data={"reason": "x"}).status_code == 404
    assert client.post(at(site, filed), data={"ask": "victim-1"}).status_code == 404
    assert client.get("/oversight/review/agreement").status_code == 403
