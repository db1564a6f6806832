"""The tables of matching refuse the wrong row, on both databases."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.matching.models import (
    AllegationKey,
    Judgement,
    KeyedRecord,
    Match,
    RecordKey,
)
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation
from tests.rig.rows import add, can_be_left_out, can_point_nowhere, fill_every_table, refuse

VICTIM, OTHER_VICTIM = b"v" * 16, b"w" * 16


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        fill_every_table(session.connection())
    return database


def allegation(filled: Database) -> UUID:
    """Another allegation than any before."""
    made = uuid4()
    add(filled, Allegation, id=made)
    return made


def record(filled: Database) -> int:
    """Another crime record than any before."""
    add(filled, CrimeRecord)
    with filled.reading() as session:
        return session.scalar(select(func.max(CrimeRecord.id))) or 0


def test_what_a_row_needs_cannot_be_left_out(filled: Database) -> None:
    tables = (Match, Judgement, AllegationKey, RecordKey, KeyedRecord)
    assert can_be_left_out(filled, *tables) == []


def test_a_match_links_things_that_are_there(filled: Database) -> None:
    tables = (Match, Judgement, AllegationKey, RecordKey, KeyedRecord)
    assert can_point_nowhere(filled, *tables) == []


def test_an_allegation_and_a_record_are_linked_once(filled: Database) -> None:
    one = {"allegation_id": allegation(filled), "record_id": record(filled)}
    add(filled, Match, **one, state="proposed")
    for state in ("kept", "proposed", "accepted", "refused", "ended"):
        refuse(filled, Match, **one, state=state)


def test_one_victim_claims_a_crime_record_once(filled: Database) -> None:
    one = {"record_id": record(filled), "claim": VICTIM}
    add(filled, Match, allegation_id=allegation(filled), duplicate_of=None, **one)
    refuse(filled, Match, allegation_id=allegation(filled), duplicate_of=None, **one)


def test_a_report_that_was_told_twice_shares_its_record(filled: Database) -> None:
    one, first = {"record_id": record(filled), "claim": VICTIM}, allegation(filled)
    add(filled, Match, allegation_id=first, duplicate_of=None, **one)
    add(filled, Match, allegation_id=allegation(filled), duplicate_of=first, **one)


def test_another_victim_of_the_same_crime_claims_it_too(filled: Database) -> None:
    one = record(filled)
    for claim in (VICTIM, OTHER_VICTIM):
        add(filled, Match, allegation_id=allegation(filled), record_id=one, claim=claim)


def test_one_victim_claims_two_records(filled: Database) -> None:
    for _ in range(2):
        add(
            filled,
            Match,
            allegation_id=allegation(filled),
            record_id=record(filled),
            claim=VICTIM,
        )


@pytest.mark.parametrize("state", ["kept", "proposed", "refused", "ended"])
def test_only_an_accepted_match_claims(filled: Database, state: str) -> None:
    one = record(filled)
    for each in (state, state, "accepted"):
        add(
            filled,
            Match,
            allegation_id=allegation(filled),
            record_id=one,
            claim=VICTIM,
            duplicate_of=None,
            state=each,
        )


@pytest.mark.parametrize("column", ["zone", "state"])
def test_there_is_no_other_zone_or_state(filled: Database, column: str) -> None:
    for value in ("", "other", "perhaps"):
        one = {"allegation_id": allegation(filled), "record_id": record(filled)}
        refuse(filled, Match, **one, **{column: value})
