from dataclasses import replace
from pathlib import Path

import pytest

from portal.matching.explaining import Explanation, answer, explain, level_words, settling_fields
from portal.matching.model import DATA, LEVELS, load_model
from portal.matching.sides import RecordSide, ReportSide, place_side
from portal.matching.weighing import score
from portal.reference.files import BadDataFile
from tests.rig.pairs import BOB, DAY, person, record, report

MODEL = load_model()


def explained(one: ReportSide, other: RecordSide) -> Explanation:
    (candidate,) = score(one, {1: other}, MODEL).candidates
    return explain(candidate, MODEL, kind="any", reference="54240012345")


def test_a_match_answers_three_questions_and_shows_a_bar_for_each_field() -> None:
    found = explained(report(), record())
    assert [one.question for one in found.subtotals] == [
        "Is it this person?",
        "Is it this event, and not another of theirs?",
        "Is it them, and not a housemate?",
    ]
    assert {one.answer for one in found.subtotals} == {"Almost certainly."}
    assert [bar.field for bar in found.bars] == list(LEVELS)


def test_of_what_a_home_owns_together_it_is_not_asked_whose_name_stands_there() -> None:
    (candidate,) = score(report(), {1: record()}, MODEL).candidates
    found = explain(candidate, MODEL, kind="household", reference="54240012345")
    assert found.subtotals[0].question == "Is it this person, or somebody of their home?"
    assert "somebody of their home" in found.subtotals[2].question
    hurt = replace(candidate, levels=candidate.levels._replace(offence="exact/other"))
    asked = explain(hurt, MODEL, kind="household", reference="54240012345").subtotals
    assert asked[2].question == "Is it them, and not a housemate?"


def test_another_crime_of_the_same_victim_is_said_to_be_one() -> None:
    month = DAY.replace(month=6)
    other = record(occurred=(month, month), recorded=month, references=["54240098765"])
    found = explained(report(references=[]), other)
    assert found.doubt == "another"
    person_, event, _ = found.subtotals
    assert person_.answer == "Almost certainly."
    assert event.answer in ("Almost certainly not.", "Probably not.")
    assert found.questions[0].to == "victim"
    assert "54240012345" in found.questions[0].words
    assert found.questions[1].words == "Is 54240012345 the record of this report?"
    says = {bar.field: bar.says for bar in found.bars}
    assert (says["when"], says["reference"]) == ("against", "neither")


def test_a_housemate_is_said_to_be_one() -> None:
    found = explained(report(references=[]), record(victims=[person(**(BOB | {"emails": []}))]))
    assert found.doubt == "housemate"


def test_what_is_not_known_would_settle_it_and_is_asked_for() -> None:
    nameless = report(victim=person(birth_date="", emails=[]), references=[])
    levels = score(nameless, {1: record()}, MODEL).candidates[0].levels
    assert "birth_date" in settling_fields(levels, MODEL)
    assert len(settling_fields(levels, MODEL)) <= 3
    assert settling_fields(score(report(), {1: record()}, MODEL).candidates[0].levels, MODEL) == ()


def early(one: ReportSide, other: RecordSide) -> Explanation:
    (candidate,) = score(one, {1: other}, MODEL).candidates
    return explain(candidate, MODEL, kind="any", reference="54240012345", is_early=True)


def test_what_police_had_before_it_happened_is_said_to_fit_only_if_a_time_is_wrong() -> None:
    found = early(report(), record())
    person_, event, housemate = found.subtotals
    assert person_.answer == housemate.answer == "Almost certainly."
    assert event.answer == "Almost certainly, if one of the times is wrong."
    (delay,) = [bar for bar in found.bars if bar.field == "delay"]
    assert (delay.says, delay.is_shown) == ("held", True)
    assert delay.words == (
        "By the hours that both sides give, police had it before it happened. Bits count days "
        "alone, by which police had it the day after they were told of this."
    )
    assert found.asks_about == "another"
    untold = early(report(told=None), record())
    (delay,) = [bar for bar in untold.bars if bar.field == "delay"]
    assert delay.words == "By the hours that both sides give, police had it before it happened."
    assert "When police had it" not in untold.unknown


def test_where_the_days_say_that_it_is_another_crime_the_hours_add_nothing() -> None:
    month = DAY.replace(month=6)
    found = early(report(references=[]), record(occurred=(month, month), recorded=month))
    assert "wrong" not in found.subtotals[1].answer
    before = DAY.replace(month=1)
    had = early(report(), record(recorded=before))
    assert [bar.says for bar in had.bars if bar.field == "delay"] == ["against"]


def test_of_what_a_home_owns_it_is_another_event_of_the_home_only_if_no_time_is_wrong() -> None:
    (candidate,) = score(report(), {1: record()}, MODEL).candidates
    found = explain(candidate, MODEL, kind="household", reference="54240012345", is_early=True)
    assert [one.answer.endswith("wrong.") for one in found.subtotals] == [False, True, True]


def test_the_hour_would_settle_first_what_the_hours_hold_back() -> None:
    nameless = report(victim=person(birth_date="", emails=[]), references=[])
    found = early(nameless, record())
    assert found.settles[0] == "The hour at which it happened, or at which police were told"
    assert 1 < len(found.settles) <= 3
    assert early(report(), record()).settles == found.settles[:1]
    assert early(report(told=None), record(occurred=None)).settles == found.settles[:1]


def test_a_force_that_both_sides_name_is_not_said_to_be_unknown() -> None:
    found = explained(report(victim=person(birth_date="")), record())
    assert found.unknown == ("Date of birth",)
    other_town = record(place=place_side("BA1 1AA", "Bath"))
    assert "Police force" not in explained(report(force_id=None), record()).unknown
    assert "Police force" in explained(report(force_id=None), other_town).unknown


def test_nobody_is_told_from_a_housemate_by_what_a_home_shares() -> None:
    shared = {"birth_date": "", "emails": []}
    nobody = person(name="", telephones=[], **shared)
    (_, _, none_known) = explained(report(), record(victims=[nobody])).subtotals
    assert none_known.answer == (
        "It was not compared: no first name, date of birth or e-mail address is known on both "
        "sides."
    )
    assert not none_known.is_compared
    surname = person(name="Example", **shared)
    assert not explained(report(), record(victims=[surname])).subtotals[2].is_compared
    assert explained(report(), record()).subtotals[2].is_compared
    other = person(name="Quill", **shared)
    assert explained(report(), record(victims=[other])).subtotals[2].is_compared
    (candidate,) = score(report(), {1: record(victims=[nobody])}, MODEL).candidates
    home = explain(candidate, MODEL, kind="household", reference="54240012345")
    assert home.subtotals[2].is_compared, "whose name stands there does not matter"


def test_no_explanation_holds_anything_personal() -> None:
    found = str(explained(report(), record())).lower()
    assert not [word for word in ("ann", "swindon", "0770", "sn1", "1990-") if f"{word} " in found]


def test_answers_grow_surer_with_the_bits() -> None:
    said = [answer(bits) for bits in (-9, -2, 0, 2, 9)]
    assert len(set(said)) == 5
    assert answer(float("inf")) == "Almost certainly."


def test_every_level_has_words_of_its_own() -> None:
    assert set(level_words()) == {
        (one, level.split("/")[-1]) for one, all_ in LEVELS.items() for level in all_
    }


@pytest.mark.parametrize("row", ["", "forename,same-9,x", "email,same,again"])
def test_words_that_do_not_fit_the_levels_are_refused(row: str, tmp_path: Path) -> None:
    text = (DATA / "level_words.csv").read_text()
    changed = text + row + "\n" if row else text[: text.rindex("force,different")]
    (tmp_path / "level_words.csv").write_text(changed)
    with pytest.raises(BadDataFile):
        level_words(tmp_path)
