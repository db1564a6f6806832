"""A pair is dated by the first decision that is on record about it, and by nothing before that."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from portal.ledger.models import LedgerOpening
from portal.matching.models import Match
from portal.site import Site
from tests.matching.test_judging import Sure, burglary, look
from tests.rig.audited import audit
from tests.rig.clock import HandClock
from tests.rig.superuser import without_triggers
from tests.rig.supplies import take

REMOVED = {"removal_code": "C2"}


def sent(site: Site, clock: HandClock, **cells: str) -> tuple[str, datetime | None]:
    """What becomes of the match an hour later, once the force sends its record like this."""
    clock.advance(hours=1)
    take(site, [burglary().record(**cells)], is_full=False)
    look(site)
    with site.database.reading() as session:
        match = session.scalars(select(Match)).one()
        return match.state, match.decided_at


def test_a_record_that_came_removed_is_matched_when_the_force_puts_it_back(
    site: Site, clock: HandClock
) -> None:
    burglary().report(site, Sure())
    assert sent(site, clock, **REMOVED) == ("ended", clock())
    assert sent(site, clock) == ("accepted", clock())
    matched = clock()
    assert audit(site) == []
    # Whatever the force does afterwards, it was then that it was first matched.
    assert sent(site, clock, **REMOVED) == ("ended", matched)
    assert sent(site, clock) == ("accepted", matched)
    assert audit(site) == []


def test_a_record_that_was_removed_for_a_while_is_matched_since_it_first_was(
    site: Site, clock: HandClock
) -> None:
    burglary().report(site, Sure())
    assert sent(site, clock) == ("accepted", clock())
    matched = clock()
    assert sent(site, clock, **REMOVED) == ("ended", matched)
    assert sent(site, clock) == ("accepted", matched)
    assert audit(site) == []


def test_a_victim_gets_their_record_back_though_an_entry_of_their_report_is_damaged(
    site: Site, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    burglary().report(site, Sure())
    sent(site, clock, **REMOVED)
    fell = clock()
    with site.database.transaction() as session, without_triggers(session):
        session.execute(
            update(LedgerOpening).where(LedgerOpening.subject.is_not(None)).values(sealed=b"")
        )
    assert sent(site, clock) == ("accepted", fell)
    assert "first decision not read" in caplog.text


def test_a_time_of_a_decision_that_somebody_moved_is_named(site: Site, clock: HandClock) -> None:
    burglary().report(site, Sure())
    removed = sent(site, clock, **REMOVED)
    sent(site, clock)
    with site.database.transaction() as session:
        session.execute(update(Match).values(decided_at=removed[1]))
    (one,) = audit(site)
    assert "another time of the decision" in str(one)
