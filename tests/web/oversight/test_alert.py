"""Promises about one alert: what it rests on, what people do, and opening with a reason."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.alerts.models import Alert, AlertAction
from portal.reports.looks import looks_at
from portal.reports.models import Allegation, Look, Report
from portal.reports.safe_ways import EMAIL, Way
from portal.reports.service import withdraw
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report
from tests.rig.filed import alerts_of, look_again
from tests.rig.letters import ADDRESS
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.reached import choose, did_not_arrive
from tests.rig.watched import ABOUT, WORDS, alert_without_record, expect_records, waiting_match

SECRETS = (ABOUT["name"], WORDS, "4 May 1990", "Harbour Lane")


def at(alert: Alert, page: str = "") -> str:
    return f"/oversight/alerts/{alert.id}{page}"


def pcc(app: Flask) -> FlaskClient:
    return sign_in(app, add_person(site_of(app), "pcc", force_id="wiltshire"))


def report_of(site: Site, alert: Alert) -> Report:
    with site.database.reading() as session:
        allegation = session.get_one(Allegation, alert.allegation_id)
        return session.get_one(Report, allegation.report_id)


def looks(site: Site) -> int:
    with site.database.reading() as session:
        return len(session.scalars(select(Look)).all())


def withdraw_it(site: Site, alert: Alert) -> None:
    report_id = report_of(site, alert).id
    with site.database.transaction() as session:
        withdraw(session, report_id, keyring=site.keyring, now=site.now())


def test_an_alert_says_what_was_found_and_how_the_limit_was_worked_out(
    app: Flask, clock: HandClock
) -> None:
    alert = alert_without_record(site_of(app), clock)
    page = pcc(app).get(at(alert)).text
    assert "No matching crime record has reached us" in page
    assert "it does not show that anyone broke a rule" in page
    assert "The police were told at 8am on Monday 2 March 2026." in page
    assert "The police have 24 hours to record it" in page
    assert "version 24-hours" in page
    assert "Cannot be checked since 2 March 2026, 8am" in page
    assert "No record was found to compare." in page
    assert f"entry {alert.entry_index} of the log" in page


def test_nothing_of_the_person_is_on_the_page_of_an_alert(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    waiting_match(site, clock)
    clock.advance(days=3)
    look_again(site)
    page = pcc(app).get(at(alerts_of(site)[0])).text
    assert "54/7/26" in page
    assert "A person has to decide:</strong> Too little is known about the person" in page
    assert not [secret for secret in SECRETS if secret in page]


def test_an_alert_about_a_force_shows_its_supplies_and_nothing_to_open(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    expect_records(site)
    clock.advance(days=3)
    look_again(site)
    (alert,) = alerts_of(site)
    client = pcc(app)
    page = client.get(at(alert)).text
    assert "The force has sent us no records" in page
    assert "/open" not in page
    assert client.get(at(alert, "/open")).status_code == 404
    assert client.get(at(alert, "/proof")).status_code == 200


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("acknowledge", "Acknowledged"),
        ("ask", "Question noted"),
        ("comment", "Open"),
        ("propose", "Open"),
        ("resolve", "Resolved"),
    ],
)
def test_what_a_person_does_stands_in_the_history_with_its_reason(
    app: Flask, clock: HandClock, action: str, state: str
) -> None:
    alert = alert_without_record(site_of(app), clock)
    client = pcc(app)
    posted = {"action": action, "reason": "We looked <carefully>."}
    answer = client.post(at(alert), data=posted)
    assert (answer.status_code, answer.location) == (303, at(alert, f"?done={action}"))
    page = client.get(answer.location).text
    assert re.search(rf'govuk-tag[^"]*">{state}<', page)
    assert "PCC office (Harbour Support)" in page
    assert "We looked &lt;carefully&gt;." in page
    assert 'role="alert"' in page


def test_without_a_reason_or_a_choice_nothing_changes_and_what_was_typed_stays(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock)
    client = pcc(app)
    no_reason = client.post(at(alert), data={"action": "resolve", "reason": "  "})
    assert no_reason.status_code == 422
    assert "Write a reason, in a sentence" in no_reason.text
    assert 'value="resolve" checked' in no_reason.text
    no_choice = client.post(at(alert), data={"reason": "A long thought."})
    assert no_choice.status_code == 422
    assert "A long thought.</textarea>" in no_choice.text
    assert "<title>Error: Alert" in no_choice.text
    assert alerts_of(site)[0].state == "open"


def test_acting_on_what_somebody_has_resolved_meanwhile_says_so_and_keeps_the_words(
    app: Flask, clock: HandClock
) -> None:
    alert = alert_without_record(site_of(app), clock)
    client = pcc(app)
    client.post(at(alert), data={"action": "resolve", "reason": "Checked."})
    late = client.post(at(alert), data={"action": "ask", "reason": "Where is the record?"})
    assert late.status_code == 422
    assert "Where is the record?</textarea>" in late.text
    assert 'value="comment"' in late.text
    assert 'value="ask"' not in late.text


def test_a_registrar_may_comment_and_propose_and_nothing_else(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock)
    client = sign_in(app, add_person(site, "registrar", force_id="wiltshire"))
    page = client.get(at(alert)).text
    assert re.findall(r'name="action" type="radio" value="(\w+)"', page) == ["comment", "propose"]
    for action in ("acknowledge", "ask", "resolve"):
        refused = client.post(at(alert), data={"action": action, "reason": "Ours."})
        assert refused.status_code == 422
    assert alerts_of(site)[0].state == "open"
    for action in ("comment", "propose"):
        done = client.post(at(alert), data={"action": action, "reason": "It is at the desk."})
        assert done.status_code == 303
    assert client.get(at(alert, "/open")).status_code == 403
    assert client.post(at(alert, "/open"), data={"reason": "To look."}).status_code == 403
    assert looks(site) == 0


def test_a_resolved_alert_can_still_be_commented_on(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock)
    client = pcc(app)
    client.post(at(alert), data={"action": "resolve", "reason": "Checked."})
    page = client.get(at(alert)).text
    assert re.findall(r'name="action" type="radio" value="(\w+)"', page) == ["comment"]
    done = client.post(at(alert), data={"action": "comment", "reason": "One more thing."})
    assert done.status_code == 303
    with site.database.reading() as session:
        assert len(session.scalars(select(AlertAction)).all()) == 2


def test_the_proof_is_a_file_whose_name_and_content_tell_nothing_of_the_person(
    app: Flask, clock: HandClock
) -> None:
    alert = alert_without_record(site_of(app), clock)
    answer = pcc(app).get(at(alert, "/proof"))
    name = f'attachment; filename="receipt-{alert.entry_index}.json"'
    assert answer.headers["Content-Disposition"] == name
    assert answer.mimetype == "application/json"
    shown = [field["name"] for field in json.loads(answer.data)["fields"]]
    assert "alert.kind" in shown
    assert not [one for one in shown if one.startswith("answers.")]


def test_opening_asks_why_first_and_writes_it_before_anything_is_shown(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock)
    client = pcc(app)
    asked = client.get(at(alert, "/open"))
    assert not [secret for secret in SECRETS if secret in asked.text]
    assert looks(site) == 0
    led = client.post(at(alert, "/open"), data={"reason": "To ask which call it was."})
    assert led.status_code == 303
    assert looks(site) == 1
    page = client.get(led.location).text
    assert not [secret for secret in SECRETS if secret not in page]
    report = report_of(site, alert)
    with site.database.reading() as session:
        (seen,) = looks_at(session, report.id, keyring=site.keyring)
    assert (seen.role, seen.reason) == ("pcc", "To ask which call it was.")


def test_reloading_shows_it_again_without_another_look_and_only_for_a_while(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock)
    client = pcc(app)
    led = client.post(at(alert, "/open"), data={"reason": "To ask which call it was."})
    for _ in range(3):
        assert WORDS in client.get(led.location).text
    assert looks(site) == 1
    clock.advance(minutes=15)
    later = client.get(led.location)
    assert (later.status_code, later.location) == (303, at(alert, "/open"))
    assert WORDS not in later.text


def test_the_address_of_a_look_shows_nothing_to_a_colleague(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock)
    led = pcc(app).post(at(alert, "/open"), data={"reason": "To ask."})
    colleague = sign_in(app, add_person(site, "inspector"))
    answer = colleague.get(led.location)
    assert answer.status_code == 303
    assert WORDS not in answer.text


def test_opening_without_a_reason_is_refused_and_a_long_one_is_kept(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock)
    client = pcc(app)
    empty = client.post(at(alert, "/open"), data={"reason": " "})
    assert empty.status_code == 422
    assert "Say why you need to open it" in empty.text
    long = client.post(at(alert, "/open"), data={"reason": "because " * 200})
    assert long.status_code == 422
    assert "because because" in long.text
    assert looks(site) == 0


def test_what_was_withdrawn_stays_an_alert_and_cannot_be_opened(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock)
    client = pcc(app)
    led = client.post(at(alert, "/open"), data={"reason": "To ask."})
    withdraw_it(site, alert)
    page = client.get(at(alert)).text
    assert "withdrew it on 5 March 2026, so nobody can open it" in page
    assert "Open with a reason" not in page
    assert "withdrew it" in client.get(at(alert, "/open")).text
    refused = client.post(at(alert, "/open"), data={"reason": "But I must."})
    assert refused.status_code == 422
    assert "But I must." in refused.text
    assert WORDS not in client.get(led.location, follow_redirects=True).text
    assert looks(site) == 1


def test_what_the_person_told_later_is_shown_with_what_they_sent_at_first(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    kept_report(site).tell(hours_ago=1, officer="PC Heron", force="wiltshire")
    clock.advance(days=3)
    look_again(site)
    (alert,) = alerts_of(site)
    client = pcc(app)
    led = client.post(at(alert, "/open"), data={"reason": "To ask which call it was."})
    page = client.get(led.location).text
    assert "What you added on" in page
    assert "PC Heron" in page


def test_whoever_works_on_it_sees_that_a_message_did_not_arrive_and_no_address(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    alert = alert_without_record(site, clock)
    draft = Draft(site, report_of(site, alert).id, "")
    client = pcc(app)
    assert "did not arrive" not in client.get(at(alert)).text
    choose(draft, Way(EMAIL, ADDRESS))
    clock.advance(minutes=1)
    did_not_arrive(site, draft.id)
    page = client.get(at(alert)).text
    assert "A message to the person’s safe way did not arrive." in page
    assert "Do not try to reach them in any other way." in page
    opened = client.post(at(alert, "/open"), data={"reason": "To read it."}, follow_redirects=True)
    assert "A message to the person’s safe way did not arrive." in opened.text
    assert ADDRESS not in page + opened.text
    registrar = sign_in(app, add_person(site, "registrar", force_id="wiltshire"))
    assert "did not arrive" not in registrar.get(at(alert)).text
