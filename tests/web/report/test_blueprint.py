"""A visit in use stays open, and looking at it does not write each time."""

from sqlalchemy import select

from portal.reports.models import Visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.web.report.conftest import Person


def test_a_visit_is_noted_to_be_in_use_every_few_minutes(
    person: Person, site: Site, clock: HandClock
) -> None:
    person.starts()
    started = clock()
    seen = []
    for minutes in (4, 4):
        clock.advance(minutes=minutes)
        person.client.get("/start/code")
        with site.database.reading() as session:
            seen.append(session.scalars(select(Visit.seen_at)).one())
    assert seen == [started, clock()]
