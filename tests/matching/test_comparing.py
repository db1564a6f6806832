"""Pairs that can matter are kept as they were compared; a crowd of candidates goes to a person."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.matching.comparing import Comparer, compare_whole, matches_by_record
from portal.matching.gathering import open_reports
from portal.matching.judging import settle_all
from portal.matching.keying import PURPOSE
from portal.matching.model import load_model
from portal.matching.models import Judgement, Match, RecordKey
from portal.matching.opening import Supplies
from portal.matching.queries import is_waiting
from portal.matching.settling import unpack
from portal.reports.models import Allegation
from portal.site import Site
from tests.matching.test_judging import Sure, burglary, judged, states
from tests.rig.clock import HandClock
from tests.rig.filed import look_again
from tests.rig.people import add_person
from tests.rig.reviewed import allegation_of, crowd, crowded_case, named, reads, waiting_case
from tests.rig.supplies import row, take
from tests.rig.town import look


def comparer(site: Site, most_found: int) -> Comparer:
    return Comparer(
        load_model(),
        Supplies(site.keyring),
        site.tokens.for_purpose(PURPOSE),
        site.now(),
        most_found,
    )


def compare_with(site: Site, allegation: UUID, most_found: int) -> None:
    with site.database.transaction() as session:
        one = session.get_one(Allegation, allegation)
        side = open_reports(session, [one], keyring=site.keyring)[allegation]
        assert side is not None
        assert not isinstance(side, Exception)
        compare_whole(session, [(one, side)], comparer(site, most_found))
    settle_all(site.database, load_model(), keyring=site.keyring, now=site.now())


def test_a_kept_pair_holds_its_levels_and_the_model_and_nothing_personal(site: Site) -> None:
    crime = burglary()
    allegation = crime.report(site, Sure())
    take(site, [crime.record()])
    look(site)
    with site.database.reading() as session:
        (match,) = matches_by_record(session, [allegation])[allegation].values()
    levels = unpack(match.levels or "")
    assert (levels.birth_date, levels.when, levels.offence) == ("same", "same-day", "exact/same")
    assert match.model_version == load_model().version
    assert "ann" not in str(match.levels).split(",")


def test_what_cannot_be_the_record_is_not_kept(site: Site) -> None:
    crime = burglary()
    allegation = crime.report(site, Sure())
    other = burglary(2, name="Quentin Underhay", born="1950-01-01", category="damage-vehicle")
    take(site, [other.record(postcode="ZE3 9QQ", place="Lerwick")])
    look(site)
    assert states(site, allegation) == {}


def test_with_too_many_candidates_nothing_is_matched_and_a_person_looks(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    allegation = crime.report(site, Sure())
    take(site, [crime.record() | {"crime_reference": f"54260001{n:03}"} for n in range(6)])
    look(site)
    assert states(site, allegation)
    compare_with(site, allegation, most_found=5)
    assert states(site, allegation) == {}
    assert judged(site, allegation).state == "crowded"
    with site.database.reading() as session:
        assert is_waiting(session, allegation)
    # One that goes elsewhere leaves few enough.
    compare_with(site, allegation, most_found=6)
    assert judged(site, allegation).state != "crowded"
    assert states(site, allegation)


def test_a_million_copies_of_one_record_would_match_nobody(site: Site) -> None:
    crime = burglary()
    allegation = crime.report(site, Sure())
    copies = [crime.record() | {"crime_reference": f"54260002{n:03}"} for n in range(30)]
    take(site, [crime.record(), *copies])
    look(site)
    assert "accepted" not in states(site, allegation).values()
    compare_with(site, allegation, most_found=20)
    assert judged(site, allegation).state == "crowded"


def test_a_supply_in_which_everything_fits_everybody_is_bounded(site: Site) -> None:
    crimes = [burglary(number) for number in range(1, 8)]
    allegations = [crime.report(site, Sure()) for crime in crimes]
    look(site)
    take(site, [crime.record() for crime in crimes])
    look(site)
    with site.database.reading() as session:
        kept = session.scalar(select(func.count()).select_from(Match))
        waiting = session.scalar(select(func.count()).where(Match.state == "proposed"))
    assert (kept or 0) <= len(allegations) * len(crimes)
    assert (waiting or 0) <= 3 * len(allegations)


def is_to_be_looked_at(site: Site, allegation: UUID) -> bool:
    with site.database.reading() as session:
        return session.get_one(Allegation, allegation).to_sweep


def test_what_a_force_makes_of_a_confirmed_record_is_looked_at_though_it_fits_no_more(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock)
    reads(site, filed, add_person(site, "inspector"), "record")
    look_again(site)
    allegation = allegation_of(site, filed)
    assert not is_to_be_looked_at(site, allegation)
    clock.advance(days=1)
    # Nothing of it is left, so that it shares nothing with the report any more.
    other = burglary(2, name="Quentin Underhay", born="1950-01-01")
    theirs = other.record(removal_code="C2", postcode="ZE3 9QQ", place="Lerwick")
    take(site, [dict(theirs) | {"crime_reference": "54/7/26"}])
    look(site)
    assert is_to_be_looked_at(site, allegation)


def test_what_a_force_makes_of_the_one_record_that_a_reader_named_is_looked_at(
    site: Site, clock: HandClock
) -> None:
    filed = crowded_case(site, clock)
    named(site, filed, add_person(site, "inspector"), "54/1/26", "record")
    look_again(site)
    allegation = allegation_of(site, filed)
    assert not is_to_be_looked_at(site, allegation)
    clock.advance(days=1)
    take(site, [row("54/1/26", offence_code="28E", removal_code="C2")], is_full=False)
    crowd(site, filed)
    assert is_to_be_looked_at(site, allegation)


@pytest.mark.parametrize(
    "name",
    ["\x00", "‮nnA elpmaxE", "A" * 5000, "'; DROP TABLE matches; --", "Ω" * 300, "-", "  "],
)
def test_a_hostile_name_is_compared_like_any_other_and_stops_nothing(site: Site, name: str) -> None:
    crime = burglary(name=name.replace("\x00", "")[:200])
    allegation = crime.report(site, Sure())
    take(site, [burglary().record()])
    look(site)
    assert judged(site, allegation).state in ("automatic", "review", "ask", "alert")
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RecordKey))
        assert session.scalar(select(func.count()).select_from(Judgement)) == 1
