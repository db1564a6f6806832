"""A force that sends tokens instead of names has its records found, and judged as with names."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.matching.comparing import Comparer
from portal.matching.keying import PURPOSE
from portal.matching.model import load_model
from portal.matching.models import Match
from portal.matching.opening import Supplies
from portal.matching.rerunning import compare_all, write_differences
from portal.matching.service import propose
from portal.matching.tokenise import OF_PERSON, OF_PLACE, token_maker, tokenise_row
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import file_report
from tests.rig.supplies import Row, row, take

KEYS = {"2026-2": b"n" * 32, "2026-1": b"k" * 32}
PERSON = ("Fen, Alexander", "1990-05-02", "SN1 1AA", "Harbour Lane, Swindon")
ABOUT = {"name": "Alex Fen", "birth_day": "2", "birth_month": "5", "birth_year": "1990"}
EVENT = {
    "offence_code": "28E",
    "recorded_at": "2026-03-01 23:30",
    "occurred_from": "2026-03-01 18:00",
    "occurred_to": "2026-03-01 23:00",
}
COLUMNS = ("victim_name", "victim_date_of_birth", "postcode", "place")


def named(reference: str = "54/9/26", person: tuple[str, ...] = PERSON) -> Row:
    return row(reference, **EVENT, **dict(zip(COLUMNS, person, strict=True)))


def tokens(key: str = "2026-1", person: tuple[str, ...] = PERSON) -> Row:
    """The same row as the program writes it, with the place in tokens too."""
    places = {column: number for number, column in enumerate(COLUMNS)}
    made = tokenise_row(person, places, key, token_maker(KEYS.get(key, b"z" * 32)))
    return row("54/9/26", **EVENT, **dict(zip(OF_PERSON + OF_PLACE, made, strict=True)))


def look(site: Site, keys: Mapping[str, bytes] = KEYS) -> list[tuple[str, str, float | None]]:
    propose(
        site.database,
        keyring=site.keyring,
        tokens=site.tokens,
        now=site.now(),
        shared_keys=keys,
    )
    with site.database.reading() as session:
        return [(one.zone, one.state, one.total) for one in session.scalars(select(Match))]


def rerun(site: Site) -> tuple[int, int]:
    """How many reports a full run finds to stand as they should, and how many otherwise."""
    purpose = site.tokens.for_purpose(PURPOSE)
    comparer = Comparer(load_model(), Supplies(site.keyring, KEYS), purpose, site.now())
    whole = compare_all(site.database, comparer, memory_limit="1GB", advance=lambda _: None)
    found = write_differences(site.database, whole, comparer, write=False, advance=lambda _: None)
    return found.same, found.other


def told(site: Site, clock: HandClock) -> None:
    file_report(site, happened=clock() - timedelta(hours=14), about=ABOUT)


@pytest.mark.parametrize("report_first", [True, False])
def test_a_report_finds_its_record_by_tokens_alone_whichever_came_first(
    site: Site, clock: HandClock, report_first: bool
) -> None:
    if report_first:
        told(site, clock)
        assert look(site) == []
    take(site, [tokens()])
    if not report_first:
        assert look(site) == []
        told(site, clock)
    ((zone, state, total),) = look(site)
    assert (zone, state) in {("automatic", "accepted"), ("likely", "proposed")}
    assert total is not None
    assert total > 0


def test_it_is_weighed_as_with_the_name_in_clear(site: Site, clock: HandClock) -> None:
    told(site, clock)
    take(site, [named()])
    in_clear = look(site)
    clock.advance(hours=1)
    take(site, [tokens()])
    assert [(zone, state) for zone, state, _ in look(site)] == [
        (zone, state) for zone, state, _ in in_clear
    ]


def test_tokens_of_a_key_that_is_not_here_say_nothing(site: Site, clock: HandClock) -> None:
    told(site, clock)
    take(site, [tokens("2025-1")])
    assert not [one for one in look(site) if one[1] == "accepted"]


def test_somebody_else_is_not_found_by_tokens(site: Site, clock: HandClock) -> None:
    told(site, clock)
    other = ("Bell, Rosa", "1971-11-30", "BA1 1AA", "Bath")
    take(site, [tokens(person=other)])
    assert not [one for one in look(site) if one[1] == "accepted"]


def test_while_a_key_is_rotated_records_of_both_are_found(site: Site, clock: HandClock) -> None:
    told(site, clock)
    take(site, [tokens("2026-1")])
    first = look(site)
    clock.advance(hours=1)
    take(site, [tokens("2026-2")])
    assert [(zone, state) for zone, state, _ in look(site)] == [
        (zone, state) for zone, state, _ in first
    ]


def test_a_report_from_before_a_key_was_shared_is_found_by_it_all_the_same(
    site: Site, clock: HandClock
) -> None:
    told(site, clock)
    old = {"2026-1": KEYS["2026-1"]}
    assert look(site, old) == []
    assert look(site, {}) == []
    take(site, [tokens("2026-2")])
    ((_, state, total),) = look(site)
    assert state in ("accepted", "proposed")
    assert total is not None


ELSEWHERE = ("Bell, Rosa", "1971-11-30", "", "")


@pytest.mark.parametrize("before", KEYS)
def test_a_removal_with_another_victim_written_over_under_another_key_is_seen(
    site: Site, clock: HandClock, before: str
) -> None:
    (now,) = KEYS.keys() - {before}
    told(site, clock)
    take(site, [tokens(before)])
    first = look(site)
    clock.advance(hours=1)
    take(site, [{**tokens(now, ELSEWHERE), "removal_code": "C3"}])
    assert look(site) == [("automatic", "ended", first[0][2])]
    assert first[0][1] == "accepted"
    assert rerun(site) == (1, 0)


@pytest.mark.parametrize("before", KEYS)
def test_what_the_removal_says_of_the_victim_under_a_new_key_counts_beside_the_place_of_before(
    site: Site, clock: HandClock, before: str
) -> None:
    (now,) = KEYS.keys() - {before}
    told(site, clock)
    take(site, [tokens(before)])
    first = look(site)
    clock.advance(hours=1)
    take(site, [{**tokens(now, (*PERSON[:2], "", "")), "removal_code": "C3"}])
    assert look(site) == [("automatic", "ended", first[0][2])]
