"""Oversight knows up to which time each force's records can be checked."""

from datetime import timedelta

from portal.accounts.models import Account
from portal.accounts.service import get_account_by_id
from portal.oversight.reaches import Reach, list_reaches
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.people import add_person
from tests.rig.supplies import row, take
from tests.rig.watched import expect_records


def person(site: Site, role: str, force: str | None = None, name: str = "") -> Account:
    account_id = add_person(site, role, force_id=force, name=name)
    with site.database.reading() as session:
        return get_account_by_id(session, account_id)


def test_silent_forces_are_named_with_the_time_up_to_which_they_can_be_checked(
    site: Site, clock: HandClock
) -> None:
    begun = clock()
    expect_records(site, "wiltshire")
    expect_records(site, "kent", hours=24 * 30)
    take(site, [row()])
    clock.advance(days=3)
    day = timedelta(days=1)
    silent = Reach("wiltshire", begun, begun + day, is_agreed=True)
    with site.database.reading() as session:
        every = list_reaches(session, person(site, "inspector"), now=clock())
        own = list_reaches(session, person(site, "pcc", "wiltshire"), now=clock())
        other = list_reaches(session, person(site, "pcc", "dorset", "other"), now=clock())
    assert every == [Reach("kent", None, None, is_agreed=True), silent]
    assert own == [silent]
    assert other == [Reach("dorset", None, None, is_agreed=False)]
