"""A yes about a call counts while its number can be of one record alone, and no longer."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.alerts.models import Clock
from portal.errors import Refused
from portal.matching.deciding import refuse
from portal.matching.models import Match
from portal.site import Site
from tests.rig.asked import (
    CALL,
    call_case,
    comes,
    recorded,
    says,
    still_asked,
    the_match,
    told,
    waits,
)
from tests.rig.clock import HandClock
from tests.rig.filed import look_again
from tests.rig.own import Own
from tests.rig.people import add_person


def second_comes(site: Site) -> None:
    comes(site, recorded(site, "54/8/26", "49", days=3, today=True))


def test_a_yes_is_of_no_record_that_turns_out_to_come_of_another_call(
    site: Site, clock: HandClock
) -> None:
    filed = told(site, clock)
    first = recorded(site, "54/13475/26", "49", days=2, today=True)
    comes(site, first)
    says(site, filed, "yes")
    look_again(site)
    comes(site, {**first, "incident_number": "999"})
    assert the_match(site).state != "accepted"
    Own(site, filed).correct(
        "told_how",
        channel="101",
        force="wiltshire",
        crime_reference="54/13475/26",
        incident_number=CALL,
    )
    look_again(site)
    assert the_match(site).state != "accepted", "nobody makes a match by typing what fits"


def test_a_yes_is_of_neither_once_a_second_record_of_the_call_comes(
    site: Site, clock: HandClock
) -> None:
    says(site, call_case(site, clock), "yes")
    look_again(site)
    second_comes(site)
    with site.database.reading() as session:
        assert set(session.scalars(select(Match.state))) == {"proposed"}
        assert session.scalars(select(Clock.met_at)).all() == [None]


def test_a_yes_stays_refuted_when_a_reader_refuses_the_second_record(
    site: Site, clock: HandClock
) -> None:
    says(site, call_case(site, clock), "yes")
    look_again(site)
    second_comes(site)
    inspector = add_person(site, "inspector")
    with site.database.transaction() as session:
        second = session.scalars(select(Match).order_by(Match.record_id.desc())).first()
        assert second is not None
        refuse(
            session,
            second.id,
            account=session.get_one(Account, inspector),
            reason="Another crime of hers.",
            version_id=second.version_id,
            keyring=site.keyring,
            now=site.now(),
        )
    look_again(site)
    with site.database.reading() as session:
        assert set(session.scalars(select(Match.state))) == {"proposed", "refused"}
        assert session.scalars(select(Clock.met_at)).all() == [None]


def test_the_question_is_moot_once_a_second_record_of_the_call_comes(
    site: Site, clock: HandClock
) -> None:
    filed = call_case(site, clock)
    second_comes(site)
    assert still_asked(site, filed) == []
    assert waits(site, add_person(site, "inspector")) == (1, 1, 0)
    with pytest.raises(Refused, match="not asked any more"):
        says(site, filed, "yes")


def test_the_question_is_moot_once_an_answer_was_corrected(site: Site, clock: HandClock) -> None:
    filed = call_case(site, clock)
    Own(site, filed).correct("where", 1, place="Harbour Lane", postcode="SN1 1AB")
    look_again(site)
    assert still_asked(site, filed) == []
    assert waits(site, add_person(site, "inspector")) == (1, 1, 0)
