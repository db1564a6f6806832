"""A record that police had before the crime happened is of another crime: a person looks at it.

Days alone do not tell: at nine in the evening a record of the same morning is of the same day.
"""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.matching.comparing import Comparer
from portal.matching.explained import gate_words
from portal.matching.keying import PURPOSE
from portal.matching.model import load_model
from portal.matching.models import Match
from portal.matching.opening import Supplies
from portal.matching.rerunning import compare_all, write_differences
from portal.reports.corrections import correct
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, file_report, look_again, when
from tests.rig.supplies import Row, row, take
from tests.rig.town import match_all_again

ABOUT = {"name": "Ann Example", "birth_day": "28", "birth_month": "2", "birth_year": "1990"}
WORDS = (
    "By the times that both sides give, police had this crime record before it happened. So it is "
    "another crime, or one of the times is wrong. The chances that are stated leave that out."
)
MORNING = {
    "occurred_from": "2026-02-28 08:00",
    "occurred_to": "2026-02-28 08:10",
    "reported_at": "2026-02-28 09:00",
    "recorded_at": "2026-02-28 12:00",
}


def at(day: int, hour: int, month: int = 2) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def crime(**cells: str) -> Row:
    """The record of a rape in Harbour Lane, of the same Ann."""
    same = {
        "offence_code": "19C",
        "place": "Harbour Lane",
        "postcode": "SN1 1AA",
        "victim_name": ABOUT["name"],
        "victim_date_of_birth": "1990-02-28",
    }
    return row("54/7/26", **(same | MORNING | cells))


def told(site: Site, happened: datetime) -> Filed:
    return file_report(
        site, categories=("raped",), happened=happened, told=at(1, 7, month=3), about=ABOUT
    )


def pair(site: Site) -> Match:
    with site.database.reading() as session:
        return session.scalars(select(Match)).one()


def test_a_rape_in_the_evening_is_not_hidden_by_the_record_of_one_in_the_morning(
    site: Site, clock: HandClock
) -> None:
    told(site, at(28, 21))
    take(site, [crime()])
    look_again(site)
    found = pair(site)
    assert (found.zone, found.state, found.gates) == ("likely", "proposed", ["early"])
    assert WORDS in gate_words(found)
    clock.advance(days=4)
    look_again(site)
    (alert,) = alerts_of(site)
    assert (alert.kind, alert.stage) == ("unrecorded", "full")


@pytest.mark.parametrize(
    ("cells", "is_held"),
    [
        # An hour and a half before is what a memory and two clocks can be wrong by.
        ({"reported_at": "2026-02-28 19:30", "recorded_at": "2026-02-28 23:00"}, False),
        ({"reported_at": "2026-02-28 18:59", "recorded_at": "2026-02-28 23:00"}, True),
        # Nobody can write down what has yet to happen, whenever they say that they heard of it.
        ({"reported_at": "", "recorded_at": "2026-02-28 18:59"}, True),
        ({"reported_at": "2026-02-28 22:00", "recorded_at": "2026-02-28 18:59"}, True),
        # A day says no hour; and midnight is what an export writes for a day.
        ({"reported_at": "2026-02-28", "recorded_at": "2026-02-28"}, False),
        ({"reported_at": "2026-02-28 00:00", "recorded_at": "2026-03-01 00:00"}, False),
        ({"reported_at": "2026-02-28", "recorded_at": "2026-02-28 18:59"}, True),
    ],
)
def test_a_record_is_held_back_by_hours_only_where_both_sides_say_an_hour(
    site: Site, cells: dict[str, str], is_held: bool
) -> None:
    told(site, at(28, 21))
    take(site, [crime(**cells)])
    look_again(site)
    found = pair(site)
    assert ("early" in (found.gates or [])) is is_held
    assert not is_held or found.state == "proposed"


def test_who_corrects_the_hour_to_after_the_record_is_matched_with_it_no_longer(
    site: Site, clock: HandClock
) -> None:
    filed = told(site, at(28, 8))
    take(site, [crime()])
    look_again(site)
    assert pair(site).state == "accepted"
    keys = {"keyring": site.keyring, "now": clock()}
    with site.database.transaction() as session:
        correct(session, filed.id, "when", 1, when(at(28, 21)), **keys)  # type: ignore[arg-type]
    clock.advance(days=4)
    look_again(site)
    found = pair(site)
    assert (found.state, "early" in (found.gates or [])) == ("proposed", True)
    assert [one.kind for one in alerts_of(site)] == ["unrecorded"]


def test_a_run_over_everything_holds_the_same_record_back(site: Site) -> None:
    told(site, at(28, 21))
    take(site, [crime()])
    look_again(site)
    before = pair(site)
    tokens = site.tokens.for_purpose(PURPOSE)
    comparer = Comparer(load_model(), Supplies(site.keyring), tokens, site.now())
    whole = compare_all(site.database, comparer, memory_limit="500MB", advance=lambda _: None)
    done = write_differences(site.database, whole, comparer, write=True, advance=lambda _: None)
    assert (done.same, done.other, done.left) == (1, 0, 0)
    match_all_again(site, forgetting=True)
    after = pair(site)
    assert after.gates == before.gates == ["early"]
    assert (after.zone, after.log_odds) == (before.zone, before.log_odds)
