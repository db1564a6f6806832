from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.normalising import (
    normalise_birth_date,
    normalise_email,
    normalise_name,
    normalise_postcode,
    normalise_telephone,
    normalise_town,
    sound,
    split_name,
    split_names,
    surname_parts,
)

anything = st.text(max_size=400)


@pytest.mark.parametrize(
    ("typed", "forenames", "surname"),
    [
        ("Ann Example", ("ann",), "example"),
        ("Mrs. Ann Mary Example", ("ann", "mary"), "example"),
        ("EXAMPLE, Ann", ("ann",), "example"),
        ("Jan van der Berg", ("jan",), "vanderberg"),
        ("Séan O’Neill", ("sean",), "oneill"),
        ("Ann Smith-Jones", ("ann",), "smithjones"),
        ("Anne-Marie Smith", ("annemarie",), "smith"),
        ("Łukasz Żak", ("lukasz",), "zak"),
        ("\u202eAnn\u200f Example", ("ann",), "example"),
        ("Ann", ("ann",), ""),
        ("Mr", (), ""),
        ("unknown", (), ""),
        ("", (), ""),
        ("王 小明", ("王",), "小明"),
    ],
)
def test_a_full_name_comes_apart_however_it_was_typed(
    typed: str, forenames: tuple[str, ...], surname: str
) -> None:
    assert split_name(typed) == (forenames, surname)


def test_names_that_come_in_two_cells_are_read_like_one() -> None:
    assert split_names("Ann Mary", "Van der Berg") == (("ann", "mary"), "vanderberg")
    assert split_names("unknown", "None") == ((), "")


def test_a_double_barrelled_name_has_parts_and_a_plain_one_has_none() -> None:
    assert surname_parts("Ann Smith-Jones") == ("smith", "jones")
    assert surname_parts("Anne-Marie Smith") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hussain", "hussein"),
        ("mohammed", "muhamad"),
        ("smith", "smyth"),
        ("catherine", "katherine"),
        ("stephen", "steven"),
        ("philip", "phillip"),
        ("thomson", "thompson"),
        ("clark", "clarke"),
    ],
)
def test_names_that_sound_alike_share_a_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_names_that_sound_unlike_do_not() -> None:
    assert len({sound(name) for name in ("smith", "jones", "patel", "khan", "williams")}) == 5


@pytest.mark.parametrize(
    "typed", ["07700 900123", "+44 (0)7700 900123", "0044 7700-900123", "447700900123 ext 4"]
)
def test_a_telephone_number_is_one_however_it_was_typed(typed: str) -> None:
    assert normalise_telephone(typed) == "07700900123"


@pytest.mark.parametrize("typed", ["", "999", "00000000000", "0123456789", "none", "9" * 5000])
def test_a_number_that_everybody_could_type_is_no_telephone(typed: str) -> None:
    assert normalise_telephone(typed) == ""


def test_a_number_abroad_keeps_its_country() -> None:
    assert normalise_telephone("+353 86 123 4567") == "+353861234567"


def test_an_address_is_one_however_it_was_typed() -> None:
    assert normalise_email(" Ann.Example+x@GoogleMail.com ") == "annexample@gmail.com"
    assert normalise_email("Ann.Example@work.example") == "ann.example@work.example"


@pytest.mark.parametrize("typed", ["", "none@none.com", "no-email@police.uk", "a b@c.d", "x@y"])
def test_what_stands_for_no_address_is_none(typed: str) -> None:
    assert normalise_email(typed) == ""


def test_a_postcode_is_known_down_to_what_was_typed() -> None:
    assert normalise_postcode("sn1 1aa") == ("SN11AA", "SN1 1", "SN1")
    assert normalise_postcode("SN1 1") == ("", "SN1 1", "SN1")
    assert normalise_postcode("SN11") == ("", "", "SN11")
    assert normalise_postcode("somewhere") == ("", "", "")


def test_of_an_address_the_town_counts() -> None:
    assert normalise_town("1 High Street, Old Swindon") == "oldswindon"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1990-02-28", "19900228"),
        ("28/02/1990", "19900228"),
        (date(1990, 2, 28), "19900228"),
        ("1990", "1990"),
        ("31/02/1990", ""),
        ("3000-01-01", ""),
        ("1900-01-01", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_birth_date_is_a_real_one_or_missing(typed: str | date | None, found: str) -> None:
    assert normalise_birth_date(typed) == found


@settings(max_examples=60, deadline=None)
@given(anything)
def test_no_text_breaks_anything_or_grows(text: str) -> None:
    forenames, surname = split_name(text)
    assert len(forenames) <= 4
    assert len(surname) <= 4 * 200
    for read in (normalise_telephone, normalise_email, normalise_town, normalise_name):
        found = read(text)
        assert "\x00" not in found
        assert read(found) in (found, "") or read is normalise_town
    assert len(sound(surname)) <= max(6, len(surname))
    assert len(normalise_postcode(text)) == 3
    normalise_birth_date(text)


@pytest.mark.parametrize("written", ["REDACTED", "Name Withheld", "withheld", "[Redacted]"])
def test_what_was_written_over_a_name_is_no_name(written: str) -> None:
    assert split_name(written) == ((), "")
    assert split_names(written, written) == ((), "")
