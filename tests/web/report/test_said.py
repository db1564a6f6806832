"""A person says on a page what is wrong with what the police made of it, or takes it back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.reports.service import withdraw
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, file_report, look_again
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.reviewed import reads, waiting_case
from tests.rig.stated import matched, statements_in
from tests.rig.watched import file_watched


def comes_back(app: Flask, filed: Filed) -> FlaskClient:
    client = app.test_client()
    assert client.post("/back", data={"code": filed.code}).status_code == 303
    return client


def kinds(site: Site) -> list[str]:
    return [one.kind for one in statements_in(site)]


@pytest.mark.parametrize(
    ("word", "kind", "title"),
    [
        ("other", "not_mine", "This record is not about what I reported"),
        ("words", "not_what_i_said", "This is not what I reported"),
        ("told", "refused", "They told me that they will not write it down"),
        ("wish", "supports", "I still want the police to look into it"),
    ],
)
def test_each_is_said_on_a_page_and_seen_where_it_stands(
    app: Flask, clock: HandClock, word: str, kind: str, title: str
) -> None:
    site = site_of(app)
    filed, _ = matched(site, clock)
    client = comes_back(app, filed)
    address = f"/back/say/{word}/1"
    assert f'href="{address}"' in client.get("/back/open").text
    page = client.get(address).text
    assert title in page
    assert "<title>Add to it" in page
    answer = client.post(address, data={"words": "My own words."})
    assert answer.location == "/back/open?done=3#said"
    assert kinds(site) == [kind]
    page = client.get("/back/open?done=3").text
    assert "It is on record." in page
    assert "My own words." in page
    assert "You said:" in page
    assert f'href="{address}"' not in page
    assert client.get(address).location == "/back/open"
    assert client.post(address).location == "/back/open"
    assert kinds(site) == [kind]


def test_what_police_said_is_kept_as_it_was_told_and_everything_may_stay_empty(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = file_watched(site)
    client = comes_back(app, filed)
    assert client.post("/back/say/told/1", data={"how": "pigeon"}).status_code == 400
    long = client.post("/back/say/told/1", data={"reason": "x" * 2001, "who": "PC Small"})
    assert long.status_code == 400
    assert "PC Small" in long.text
    assert client.post("/back/say/told/1", data={}).status_code == 303
    assert kinds(site) == ["refused"]
    assert statements_in(site)[0].sealed is None


def test_it_is_taken_back_and_both_stay_to_be_seen(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed, _ = matched(site, clock)
    client = comes_back(app, filed)
    client.post("/back/say/words/1", data={"words": "Not mine."})
    (address,) = re.findall(r'href="(/back/say/undo/[^"]+)"', client.get("/back/open").text)
    page = client.get(address).text
    assert "putting pressure on you" in page
    assert client.post(address).location == "/back/open?done=4#said"
    page = client.get("/back/open").text
    assert "You took this back" in page
    assert address not in page
    assert client.get(address).location == "/back/open"
    assert client.post(address).location == "/back/open"
    assert 'href="/back/say/words/1"' in page


def test_nothing_can_be_said_about_what_is_not_theirs_or_not_there(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed, _ = matched(site, clock)
    client = comes_back(app, filed)
    client.post("/back/say/words/1")
    (undo,) = re.findall(r'href="(/back/say/undo/[^"]+)"', client.get("/back/open").text)
    for address in ("/back/say/words/2", "/back/say/nothing/1", "/back/say/right/1"):
        assert client.get(address).location == "/back/open"
        assert client.post(address).location == "/back/open"
    other = comes_back(app, file_report(site))
    assert other.get(undo).location == "/back/open"
    assert other.post(undo).location == "/back/open"
    assert "/back/say/other/1" not in other.get("/back/open").text
    assert statements_in(site)[0].taken_back_at is None
    assert app.test_client().get("/back/say/told/1").location == "/back"


def test_while_it_is_kept_or_once_it_is_withdrawn_nothing_is_offered(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    kept = comes_back(app, file_report(site, way="keep"))
    assert "/back/say/" not in kept.get("/back/open").text
    filed, _ = matched(site, clock)
    client = comes_back(app, filed)
    client.post("/back/say/words/1")
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=site.now())
    client = comes_back(app, filed)
    page = client.get("/back/open").text
    assert "What you said about it" in page
    assert "/back/say/" not in page


def test_with_two_records_the_person_chooses_which(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed, _ = matched(site, clock)
    client = comes_back(app, filed)
    client.post("/back/say/other/1")
    look_again(site)
    assert "/back/say/other/1" not in client.get("/back/open").text


def test_a_lesser_offence_asks_the_person_whether_they_chose_right(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = lesser(site, clock)
    client = comes_back(app, filed)
    page = client.get("/back/open").text
    assert "You are asked something" in page
    assert 'href="/back/say/right/1"' in page
    assert "Someone broke into my home" in client.get("/back/say/right/1").text
    assert client.post("/back/say/right/1").status_code == 400
    assert client.post("/back/say/right/1", data={"answer": "stands_by"}).status_code == 303
    look_again(site)
    assert [one.stage for one in alerts_of(site) if one.kind == "downgraded"] == ["full"]
    page = client.get("/back/open").text
    assert "You are asked something" not in page
    assert "what you chose is right" in page


def lesser(site: Site, clock: HandClock) -> Filed:
    """A break-in of which the record, as a person decided, says damage."""
    filed = waiting_case(site, clock, offence_code="58A")
    assert reads(site, filed, add_person(site, "inspector"), "record") == "accept"
    look_again(site)
    return filed


def test_oversight_sees_that_something_was_said_and_the_words_after_a_reason(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed, _ = matched(site, clock)
    comes_back(app, filed).post("/back/say/words/1", data={"words": "They broke the door."})
    look_again(site)
    (alert,) = [one for one in alerts_of(site) if one.kind == "contested"]
    inspector = sign_in(app, add_person(site, "inspector"))
    page = inspector.get(f"/oversight/alerts/{alert.id}").text
    assert "Contested by the victim" in page
    assert "The record does not say what they reported." in page
    assert "They broke the door." not in page
    opened = inspector.post(
        f"/oversight/alerts/{alert.id}/open", data={"reason": "To check."}, follow_redirects=True
    )
    assert "They broke the door." in opened.text
