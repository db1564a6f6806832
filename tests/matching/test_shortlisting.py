"""A person is asked about the three likeliest records, and of a decided case about better ones."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from portal.matching.models import Match
from portal.matching.shortlisting import MOST_PROPOSED, looked_at_again, shortlist
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.reviewed import waiting_case


def match(record_id: int, *, zone: str = "possible", bits: float = 1.0) -> Match:
    return Match(record_id=record_id, zone=zone, levels="same", log_odds=bits, total=bits)


@pytest.fixture
def kept(site: Site, clock: HandClock) -> dict[int, Match]:
    """Five records that are there, the last one the likeliest."""
    waiting_case(site, clock, references=tuple(f"54/{number}/26" for number in range(10, 15)))
    return {number: match(number, bits=float(number)) for number in range(1, 6)}


def test_three_at_most_are_asked_about_the_likeliest_first(
    site: Site, kept: dict[int, Match]
) -> None:
    with site.database.reading() as session:
        assert shortlist(session, kept, None) == {3, 4, 5}
        assert len(shortlist(session, kept, None)) == MOST_PROPOSED


def test_what_was_never_in_question_is_not_asked_about(site: Site, kept: dict[int, Match]) -> None:
    kept[5].zone = "none"
    kept[4].levels = None
    with site.database.reading() as session:
        assert shortlist(session, kept, None) == {1, 2, 3}


def test_once_a_record_was_confirmed_only_a_weightier_one_is_asked_about(
    site: Site, kept: dict[int, Match]
) -> None:
    with site.database.reading() as session:
        assert shortlist(session, kept, 4.0) == {5}
        assert shortlist(session, kept, 5.0) == set()


def test_what_somebody_wants_looked_at_again_comes_before_all_others(
    site: Site, kept: dict[int, Match]
) -> None:
    kept[1].zone = "none"
    with site.database.reading() as session:
        assert shortlist(session, kept, None, {1}) == {1, 4, 5}
        assert shortlist(session, kept, 5.0, {1}) == {1}


def test_it_is_wanted_until_somebody_says_which_record_it_is() -> None:
    now = datetime(2026, 3, 6, tzinfo=UTC)
    one = match(1)
    one.reopened_at = now
    gone = match(2)
    gone.levels, gone.reopened_at = None, now
    left = {1: one, 2: gone, 3: match(3)}
    assert looked_at_again(left, left) == {1}
    said = Match(record_id=4, state="accepted", decided_by=uuid4(), decided_at=now)
    for hours, wanted in ((-1, {1}), (0, set()), (1, set())):
        said.decided_at = now + timedelta(hours=hours)
        assert looked_at_again(left, left | {4: said}) == wanted
    said.decided_by = None
    assert looked_at_again(left, left | {4: said}) == {1}, "the rules said it, and nobody else"
