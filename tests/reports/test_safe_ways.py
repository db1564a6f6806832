"""Promises about the safe way as it is read: when it can be used, and that it is sealed for one."""

from datetime import timedelta

import pytest

from portal.errors import Unavailable
from portal.reports.contact_models import SafeContact
from portal.reports.drafts import get_data_key
from portal.reports.safe_ways import EMAIL, Contact, Way, find_contact, open_way
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import kept_report
from tests.rig.letters import ADDRESS, confirm_safe_way


def test_a_way_can_be_used_72_hours_after_it_was_confirmed(site: Site, clock: HandClock) -> None:
    draft, since = kept_report(site), clock()
    confirm_safe_way(draft)
    with site.database.reading() as session:
        found = find_contact(session, draft.id, keyring=site.keyring)
    assert found.works_from == since + timedelta(hours=72)
    assert found.usable(since + timedelta(hours=71, minutes=59)) is None
    assert found.usable(since + timedelta(hours=72)) == Way(EMAIL, ADDRESS)
    assert Contact().usable(since) is None


def test_a_way_that_was_moved_to_another_report_does_not_open(site: Site) -> None:
    draft, other = kept_report(site), kept_report(site)
    confirm_safe_way(draft)
    with site.database.reading() as session:
        row = session.get_one(SafeContact, draft.id)
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
    assert open_way(row.sealed, data_key, draft.id) == Way(EMAIL, ADDRESS)
    assert open_way(None, data_key, draft.id) is None
    with pytest.raises(Unavailable):
        open_way(row.sealed, data_key, other.id)
