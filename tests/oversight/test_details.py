"""An alert's page rests on facts, and shows content only for a look that was written before."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.service import get_account_by_id
from portal.alerts.models import Alert
from portal.errors import NotFound
from portal.ledger import verify
from portal.ledger.policy import policy_of
from portal.ledger.receipt import to_bytes
from portal.matching.deciding import confirm
from portal.matching.models import Match
from portal.oversight.details import (
    OPEN_FOR,
    AlertDetail,
    Opened,
    find_opened,
    make_proof,
    read_alert,
)
from portal.reports.looks import look
from portal.reports.models import Allegation, ReportKey
from portal.reports.service import withdraw
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, look_again
from tests.rig.people import add_person
from tests.rig.watched import ABOUT, WORDS, alert_without_record, expect_records, waiting_match


def person(site: Site, role: str = "inspector", name: str = "") -> Account:
    account_id = add_person(site, role, name=name)
    with site.database.reading() as session:
        return get_account_by_id(session, account_id)


def read(site: Site, alert: Alert) -> AlertDetail:
    with site.database.reading() as session:
        found = session.get_one(Alert, alert.id)
        return read_alert(session, found, keyring=site.keyring, now=site.now())


def report_of(site: Site, alert: Alert) -> UUID:
    with site.database.reading() as session:
        return session.get_one(Allegation, alert.allegation_id).report_id


def written(site: Site, alert: Alert, account: Account) -> UUID:
    with site.database.transaction() as session:
        made = look(
            session,
            report_of(site, alert),
            account=account,
            reason="To ask which call it was.",
            keyring=site.keyring,
            now=site.now(),
        )
    return made.id


def opened(site: Site, look_id: UUID, alert: Alert, account: Account) -> Opened | None:
    with site.database.reading() as session:
        return find_opened(
            session,
            look_id,
            report_of(site, alert),
            account=account,
            keyring=site.keyring,
            now=site.now(),
        )


def erase_key(site: Site, alert: Alert) -> None:
    with site.database.transaction() as session:
        session.delete(session.get_one(ReportKey, report_of(site, alert)))


def test_an_alert_comes_with_the_arithmetic_of_its_limit(site: Site, clock: HandClock) -> None:
    detail = read(site, alert_without_record(site, clock))
    assert detail.clock is not None
    steps = [str(step["words"]) for step in detail.clock.arithmetic]
    assert steps[0].startswith("The police were told at")
    assert "24 hours to record it" in steps[1]
    assert detail.matches == []
    assert detail.history == []
    assert detail.reach is not None
    assert detail.reach.covered_until is None


def test_a_compared_record_comes_with_its_checks_versions_and_decision(
    site: Site, clock: HandClock
) -> None:
    waiting_match(site, clock)
    clock.advance(days=3)
    look_again(site)
    (alert,) = alerts_of(site)
    inspector = person(site)
    with site.database.transaction() as session:
        match = session.scalars(select(Match)).one()
        confirm(
            session,
            match.id,
            account=inspector,
            reason="The force confirmed it by telephone.",
            version_id=match.version_id,
            keyring=site.keyring,
            now=clock(),
        )
    (compared,) = read(site, alert).matches
    assert compared.sides.record.reference == "54/7/26"
    assert "personal" in (compared.sides.match.gates or [])
    assert [version.offence_code for version, _ in compared.versions] == ["28E"]
    assert compared.first_supply.id == compared.last_supply.id
    assert compared.decided_by == "Harbour Support"
    assert compared.reason == "The force confirmed it by telephone."


def test_an_alert_about_a_force_has_no_report_to_open(site: Site, clock: HandClock) -> None:
    expect_records(site)
    clock.advance(days=3)
    look_again(site)
    detail = read(site, alerts_of(site)[0])
    assert detail.alert.kind == "supply_stale"
    assert (detail.report, detail.allegation, detail.clock) == (None, None, None)
    assert detail.reach is not None
    assert detail.reach.stale_since is not None


def test_an_erased_report_leaves_its_alert_without_reasons_or_proof(
    site: Site, clock: HandClock
) -> None:
    alert = alert_without_record(site, clock)
    erase_key(site, alert)
    detail = read(site, alert)
    assert detail.is_erased
    assert detail.history == []
    with site.database.reading() as session, pytest.raises(NotFound):
        make_proof(session, alert, keyring=site.keyring, signer=site.signer)


def test_the_proof_shows_the_alert_and_nothing_of_the_person(site: Site, clock: HandClock) -> None:
    alert = alert_without_record(site, clock)
    with site.database.reading() as session:
        data = to_bytes(make_proof(session, alert, keyring=site.keyring, signer=site.signer))
    shown = {field["name"]: field["value"] for field in json.loads(data)["fields"]}
    assert shown["alert.kind"] == "unrecorded"
    assert shown["force"] == "wiltshire"
    assert shown["kind"] == "alert_raised"
    assert not [
        name
        for name in shown
        if name not in ("kind", "at", "force") and not name.startswith(("alert.", "facts."))
    ]
    assert str(alert.allegation_id) not in data.decode()
    assert str(report_of(site, alert)) not in data.decode()
    assert verify.judge(data, policy_of(site.signer)).entry_index == alert.entry_index


def test_the_proof_of_an_alert_about_a_force_can_be_had_too(site: Site, clock: HandClock) -> None:
    expect_records(site)
    clock.advance(days=3)
    look_again(site)
    alert = alerts_of(site)[0]
    with site.database.reading() as session:
        made = make_proof(session, alert, keyring=site.keyring, signer=site.signer)
    assert {"name": "alert.kind", "value": "supply_stale"}.items() <= made["fields"][0].items()


def test_content_is_shown_for_a_look_that_was_written_and_not_without_one(
    site: Site, clock: HandClock
) -> None:
    alert, inspector = alert_without_record(site, clock), person(site)
    assert opened(site, uuid4(), alert, inspector) is None
    content = opened(site, written(site, alert, inspector), alert, inspector)
    assert content is not None
    assert content.answers["about"] == ABOUT
    assert content.answers["words"] == {"words": WORDS}
    assert content.reason == "To ask which call it was."
    assert content.until == clock() + OPEN_FOR


def test_a_look_serves_nobody_else_and_no_other_report(site: Site, clock: HandClock) -> None:
    alert, inspector = alert_without_record(site, clock), person(site)
    other_alert = alert_without_record(site, clock)
    look_id = written(site, alert, inspector)
    assert opened(site, look_id, alert, person(site, name="other")) is None
    assert opened(site, look_id, other_alert, inspector) is None


def test_a_look_serves_for_a_quarter_of_an_hour(site: Site, clock: HandClock) -> None:
    alert, inspector = alert_without_record(site, clock), person(site)
    look_id = written(site, alert, inspector)
    clock.advance(minutes=14, seconds=59)
    assert opened(site, look_id, alert, inspector) is not None
    clock.instant += timedelta(seconds=1)
    assert opened(site, look_id, alert, inspector) is None


def test_withdrawing_or_erasing_closes_a_look_at_once(site: Site, clock: HandClock) -> None:
    alert, inspector = alert_without_record(site, clock), person(site)
    look_id = written(site, alert, inspector)
    with site.database.transaction() as session:
        withdraw(session, report_of(site, alert), keyring=site.keyring, now=clock())
    assert opened(site, look_id, alert, inspector) is None
    other = alert_without_record(site, clock)
    look_id = written(site, other, inspector)
    erase_key(site, other)
    assert opened(site, look_id, other, inspector) is None
