import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from portal.matching.numbers import number_level, one_slip, tails_of
from tests.rig.pairs import record, report


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("example", "exampel", True),
        ("example", "examples", True),
        ("example", "exanple", True),
        ("example", "example", True),
        ("example", "axampla", False),
        ("ann", "anm", False),
        ("exämple", "exämpel", False),
    ],
)
def test_one_slip_is_one_character_and_short_or_foreign_words_have_none(
    one: str, other: str, slip: bool
) -> None:
    assert one_slip(one, other) is slip


def test_a_number_typed_in_one_run_is_told_from_the_same_number() -> None:
    parted = record(references=["CR/036496/25"])
    assert number_level(report(references=["CR 36496 25"]), parted) == "same"
    assert number_level(report(references=["CR03649625"]), parted) == "run"
    assert number_level(report(references=["CR3649625"]), parted) == "run"


def test_who_keeps_the_figures_that_seemed_to_matter_keeps_those_of_the_serial() -> None:
    for kept, held in (
        ("26328", "52/1526328/25"),
        ("00308", "54250400308"),
        ("09530", "52/309530/25"),
    ):
        assert number_level(report(references=[kept]), record(references=[held])) == "tail"
    assert number_level(report(references=["308"]), record(references=["54250400308"])) != "tail"
    assert tails_of(frozenset({"52/1526328/25", b"sealed"})) == {"26328"}


def test_numbers_that_share_a_year_and_three_figures_do_not_end_alike() -> None:
    said, held = report(references=["52/1126758/25"]), record(references=["52/3375758/25"])
    assert number_level(said, held) == "different"


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("52/734396/25", "same"),
        ("ref: 52/734396/2025", "same"),
        ("5273439625", "run"),
        ("52/734397/25", "slip"),
    ],
)
def test_a_crime_reference_in_the_other_box_is_one_all_the_same(typed: str, level: str) -> None:
    held = record(references=["52/734396/25"], incident_numbers=["0712-020225"])
    for call in ([], ["0712-020225"]):
        said = report(references=call, incident_numbers=[typed])
        assert number_level(said, held) == ("incident" if call and level == "slip" else level)


def test_the_number_of_the_call_takes_nothing_from_a_crime_reference_in_one_run() -> None:
    held = record(references=["52/734396/25"], incident_numbers=["0712-020225"])
    said = report(references=["5273439625"], incident_numbers=["0712-020225"])
    assert number_level(said, held) == "run"


@pytest.mark.parametrize("call", ["712", "0712-020225", "0712020225", "CAD 712"])
def test_what_looks_like_a_call_is_no_crime_reference_in_the_box_for_calls(call: str) -> None:
    said = report(references=[], incident_numbers=[call])
    assert number_level(said, record(references=[call.removeprefix("CAD ")])) == "incident"


def test_where_a_force_writes_nothing_before_a_number_its_year_may_have_four_figures() -> None:
    assert (
        number_level(report(references=["0762372/2025"]), record(references=["0762372/25"]))
        == "same"
    )
    assert number_level(report(references=["7623/2025"]), record(references=["7623/25"])) != "same"


def test_a_number_says_whose_it_is_though_another_force_was_picked_beside_it() -> None:
    elsewhere = report(references=["54240012398"], force_id="kent")
    assert number_level(elsewhere, record(references=["54240012399"])) == "slip"
    assert number_level(elsewhere, record(references=["53240012398"])) == "different"
    # The first force's number is 01: without its zero it begins as the twelfth's does.
    first = report(references=["01/24/0012345"], force_id="metropolitan")
    assert number_level(first, record(references=["12/24/0012345"])) == "different"


def test_another_force_has_other_short_numbers_and_other_ends() -> None:
    held = record(references=["CR/632173/25"])
    assert number_level(report(references=["CR/632172/25"]), held) == "slip"
    for typed in ("CR/632172/25", "32173"):
        assert number_level(report(references=[typed], force_id="kent"), held) == "different"


@pytest.mark.parametrize(
    "typed", ["712-020224", "712020224", "0712 020224", "712", "20240202/712", "Log 712"]
)
def test_the_number_of_a_call_in_the_box_for_a_crime_is_not_another_number_of_it(
    typed: str,
) -> None:
    assert number_level(report(references=[typed]), record()) == "missing"
    called = record(incident_numbers=["3001-050224"])
    assert number_level(report(references=[typed]), called) == "different"


def test_a_number_of_another_crime_beside_that_of_a_call_is_another_number() -> None:
    said = report(references=["712-020224", "54240099999"])
    assert number_level(said, record()) == "different"


def test_a_call_and_the_number_of_another_crime_in_each_others_boxes_are_told_apart() -> None:
    swapped = report(references=["712-020224"], incident_numbers=["54/24/0099999"])
    assert number_level(swapped, record()) == "different"


def test_a_serial_with_its_year_is_not_the_number_of_a_call() -> None:
    said, held = report(references=["10124/24"]), record(references=["20555/24"])
    assert number_level(said, held) == "different"


@pytest.mark.parametrize(
    ("typed", "held"), [("A09530", "B09530"), ("01234", "01/234"), ("00308", "00309")]
)
def test_five_figures_with_a_zero_are_no_whole_number(typed: str, held: str) -> None:
    for said in (report(references=[typed]), report(references=[], incident_numbers=[typed])):
        for one in (record(references=[held]), record(references=[], incident_numbers=[held])):
            assert number_level(said, one) not in ("same", "run", "slip", "near-incident")


@pytest.mark.parametrize("kept", ["585", "00585", "Log 585", "CAD 0585", "010125", "10125"])
def test_who_keeps_a_part_of_the_number_of_their_call_did_not_give_another(kept: str) -> None:
    called = record(incident_numbers=["0585-010125"])
    assert number_level(report(references=[], incident_numbers=[kept]), called) == "missing"
    other = record(incident_numbers=["1713-160325"])
    assert number_level(report(references=[], incident_numbers=[kept]), other) == "different"


def test_another_call_of_the_same_day_is_another_call() -> None:
    said = report(references=[], incident_numbers=["4586-010125"])
    assert number_level(said, record(incident_numbers=["0585-010125"])) == "different"


def test_the_number_of_a_call_says_nothing_of_a_record_that_has_none() -> None:
    called = report(references=[], incident_numbers=["712-020224"])
    assert number_level(called, record()) == "missing"
    assert number_level(called, record(incident_numbers=["713-050224"])) == "different"


@settings(max_examples=50, deadline=None)
@given(st.text("0123456789/-A ", max_size=14), st.text("0123456789/-A ", max_size=14))
def test_who_gave_no_number_agrees_and_disagrees_with_none(one: str, other: str) -> None:
    said, held = report(references=[]), record(references=[one], incident_numbers=[other])
    assert not said.has_numbers
    assert number_level(said, held) == "missing"


@settings(max_examples=50, deadline=None)
@given(st.text("0123456789/-A ", max_size=14), st.text("0123456789/-A ", max_size=14))
def test_whichever_box_is_used_the_same_number_is_never_called_different(
    one: str, other: str
) -> None:
    said = report(references=[one], incident_numbers=[other])
    held = record(references=[one], incident_numbers=[other])
    assert number_level(said, held) in ("same", "incident", "missing")


@given(st.text("ab12", max_size=9), st.text("ab12", max_size=9))
def test_a_slip_is_one_edit_whatever_is_looked_at_first(one: str, other: str) -> None:
    is_long = min(len(one), len(other)) >= 4
    assert one_slip(one, other) == (is_long and OSA.distance(one, other) <= 1)
