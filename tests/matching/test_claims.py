"""What stands for a victim is the same for the same person, and for nobody else."""

from datetime import datetime, timedelta
from uuid import UUID

from portal.clock import LONDON
from portal.matching.claims import claim_of, event_of, victim_of
from portal.matching.model import load_model
from portal.reports.models import Allegation
from portal.sealing import Tokens
from tests.rig.pairs import BOB, person, record, report

TOKENS = Tokens(b"t" * 32)
FIRST, SECOND = (Allegation(report_id=UUID(int=number)) for number in (1, 2))
NOON = datetime(2024, 2, 2, 12, 30, tzinfo=LONDON)


def test_one_person_makes_one_claim_in_whichever_report() -> None:
    assert claim_of(FIRST, report(), TOKENS) == claim_of(SECOND, report(), TOKENS)
    assert claim_of(FIRST, report(), TOKENS) != claim_of(
        FIRST, report(victim=person(**BOB)), TOKENS
    )


def test_who_is_not_named_claims_for_the_report_alone() -> None:
    nobody = report(victim=person(name=""))
    assert claim_of(FIRST, nobody, TOKENS) != claim_of(SECOND, nobody, TOKENS)


def test_of_several_victims_the_one_who_fits_is_told_apart() -> None:
    both = record(victims=[person(), person(**BOB)])
    turned = record(victims=[person(**BOB), person()])
    model = load_model()
    ann, bob = (victim_of(one, both, model, TOKENS) for one in (person(), person(**BOB)))
    assert ann is not None
    assert ann != bob
    assert ann == victim_of(person(), turned, model, TOKENS)
    assert victim_of(person(), record(), model, TOKENS) is None


def test_records_of_one_force_and_minute_are_of_one_event() -> None:
    def event(at: datetime, **changed: object) -> bytes | None:
        received = at + timedelta(hours=1)
        return event_of(record(occurred=(at, at), received=received, **changed), TOKENS)

    assert event(NOON) is not None
    assert event(NOON) == event(NOON, references=["54240099999"])
    assert event(NOON) != event(NOON + timedelta(minutes=1))
    assert event(NOON) != event(NOON, force_id="kent")
    assert event_of(record(), TOKENS) is None
