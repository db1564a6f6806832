"""A record goes to one report for each of its victims; who competes is settled together."""

from datetime import timedelta

from sqlalchemy import select

from portal.matching.claiming import batched, rivals_of, share_out
from portal.matching.model import load_model
from portal.matching.models import Match
from portal.reports.models import Allegation
from portal.site import Site
from tests.matching.test_judging import Sure, burglary, states
from tests.rig.supplies import take
from tests.rig.town import look


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
