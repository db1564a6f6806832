"""Promises about the lists of oversight: what each row tells, what it never tells, filters."""

import re

from flask import Flask
from flask.testing import FlaskClient

from portal.reports.service import withdraw
from tests.rig.clock import HandClock
from tests.rig.filed import file_report, look_again
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.watched import (
    ABOUT,
    WORDS,
    alert_without_record,
    expect_records,
    file_watched,
    waiting_match,
)

ROW = re.compile(r"<tr.*?</tr>", re.DOTALL)


def inspector(app: Flask) -> FlaskClient:
    return sign_in(app, add_person(site_of(app), "inspector"))


def rows(page: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in ROW.findall(page)]


def test_the_first_page_tells_what_waits_and_how_far_records_reach(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    expect_records(site)
    waiting_match(site, clock)
    clock.advance(days=3)
    look_again(site)
    page = inspector(app).get("/oversight").text
    assert "2 alerts not yet resolved" in page
    assert "No record in time 1 0 0" in rows(page)
    assert "Records are overdue 1 0 0" in rows(page)
    assert "1 case waits" in page
    assert "cannot be checked since 2 March 2026, 3pm" in page
    assert "More were due by 3 March 2026, 3pm" in page


def test_the_first_page_of_a_quiet_force_says_so(app: Flask) -> None:
    site = site_of(app)
    client = sign_in(app, add_person(site, "pcc", force_id="wiltshire"))
    page = client.get("/oversight").text
    assert "No alert waits." in page
    assert "What waits in Wiltshire" in page
    assert "Wiltshire: it has not agreed to send records." in " ".join(page.split())


def test_each_alert_is_one_row_in_words_and_tells_nothing_of_the_person(
    app: Flask, clock: HandClock
) -> None:
    alert = alert_without_record(site_of(app), clock, category="raped")
    page = inspector(app).get("/oversight/alerts").text
    (row,) = rows(page)[1:]
    assert row == (
        "No record in time Rape Wiltshire 5 March 2026, 9am Less than a day old "
        "To be looked at Cannot be checked Open Nobody yet"
    )
    clock.advance(days=12)
    later = sign_in(app, add_person(site_of(app), "inspector", name="later"))
    (row,) = rows(later.get("/oversight/alerts").text)[1:]
    assert "5 March 2026, 9am 12 days old" in row
    assert f"/oversight/alerts/{alert.id}" in page
    for secret in (ABOUT["name"], WORDS, "Harbour Lane", "SN1 1AA"):
        assert secret not in page


def test_an_empty_list_says_that_nothing_waits_or_that_nothing_fits(app: Flask) -> None:
    client = inspector(app)
    assert "No alert waits." in client.get("/oversight/alerts").text
    assert "No alert fits what you chose." in client.get("/oversight/alerts?kind=vanished").text
    empty = client.get("/oversight/unmatched").text
    assert "Everything that police were told of has a record" in empty
    assert "Nothing fits" in client.get("/oversight/unmatched?limit=passed").text


def test_filters_work_as_a_plain_address_and_stay_filled(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    alert_without_record(site, clock, force="kent")
    alert_without_record(site, clock, force="wiltshire")
    client = inspector(app)
    shown = client.get("/oversight/alerts?force=kent&kind=unrecorded&state=&since-day=").text
    assert len(rows(shown)) == 2
    assert '<option value="kent" selected>' in shown
    day = "since-day=8&since-month=3&since-year=2026"
    assert "Wiltshire" in rows(client.get(f"/oversight/alerts?{day}").text)[1]
    before = "until-day=7&until-month=3&until-year=2026"
    assert "Kent" in rows(client.get(f"/oversight/alerts?{before}").text)[1]


def test_the_last_day_of_a_filter_counts_to_its_london_midnight(
    app: Flask, clock: HandClock
) -> None:
    alert_without_record(site_of(app), clock)
    client = inspector(app)
    same = "since-day=5&since-month=3&since-year=2026&until-day=5&until-month=3&until-year=2026"
    assert len(rows(client.get(f"/oversight/alerts?{same}").text)) == 2
    before = "until-day=4&until-month=3&until-year=2026"
    assert "No alert fits" in client.get(f"/oversight/alerts?{before}").text


def test_a_filter_that_makes_no_sense_is_shown_with_its_error_and_left_out(
    app: Flask, clock: HandClock
) -> None:
    alert_without_record(site_of(app), clock)
    answer = inspector(app).get("/oversight/alerts?kind=nonsense&since-day=40&since-month=1")
    assert answer.status_code == 422
    assert "Choose one of these answers" in answer.text
    assert 'value="40"' in answer.text
    assert len(rows(answer.text)) == 2


def test_only_an_inspector_can_choose_a_force(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    alert_without_record(site, clock, force="kent")
    client = sign_in(app, add_person(site, "pcc", force_id="wiltshire"))
    page = client.get("/oversight/alerts?force=kent")
    assert page.status_code == 200
    assert 'name="force"' not in page.text
    assert rows(page.text) == []


def test_a_long_list_goes_on_on_the_next_page_with_its_filters(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    for _ in range(51):
        file_report(site, categories=["robbery"])
    clock.advance(days=3)
    look_again(site)
    client = inspector(app)
    for page in ("/oversight/alerts?kind=unrecorded", "/oversight/unmatched?limit=passed"):
        first = client.get(page).text
        assert len(rows(first)) == 51
        (following,) = re.findall(r'href="([^"]+)" rel="next"', first)
        last = client.get(following.replace("&amp;", "&")).text
        assert len(rows(last)) == 2
        for text in (first, last):
            assert "51 in all." in text
        assert 'rel="next"' not in last
        (back,) = re.findall(r'href="([^"]+)" rel="prev"', last)
        assert back == page


def test_a_mark_that_nobody_gave_out_shows_the_first_page(app: Flask, clock: HandClock) -> None:
    alert_without_record(site_of(app), clock)
    client = inspector(app)
    for mark in ("x", "2026-03-01~y", "2026-03-01T00:00:00~" + "0" * 32, "~"):
        assert len(rows(client.get(f"/oversight/alerts?after={mark}").text)) == 2


def test_what_has_no_record_is_listed_with_its_limit_and_possible_match(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    clock.advance(days=2)
    filed = file_watched(site, category="raped")
    look_again(site)
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=clock())
    page = inspector(app).get("/oversight/unmatched").text
    assert rows(page)[1:] == [
        "Break-in at a home Wiltshire 2 March 2026, 8am Passed 31 hours ago 3 March 2026, 8am "
        "Waits for a person",
        "Rape Withdrawn: nobody can open it Wiltshire 4 March 2026, 2pm Running 23 hours left "
        "5 March 2026, 2pm None",
    ]
    assert ABOUT["name"] not in page
