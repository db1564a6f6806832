import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.matching.scoring import (
    AllegationFacts,
    Check,
    RecordFacts,
    Verdict,
    VictimFacts,
    judge,
)
from portal.reference.offences import Relation
from portal.reports.dates import Interval

HOUR = timedelta(hours=1)
EVENING = datetime(2026, 11, 3, 18, tzinfo=UTC)
BETH = VictimFacts("Beth Jones", date(1980, 5, 6))
XAVIER = VictimFacts("Xavier Brown", date(1990, 1, 2))
REPORTED = AllegationFacts(
    references=frozenset({"54/26/1"}),
    force_id="wiltshire",
    occurred=Interval(EVENING, EVENING + 6 * HOUR),
    offence_codes=frozenset({"burglary"}),
    victims=(BETH,),
)
RECORDED = RecordFacts(
    force_id="wiltshire",
    offence_code="burglary",
    references=frozenset({"54/26/1"}),
    occurred=Interval(EVENING + HOUR, EVENING + HOUR),
    victims=(BETH,),
)


def relate(reported: str, recorded: str) -> Relation:
    if reported == recorded:
        return "same"
    pairs: dict[tuple[str, str], Relation] = {
        ("burglary", "theft"): "related",
        ("burglary", "damage"): "downgrade",
    }
    return pairs.get((reported, recorded), "other")


def verdict(allegation: AllegationFacts, record: RecordFacts) -> Verdict:
    return judge(allegation, record, relate=relate)


def zone(allegation: AllegationFacts = REPORTED, record: RecordFacts = RECORDED) -> str:
    return verdict(allegation, record).zone


def check(name: str, allegation: AllegationFacts, record: RecordFacts) -> Check:
    return next(one for one in verdict(allegation, record).checks if one.name == name)


def test_the_same_reference_date_offence_and_person_is_automatic() -> None:
    assert zone() == "automatic"
    assert zone(record=replace(RECORDED, victims=())) == "automatic"
    assert verdict(REPORTED, RECORDED).model_version == "reference-1"


@pytest.mark.parametrize("code", ["theft", "damage"])
def test_a_related_offence_or_a_known_downgrade_is_still_the_record(code: str) -> None:
    assert zone(record=replace(RECORDED, offence_code=code)) == "automatic"


def test_the_number_of_another_of_the_victims_crimes_goes_to_a_person() -> None:
    week_before = Interval(EVENING - 168 * HOUR, EVENING - 167 * HOUR)
    assert zone(record=replace(RECORDED, occurred=week_before)) == "possible"
    assert zone(record=replace(RECORDED, offence_code="fraud")) == "possible"


def test_two_nights_that_only_touch_at_midnight_are_two_nights() -> None:
    next_day = Interval(EVENING + 6 * HOUR, EVENING + 30 * HOUR)
    assert check("dates", REPORTED, replace(RECORDED, occurred=next_day)).level == "apart"


def test_a_date_that_is_not_known_or_too_wide_goes_to_a_person() -> None:
    year = Interval(EVENING - 4000 * HOUR, EVENING + 400 * HOUR)
    assert zone(replace(REPORTED, occurred=None)) == "likely"
    assert zone(record=replace(RECORDED, occurred=None)) == "likely"
    assert zone(replace(REPORTED, occurred=year)) == "likely"
    assert zone(record=replace(RECORDED, occurred=year)) == "likely"


def test_a_month_is_not_too_wide() -> None:
    october = Interval(datetime(2026, 9, 30, 23, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
    record = replace(RECORDED, occurred=Interval(october.earliest, october.earliest))
    assert zone(replace(REPORTED, occurred=october), record) == "automatic"


def test_somebody_elses_name_or_birth_date_goes_to_a_person() -> None:
    for other in (
        XAVIER,
        replace(BETH, name="Ann Smith"),
        replace(BETH, birth_date=date(2001, 1, 1)),
    ):
        assert zone(record=replace(RECORDED, victims=(other,))) == "possible"


def test_a_record_of_several_victims_fits_if_one_of_them_is_the_reports() -> None:
    assert zone(record=replace(RECORDED, victims=(XAVIER, BETH))) == "automatic"


def test_the_name_of_one_and_the_birth_date_of_another_are_not_one_person() -> None:
    mixed = (
        replace(BETH, birth_date=date(2001, 1, 1)),
        replace(XAVIER, birth_date=BETH.birth_date),
    )
    assert zone(record=replace(RECORDED, victims=mixed)) == "possible"


def test_an_empty_or_half_empty_row_does_not_hide_that_the_named_victim_is_somebody_else() -> None:
    beth = replace(REPORTED, victims=(VictimFacts(name="Beth Jones"),))
    rows = (XAVIER, VictimFacts(), VictimFacts(birth_date=date(1970, 1, 1)))
    assert zone(beth, replace(RECORDED, victims=rows)) == "possible"


def test_an_n100_or_a_removed_record_is_never_automatic() -> None:
    assert zone(record=replace(RECORDED, is_incident=True)) == "possible"
    assert zone(record=replace(RECORDED, removed=True)) == "possible"


def test_an_incident_number_alone_is_never_automatic() -> None:
    by_call = replace(REPORTED, references=frozenset(), incident_numbers=frozenset({"123"}))
    logged = replace(RECORDED, incident_numbers=frozenset({"123"}))
    assert zone(by_call, logged) == "likely"
    assert zone(replace(by_call, victims=()), logged) == "possible"


def test_a_number_in_the_wrong_box_counts_no_more_than_an_incident_number() -> None:
    wrong_box = replace(REPORTED, references=frozenset(), incident_numbers=frozenset({"54/26/1"}))
    assert zone(wrong_box) == "likely"
    assert check("reference", wrong_box, RECORDED).level == "incident"


def test_the_same_number_in_another_force_needs_a_name_or_birth_date_that_agrees() -> None:
    moved = replace(RECORDED, force_id="avon-and-somerset")
    assert zone(record=moved) == "automatic"
    assert zone(record=replace(moved, victims=())) == "likely"
    assert zone(replace(REPORTED, force_id=None, victims=())) == "likely"


def test_an_offence_that_the_victim_could_not_name_goes_to_a_person() -> None:
    assert zone(replace(REPORTED, offence_codes=frozenset())) == "likely"


def test_no_number_in_common_is_no_proposal() -> None:
    assert zone(record=replace(RECORDED, references=frozenset({"54/26/2"}))) == "none"
    assert zone(replace(REPORTED, references=frozenset())) == "none"


def test_keyed_tokens_do_as_well_as_plain_numbers() -> None:
    token = frozenset({b"0123456789abcdef"})
    keyed = replace(REPORTED, references=token)
    assert zone(keyed, replace(RECORDED, references=token)) == "automatic"


def test_what_a_reviewer_reads_holds_nothing_personal() -> None:
    kept = json.dumps(verdict(REPORTED, RECORDED).as_data())
    for secret in ("Beth", "Jones", "1980", "54/26/1", "wiltshire", "burglary"):
        assert secret not in kept
    assert "Beth" not in repr(REPORTED)
    assert len(json.loads(kept)) == 7


def test_real_offence_codes_are_related_by_the_reference_data() -> None:
    rape = replace(REPORTED, offence_codes=frozenset({"19C"}))
    assert judge(rape, replace(RECORDED, offence_code="19C")).zone == "automatic"
    assert judge(rape, replace(RECORDED, offence_code="58A")).zone == "possible"


numbers = st.frozensets(st.sampled_from(["1", "2", "3"]), max_size=2)
spans = st.one_of(
    st.none(),
    st.tuples(st.integers(-50, 50), st.integers(0, 50)).map(
        lambda span: Interval(EVENING + span[0] * HOUR, EVENING + (span[0] + span[1]) * HOUR)
    ),
)
people = st.lists(
    st.builds(
        VictimFacts,
        name=st.sampled_from([None, "", "Beth Jones", "Xavier Brown", "Beth", "Mrs Jones"]),
        birth_date=st.sampled_from([None, date(1980, 5, 6), date(1990, 1, 2)]),
    ),
    max_size=3,
).map(tuple)
codes = st.sampled_from(["burglary", "theft", "damage", "fraud"])
forces = st.sampled_from(["wiltshire", "kent"])
any_allegations = st.builds(
    AllegationFacts,
    references=numbers,
    incident_numbers=numbers,
    force_id=st.one_of(st.none(), forces),
    occurred=spans,
    offence_codes=st.frozensets(codes, max_size=2),
    victims=people,
)
any_records = st.builds(
    RecordFacts,
    force_id=forces,
    offence_code=codes,
    references=numbers,
    incident_numbers=numbers,
    occurred=spans,
    victims=people,
    is_incident=st.booleans(),
    removed=st.booleans(),
)
# Half of them differ from a sure match in the victims alone, so that automatic ones turn up.
allegations = any_allegations | people.map(lambda victims: replace(REPORTED, victims=victims))
records = any_records | people.map(lambda victims: replace(RECORDED, victims=victims))


@given(allegations, records)
def test_the_order_of_the_victims_does_not_matter(
    allegation: AllegationFacts, record: RecordFacts
) -> None:
    turned = replace(record, victims=record.victims[::-1])
    other = replace(allegation, victims=allegation.victims[::-1])
    assert verdict(allegation, record) == verdict(other, turned)


@given(allegations, records)
def test_a_victim_about_whom_nothing_is_known_changes_nothing(
    allegation: AllegationFacts, record: RecordFacts
) -> None:
    empty = VictimFacts("  ", None)
    before = verdict(allegation, record)
    assert verdict(allegation, replace(record, victims=(*record.victims, empty))) == before
    assert verdict(replace(allegation, victims=(empty, *allegation.victims)), record) == before


@given(allegations, records)
def test_knowing_less_of_the_event_is_never_automatic(
    allegation: AllegationFacts, record: RecordFacts
) -> None:
    assert zone(replace(allegation, occurred=None), record) != "automatic"
    assert zone(replace(allegation, offence_codes=frozenset()), record) != "automatic"
    assert zone(replace(allegation, references=frozenset()), record) != "automatic"
    assert zone(allegation, replace(record, occurred=None)) != "automatic"
    assert zone(allegation, replace(record, references=frozenset())) != "automatic"


@given(allegations, records)
def test_an_automatic_match_has_every_reason_and_nothing_against_it(
    allegation: AllegationFacts, record: RecordFacts
) -> None:
    found = verdict(allegation, record)
    says = {one.name: one.says for one in found.checks}
    if found.zone == "automatic":
        assert "against" not in says.values()
        assert says["reference"] == says["dates"] == says["offence"] == says["record"] == "for"
        assert allegation.references & record.references
        assert not record.is_incident
        assert not record.removed
        assert "for" in (says["force"], says["name"], says["birth_date"])
    else:
        assert found.zone == "none" or set(says.values()) != {"for"}


@given(allegations, records, people)
def test_a_named_stranger_alone_on_the_record_is_never_automatic(
    allegation: AllegationFacts, record: RecordFacts, strangers: tuple[VictimFacts, ...]
) -> None:
    beth = replace(allegation, victims=(BETH,))
    stranger = replace(record, victims=(XAVIER, *(replace(one, name=None) for one in strangers)))
    if all(one.birth_date != BETH.birth_date for one in strangers):
        assert zone(beth, stranger) != "automatic"
