import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.alerts.findings import Finding, say, words
from portal.alerts.record_findings import (
    OffenceFacts,
    cancelled,
    contested,
    disputed_outcome,
    downgraded,
    incident_only,
    unsuitable_outcome,
)

RAPE = OffenceFacts("19C", 2952.9410, is_rape=True)
RAPE_OF_A_CHILD = OffenceFacts("19D", 3883.1328, is_rape=True)
ASSAULT = OffenceFacts("17A", 2900.0)
BURGLARY = OffenceFacts("28E", 465.0)
DAMAGE = OffenceFacts("58A", 5.3967)


def fall(
    before: OffenceFacts,
    now: OffenceFacts,
    *,
    earlier: tuple[OffenceFacts, ...] = (),
    answer: bool | None = None,
) -> Finding | None:
    return downgraded(
        "v1", current=now, reported=[before], earlier=earlier, victim_stands_by=answer
    )


def found(finding: Finding | None) -> Finding:
    assert finding is not None
    return finding


def test_a_burglary_recorded_as_criminal_damage_is_a_lead() -> None:
    finding = found(fall(BURGLARY, DAMAGE))
    assert finding.lead
    assert (finding.facts["from_code"], finding.facts["to_code"]) == ("28E", "58A")
    assert "only a lead" in words(finding)


def test_a_fall_to_exactly_a_third_counts_and_less_of_a_fall_does_not() -> None:
    assert fall(OffenceFacts("a", 0.3), OffenceFacts("b", 0.1))
    assert fall(OffenceFacts("a", 300.0), OffenceFacts("b", 100.1)) is None


def test_any_rape_that_becomes_another_offence_counts_at_any_ratio() -> None:
    finding = found(fall(RAPE, ASSAULT))
    assert "A rape was reported" in words(finding)
    assert fall(RAPE, OffenceFacts("99", None))
    assert fall(RAPE, RAPE_OF_A_CHILD) is None
    assert fall(RAPE_OF_A_CHILD, RAPE) is None


def test_a_later_change_is_measured_against_the_gravest_version_before() -> None:
    finding = found(fall(DAMAGE, DAMAGE, earlier=(BURGLARY, DAMAGE)))
    assert finding.facts["from_code"] == "28E"


def test_it_is_no_lead_once_the_victim_stands_by_the_report() -> None:
    assert not found(fall(BURGLARY, DAMAGE, answer=True)).lead


def test_a_category_picked_by_mistake_accuses_nobody_but_a_forces_own_change_stays() -> None:
    assert fall(BURGLARY, DAMAGE, answer=False) is None
    assert fall(DAMAGE, DAMAGE, earlier=(BURGLARY,), answer=False)


def test_an_unknown_weight_shows_nothing() -> None:
    assert fall(OffenceFacts("a", None), DAMAGE) is None
    assert fall(BURGLARY, OffenceFacts("b", None)) is None
    nothing = downgraded("v", current=DAMAGE, reported=[], earlier=[], victim_stands_by=None)
    assert nothing is None


def test_a_cancelled_record_is_looked_at_and_a_transfer_is_watched() -> None:
    transferred = found(cancelled("v1", removal_code="C1"))
    assert transferred.facts["watch_other_force"] is True
    assert "another force" in words(transferred)
    assert found(cancelled("v1", removal_code="C4")).facts["watch_other_force"] is False
    assert cancelled("v1", removal_code=None) is None
    assert cancelled("v1", removal_code="N100/1") is None


def test_a_confirmed_rape_with_only_an_n100_is_found() -> None:
    def judged(confirmed: bool, incident: bool, crime: bool) -> Finding | None:
        return incident_only(
            "v1", rape_confirmed=confirmed, is_incident=incident, has_crime_record=crime
        )

    assert "not a crime record" in words(found(judged(True, True, False)))
    assert judged(False, True, False) is None
    assert judged(True, False, False) is None
    assert judged(True, True, True) is None


def outcome(
    number: int | None, *, rape: bool = False, sexual: bool = False, child: bool = False
) -> Finding | None:
    return unsuitable_outcome(
        "v1", outcome_type=number, is_rape=rape, is_sexual=sexual or rape, child_victim=child
    )


def test_no_rape_is_closed_out_of_court_unnoticed() -> None:
    assert {n for n in range(23) if outcome(n, rape=True)} == {2, 3, 6, 7, 8, 22}


def test_a_community_resolution_does_not_suit_a_sexual_offence_or_a_child() -> None:
    assert {n for n in range(23) if outcome(n, sexual=True)} == {8}
    assert {n for n in range(23) if outcome(n, child=True)} == {8}
    assert not any(outcome(n) for n in (None, *range(23)))


def test_an_outcome_that_says_the_victim_gave_up_is_disputed_if_they_did_not() -> None:
    says = [n for n in range(23) if disputed_outcome("s", outcome_type=n, victim_supports=True)]
    assert says == [14, 16]
    assert disputed_outcome("s", outcome_type=14, victim_supports=False) is None
    assert disputed_outcome("s", outcome_type=None, victim_supports=True) is None


EVERY = [
    found(fall(BURGLARY, DAMAGE)),
    found(fall(RAPE, ASSAULT, answer=True)),
    found(cancelled("v", removal_code="C1")),
    found(cancelled("v", removal_code="C2")),
    found(incident_only("v", rape_confirmed=True, is_incident=True, has_crime_record=False)),
    found(outcome(8, rape=True)),
    found(disputed_outcome("s", outcome_type=16, victim_supports=True)),
    contested("s", version_ref="v", objection="not_my_report"),
    contested("s", version_ref="v", objection="not_what_i_reported"),
]


@pytest.mark.parametrize("finding", EVERY, ids=lambda finding: finding.kind)
def test_every_finding_says_check_and_not_breach_and_can_be_kept(finding: Finding) -> None:
    said = words(finding)
    assert "check" in said
    assert "does not show that anyone broke a rule" in said
    assert "None" not in said
    assert "{" not in said
    kept = json.loads(json.dumps(finding.facts))
    assert say(finding.kind, kept, lead=finding.lead) == said


offences = st.builds(
    OffenceFacts,
    code=st.sampled_from(["a", "b", "c"]),
    weight=st.one_of(st.none(), st.floats(0.1, 5000).map(lambda weight: round(weight, 4))),
    is_rape=st.booleans(),
)


@given(offences, st.lists(offences), st.lists(offences))
def test_hearing_of_a_graver_version_never_hides_a_downgrade(
    current: OffenceFacts, reported: list[OffenceFacts], more: list[OffenceFacts]
) -> None:
    def judged(earlier: list[OffenceFacts]) -> Finding | None:
        return downgraded(
            "v", current=current, reported=reported, earlier=earlier, victim_stands_by=None
        )

    assert judged([]) is None or judged(more) is not None


@given(offences)
def test_an_offence_that_stays_the_same_is_no_downgrade(offence: OffenceFacts) -> None:
    assert fall(offence, offence, earlier=(offence,)) is None
