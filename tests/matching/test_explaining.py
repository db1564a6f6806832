from dataclasses import replace
from pathlib import Path

import pytest

from portal.matching.explaining import Explanation, answer, explain, level_words, settling_fields
from portal.matching.model import DATA, LEVELS, load_model
from portal.matching.sides import RecordSide, ReportSide
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
