"""What oversight finds waiting, for tests: made by filing, supplying, matching and sweeping."""

from datetime import timedelta

from portal.alerts.models import Alert
from portal.reference.terms import set_terms
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, file_report, look_again
from tests.rig.supplies import row, take

ABOUT = {"name": "Ada Quill", "birth_day": "4", "birth_month": "5", "birth_year": "1990"}
INCIDENT = "5403260000321"
WORDS = "He took the blue bicycle and said my name."


def file_watched(
    site: Site,
    *,
    category: str = "burglary-home",
    reference: str = "",
    incident: str = "",
    force: str = "wiltshire",
) -> Filed:
    """A report of last night's event, told an hour ago, with a name and words to keep closed."""
    now = site.now()
    return file_report(
        site,
        categories=[category],
        force=force,
        happened=now - timedelta(hours=14),
        told=now - timedelta(hours=1),
        told_how={"crime_reference": reference, "incident_number": incident},
        about=ABOUT,
        words=WORDS,
    )


def alert_without_record(site: Site, clock: HandClock, **of: str) -> Alert:
    """An `unrecorded` alert, three days after filing; the newest alert that there is."""
    file_watched(site, **of)
    clock.advance(days=3)
    look_again(site)
    return alerts_of(site)[-1]


def waiting_match(site: Site, clock: HandClock, *, reference: str = "54/7/26") -> Filed:
    """A report that shares nothing but an incident number with its record, so a person decides."""
    filed = file_watched(site, incident=INCIDENT)
    happened = site.now() - timedelta(hours=14)
    clock.advance(hours=6)
    record = row(
        reference,
        incident_number=INCIDENT,
        offence_code="28E",
        recorded_at=f"{site.now() - timedelta(hours=3):%Y-%m-%d %H:%M}",
        occurred_from=f"{happened:%Y-%m-%d %H:%M}",
        occurred_to=f"{happened:%Y-%m-%d %H:%M}",
    )
    take(site, [record], is_full=False)
    look_again(site)
    return filed


def expect_records(site: Site, force: str = "wiltshire", *, hours: int = 24) -> None:
    """The force agrees to send its records every so many hours."""
    with site.database.transaction() as session:
        set_terms(
            session,
            force,
            inbox_agreed_at=None,
            notice_address=None,
            supply_interval_hours=hours,
            now=site.now(),
        )
