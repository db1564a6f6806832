import hashlib
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.clock import LONDON
from portal.matching.sides import person_side, place_side, record_side, report_side, tokenise_person
from tests.rig.pairs import ANN, DAY, person, record, report


def token(what: str, value: str) -> bytes:
    return hashlib.sha256(f"{what}|{value}".encode()).digest()[:16]


def test_a_side_holds_what_was_typed_made_comparable() -> None:
    ann = person()
    assert (ann.forenames, ann.surname, ann.birth_date) == (("ann",), "example", "19900228")
    assert ann.telephones == {"07700900123"}
    assert report().references == record().references


def test_a_year_alone_is_a_year_and_no_date() -> None:
    ann = person(birth_date="1990")
    assert (ann.birth_date, ann.birth_year) == ("", "1990")


def test_a_side_shows_no_name_in_a_traceback() -> None:
    shown = repr(report()) + repr(record())
    assert not [word for word in ("ann", "example", "0770", "SN1", "1990") if word in shown]


def test_dates_the_wrong_way_round_are_missing() -> None:
    assert report(occurred=(DAY, date(2024, 1, 1))).occurred is None


def test_midnight_is_a_day_and_the_hour_that_clocks_show_twice_is_two() -> None:
    midnight = datetime(2024, 2, 2, tzinfo=LONDON)
    assert record(received=DAY, recorded=midnight).had_at is None
    first, again = (datetime(2024, 10, 27, 1, 30, tzinfo=LONDON, fold=fold) for fold in (0, 1))
    assert record(received=again, recorded=first).had_at == datetime(
        2024, 10, 27, 0, 30, tzinfo=UTC
    )
    assert record(received=again, recorded=DAY).had_at == datetime(2024, 10, 27, 1, 30, tzinfo=UTC)


def test_a_report_knows_whether_it_is_of_a_sexual_offence() -> None:
    assert report(offence_codes=["19C"]).is_sexual
    assert report(offence_codes=["19C"]).is_against_person
    assert not report().is_sexual


def test_tokens_agree_where_names_do_and_tell_nothing() -> None:
    one, other = tokenise_person(person(), token), tokenise_person(person_side(**ANN), token)
    assert one == other
    assert isinstance(one.surname, bytes)
    assert all(isinstance(value, bytes) for value in (*one.forenames, *one.telephones))
    assert tokenise_person(one, token) == one


def test_what_is_missing_stays_missing_as_a_token() -> None:
    assert tokenise_person(person_side(), token) == person_side()


def test_a_crowd_on_one_record_is_cut_to_what_can_be_compared() -> None:
    crowd = [person(name=f"Ann Example{number}") for number in range(500)]
    assert len(record(victims=crowd).victims) == 20
    assert len(report(references=[f"54/24/{n:07}" for n in range(1, 900)]).references) <= 9


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_typed_makes_a_side(one: str, other: str) -> None:
    victim = person_side(name=one, birth_date=other, telephones=[one], emails=[other])
    made = report_side(references=[one, other], victim=victim, place=place_side(one, other))
    assert len(made.references) <= 4
    record_side(references=[one], incident_numbers=[other], victims=[victim])
