"""An audit compares each statement with its entry, one to one and both ways."""

import pytest

from portal.site import Site
from tests.rig.audited import audit, cells, missed, missed_when_deleted
from tests.rig.clock import HandClock
from tests.rig.stated import matched, says, takes_back


@pytest.fixture
def said(site: Site, clock: HandClock) -> Site:
    filed, _ = matched(site, clock)
    one = says(site, filed, "not_what_i_said", words="Worse.")
    clock.advance(minutes=1)
    takes_back(site, filed, one)
    return site


def test_what_was_not_touched_is_found_whole(said: Site) -> None:
    assert audit(said) == []


def test_a_statement_that_was_changed_in_any_column_is_found(said: Site) -> None:
    assert missed(said, "statements", cells("statements")) == []


def test_a_statement_that_was_deleted_is_found(said: Site) -> None:
    assert missed_when_deleted(said, "statements") == []
