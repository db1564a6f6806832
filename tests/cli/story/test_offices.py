"""The people of the story act as their roles allow, and by what is true."""

from collections import Counter

from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.alerts.models import Alert, AlertAction
from portal.cli.demonstration_data import SEED, make_plan
from portal.matching.models import Match
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation, ForceAnswer, Look, Report
from tests.rig.story import SIZE, Tale


def test_alerts_are_seen_asked_about_and_resolved_by_those_who_may(tale: Tale) -> None:
    with tale.site.database.reading() as session:
        rows = session.execute(
            select(AlertAction.action, Account.role, Account.force_id, Alert.force_id)
            .join(Account, Account.id == AlertAction.account_id)
            .join(Alert, Alert.id == AlertAction.alert_id)
        ).all()
    assert {action for action, *_ in rows} == {"acknowledged", "asked_the_force", "resolved"}
    assert {role for _, role, *_ in rows} == {"pcc", "inspector"}
    assert all(role != "pcc" or own == about for _, role, own, about in rows)


def test_nobody_confirms_a_match_that_is_not_true(tale: Tale) -> None:
    plan = make_plan(tale.site.now(), size=SIZE, number=SEED)
    true = {(one.filed, reference) for one in plan.reports for reference in one.truly}
    with tale.site.database.reading() as session:
        rows = session.execute(
            select(Match.state, Report.filed_at, CrimeRecord.reference)
            .join(Allegation, Allegation.id == Match.allegation_id)
            .join(Report, Report.id == Allegation.report_id)
            .join(CrimeRecord, CrimeRecord.id == Match.record_id)
            .where(Match.decided_by.is_not(None))
        ).all()
    states = Counter(state for state, *_ in rows)
    assert states["accepted"]
    assert states["refused"]
    assert all((at, reference) in true for state, at, reference in rows if state == "accepted")


def test_the_chapters_are_left_for_the_newcomer(tale: Tale) -> None:
    mine = list(tale.told.reports.values())
    with tale.site.database.reading() as session:
        touched = session.scalar(
            select(func.count(AlertAction.id))
            .join(Alert, Alert.id == AlertAction.alert_id)
            .join(Allegation, Allegation.id == Alert.allegation_id)
            .where(Allegation.report_id.in_(mine), AlertAction.account_id.is_not(None))
        )
        looked = session.scalars(select(Look.id).where(Look.report_id.in_(mine))).all()
    assert touched == 0
    # Her supporter alone opened what she wrote to them.
    assert len(looked) == 1


def test_some_reports_were_looked_at_and_the_force_answered_some(tale: Tale) -> None:
    with tale.site.database.reading() as session:
        roles = set(session.scalars(select(Account.role).join(Look, Look.account_id == Account.id)))
        answers = session.scalar(select(func.count(ForceAnswer.id)))
    assert "liaison" in roles
    assert answers
