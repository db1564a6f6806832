"""An alert is raised once for its subject, kind and cause, and its words stay sealed."""

from uuid import UUID

from sqlalchemy import select

from portal.alerts.findings import Finding
from portal.alerts.models import Alert, AlertAction
from portal.alerts.raising import Docket, find_alert, force_subject, open_reason
from portal.ledger.service import timeline
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.filed import file_report

FINDING = Finding("undelivered", "handover", "one", {"attempts": 5, "late_by_hours": 1.25})


def raise_it(site: Site, allegation_id: UUID | None) -> Alert | None:
    docket = Docket(site.keyring, site.now())
    with site.database.transaction() as session:
        if allegation_id is None:
            alert = docket.raise_for_force(session, FINDING, "kent")
        else:
            allegation = session.get_one(Allegation, allegation_id)
            alert = docket.raise_for_allegation(session, FINDING, allegation)
        docket.close(session)
    return alert


def allegation_of(site: Site) -> UUID:
    filed = file_report(site)
    with site.database.reading() as session:
        return session.scalars(select(Allegation.id).where(Allegation.report_id == filed.id)).one()


def test_the_same_finding_about_the_same_subject_is_raised_once(site: Site) -> None:
    first, second = allegation_of(site), allegation_of(site)
    assert raise_it(site, first) is not None
    assert raise_it(site, first) is None
    assert raise_it(site, second) is not None
    with site.database.reading() as session:
        assert find_alert(session, first, "undelivered", "handover:one") is not None
        assert find_alert(session, first, "undelivered", "handover:two") is None


def test_an_alert_about_a_force_is_in_the_ledger_under_the_force(site: Site) -> None:
    raised = raise_it(site, None)
    assert raised is not None
    assert raised.subject == force_subject("kent") != force_subject("dorset")
    with site.database.reading() as session:
        (entry,) = timeline(session, force_subject("kent"), site.keyring.open_alone)
    assert entry.index == raised.entry_index
    assert entry.fields["facts.attempts"] == 5
    assert "facts.late_by_hours" not in entry.fields


def test_what_the_sweep_did_is_kept_with_its_reason_sealed(site: Site) -> None:
    allegation_id = allegation_of(site)
    raised = raise_it(site, allegation_id)
    assert raised is not None
    docket = Docket(site.keyring, site.now())
    with site.database.transaction() as session:
        docket.note(session, raised, "became_full", "Nobody came.")
        docket.close(session)
    with site.database.reading() as session:
        action = session.scalars(select(AlertAction)).one()
        assert b"Nobody came" not in action.sealed_reason
        assert open_reason(raised, action.sealed_reason, keyring=site.keyring) == ("Nobody came.")
