"""What a person confirmed keeps others away only while it is a crime record that stands."""

from uuid import uuid4

import pytest
from sqlalchemy import event, select

from portal.matching.comparing import matches_by_record
from portal.matching.models import Match
from portal.matching.versions import by_id, decided_weights, flags_of, kept_of
from portal.police.models import CrimeRecordVersion
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.people import add_person
from tests.rig.reviewed import INCIDENT, allegation_of, reads, waiting_case
from tests.rig.supplies import row, take
from tests.rig.town import look

SENT = {"incident_number": INCIDENT, "offence_code": "28E"}


@pytest.mark.parametrize(
    ("change", "stands"),
    [
        ({"outcome_type": "18"}, True),
        ({"removal_code": "C1"}, False),
        ({"offence_code": "N100/1"}, False),
    ],
)
def test_what_a_person_confirmed_counts_by_what_the_force_made_of_it_since(
    site: Site, clock: HandClock, change: dict[str, str], stands: bool
) -> None:
    filed = waiting_case(site, clock)
    reads(site, filed, add_person(site, "inspector"), "record")
    one = allegation_of(site, filed)
    clock.advance(days=1)
    take(site, [row("54/7/26", **(SENT | change))], is_full=False)
    look(site)
    with site.database.reading() as session:
        known = matches_by_record(session, [one])
        (match,) = known[one].values()
        assert decided_weights(session, known) == ({one: match.total} if stands else {})


def test_a_pair_of_before_there_were_weights_is_outweighed_by_nothing(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock)
    reads(site, filed, add_person(site, "inspector"), "record")
    one = allegation_of(site, filed)
    with site.database.transaction() as session:
        session.scalars(select(Match)).one().total = None
    with site.database.reading() as session:
        known = matches_by_record(session, [one])
        assert decided_weights(session, known) == {one: float("inf")}


def test_the_model_ranks_what_no_person_decided_on_by_the_version_that_was_compared(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, references=("54/7/26", "54/8/26"))
    one = allegation_of(site, filed)
    clock.advance(days=1)
    take(site, [row("54/8/26", removal_code="C2", **SENT)], is_full=False)
    look(site)
    with site.database.reading() as session:
        known = matches_by_record(session, [one])
        flags = flags_of(session, known)
        every = by_id(session, CrimeRecordVersion, flags)
        kept = kept_of(known[one], flags)
    assert every == {key: one.version for key, one in flags.items()}
    assert sorted(one.stands for one in kept) == [False, True]
    reads(site, filed, add_person(site, "inspector"), "record")
    with site.database.reading() as session:
        known = matches_by_record(session, [one])
        assert len(kept_of(known[one], flags_of(session, known))) == 1


def test_that_many_records_changed_is_asked_of_all_at_once(site: Site, clock: HandClock) -> None:
    references = tuple(f"54/{number}/26" for number in range(5))
    one = allegation_of(site, waiting_case(site, clock, references=references))
    clock.advance(days=1)
    take(site, [row(each, removal_code="C2", **SENT) for each in references], is_full=False)
    asked: list[str] = []
    event.listen(site.database.engine, "before_cursor_execute", lambda *each: asked.append(each[2]))
    with site.database.reading() as session:
        known = matches_by_record(session, [one])
        asked.clear()
        flags = flags_of(session, known)
        assert [(each.is_removed, each.is_outdated) for each in flags.values()] == [
            (True, True)
        ] * 5
        assert len(asked) == 3
        for match in known[one].values():
            session.expunge(match)
            match.state, match.decided_by = "accepted", uuid4()
        asked.clear()
        assert decided_weights(session, known) == {}
        assert len(asked) == 1


@pytest.mark.parametrize(
    ("change", "flags"),
    [
        ({"outcome_type": "18"}, (False, False)),
        ({"removal_code": "C1"}, (False, True)),
        ({"offence_code": "N100/1"}, (True, False)),
    ],
)
def test_that_a_record_was_taken_away_is_known_before_anybody_has_opened_how(
    site: Site, clock: HandClock, change: dict[str, str], flags: tuple[bool, bool]
) -> None:
    one = allegation_of(site, waiting_case(site, clock))
    clock.advance(days=1)
    take(site, [row("54/7/26", **(SENT | change))], is_full=False)
    with site.database.reading() as session:
        known = matches_by_record(session, [one])
        (found,) = flags_of(session, known).values()
    assert (found.version.number, found.is_incident, found.is_removed) == (1, *flags)
