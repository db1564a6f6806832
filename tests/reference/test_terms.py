"""Promises about what forces agreed: nothing without a row, and nothing ahead of its day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.errors import NotFound, Refused
from portal.reference.models import ForceTerms
from portal.reference.terms import all_terms, find_terms, forces_with_inbox, set_terms
from portal.site import Site

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _set(
    site: Site,
    force_id: str = "wiltshire",
    *,
    now: datetime = NOW,
    **changes: Any,  # noqa: ANN401 - any of the terms
) -> ForceTerms:
    terms: dict[str, Any] = {
        "inbox_agreed_at": NOW - timedelta(days=30),
        "notice_address": "inbox@wiltshire.example",
        "supply_interval_hours": 24,
    }
    with site.database.transaction() as session:
        return set_terms(session, force_id, now=now, **(terms | changes))


def test_a_force_without_terms_gets_no_report(site: Site) -> None:
    with site.database.reading() as session:
        assert find_terms(session, "wiltshire") is None
        assert forces_with_inbox(session) == frozenset()


def test_a_report_can_be_passed_only_to_forces_that_agreed(site: Site) -> None:
    _set(site)
    _set(site, "cumbria", inbox_agreed_at=None)
    with site.database.reading() as session:
        assert forces_with_inbox(session) == {"wiltshire"}
        assert set(all_terms(session)) == {"wiltshire", "cumbria"}


def test_an_agreement_can_be_taken_back(site: Site) -> None:
    _set(site)
    _set(site, inbox_agreed_at=None, notice_address=None, supply_interval_hours=None)
    with site.database.reading() as session:
        assert forces_with_inbox(session) == frozenset()
        terms = find_terms(session, "wiltshire")
        assert terms is not None
        assert terms.supplies_since is None


def test_records_are_expected_from_the_first_interval_and_a_change_does_not_restart_it(
    site: Site,
) -> None:
    _set(site)
    later = _set(site, supply_interval_hours=48, now=NOW + timedelta(days=9))
    assert later.supplies_since == NOW
    assert later.supply_interval_hours == 48


@pytest.mark.parametrize(
    "changes",
    [
        {"inbox_agreed_at": NOW + timedelta(seconds=1)},
        {"supply_interval_hours": 0},
        {"supply_interval_hours": 24 * 366 + 1},
        {"notice_address": "x" * 201},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_impossible_terms_are_refused_and_the_earlier_ones_stay(
    site: Site, changes: dict[str, Any]
) -> None:
    _set(site)
    with pytest.raises(Refused):
        _set(site, **changes)
    with site.database.reading() as session:
        terms = find_terms(session, "wiltshire")
        assert terms is not None
        assert terms.supply_interval_hours == 24


def test_there_are_no_terms_for_a_force_that_does_not_exist(site: Site) -> None:
    with pytest.raises(NotFound):
        _set(site, "atlantis")


def test_an_inbox_that_counts_as_receipt_needs_somewhere_to_send_notices(site: Site) -> None:
    with pytest.raises(Refused, match="needs an e-mail address"):
        _set(site, notice_address=None)
    with site.database.reading() as session:
        assert find_terms(session, "wiltshire") is None
