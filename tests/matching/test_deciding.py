"""A person decides, is entitled to, says why, and cannot give one record to one victim twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.matching.deciding import confirm, refuse
from portal.matching.models import Match
from portal.matching.service import propose
from portal.police.models import CrimeRecordVersion
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, file_report, look_again
from tests.rig.people import add_person
from tests.rig.supplies import row, take


def burglary(**cells: str) -> dict[str, str]:
    plain = {
        "offence_code": "28E",
        "recorded_at": "2026-03-02 08:30",
        "incident_number": "5403260000321",
    }
    return dict(row("54/7/26", **(plain | cells)))


def look(site: Site) -> None:
    propose(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())


def state_of(site: Site, match_id: UUID) -> str:
    with site.database.reading() as session:
        return session.get_one(Match, match_id).state


def waiting(site: Site, clock: HandClock, *, parts: int = 1) -> list[UUID]:
    file_report(
        site,
        categories=["burglary-home"] * parts,
        told_how={"incident_number": "5403260000321"},
        told=clock() - timedelta(hours=1),
    )
    take(site, [burglary()])
    look(site)
    with site.database.reading() as session:
        return list(session.scalars(select(Match.id).where(Match.state == "proposed")))


def shown_to(site: Site, match_id: UUID) -> int:
    """The version of the record that the page would show now."""
    with site.database.reading() as session:
        return session.get_one(Match, match_id).version_id


def decide(
    site: Site,
    how: str,
    match_id: UUID,
    account_id: UUID,
    reason: str = "Same lock.",
    version_id: int | None = None,
) -> None:
    verb = {"confirm": confirm, "refuse": refuse}[how]
    seen = shown_to(site, match_id) if version_id is None else version_id
    with site.database.transaction() as session:
        verb(
            session,
            match_id,
            account=session.get_one(Account, account_id),
            reason=reason,
            version_id=seen,
            keyring=site.keyring,
            now=site.now(),
        )


def test_a_confirmed_match_stops_the_clock(site: Site, clock: HandClock) -> None:
    (match_id,) = waiting(site, clock)
    decide(site, "confirm", match_id, add_person(site, "pcc", force_id="wiltshire"))
    clock.advance(days=5)
    assert look_again(site) == 0


def test_a_refused_match_leaves_a_full_alert_and_stays_refused(
    site: Site, clock: HandClock
) -> None:
    (match_id,) = waiting(site, clock)
    decide(site, "refuse", match_id, add_person(site, "inspector"))
    clock.advance(days=3)
    look_again(site)
    assert [(alert.kind, alert.stage) for alert in alerts_of(site)] == [("unrecorded", "full")]
    clock.advance(days=1)
    take(site, [row("54/7/26", offence_code="28F", recorded_at="2026-03-02 08:30")])
    look_again(site)
    with site.database.reading() as session:
        assert session.get_one(Match, match_id).state == "refused"


def test_a_force_crime_registrar_cannot_decide_about_their_own_force(
    site: Site, clock: HandClock
) -> None:
    (match_id,) = waiting(site, clock)
    registrar = add_person(site, "registrar", force_id="wiltshire")
    with pytest.raises(NotAllowed, match="Nothing was changed"):
        decide(site, "confirm", match_id, registrar)


def test_another_force_s_oversight_does_not_even_see_it(site: Site, clock: HandClock) -> None:
    (match_id,) = waiting(site, clock)
    with pytest.raises(NotFound):
        decide(site, "confirm", match_id, add_person(site, "pcc", force_id="dorset"))


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_a_decision_needs_a_reason(site: Site, clock: HandClock, reason: str) -> None:
    (match_id,) = waiting(site, clock)
    with pytest.raises(Refused):
        decide(site, "confirm", match_id, add_person(site, "inspector"), reason)


def test_one_record_cannot_settle_two_parts_of_one_report(site: Site, clock: HandClock) -> None:
    first, second = waiting(site, clock, parts=2)
    inspector = add_person(site, "inspector")
    decide(site, "confirm", first, inspector)
    with pytest.raises(Refused, match="already matched for the same person"):
        decide(site, "confirm", second, inspector)


ANN = {"name": "Ann Example", "birth_year": "1990", "birth_month": "2", "birth_day": "28"}


def hurt(site: Site, clock: HandClock, *, days_before: int = 0) -> UUID:
    """Ann tells of an assault: the pair with the record of some days before, of the same name."""
    happened = clock() - timedelta(hours=12, days=days_before)
    filed = file_report(
        site,
        categories=["hurt"],
        happened=happened,
        told=happened + timedelta(hours=3),
        about=ANN,
    )
    days_ago = f"{clock() - timedelta(days=4):%Y-%m-%d %H:%M}"
    record = row(
        "54/8/26",
        offence_code="8N",
        recorded_at="2026-03-02 08:30",
        occurred_from=days_ago,
        occurred_to=days_ago,
        victim_name="Ann Example",
        victim_date_of_birth="1990-02-28",
        postcode="SN1 1AA",
    )
    take(site, [record])
    look(site)
    with site.database.reading() as session:
        query = select(Match.id).join(Allegation, Allegation.id == Match.allegation_id)
        return session.scalars(query.where(Allegation.report_id == filed.id)).one()


def test_a_crime_told_twice_of_which_a_person_confirmed_the_first_report_is_confirmed_again(
    site: Site, clock: HandClock
) -> None:
    inspector = add_person(site, "inspector")
    first = hurt(site, clock)
    decide(site, "confirm", first, inspector)
    again = hurt(site, clock)
    assert state_of(site, again) == "proposed"
    decide(site, "confirm", again, inspector)
    for _ in range(2):
        look(site)
        assert state_of(site, first) == state_of(site, again) == "accepted"
    with site.database.reading() as session:
        one, other = (session.get_one(Match, each) for each in (first, again))
        assert (one.duplicate_of, other.duplicate_of) == (None, one.allegation_id)
    clock.advance(days=5)
    assert look_again(site) == 0


def test_another_crime_against_them_is_not_confirmed_with_the_record_of_the_first(
    site: Site, clock: HandClock
) -> None:
    inspector = add_person(site, "inspector")
    decide(site, "confirm", hurt(site, clock), inspector)
    other = hurt(site, clock, days_before=1)
    with pytest.raises(Refused, match="already matched for the same person"):
        decide(site, "confirm", other, inspector)
    assert state_of(site, other) == "proposed"


def test_of_two_who_decide_at_once_the_second_is_told_and_changes_nothing(
    site: Site, clock: HandClock
) -> None:
    (match_id,) = waiting(site, clock)
    first = add_person(site, "pcc", force_id="wiltshire")
    second = add_person(site, "inspector")
    seen = shown_to(site, match_id)
    with ThreadPoolExecutor(1) as pool:
        with site.database.transaction() as session:
            refuse(
                session,
                match_id,
                account=session.get_one(Account, first),
                reason="Another street.",
                version_id=seen,
                keyring=site.keyring,
                now=clock(),
            )
            late = pool.submit(decide, site, "confirm", match_id, second)
            time.sleep(0.3)  # the second reads the match before the first commits
        with pytest.raises(Refused):
            late.result()
    with site.database.reading() as session:
        assert session.get_one(Match, match_id).state == "refused"


def test_a_decision_made_during_a_sweep_is_looked_at_by_the_next(
    site: Site, clock: HandClock
) -> None:
    (match_id,) = waiting(site, clock)
    inspector = add_person(site, "inspector")
    with ThreadPoolExecutor(1) as pool:
        with site.database.transaction() as session:
            query = select(Allegation).where(Allegation.to_sweep).with_for_update()
            session.scalars(query).one().to_sweep = False
            session.flush()
            late = pool.submit(decide, site, "confirm", match_id, inspector)
            time.sleep(0.3)  # it reads the allegation before the sweep commits
        late.result()
    with site.database.reading() as session:
        assert session.scalars(select(Allegation.to_sweep)).one()


@pytest.mark.parametrize("how", ["confirm", "refuse"])
def test_nobody_decides_on_a_record_that_changed_since_it_was_shown(
    site: Site, clock: HandClock, how: str
) -> None:
    (match_id,) = waiting(site, clock)
    inspector = add_person(site, "inspector")
    seen = shown_to(site, match_id)
    clock.advance(hours=1)
    take(site, [burglary(offence_code="28F")])
    for compared_again in (False, True):
        if compared_again:
            look(site)
        with pytest.raises(Refused, match=r"changed this record after .* Look again\."):
            decide(site, how, match_id, inspector, version_id=seen)
    assert state_of(site, match_id) == "proposed"
    decide(site, how, match_id, inspector)
    assert state_of(site, match_id) != "proposed"


def test_a_record_that_was_not_compared_again_is_not_confirmed(
    site: Site, clock: HandClock
) -> None:
    (match_id,) = waiting(site, clock)
    clock.advance(hours=1)
    take(site, [burglary(offence_code="28F")])
    with site.database.reading() as session:
        newest = session.scalars(select(func.max(CrimeRecordVersion.id))).one()
    with pytest.raises(Refused, match="in a few minutes"):
        decide(site, "confirm", match_id, add_person(site, "inspector"), version_id=newest)


@pytest.mark.parametrize(
    ("cells", "words"),
    [({"offence_code": "N100/1"}, "not a crime record"), ({"removal_code": "C2"}, "removed")],
)
def test_what_is_no_standing_crime_record_is_not_confirmed(
    site: Site, clock: HandClock, cells: dict[str, str], words: str
) -> None:
    (match_id,) = waiting(site, clock)
    inspector = add_person(site, "inspector")
    clock.advance(hours=1)
    take(site, [burglary(**cells)])
    look(site)
    with pytest.raises(Refused, match=words):
        decide(site, "confirm", match_id, inspector)
    decide(site, "refuse", match_id, inspector)
    assert state_of(site, match_id) == "refused"


def test_an_accepted_match_is_said_to_be_accepted(site: Site, clock: HandClock) -> None:
    (match_id,) = waiting(site, clock)
    inspector = add_person(site, "inspector")
    decide(site, "confirm", match_id, inspector)
    with pytest.raises(Refused, match="accepted already"):
        decide(site, "confirm", match_id, inspector)
