"""What was decided against stands on the case page, with the way back for whoever may decide."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, look_again
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.reviewed import crowded_case, named, waiting_case
from tests.rig.stated import matched, says
from tests.web.oversight.test_review import at, decides, inspector, pcc, states

TWO = ("54/7/26", "54/8/26")
SAID = {"why": "own", "reason": "The lock is another."}


def sends(client: FlaskClient, address: str, **data: object) -> tuple[int, str]:
    """Open the page, change what is to be changed, press the button; the status and the answer."""
    page = client.get(address).text
    chosen = re.findall(r'name="records" type="checkbox" value="(\d+)" checked', page)
    answer = client.post(
        address, data={"records": chosen, "reason": "I pressed the wrong button.", **data}
    )
    return answer.status_code, answer.location or answer.text


def refused_one(app: Flask, clock: HandClock) -> tuple[Site, Filed, FlaskClient]:
    """A case with two candidates of which somebody said that neither is it."""
    site = site_of(app)
    filed, client = waiting_case(site, clock, references=TWO), pcc(app)
    decides(client, at(site, filed), "none", **SAID)
    return site, filed, client


def test_the_page_says_what_was_refused_by_whom_when_and_why(app: Flask, clock: HandClock) -> None:
    site, filed, client = refused_one(app, clock)
    page = client.get(at(site, filed)).text
    (said,) = re.findall(r'<div id="decided">(.*?)</div>', page, re.S)
    said = " ".join(re.sub(r"<[^>]+>", " ", said).split())
    assert "None of these is its record</h1>" in page
    for reference in TWO:
        assert f"Refused {reference}, 2 March 2026" in said
        assert f"Look at {reference} again" in said
    assert said.count("by PCC office (Harbour Support): “The lock is another.”") == 2
    registrar = sign_in(app, add_person(site, "registrar", force_id="wiltshire"))
    theirs = registrar.get(at(site, filed)).text
    assert "The lock is another." in theirs
    assert "/again" not in theirs


def test_what_one_press_refused_goes_back_together_and_is_read_as_if_it_were_new(
    app: Flask, clock: HandClock
) -> None:
    site, filed, client = refused_one(app, clock)
    links = re.findall(r'href="([^"]+/again\?[^"]+)"', client.get(at(site, filed)).text)
    assert len(links) == 2
    asked = client.get(links[0]).text
    assert asked.count(" checked") == 2
    status, where = sends(client, links[0])
    assert (status, where) == (303, f"{at(site, filed)}?done=again")
    page = client.get(where).text
    assert "It waits for a reader again" in page
    assert "Is one of these the record of it?" in page
    assert "The lock is another." not in page, "whoever reads it anew is told nothing of before"
    assert 'name="decision"' in page
    look_again(site)
    decides(client, at(site, filed), "is-")
    assert sorted(states(site)) == ["accepted", "kept"]


def test_one_alone_goes_back_where_only_that_was_meant(app: Flask, clock: HandClock) -> None:
    site, filed, client = refused_one(app, clock)
    (link, _) = re.findall(r'href="([^"]+/again\?[^"]+)"', client.get(at(site, filed)).text)
    (one, _) = re.findall(r'type="checkbox" value="(\d+)"', client.get(link).text)
    assert sends(client, link, records=[one])[0] == 303
    assert sorted(states(site)) == ["proposed", "refused"]
    page = client.get(at(site, filed)).text
    assert 'id="decided"' in page
    assert "Is this the record of it?" in page


@pytest.mark.parametrize("data", [{"reason": " "}, {"records": []}, {"records": ["999"]}])
def test_without_a_record_and_a_reason_nothing_changes_and_what_was_typed_stays(
    app: Flask, clock: HandClock, data: dict[str, object]
) -> None:
    site, filed, client = refused_one(app, clock)
    status, page = sends(client, f"{at(site, filed)}/again", **data)
    assert status == 422
    assert "There is a problem" in page
    assert states(site) == ["refused", "refused"]


def test_who_is_second_to_have_it_looked_at_again_is_told_so(app: Flask, clock: HandClock) -> None:
    site, filed, client = refused_one(app, clock)
    (link, _) = re.findall(r'href="([^"]+/again\?[^"]+)"', client.get(at(site, filed)).text)
    page = client.get(link).text
    ids = re.findall(r'type="checkbox" value="(\d+)"', page)
    assert sends(inspector(app), link)[0] == 303
    late = client.post(link, data={"records": ids, "reason": "It was the barn."})
    assert late.status_code == 422
    assert "It was the barn." in late.text
    assert "Nothing here can be looked at again now" in client.get(link).text


def test_nobody_without_the_right_comes_to_it(app: Flask, clock: HandClock) -> None:
    site, filed, _ = refused_one(app, clock)
    registrar = sign_in(app, add_person(site, "registrar", force_id="wiltshire"))
    assert registrar.get(f"{at(site, filed)}/again").status_code == 403
    assert pcc(app, "kent", "kent").get(f"{at(site, filed)}/again").status_code == 404


def test_what_the_person_refused_has_no_way_back_but_theirs(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed, _ = matched(site, clock)
    says(site, filed, "not_mine")
    page = pcc(app).get(at(site, filed)).text
    assert "by the person whose report it is" in page
    assert "only they can take that back" in page
    assert "/again" not in page


def test_the_alert_leads_to_the_case_also_once_it_was_decided(app: Flask, clock: HandClock) -> None:
    site, filed, _ = refused_one(app, clock)
    clock.advance(days=3)
    look_again(site)
    client = inspector(app)
    (alert,) = [one for one in alerts_of(site) if one.kind == "unrecorded"]
    link = f'href="{at(site, filed)}">See what was decided, or look at it again'
    assert client.get(f"/oversight/alerts/{alert.id}").text.count(link) == 2
    registrar = sign_in(app, add_person(site, "registrar", force_id="wiltshire"))
    assert "See its case" in registrar.get(f"/oversight/alerts/{alert.id}").text


def test_an_address_of_a_case_before_that_is_none_leads_nowhere(
    app: Flask, clock: HandClock
) -> None:
    for of in ("x", "../account", "", "00000000-0000-0000-0000"):
        page = pcc(app, name=of or "none").get(
            "/oversight/review", query_string={"done": "refuse", "of": of}
        )
        assert "Go back to that case" not in page.text


def test_where_too_many_fit_it_stands_beside_the_report_at_once(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = crowded_case(site, clock)
    office = add_person(site, "pcc", force_id="wiltshire", name="office")
    named(site, filed, office, "54/2/26", "none")
    client = sign_in(app, office)
    page = client.get(at(site, filed)).text
    assert "what was decided, which stands above" in page
    (link,) = re.findall(r'href="([^"]+/again\?[^"]+)"', page)
    assert "Too many records fit this report" in client.get(link).text
    _, where = sends(client, link)
    assert "54/2/26" in client.get(where).text
    assert 'id="named"' in client.get(where).text
    decides(client, where, "is-")
    assert states(site) == ["accepted"]


def test_what_somebody_put_back_meanwhile_is_said_and_not_taken_for_a_slip(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = pcc(app)
    decides(client, at(site, filed), "none")
    put_back = {"records": "1", "reason": "I pressed the wrong one."}
    for status in (303, 422):
        answer = client.post(f"{at(site, filed)}/again", data=put_back)
        assert answer.status_code == status
    assert "Somebody has decided about this record meanwhile" in answer.text
    assert "Choose from these answers only" not in answer.text
    assert "I pressed the wrong one." in answer.text
