"""People act on an alert within their role, with a reason that stays; nothing is ever deleted."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.service import get_account_by_id
from portal.alerts.lifecycle import act, get_alert, history, may_see
from portal.alerts.models import Alert, AlertAction
from portal.alerts.raising import force_subject
from portal.errors import NotAllowed, NotFound, Refused
from portal.ledger.service import OpenedEntry, timeline
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, look_again
from tests.rig.people import add_person
from tests.rig.supplies import row, take
from tests.rig.watched import alert_without_record, expect_records

ACTIONS = ("acknowledge", "ask", "comment", "propose", "resolve")


def person(site: Site, role: str, force: str | None = None, name: str = "") -> Account:
    account_id = add_person(site, role, force_id=force, name=name)
    with site.database.reading() as session:
        return get_account_by_id(session, account_id)


def do(site: Site, alert: Alert, action: str, account: Account, reason: str = "Checked.") -> Alert:
    with site.database.transaction() as session:
        return act(
            session,
            alert.id,
            action,
            account=account,
            reason=reason,
            keyring=site.keyring,
            now=site.now(),
        )


def done(site: Site, alert: Alert) -> list[tuple[str, str, str]]:
    with site.database.reading() as session:
        found = session.get_one(Alert, alert.id)
        lines = history(session, found, keyring=site.keyring)
    return [(line.action, line.role, line.reason) for line in lines]


def entries(site: Site, alert: Alert) -> list[OpenedEntry]:
    with site.database.reading() as session:
        if alert.allegation_id is None:
            return timeline(session, alert.subject, site.keyring.open_alone)
        report_id = session.get_one(Allegation, alert.allegation_id).report_id
        data_key = get_data_key(session, report_id, keyring=site.keyring)
        return timeline(session, report_id, data_key.open)


@pytest.mark.parametrize(
    ("action", "state", "is_owner"),
    [
        ("acknowledge", "acknowledged", True),
        ("ask", "asked", True),
        ("comment", "open", False),
        ("propose", "open", False),
        ("resolve", "resolved", True),
    ],
)
def test_each_deed_moves_the_alert_as_its_name_says(
    site: Site, clock: HandClock, action: str, state: str, is_owner: bool
) -> None:
    alert = alert_without_record(site, clock)
    pcc = person(site, "pcc", "wiltshire")
    changed = do(site, alert, action, pcc)
    assert changed.state == state
    assert (changed.owner_id == pcc.id) == is_owner
    assert (changed.resolved_at == clock()) == (action == "resolve")


def test_whoever_takes_an_alert_first_keeps_it(site: Site, clock: HandClock) -> None:
    alert = alert_without_record(site, clock)
    pcc = person(site, "pcc", "wiltshire")
    do(site, alert, "acknowledge", pcc)
    assert do(site, alert, "ask", person(site, "inspector")).owner_id == pcc.id


def test_every_deed_stays_in_the_history_and_in_the_ledger_with_its_reason(
    site: Site, clock: HandClock
) -> None:
    alert = alert_without_record(site, clock)
    pcc = person(site, "pcc", "wiltshire")
    for action in ACTIONS:
        clock.advance(minutes=1)
        do(site, alert, action, pcc, f"  Why {action}.  ")
    assert done(site, alert) == [
        ("acknowledged", "pcc", "Why acknowledge."),
        ("asked_the_force", "pcc", "Why ask."),
        ("commented", "pcc", "Why comment."),
        ("proposed", "pcc", "Why propose."),
        ("resolved", "pcc", "Why resolve."),
    ]
    logged: list[Any] = [one.fields for one in entries(site, alert) if one.kind == "alert_changed"]
    assert [fields["reason"] for fields in logged] == [f"Why {action}." for action in ACTIONS]
    assert {fields["alert"] for fields in logged} == {str(alert.id)}
    assert alerts_of(site)[0].entry_index == alert.entry_index


def test_a_reason_cannot_be_read_in_the_database(site: Site, clock: HandClock) -> None:
    alert = alert_without_record(site, clock)
    do(site, alert, "comment", person(site, "inspector"), "The heron saw it.")
    with site.database.reading() as session:
        (action,) = session.scalars(select(AlertAction))
    assert b"heron" not in action.sealed_reason


def test_an_alert_about_a_force_is_acted_on_among_the_entries_of_that_force(
    site: Site, clock: HandClock
) -> None:
    expect_records(site)
    clock.advance(days=3)
    look_again(site)
    (alert,) = alerts_of(site)
    do(site, alert, "ask", person(site, "pcc", "wiltshire"), "Where are they?")
    assert alert.subject == force_subject("wiltshire")
    assert [one.kind for one in entries(site, alert)] == ["alert_raised", "alert_changed"]
    assert done(site, alert) == [("asked_the_force", "pcc", "Where are they?")]


@pytest.mark.parametrize("action", ["acknowledge", "ask", "resolve"])
def test_a_registrar_decides_nothing_about_their_own_force(
    site: Site, clock: HandClock, action: str
) -> None:
    alert = alert_without_record(site, clock)
    with pytest.raises(NotAllowed):
        do(site, alert, action, person(site, "registrar", "wiltshire"))
    assert alerts_of(site)[0].state == "open"
    assert done(site, alert) == []


@pytest.mark.parametrize("action", ["comment", "propose"])
def test_a_registrar_may_comment_and_propose(site: Site, clock: HandClock, action: str) -> None:
    alert = alert_without_record(site, clock)
    registrar = person(site, "registrar", "wiltshire")
    assert do(site, alert, action, registrar).owner_id is None
    assert [role for _, role, _ in done(site, alert)] == ["registrar"]


@pytest.mark.parametrize(
    ("role", "force"),
    [
        ("pcc", "kent"),
        ("registrar", "kent"),
        ("liaison", "wiltshire"),
        ("advocate", None),
        ("administrator", None),
    ],
)
def test_for_everybody_else_the_alert_does_not_exist(
    site: Site, clock: HandClock, role: str, force: str | None
) -> None:
    alert, account = alert_without_record(site, clock), person(site, role, force)
    with site.database.reading() as session, pytest.raises(NotFound):
        get_alert(session, account, alert.id)
    with pytest.raises(NotFound):
        do(site, alert, "comment", account)


def test_an_alert_of_no_known_force_is_an_inspectors(site: Site) -> None:
    assert may_see(Account(role="inspector"), None)
    assert not may_see(Account(role="pcc", force_id="wiltshire"), None)
    assert not may_see(Account(role="pcc", force_id=None), "wiltshire")


@pytest.mark.parametrize("reason", ["", "   ", "\n", "x" * 4001])
def test_without_a_reason_of_sensible_length_nothing_changes(
    site: Site, clock: HandClock, reason: str
) -> None:
    alert = alert_without_record(site, clock)
    with pytest.raises(Refused):
        do(site, alert, "resolve", person(site, "inspector"), reason)
    assert alerts_of(site)[0].state == "open"
    assert done(site, alert) == []


@pytest.mark.parametrize("action", ["acknowledge", "ask", "propose", "resolve"])
def test_a_resolved_alert_takes_comments_and_nothing_else(
    site: Site, clock: HandClock, action: str
) -> None:
    alert, inspector = alert_without_record(site, clock), person(site, "inspector")
    do(site, alert, "resolve", inspector)
    with pytest.raises(Refused):
        do(site, alert, action, inspector)
    assert do(site, alert, "comment", inspector).state == "resolved"


def test_there_is_no_other_deed(site: Site, clock: HandClock) -> None:
    alert = alert_without_record(site, clock)
    with pytest.raises(NotFound):
        do(site, alert, "delete", person(site, "inspector"))


def test_what_a_person_resolved_stays_resolved_though_the_record_is_still_missing(
    site: Site, clock: HandClock
) -> None:
    alert = alert_without_record(site, clock)
    do(site, alert, "resolve", person(site, "inspector"))
    clock.advance(days=9)
    take(site, [row()])
    assert look_again(site) == 0
    assert alerts_of(site)[0].state == "resolved"


def test_what_the_sweep_did_stands_in_the_history_without_a_person(
    site: Site, clock: HandClock
) -> None:
    expect_records(site)
    clock.advance(days=3)
    look_again(site)
    take(site, [row()])
    look_again(site)
    (alert,) = alerts_of(site)
    assert alert.state == "resolved"
    ((action, role, reason),) = done(site, alert)
    assert (action, role) == ("covered_again", "")
    assert "covered again" in reason
