import hashlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.blocking import Key, is_within, record_keys, report_keys
from portal.matching.model import RULES, load_model
from portal.matching.sides import person_side, place_side, tokenise_person
from tests.benchmarks.matching.generating import Plan, generate
from tests.benchmarks.matching.ours import side_of_record, side_of_report
from tests.matching.test_sides import token
from tests.rig.pairs import ANN, DAY, person, record, report

MODEL = load_model()
NOBODY = person_side()
# A report finds no record that was there before its keys were made otherwise. So whatever changes
# this digest needs a migration as that of this number, and a line for it here.
MADE_ANEW = {"0023": "f9700b558be31a08"}


def shared(reported: dict[str, Any], recorded: dict[str, Any]) -> set[str]:
    found = report_keys(report(**reported)) & record_keys(record(**recorded))
    return {key.rule for key in found}


def test_the_record_of_a_report_is_found_in_many_ways() -> None:
    assert len(shared({}, {})) > 10


@pytest.mark.parametrize(
    ("reported", "recorded", "rule"),
    [
        ({"victim": NOBODY}, {}, "reference"),
        ({"victim": NOBODY, "references": ["712"]}, {"incident_numbers": ["712"]}, "incident"),
        ({"references": ["54240012399"]}, {}, "telephone"),
        ({"victim": NOBODY, "references": ["9912345"]}, {}, "tail-force"),
        ({"victim": NOBODY, "references": ["99240012345"]}, {}, "nine-digits"),
        ({"references": ["26328"]}, {"references": ["52/1526328/25"]}, "tail-force"),
        ({"references": ["00308"]}, {"references": ["54250400308"]}, "tail-force"),
        ({"references": ["CR03649625"]}, {"references": ["CR/036496/25"]}, "nine-digits"),
        (
            {"references": [], "incident_numbers": ["0585240925"]},
            {"incident_numbers": ["0585-240925"]},
            "nine-digits",
        ),
        ({"victim": person(name="Example Ann")}, {}, "name-force"),
        ({"force_id": "kent"}, {}, "name"),
        ({"victim": NOBODY, "references": []}, {}, "town-offence-day"),
        ({"victim": person(name="Ann Exempel")}, {}, "birth-surname"),
        ({"victim": person(name="Anne Crow", telephones=[])}, {}, "birth-forename"),
        ({"victim": person(name="Zoe Exempel")}, {}, "surname-district"),
    ],
)
def test_one_thing_in_common_is_enough_to_be_looked_at(
    reported: dict[str, Any], recorded: dict[str, Any], rule: str
) -> None:
    assert rule in shared(reported, recorded)


def test_the_year_at_the_end_of_a_number_brings_nobody_the_records_of_a_thousand_others() -> None:
    typed = {"victim": NOBODY, "references": ["52/1126758/25"]}
    found = shared(typed, {"references": ["52/3375758/25"]})
    assert "tail-force" not in found
    assert "nine-digits" not in found


def test_strangers_in_other_places_share_no_key() -> None:
    bob = person_side(name="Bob Crow", birth_date="1950-05-05", telephones=["01793 496001"])
    other = {
        "victims": [bob],
        "references": ["50240077777"],
        "force_id": "kent",
        "place": place_side("CT1 1AA", "Canterbury"),
    }
    assert shared({}, other) == set()


def test_every_rule_is_one_that_the_model_has_a_window_for() -> None:
    one = report_keys(report(victim=person(name="Ann"))) | report_keys(report())
    rules = {key.rule for key in one | record_keys(record(incident_numbers=["712"]))}
    assert rules == set(RULES)


def test_the_keys_that_stand_in_databases_are_those_that_are_looked_for_now() -> None:
    found: list[str] = []
    for batch in generate(Plan(seed=7, records=600, reports=60)):
        found += (repr(sorted(report_keys(side_of_report(one)))) for one in batch.reports)
        found += (repr(sorted(record_keys(side_of_record(one)))) for one in batch.records)
    digest = hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()[:16]
    assert digest == MADE_ANEW["0023"]


def test_keys_of_tokens_are_shared_too_and_hold_no_name() -> None:
    ann = tokenise_person(person_side(**ANN), token)
    keys = report_keys(report(victim=ann)) & record_keys(record(victims=[ann]))
    assert {key.rule for key in keys} >= {"telephone", "birth-surname", "name-force"}
    assert not [key for key in keys if "example" in key.value or "19900228" in key.value]


def test_all_but_the_exact_reference_holds_within_its_days_only() -> None:
    year = record(occurred=(DAY + timedelta(days=2000),) * 2, recorded=DAY + timedelta(days=2000))
    within = {rule for rule in RULES if is_within(report(), year, rule, MODEL)}
    assert within == {"reference"}
    assert all(is_within(report(), record(), rule, MODEL) for rule in RULES)


def test_where_it_is_not_known_when_it_happened_the_recording_is_measured() -> None:
    late = record(occurred=None, recorded=DAY + timedelta(days=40))
    assert not is_within(report(), late, "postcode", MODEL)
    assert is_within(report(), late, "telephone", MODEL)
    assert is_within(report(occurred=None, told=None), late, "postcode", MODEL)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_hostile_text_makes_few_and_short_keys(one: str, other: str) -> None:
    victim = person(name=one, telephones=[other], emails=[one])
    side = report(victim=victim, references=[one, other], place=place_side(one, other))
    keys = report_keys(side)
    assert len(keys) < 80
    assert all(isinstance(key, Key) and len(key.value) < 2000 for key in keys)
    record_keys(record(victims=[victim] * 50, place=place_side(other, one)))
