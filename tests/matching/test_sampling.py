from portal.matching.model import load_model
from portal.matching.sampling import draw_records, find_candidates, frequencies_of, make_sample
from portal.matching.sides import RecordSide, person_side, place_side
from tests.rig.pairs import DAY, person, record, report

MODEL = load_model()


def stranger(number: int) -> RecordSide:
    far = person_side(name=f"Zed Crow{number}", birth_date=f"19{number % 90 + 10}-05-05")
    return record(
        victims=[far], references=[f"50{number:09}"], force_id="kent", place=place_side("CT1 1AA")
    )


def test_a_report_finds_its_record_among_strangers() -> None:
    rows = [(number, stranger(number)) for number in range(50)] + [(99, record())]
    found = find_candidates([report(), report(references=["77/1/25"])], rows, MODEL)
    assert [set(one) for one in found] == [{99}, {99}]
    later = DAY.replace(year=2031)
    old = report(references=[], occurred=(later, later))
    assert find_candidates([old], rows, MODEL) == [{}]


def test_records_are_drawn_evenly_and_counted() -> None:
    rows = [(number, stranger(number)) for number in range(3000)]
    drawn, count = draw_records(rows, seed=1, drawn=500)
    assert (len(drawn), count) == (500, 3000)
    assert drawn == draw_records(rows, seed=1, drawn=500)[0]
    places = [int(next(iter(one.references))[2:]) for one in drawn]
    assert 1200 < sum(places) / 500 < 1800


def test_the_sample_holds_candidates_and_pairs_by_chance() -> None:
    sample = make_sample(
        *([report(), report(offence_codes=["19C"])], [{1: record()}, {}], [stranger(3)], MODEL),
        register=1000,
        seed=1,
        pairs=20,
    )
    assert [case.kind for case in sample.cases] == ["household", "sexual"]
    assert [len(case.candidates) for case in sample.cases] == [1, 0]
    assert len(sample.random_pairs) == 20
    assert {pair.surname for pair in sample.random_pairs} == {"different"}
    assert sample.register == 1000


def test_names_are_counted_over_all_victims() -> None:
    rows = [record(victims=[person(), person(name="Ann Other")])] * 12
    bands = frequencies_of(rows)["names"]
    assert bands["forenames"][0] == "ann"
    assert set(bands["surnames"][0].split()) == {"example", "other"}


def test_an_offence_is_common_from_two_in_a_hundred_records() -> None:
    rows = [record(offence_code="8N")] * 97 + [record(offence_code="9B")] * 2
    rows += [record(offence_code="105B"), record(offence_code="")]
    assert frequencies_of(rows)["common_offences"] == "8N 9B"
