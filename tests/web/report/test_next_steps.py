"""What to do when police do not record it: for anybody, and with one's own dates."""

from flask import Flask
from flask.testing import FlaskClient

from portal.web.filters import london
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.people import site_of
from tests.rig.stated import matched, says, takes_back
from tests.rig.watched import file_watched


def comes_back(app: Flask, filed: Filed) -> FlaskClient:
    client = app.test_client()
    assert client.post("/back", data={"code": filed.code}).status_code == 303
    return client


def test_anybody_may_read_it_and_the_right_to_review_is_said_not_to_cover_it(
    client: FlaskClient,
) -> None:
    page = client.get("/next-steps").text
    assert "<title>Next steps" in page
    assert "Force Crime Registrar" in page
    assert "professional standards department" in page
    assert "Independent Office for Police Conduct" in page
    assert "The Victims’ Right to Review does not cover this." in page
    assert "<textarea" not in page


def test_ones_own_page_names_the_force_and_has_a_text_that_is_kept_nowhere(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = file_watched(site, incident="5403260000321")
    says(site, filed, "refused", reference="", reason="There is no proof.", when="Monday")
    page = comes_back(app, filed).get("/back/next").text
    assert "Wiltshire Police" in page
    assert "5403260000321" in page
    assert "There is no proof." in page
    assert "8am on Tuesday 3 March 2026" in page
    assert "readonly" in page


def test_with_a_record_there_is_a_text_only_once_the_person_says_that_it_is_wrong(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed, _ = matched(site, clock)
    assert "<textarea" not in comes_back(app, filed).get("/back/next").text
    says(site, filed, "not_what_i_said")
    page = comes_back(app, filed).get("/back/next").text
    assert "That is not what I reported." in page
    assert "54/7/26" in page


def test_a_part_that_nobody_was_told_of_has_no_text(app: Flask) -> None:
    page = comes_back(app, file_report(site_of(app), way="keep")).get("/back/next").text
    assert "<textarea" not in page


def test_without_a_visit_or_before_it_is_sent_there_is_only_the_public_page(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/back/next").location == "/back"
    client.post("/start")
    assert client.get("/back/next").location == "/next-steps"


def test_after_a_statement_it_is_said_to_whom_it_was_passed_on_and_when(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = file_watched(site)
    client = comes_back(app, filed)
    assert 'id="passed-on"' not in client.get("/back/next").text
    says(site, filed, "refused", reference="")
    said = client.get("/back/next").text
    assert "you said “The police told me that they will not write it down.”" in said
    assert "We tell the office that watches over Wiltshire Police." in said
    clock.advance(hours=1)
    look_again(site)
    told = f"We told the office that watches over Wiltshire Police on {london(site.now())}."
    assert told in client.get("/back/next").text


def test_what_was_taken_back_or_raised_nothing_is_not_said_to_be_passed_on(app: Flask) -> None:
    site = site_of(app)
    filed = file_watched(site)
    takes_back(site, filed, says(site, filed, "refused", reference=""))
    says(site, filed, "supports", reference="")
    page = comes_back(app, filed).get("/back/next").text
    assert "I still want the police to look into it." in page
    assert "watches over Wiltshire Police" not in page
