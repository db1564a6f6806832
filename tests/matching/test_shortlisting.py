"""A person is asked about the three likeliest records, and of a decided case about better ones."""

import pytest

from portal.matching.models import Match
from portal.matching.shortlisting import MOST_PROPOSED, shortlist
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
