"""What a later row leaves empty it does not deny, unless it takes back that alone."""

from datetime import UTC, date, datetime

import pytest

from portal.police.completing import Said, completed, said_by
from portal.police.content import Victim

ANN = Victim("Ann Example", date(1990, 2, 28))
BOB = Victim("Bob Example", None)
AT = datetime(2026, 2, 28, 20, tzinfo=UTC)
WHOLE = Said(True, AT, (AT, AT), ("SN1 1AA", "Harbour Lane", ""), (ANN,), ("5403260001",))
BARE = Said(True, None, (None, None), ("", "", ""), (), ())
REMOVED = BARE._replace(stands=False)


def test_a_row_of_a_removed_crime_that_says_nothing_more_is_about_whom_it_was_about() -> None:
    assert completed(REMOVED, WHOLE) == WHOLE._replace(stands=False)


def test_an_update_that_says_nothing_of_whom_when_and_where_takes_nothing_back() -> None:
    assert completed(BARE, WHOLE) == WHOLE
    assert completed(BARE._replace(incident_numbers=("77",)), WHOLE).incident_numbers == ("77",)


@pytest.mark.parametrize(
    "said", [{"place": ("SN1 1AA", "", "")}, {"occurred": (AT, None)}, {"named": (BOB,)}]
)
def test_of_a_record_that_stands_what_a_force_took_back_is_not_put_back(
    said: dict[str, object],
) -> None:
    corrected = BARE._replace(**said)  # type: ignore[arg-type]
    assert completed(corrected, WHOLE) == corrected


def test_of_a_removed_record_each_part_that_is_empty_is_taken_from_before() -> None:
    whose = completed(REMOVED._replace(named=(ANN,)), WHOLE)
    assert (whose.victims, whose.place) == ((ANN,), WHOLE.place)
    where = completed(REMOVED._replace(place=("", "Mere", "")), WHOLE)
    assert (where.victims, where.place) == ((ANN,), ("", "Mere", ""))


def test_a_removed_record_whose_victim_was_written_over_still_tells_whose_it_was() -> None:
    written_over = Victim("REDACTED", None)
    gone = completed(WHOLE._replace(stands=False, named=(written_over,)), WHOLE)
    assert gone.victims == (written_over, ANN)
    # And so do all that come after it, until it stands again: then it is theirs whom it names.
    assert completed(REMOVED, gone).victims == (written_over, ANN)
    assert completed(BARE, gone).victims == (written_over,)
    assert completed(WHOLE._replace(named=(BOB,)), WHOLE).victims == (BOB,)


@pytest.mark.parametrize("left", [{"named": (ANN,)}, {"occurred": (AT, None)}])
def test_a_victim_who_was_all_that_a_standing_record_named_can_be_taken_back(
    left: dict[str, object],
) -> None:
    before = BARE._replace(**left)  # type: ignore[arg-type]
    assert completed(BARE, before) == BARE
    gone = completed(REMOVED, before)
    assert (gone.victims, gone.occurred) == (before.victims, before.occurred)


def test_only_what_may_lack_something_is_looked_up() -> None:
    lacking = [BARE, REMOVED, WHOLE._replace(stands=False)]
    assert all(one.may_lack for one in lacking)
    enough = [WHOLE, WHOLE._replace(named=())]
    assert not any(one.may_lack for one in enough)
    assert completed(BARE, None) == BARE


def test_what_was_sealed_is_read_with_the_columns_beside_it() -> None:
    opened = {
        "victims": [{"name": "Ann Example", "date_of_birth": "1990-02-28"}],
        "place": "Harbour Lane",
        "postcode": "SN1 1AA",
        "incident_numbers": ("5403260001",),
    }
    columns = {"reported_at": AT, "occurred_from": AT, "occurred_to": AT}
    assert said_by(opened, stands=True, **columns) == WHOLE
