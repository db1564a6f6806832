"""What the register holds of a batch, as the next supply of the same force finds it."""

from uuid import uuid4

from portal.police.known import Opened, look_up, open_contents, previous_digests
from portal.sealing import DataKey
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.supplies import row, take

KEY = DataKey(b"d" * 32)


def test_only_the_records_of_the_same_force_are_known(site: Site) -> None:
    take(site, [row("54/1/26")])
    take(site, [row("54/2/26", force="dorset")], force_id="dorset")
    with site.database.reading() as session:
        found = look_up(session, Opened(uuid4(), "wiltshire", KEY), {"54/1/26", "54/2/26", "9/9"})
    assert list(found) == ["54/1/26"]
    assert (found["54/1/26"].number, found["54/1/26"].seen) == (1, False)


def test_no_reference_asks_the_database_nothing(site: Site) -> None:
    with site.database.reading() as session:
        assert look_up(session, Opened(uuid4(), "wiltshire", KEY), set()) == {}


def test_the_newest_version_is_the_one_to_compare_with(site: Site, clock: HandClock) -> None:
    take(site, [row("54/1/26", offence_code="28E")])
    clock.advance(days=1)
    later = take(site, [row("54/1/26", offence_code="58A")])
    with site.database.reading() as session:
        same = Opened(later.supply_id, "wiltshire", KEY)
        known = look_up(session, same, {"54/1/26"})
        contents = open_contents(session, known, keyring=site.keyring)
        before = previous_digests(session, same, known)
    assert known["54/1/26"].number == 2
    assert known["54/1/26"].seen
    assert contents["54/1/26"].offence_code == "58A"
    assert list(before) == [known["54/1/26"].record_id]
    assert before[known["54/1/26"].record_id] != known["54/1/26"].content


def test_what_another_supply_said_is_not_taken_for_this_ones_word(site: Site) -> None:
    take(site, [row("54/1/26")])
    with site.database.reading() as session:
        known = look_up(session, Opened(uuid4(), "wiltshire", KEY), {"54/1/26"})
        assert open_contents(session, known, keyring=site.keyring) == {}


def test_a_crime_known_from_a_refused_row_has_no_version_yet(site: Site) -> None:
    take(site, [row("54/1/26", recorded_at="no")])
    with site.database.reading() as session:
        known = look_up(session, Opened(uuid4(), "wiltshire", KEY), {"54/1/26"})["54/1/26"]
    assert (known.version_id, known.number, known.first_is_unfinished) == (None, 0, False)
