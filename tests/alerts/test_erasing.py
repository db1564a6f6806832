"""An alert outlives the report that it is about, without content; no new one is raised for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from portal.accounts.models import Account
from portal.alerts.erasing import forget_alerts
from portal.alerts.lifecycle import act, history
from portal.alerts.models import AlertAction, Clock
from portal.alerts.watch import watch_notices
from portal.errors import Refused
from portal.ledger.models import LedgerOpening
from portal.notifications.models import OutboxMessage
from portal.reports.closing import ask_to_erase
from portal.reports.codes import read_code
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.erased import alerts_about, allegations_of, erase, lived_through, wait
from tests.rig.filed import Filed, agree_inbox, alerts_of, file_report, look_again
from tests.rig.people import add_person
from tests.rig.supplies import row, take


def overdue(site: Site, clock: HandClock) -> Filed:
    """A report that nobody recorded, and its alert."""
    filed = file_report(site, told=clock())
    clock.advance(hours=49)
    look_again(site)
    assert [one.kind for one in alerts_about(site, filed.id)] == ["unrecorded"]
    return filed


def test_an_alert_that_was_raised_stays_open_and_says_nothing(site: Site, clock: HandClock) -> None:
    filed = overdue(site, clock)
    (before,) = alerts_about(site, filed.id)
    assert before.facts
    erase(site, filed)
    (after,) = alerts_about(site, filed.id)
    assert (after.id, after.kind, after.state) == (before.id, "unrecorded", "open")
    assert (after.force_id, after.raised_at) == ("wiltshire", before.raised_at)
    assert (after.facts, after.cause) == ({}, f"erased:{after.id}")
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Clock)) == 0


def test_reasons_go_and_who_did_what_stays(site: Site, clock: HandClock) -> None:
    story = lived_through(site, clock)
    erase(site, story.filed)
    (alert, *_) = alerts_about(site, story.filed.id)
    with site.database.reading() as session:
        (line,) = [one for one in history(session, alert, keyring=site.keyring) if one.role]
        assert (line.action, line.role, line.reason) == ("commented", "inspector", "")
        assert set(session.scalars(select(AlertAction.sealed_reason))) == {b""}


def test_no_new_alert_is_raised_however_much_time_passes(site: Site, clock: HandClock) -> None:
    filed, other = file_report(site, told=clock()), file_report(site, told=clock())
    erase(site, filed)
    with site.database.transaction() as session:
        session.execute(update(Allegation).values(to_sweep=True))
    clock.advance(days=9)
    take(site, [row("54/1/26")])
    look_again(site)
    about = {one.allegation_id for one in alerts_of(site) if one.allegation_id}
    assert about == set(allegations_of(site, other.id))


def test_an_alert_is_not_settled_or_changed_by_later_sweeps(site: Site, clock: HandClock) -> None:
    filed = overdue(site, clock)
    erase(site, filed)
    with site.database.transaction() as session:
        session.execute(update(Allegation).values(to_sweep=True, to_match=True))
    clock.advance(days=2)
    take(site, [row("54/1/26")])
    look_again(site)
    (alert,) = alerts_about(site, filed.id)
    assert (alert.state, alert.stage) == ("open", "full")


def test_oversight_can_still_end_its_check(site: Site, clock: HandClock) -> None:
    filed, inspector = overdue(site, clock), add_person(site, "inspector")
    erase(site, filed)
    (alert,) = alerts_about(site, filed.id)
    with site.database.transaction() as session:
        who = session.get_one(Account, inspector)
        keys = {"keyring": site.keyring, "now": clock()}
        act(session, alert.id, "resolve", account=who, reason="We asked the force.", **keys)  # type: ignore[arg-type]
    with site.database.reading() as session:
        kinds = session.scalars(
            select(LedgerOpening.kind)
            .where(LedgerOpening.subject == filed.id)
            .order_by(LedgerOpening.sequence)
        ).all()
        said = [one.reason for one in history(session, alert, keyring=site.keyring)]
    assert kinds == ["submitted", "alert_raised", "erase_asked", "erased", "alert_changed"]
    assert said == ["We asked the force."]


def test_a_notice_that_failed_raises_nothing_about_what_was_erased(
    site: Site, clock: HandClock
) -> None:
    agree_inbox(site)
    filed = file_report(site, way="pass")
    with site.database.transaction() as session:
        session.execute(update(OutboxMessage).values(failed_at=clock()))
        about = session.scalars(select(OutboxMessage.about)).one()
        kept = session.execute(select(OutboxMessage.__table__)).one()._mapping
    erase(site, filed)
    with site.database.transaction() as session:
        session.execute(OutboxMessage.__table__.insert().values(dict(kept)))  # type: ignore[attr-defined]
    assert about is not None
    assert watch_notices(site.database, keyring=site.keyring, now=clock()) == 0
    assert alerts_of(site) == []


def test_alerts_of_other_reports_keep_what_they_say(site: Site, clock: HandClock) -> None:
    filed, other = file_report(site, told=clock()), file_report(site, told=clock())
    clock.advance(hours=49)
    look_again(site)
    ids = allegations_of(site, filed.id)
    with site.database.transaction() as session:
        forget_alerts(session, ids)
    (kept,) = alerts_about(site, other.id)
    assert kept.facts
    assert kept.cause.startswith("deadline:")


def test_erasing_while_others_sweep_and_comment_locks_nobody_up(
    site: Site, clock: HandClock
) -> None:
    filed = [file_report(site, told=clock()) for _ in range(6)]
    inspector = add_person(site, "inspector")
    clock.advance(hours=49)
    look_again(site)
    alerts = [alert.id for alert in alerts_of(site)]

    def comment(alert_id: UUID) -> None:
        with site.database.transaction() as session:
            who = session.get_one(Account, inspector)
            keys = {"keyring": site.keyring, "now": clock()}
            act(session, alert_id, "comment", account=who, reason="Axolotlian", **keys)  # type: ignore[arg-type]

    def sweep(_: int) -> None:
        with site.database.transaction() as session:
            session.execute(update(Allegation).values(to_sweep=True, to_match=True))
        look_again(site)

    with ThreadPoolExecutor(6) as people:
        busy = [people.submit(comment, one) for one in alerts]
        busy += [people.submit(sweep, number) for number in range(3)]
        erased = [people.submit(erase, site, one) for one in filed]
        for each in [*busy, *erased]:
            each.result(timeout=60)
    for one in filed:
        assert [(alert.facts, alert.state) for alert in alerts_about(site, one.id)] == [
            ({}, "open")
        ]


def test_nothing_is_half_erased_when_the_request_does_not_fit(site: Site, clock: HandClock) -> None:
    clock.advance(hours=-1)
    filed, other = overdue(site, clock), file_report(site, told=clock() - timedelta(hours=1))
    wrong = read_code(other.code, codes=site.codes).sign
    with site.database.transaction() as session, pytest.raises(Refused), session.begin_nested():
        ask_to_erase(session, filed.id, sign=wrong, keyring=site.keyring, now=clock())
    assert wait(site) == 0
    (alert,) = alerts_about(site, filed.id)
    assert alert.facts
