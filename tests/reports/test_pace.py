"""What can be done again and again is counted by the day, and never keeps anybody out for good."""

import pytest

from portal.errors import Refused
from portal.reports.correspondence import MOST_A_DAY as MOST_MESSAGES
from portal.reports.correspondence import OVERSIGHT, write_as_person
from portal.reports.pace import count_lately
from portal.reports.withdrawing import MOST_A_DAY, TAKEN_UP
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import file_report
from tests.rig.own import Own
from tests.rig.reached import keys


def lately(own: Own) -> int:
    with own.site.database.reading() as session:
        return count_lately(session, own.filed.id, TAKEN_UP, now=own.site.now())


def write(own: Own, words: str) -> None:
    with own.site.database.transaction() as session:
        write_as_person(session, own.filed.id, OVERSIGHT, words, **keys(own.site))


def test_only_this_report_s_last_24_hours_count(site: Site, clock: HandClock) -> None:
    own, other = Own(site, file_report(site)), Own(site, file_report(site))
    for each in (own, other, own):
        each.withdraw()
        each.take_up()
    assert lately(own) == 2
    clock.advance(hours=24)
    assert lately(own) == 0
    assert lately(other) == 0


def test_withdrawing_to_and_fro_ends_withdrawn_until_tomorrow(site: Site, clock: HandClock) -> None:
    own = Own(site, file_report(site))
    for _ in range(MOST_A_DAY):
        own.withdraw()
        own.take_up()
    own.withdraw()
    with pytest.raises(Refused, match="Try again tomorrow"):
        own.take_up()
    assert own.row().withdrawn_at is not None
    assert len(own.entries()) == 2 + 2 * MOST_A_DAY
    clock.advance(hours=24)
    own.take_up()
    assert own.row().withdrawn_at is None


def test_a_flood_of_messages_ends_for_the_day_and_says_what_is_kept(
    site: Site, clock: HandClock
) -> None:
    own = Own(site, file_report(site))
    for number in range(MOST_MESSAGES):
        clock.advance(seconds=1)
        write(own, f"Message {number}")
    with pytest.raises(Refused, match=r"still here\. Send it tomorrow"):
        write(own, "One more")
    write(own, f"Message {MOST_MESSAGES - 1}")
    assert len(own.entries()) == 1 + MOST_MESSAGES
    clock.advance(days=1)
    write(own, "One more")
