import time
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from portal.matching.model import load_model
from portal.matching.sides import RecordSide, ReportSide, person_side, place_side, tokenise_person
from portal.matching.weighing import kind_of, limits_of, score, settle
from tests.matching.test_sides import token
from tests.rig.pairs import ANN, BOB, DAY, person, record, report

MODEL = load_model()


def later(days: int, **changed: object) -> RecordSide:
    when = DAY + timedelta(days=days)
    number = f"5424001{days:04}"
    return record(
        **({"references": [number], "occurred": (when, when), "recorded": when} | changed)
    )


def test_the_record_of_the_report_is_matched_automatically() -> None:
    found = score(report(), {1: record(), 2: later(60)}, MODEL)
    assert found.state == "automatic"
    assert [one.zone for one in found.candidates] == ["automatic", "none"]
    assert found.candidates[0].record_id == 1
    assert found.no_record < 0.001
    assert found.model_version == MODEL.version


@pytest.mark.parametrize("days", [-90, -20, 12, 45, 200])
def test_another_crime_of_the_same_victim_never_hides_this_one(days: int) -> None:
    for given in ({"references": []}, {}):
        found = score(report(**given), {1: later(days)}, MODEL)
        assert found.state != "automatic"


def test_a_housemates_record_of_another_day_hides_nothing() -> None:
    bob = person(name="Bob Example", birth_date="1985-07-15", emails=[])
    found = score(report(references=[]), {1: later(9, victims=[bob])}, MODEL)
    assert found.state == "alert"


def test_twins_who_were_both_there_are_told_apart_or_shown_to_a_person() -> None:
    hurt = {"offence_codes": ["8N"], "references": []}
    twin = record(offence_code="8N", victims=[person(name="Joy Example", emails=[])])
    assert score(report(**hurt), {1: twin}, MODEL).state != "automatic"


def test_a_thousand_records_that_all_match_are_shown_to_a_person() -> None:
    found = score(report(references=[]), {key: record() for key in range(1000)}, MODEL)
    assert "automatic" not in {one.zone for one in found.candidates}


def test_two_crimes_that_police_wrote_for_one_incident_do_not_cast_doubt_on_each_other() -> None:
    start, told = datetime(2024, 2, 2, 21, 4, tzinfo=UTC), datetime(2024, 2, 2, 21, 40, tzinfo=UTC)
    times = {"occurred": (start, start), "received": told}
    both = {1: record(**times), 2: record(**times, offence_code="58A", references=["54240012346"])}
    found = score(report(), both, MODEL).candidates
    assert found[0].zone == "automatic"
    assert found[0].log_odds > 10
    days = {"occurred": (DAY, DAY), "received": DAY}
    apart = {1: record(**days), 2: record(**days, references=["54240012346"])}
    assert score(report(references=[]), apart, MODEL).candidates[0].zone != "automatic"


def test_a_report_without_candidates_is_an_alert_or_a_question() -> None:
    assert score(report(), {}, MODEL).state == "alert"
    silent = report(references=[], victim=person_side())
    assert score(silent, {}, MODEL).state == "ask"


def test_the_order_of_candidates_changes_nothing_at_all() -> None:
    candidates = {key: later(key) for key in range(0, 120, 7)} | {500: record(), 501: later(14)}
    keys = list(candidates)
    Random(4).shuffle(keys)
    assert score(report(), {key: candidates[key] for key in keys}, MODEL) == score(
        report(), candidates, MODEL
    )


def test_levels_that_were_kept_give_the_same_explanation() -> None:
    candidates = {1: record(), 2: later(3)}
    found = score(report(), candidates, MODEL)
    kept = {one.record_id: one.levels for one in found.candidates}
    assert settle(report(), candidates, kept, MODEL) == found


def test_names_as_tokens_reach_the_same_zone() -> None:
    ann = tokenise_person(person_side(**ANN), token)
    assert score(report(victim=ann), {1: record(victims=[ann])}, MODEL).state == "automatic"


def test_a_sexual_offence_is_weighed_by_its_own_limits() -> None:
    assert kind_of(report(offence_codes=["19C"])) == "sexual"
    assert kind_of(report(offence_codes=["8N"])) == "any"


def test_only_what_is_surely_a_household_s_together_is_weighed_as_theirs() -> None:
    assert kind_of(report(offence_codes=["28E", "29A"])) == "household"
    assert kind_of(report(offence_codes=["40", "49"])) == "any"
    assert kind_of(report(offence_codes=[])) == "any"


def at_home(**changes: object) -> tuple[ReportSide, RecordSide]:
    """A burglary of one home, told by Ann and recorded for another, on that day."""
    theirs = person(**(BOB | {"telephones": [], "emails": []} | changes))
    return report(offence_codes=["28E", "29A"]), record(offence_code="28E", victims=[theirs])


def test_a_burglary_recorded_for_another_of_the_home_is_theirs_where_something_shows_the_home() -> (
    None
):
    one, other = at_home()
    assert score(one, {1: other}, MODEL).state == "automatic"


def test_a_neighbour_s_burglary_of_that_night_is_never_taken_for_theirs_by_rules() -> None:
    one, other = at_home(name="Olga Petrenko")
    (found,) = score(one, {1: other}, MODEL).candidates
    assert found.zone != "automatic"
    assert found.gates


@pytest.mark.parametrize("version", ["four-class-1", "four-class-2"])
def test_a_model_made_before_homes_were_counted_judges_as_it_did(version: str) -> None:
    one, other = at_home()
    (found,) = score(one, {1: other}, load_model(version)).candidates
    assert found.zone != "automatic"
    assert "forename" in found.gates


@pytest.mark.parametrize("text", ["\x00" * 9000, "A" * 10_000, "\u202e" * 500, "-,;|" * 2000, ""])
def test_hostile_text_takes_little_time_and_makes_no_match(text: str) -> None:
    victim = person_side(name=text, birth_date=text, telephones=[text] * 99, emails=[text] * 99)
    given = {"victim": victim, "references": [text] * 99, "place": place_side(text, text)}
    other = record(victims=[victim] * 99, references=[text], place=place_side(text, text))
    start = time.perf_counter()
    found = score(report(**given), {1: other}, MODEL)
    assert time.perf_counter() - start < 0.5
    assert found.state != "automatic"


def test_who_did_not_say_which_offence_it_was_is_judged_as_strictly_as_a_sexual_offence() -> None:
    unsaid, said, sexual = (report(offence_codes=codes) for codes in ([], ["8N"], ["19C"]))
    assert kind_of(unsaid) == kind_of(said) == "any"
    assert limits_of(unsaid, MODEL) == limits_of(sexual, MODEL) == MODEL.limits["sexual"]
    assert limits_of(said, MODEL) == MODEL.limits["any"]
