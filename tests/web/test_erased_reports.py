"""Every page of staff stands up to an erased report, and none of them shows a word of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Account
from portal.matching.models import Match
from portal.reports.models import Handover, Look
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.erased import REFERENCE, WORDS, Story, alerts_about, erase, lived_through
from tests.rig.filed import file_report
from tests.rig.people import add_person, sign_in, site_of

TELLING = (*WORDS[:-1], "talking", REFERENCE, "1999", "Reed")


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)


@pytest.fixture
def story(site: Site, clock: HandClock) -> Story:
    return lived_through(site, clock)


def main_of(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.text.split("<main")[1].split("</main")[0]


def says_nothing(page: str) -> bool:
    return not any(word in page for word in TELLING)


def test_oversight_sees_that_an_alert_is_there_and_nothing_else(
    app: Flask, site: Site, story: Story
) -> None:
    client, (alert, *_) = sign_in(app, story.inspector), alerts_about(site, story.filed.id)
    with site.database.reading() as session:
        allegation = session.scalars(select(Match.allegation_id)).one()
    assert not says_nothing(main_of(client, f"/oversight/alerts/{alert.id}"))
    assert not says_nothing(main_of(client, "/oversight/unmatched"))
    assert not says_nothing(main_of(client, f"/oversight/review/{allegation}"))
    erase(site, story.filed)
    client = sign_in(app, story.inspector)
    for address in ("", "/alerts", "/alerts?state=any", "/unmatched", "/review"):
        assert says_nothing(main_of(client, f"/oversight{address}")), address
    assert "Erased" in main_of(client, "/oversight/alerts")
    assert "as far as we can see" in main_of(client, "/oversight/unmatched")
    assert "No possible match waits" in main_of(client, "/oversight/review")
    assert client.get(f"/oversight/review/{allegation}").status_code == 404
    page = main_of(client, f"/oversight/alerts/{alert.id}")
    assert says_nothing(page)
    assert "asked us to erase the report" in page
    assert "The reason was erased" in page
    assert "What opens the entry was erased" in page


def test_oversight_can_open_and_prove_nothing_of_it_but_can_end_its_check(
    app: Flask, site: Site, story: Story
) -> None:
    client, (alert, *_) = sign_in(app, story.inspector), alerts_about(site, story.filed.id)
    with site.database.reading() as session:
        look = session.scalars(select(Look.id).where(Look.account_id == story.inspector)).one()
    erase(site, story.filed)
    client = sign_in(app, story.inspector)
    at = f"/oversight/alerts/{alert.id}"
    for address in (f"{at}/open", f"{at}/proof", f"{at}/open/{look}"):
        assert client.get(address).status_code == 404, address
    done = client.post(f"{at}/open", data={"reason": "To read it."})
    assert done.status_code == 404
    done = client.post(at, data={"action": "resolve", "reason": "We asked the force."})
    assert done.status_code == 303
    page = main_of(client, at)
    assert "We asked the force." in page
    assert "Resolved" in page


def test_a_force_sees_in_its_inbox_that_it_is_erased(app: Flask, site: Site, story: Story) -> None:
    client = sign_in(app, story.liaison)
    with site.database.reading() as session:
        handover = session.scalars(select(Handover.id)).one()
    assert not says_nothing(main_of(client, "/force"))
    erase(site, story.filed)
    client = sign_in(app, story.liaison)
    inbox = main_of(client, "/force")
    assert says_nothing(inbox)
    assert "Erased" in inbox
    page = main_of(client, f"/force/{handover}")
    assert "nothing to open any more" in page
    assert "Answer" not in page
    assert client.post(f"/force/{handover}", data={"reason": "Again"}).status_code == 404
    late = client.post(f"/force/{handover}/answer", data={"words": "Numbatwick again"})
    assert late.status_code == 400
    assert "had it erased" in late.text


def test_a_supporter_no_longer_finds_it_in_their_list(app: Flask, site: Site) -> None:
    advocate = add_person(site, "advocate")
    filed = file_report(site, filed_by=advocate, words="Quaggamire")
    client = sign_in(app, advocate)
    assert str(filed.id) in main_of(client, "/advocate")
    erase(site, filed)
    client = sign_in(app, advocate)
    assert str(filed.id) not in main_of(client, "/advocate")
    assert client.get(f"/advocate/{filed.id}").status_code == 404
    assert client.post(f"/advocate/{filed.id}", data={"reason": "x"}).status_code == 404
    with site.database.reading() as session:
        assert session.get_one(Account, advocate).closed_at is None
