"""A record goes to one report for each of its victims; who competes is settled together."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.matching.claiming import batched, rivals_of, share_out
from portal.matching.model import load_model
from portal.matching.models import Match
from portal.reports.models import Allegation
from portal.site import Site
from tests.matching.test_judging import Sure, burglary, decide, states
from tests.rig.filed import file_report
from tests.rig.supplies import take
from tests.rig.town import Crime, look


def test_rivals_are_those_who_want_one_record_and_nobody_else(site: Site) -> None:
    mine, alone = burglary(), burglary(9, name="Zofia Hollowell", born="1996-02-20")
    first, again, other = (each.report(site, Sure()) for each in (mine, mine, alone))
    take(site, [mine.record(), alone.record()])
    look(site)
    with site.database.reading() as session:
        assert rivals_of(session, [first]) == {first, again}
        assert rivals_of(session, [other]) == {other}


def test_who_holds_a_record_and_wants_it_no_more_is_a_rival_of_who_does(site: Site) -> None:
    crime = burglary()
    first, again = crime.report(site, Sure()), crime.report(site, Sure())
    take(site, [crime.record()])
    look(site)
    with site.database.transaction() as session:
        held = select(Match).where(Match.allegation_id == first)
        session.scalars(held).one().zone = "likely"
    with site.database.reading() as session:
        assert rivals_of(session, [first]) == rivals_of(session, [again]) == {first, again}


def test_each_victim_of_one_record_may_have_it(site: Site) -> None:
    crime = burglary()
    partner = burglary(name="Quentin Underhay", born="1950-01-01")
    mine, theirs = crime.report(site, Sure()), partner.report(site, Sure())
    take(site, [crime.record(), partner.record()])
    look(site)
    assert states(site, mine) == states(site, theirs) == {crime.reference: "accepted"}


def test_two_things_told_in_one_report_do_not_share_a_record(site: Site) -> None:
    crime = burglary()
    mine = crime.report(site, Sure())
    with site.database.reading() as session:
        one = session.get_one(Allegation, mine)
    take(site, [crime.record()])
    look(site)
    with site.database.reading() as session:
        given = share_out(session, [one], load_model(), keyring=site.keyring)
        (match,) = session.scalars(select(Match)).all()
    assert given == {match.id: None}


def assaults(site: Site, crime: Crime, *, count: int = 1, reference: str = "") -> list[UUID]:
    """Ann tells of so many assaults of that evening in one report: the allegations, in order."""
    year, month, day = crime.born.split("-")
    filed = file_report(
        site,
        categories=["hurt"] * count,
        happened=crime.at,
        told=crime.at + timedelta(hours=3),
        told_how={"crime_reference": reference},
        about={"name": crime.name, "birth_year": year, "birth_month": month, "birth_day": day},
    )
    with site.database.reading() as session:
        query = select(Allegation.id).where(Allegation.report_id == filed.id)
        return list(session.scalars(query.order_by(Allegation.ordinal)))


def test_two_things_told_in_one_report_are_not_made_one_by_another_report_of_one_of_them(
    site: Site,
) -> None:
    crime = burglary(category="hurt")
    (before,) = assaults(site, crime)
    first, second = assaults(site, crime, count=2)
    take(site, [crime.record()])
    look(site)
    assert states(site, before) == states(site, first) == {crime.reference: "accepted"}
    assert states(site, second) == {crime.reference: "proposed"}


@pytest.mark.parametrize("order", [("", "y"), ("y", ""), ("", "x", "y"), ("x", "y", "")])
def test_who_was_given_another_number_does_not_share_the_record_of_who_was_given_none(
    site: Site, order: tuple[str, ...]
) -> None:
    crime = burglary(category="hurt")
    numbers = {"": "", "x": crime.reference, "y": "54/98765/26"}
    told = {one: assaults(site, crime, reference=numbers[one])[0] for one in order}
    take(site, [crime.record()])
    look(site)
    found = {one: states(site, allegation)[crime.reference] for one, allegation in told.items()}
    assert found == {one: "proposed" if one == "y" else "accepted" for one in order}


@pytest.mark.parametrize("sure_first", [False, True])
def test_what_was_told_twice_stays_shared_when_a_person_confirms_one_of_the_two(
    site: Site, sure_first: bool
) -> None:
    crime = burglary(category="hurt")
    night_before = replace(crime, number=4417, at=crime.at - timedelta(days=1))
    take(site, [crime.record(), night_before.record()])
    vague, sure = "", crime.reference
    order = (sure, vague) if sure_first else (vague, sure)
    told: dict[str, UUID] = {}
    for reference in order:
        (told[reference],) = assaults(site, crime, reference=reference)
        look(site)
        if reference == vague:
            assert states(site, told[vague])[crime.reference] == "proposed"
            decide(site, "confirm", told[vague], crime.reference)
    for _ in range(2):
        look(site)
        for allegation in told.values():
            assert states(site, allegation)[crime.reference] == "accepted"
    with site.database.reading() as session:
        query = select(Match.duplicate_of).where(Match.state == "accepted")
        assert set(session.scalars(query)) == {None, told[order[0]]}


def test_what_a_person_gave_to_one_crime_goes_to_no_other_of_the_same_victim(site: Site) -> None:
    crime = burglary(category="hurt")
    night_before = replace(crime, number=4417, at=crime.at - timedelta(days=1))
    take(site, [crime.record(), night_before.record()])
    (first,) = assaults(site, crime)
    look(site)
    decide(site, "confirm", first, crime.reference)
    the_day_after = replace(crime, at=crime.at + timedelta(days=1))
    (second,) = assaults(site, the_day_after, reference=crime.reference)
    look(site)
    assert states(site, second)[crime.reference] != "accepted"


def test_a_removed_record_keeps_nobody_from_the_one_that_took_its_place(site: Site) -> None:
    crime = burglary()
    mine = crime.report(site, Sure())
    at = f"{crime.at + timedelta(hours=3):%Y-%m-%d %H:%M}"
    new = {**crime.record(reported_at=at), "crime_reference": "54/98/26"}
    take(site, [crime.record(reported_at=at, removal_code="C3"), new])
    look(site)
    assert states(site, mine) == {crime.reference: "ended", "54/98/26": "accepted"}


def test_values_come_in_lists_of_a_size() -> None:
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]]
