"""What is decided rests on what was told, not on what came first; and people have the last word."""

from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.ledger.service import timeline
from portal.matching.deciding import confirm, disown, refuse
from portal.matching.model import CURRENT
from portal.matching.models import Judgement, Match
from portal.matching.queries import removed_for
from portal.police.models import CrimeRecord
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.people import add_person
from tests.rig.reviewed import INCIDENT, allegation_of, reads, waiting_case
from tests.rig.supplies import row, take
from tests.rig.town import CATEGORIES, Crime, crimes, look, match_all_again, result

SURE = Random(0)


def states(site: Site, allegation: UUID) -> dict[str, str]:
    """The state of each kept pair of an allegation, by the record's reference."""
    with site.database.reading() as session:
        rows = session.execute(
            select(CrimeRecord.reference, Match.state)
            .join(CrimeRecord, CrimeRecord.id == Match.record_id)
            .where(Match.allegation_id == allegation)
        )
        return {reference: state for reference, state in rows}


def judged(site: Site, allegation: UUID) -> Judgement:
    with site.database.reading() as session:
        return session.get_one(Judgement, allegation)


def decide(site: Site, how: str, allegation: UUID, reference: str) -> None:
    inspector = add_person(site, "inspector")
    with site.database.transaction() as session:
        match = session.scalars(
            select(Match)
            .join(CrimeRecord, CrimeRecord.id == Match.record_id)
            .where(Match.allegation_id == allegation, CrimeRecord.reference == reference)
        ).one()
        if how == "disown":
            disown(session, match.id, reason="Not me.", keyring=site.keyring, now=site.now())
            return
        {"confirm": confirm, "refuse": refuse}[how](
            session,
            match.id,
            account=session.get_one(Account, inspector),
            reason="The two accounts agree.",
            version_id=match.version_id,
            keyring=site.keyring,
            now=site.now(),
        )


def burglary(number: int = 1, **changed: object) -> Crime:
    crime = crimes(Random(5), 1)[0]
    told = {"number": number, "category": "burglary-home", "name": "Ann Example"}
    return Crime(**({"at": crime.at, "born": "1990-02-28"} | told | changed))  # type: ignore[arg-type]


class Sure(Random):
    """Somebody who gives the first of the answers that they could give: all of it."""

    def choice(self, seq):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        return seq[0]


@pytest.mark.parametrize("seed", range(3))
def test_in_steps_or_at_once_and_whichever_side_came_first_the_result_is_the_same(
    site: Site, clock: HandClock, seed: int
) -> None:
    rng = Random(seed)
    told = crimes(rng, 14)
    unrecorded = set(rng.sample(range(14), 3))
    records = {one.number: one.record() for n, one in enumerate(told) if n not in unrecorded}
    allegations = []
    for step in range(3):
        some = told[step * 4 : step * 4 + 5]
        if step != 1:
            take(site, list(records.values())[: 4 * (step + 1)], is_full=False)
        for crime in some:
            allegations += [crime.report(site, rng) for _ in range(rng.choice((1, 1, 2)))]
        look(site)
        clock.advance(hours=1)
    changed = [
        told[1].record(removal_code="C4"),
        told[2].record(offence_code="8N", victim_name="Bob Example"),
        told[3].record(),
        # Of these the force sends no more than what it changes.
        row(told[0].reference, offence_code="28E", removal_code="C1"),
        row(told[4].reference, offence_code=CATEGORIES[told[4].category], outcome_type="18"),
    ]
    take(site, [*changed, *list(records.values())[5:]], is_full=False)
    look(site)
    in_steps = result(site, allegations)
    assert in_steps[0]
    match_all_again(site)
    assert result(site, allegations) == in_steps
    match_all_again(site, forgetting=True)
    assert result(site, allegations) == in_steps


def test_the_same_report_twice_shares_its_record_and_another_victim_s_does_not(
    site: Site,
) -> None:
    crime = burglary()
    first, again = crime.report(site, Sure()), crime.report(site, Sure())
    look(site)
    take(site, [crime.record()])
    look(site)
    assert states(site, first) == states(site, again) == {crime.reference: "accepted"}
    with site.database.reading() as session:
        leads = list(session.scalars(select(Match.duplicate_of)))
    assert len({*leads, None}) == 2


def test_a_removed_record_gives_way_to_the_one_that_took_its_place(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    allegation = crime.report(site, Sure())
    take(site, [crime.record()])
    look(site)
    assert states(site, allegation) == {crime.reference: "accepted"}
    clock.advance(days=1)
    other = crime.record(force="dorset") | {"crime_reference": "55260000777"}
    take(site, [crime.record(removal_code="C1")], is_full=False)
    take(site, [other], force_id="dorset")
    look(site)
    found = states(site, allegation)
    assert found[crime.reference] in ("proposed", "ended")
    assert found["55260000777"] in ("proposed", "accepted")
    with site.database.reading() as session:
        (gone,) = removed_for(session, allegation)
    assert gone.record.reference == crime.reference


def test_the_record_that_took_the_place_of_a_confirmed_one_is_read_by_a_person(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock)
    reads(site, filed, add_person(site, "inspector"), "record")
    look(site)
    allegation = allegation_of(site, filed)
    gone = {"removal_code": "C1", "incident_number": INCIDENT, "offence_code": "28E"}
    clock.advance(days=1)
    take(site, [row("54/7/26", **gone)], is_full=False)
    theirs = row("D/9/26", force="dorset", incident_number=INCIDENT, offence_code="28E")
    take(site, [theirs], is_full=False, force_id="dorset")
    look(site)
    assert states(site, allegation) == {"54/7/26": "accepted", "D/9/26": "proposed"}


def test_a_record_that_was_removed_before_anybody_reported_needs_no_person_to_say_so(
    site: Site,
) -> None:
    crime = burglary()
    allegation = crime.report(site, Sure())
    take(site, [crime.record(removal_code="C2")])
    look(site)
    assert states(site, allegation) == {crime.reference: "ended"}
    assert judged(site, allegation).state == "alert"
    with site.database.reading() as session:
        (gone,) = removed_for(session, allegation)
    assert gone.record.reference == crime.reference
    take(site, [crime.record()], is_full=False)
    look(site)
    assert states(site, allegation) == {crime.reference: "accepted"}


@pytest.mark.parametrize("victim", ["", "REDACTED", "Name removed, see file"])
@pytest.mark.parametrize("code", ["C1", "C2", "C5"])
def test_a_removal_that_leaves_out_the_victim_or_writes_over_is_that_of_the_matched_record(
    site: Site, clock: HandClock, code: str, victim: str
) -> None:
    crime = burglary()
    allegation = crime.report(site, Sure())
    take(site, [crime.record()])
    look(site)
    clock.advance(days=1)
    made = crime.record()["recorded_at"]
    cells = {"recorded_at": made, "offence_code": "28E", "victim_name": victim}
    take(site, [row(crime.reference, removal_code=code, **cells)], is_full=False)
    look(site)
    assert states(site, allegation) == {crime.reference: "ended"}
    with site.database.reading() as session:
        (removed,) = removed_for(session, allegation)
    assert (removed.match.zone, removed.version.removal_code) == ("automatic", code)
    left = result(site, [allegation])
    match_all_again(site, forgetting=True)
    assert result(site, [allegation]) == left


def test_a_record_from_which_a_force_took_the_victim_back_stops_no_clock(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    allegation = burglary(9).report(site, Random(0))
    take(site, [crime.record(incident_number="")])
    look(site)
    assert states(site, allegation) == {crime.reference: "accepted"}
    clock.advance(days=1)
    theirs = crime.record(incident_number="", victim_name="", victim_date_of_birth="")
    take(site, [theirs], is_full=False)
    look(site)
    assert "accepted" not in states(site, allegation).values()


def test_the_victim_s_not_my_report_is_on_record_and_stays(site: Site, clock: HandClock) -> None:
    crime = burglary()
    allegation = crime.report(site, Sure())
    take(site, [crime.record()])
    look(site)
    decide(site, "disown", allegation, crime.reference)
    for _ in range(2):
        clock.advance(hours=1)
        match_all_again(site)
        assert states(site, allegation) == {crime.reference: "refused"}
        assert judged(site, allegation).state == "alert"
    with site.database.reading() as session:
        one = session.get_one(Allegation, allegation)
        data_key = get_data_key(session, one.report_id, keyring=site.keyring)
        newest = timeline(session, one.report_id, data_key.open)[-1]
    assert (newest.kind, newest.fields["decided.role"]) == ("match_refused", "victim")
    assert newest.fields["match.model"] == CURRENT


def test_who_lost_a_record_is_given_it_once_it_is_free(site: Site) -> None:
    crime = burglary(born="")
    mine, theirs = crime.report(site, Sure()), burglary(born="", name="").report(site, Sure())
    take(site, [crime.record(victim_name="")])
    look(site)
    held = {"accepted": [], "proposed": []}  # type: dict[str, list[UUID]]
    for one in (mine, theirs):
        held[states(site, one)[crime.reference]].append(one)
    assert len(held["accepted"]) == len(held["proposed"]) == 1
    (holder,), (loser,) = held["accepted"], held["proposed"]
    decide(site, "refuse", holder, crime.reference)
    look(site)
    assert states(site, loser) == {crime.reference: "accepted"}
    assert states(site, holder) == {crime.reference: "refused"}


def test_a_person_s_decision_stands_whatever_the_force_sends_afterwards(
    site: Site, clock: HandClock
) -> None:
    crime = burglary(born="", name="")
    allegation = crime.report(site, Random(0))
    take(site, [crime.record(victim_name="Somebody Else")])
    look(site)
    ((reference, state),) = states(site, allegation).items()
    if state == "proposed":
        decide(site, "confirm", allegation, reference)
    else:
        decide(site, "refuse", allegation, reference)
    kept = states(site, allegation)
    clock.advance(days=1)
    take(site, [crime.record(victim_name="Another Name", offence_code="58A")], is_full=False)
    look(site)
    match_all_again(site)
    assert states(site, allegation) == kept


def test_a_report_with_nothing_to_find_it_by_asks_its_victim(site: Site) -> None:
    nothing = burglary(name="", born="")

    class Silent(Random):
        def choice(self, seq):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            return seq[-1]

    allegation = nothing.report(site, Silent())
    look(site)
    assert judged(site, allegation).state == "ask"


@pytest.mark.parametrize("change", [{"removal_code": "C2"}, {"offence_code": "N100/1"}])
@pytest.mark.parametrize(("can_tell", "left"), [(True, "alert"), (False, "ask")])
def test_a_confirmed_record_that_the_force_took_away_is_no_reason_to_ask_nothing_more(
    site: Site, clock: HandClock, change: dict[str, str], can_tell: bool, left: str
) -> None:
    filed = waiting_case(site, clock)
    allegation = allegation_of(site, filed)
    reads(site, filed, add_person(site, "inspector"), "record")
    look(site)
    assert judged(site, allegation).state == "automatic"
    with site.database.transaction() as session:
        session.get_one(Judgement, allegation).can_tell = can_tell
    sent = {"incident_number": INCIDENT, "offence_code": "28E"}
    for cells, state in ((change, left), ({}, "automatic")):
        clock.advance(days=1)
        take(site, [row("54/7/26", **(sent | cells))], is_full=False)
        look(site)
        assert judged(site, allegation).state == state
    assert states(site, allegation) == {"54/7/26": "accepted"}
