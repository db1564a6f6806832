"""After decisions were undone, a full run finds every report as the incremental way left it."""

from random import Random
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Account
from portal.matching import deciding
from portal.matching.cases import find_case
from portal.matching.model import load_model
from portal.matching.models import Match
from portal.matching.queueing import queue
from portal.matching.reopening import look_again as reopen
from portal.matching.service import compare_everything_again
from portal.site import Site
from tests.matching.test_rerunning import (
    all_matches,
    comparer_of,
    fill,
    match,
    rerun,
    take_some,
)
from tests.rig.audited import audit
from tests.rig.clock import HandClock
from tests.rig.people import add_person


def test_among_many_a_full_run_finds_each_as_the_incremental_way_left_it(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=25, records=60)
    inspector = add_person(site, "inspector")
    with site.database.reading() as session:
        waiting = queue(session, session.get_one(Account, inspector), now=site.now())
    decided = [one.allegation.id for one in waiting if one.is_mine][:12]
    assert len(decided) > 6
    for number, allegation_id in enumerate(decided):
        _decide(site, inspector, allegation_id, back=number % 2 == 0)
    for numbers in (range(20, 50), range(30)):
        clock.advance(days=1)
        take_some(site, clock, Random(numbers.start), numbers)
        match(site, load_model())
        stood = all_matches(site)
        assert rerun(site, comparer_of(site)).other == 0
        assert all_matches(site) == stood
    with site.database.transaction() as session:
        compare_everything_again(session)
    match(site, load_model())
    assert all_matches(site) == stood
    with site.database.reading() as session:
        held = session.scalars(select(Match).where(Match.reopened_at.is_not(None))).all()
    assert {one.state for one in held} <= {"proposed", "kept"}
    assert "proposed" in {one.state for one in held}
    assert [one for one in audit(site) if one.what == "match"] == []


def _decide(site: Site, account_id: UUID, allegation_id: UUID, *, back: bool) -> None:
    with site.database.transaction() as session:
        account = session.get_one(Account, account_id)
        case = find_case(session, account, allegation_id)
        assert case is not None
        keys = {"keyring": site.keyring, "now": site.now()}
        for one in case.proposed:
            deciding.refuse(
                session,
                one.match.id,
                account=account,
                reason="Another event.",
                version_id=one.version.id,
                **keys,  # type: ignore[arg-type]
            )
        if back:
            ids = [one.record.id for one in case.proposed]
            reopen(session, allegation_id, ids, account=account, reason="It is.", **keys)  # type: ignore[arg-type]
