import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.matching.names import compare_names, name_tokens


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Siân O'Brien", "OBRIEN, SIAN", "same"),
        ("Łukasz Nowak", "Lukasz  Nowak", "same"),
        ("Mrs Zoë Smith-Jones", "zoe jones", "same"),
        ("Mary Ann Smith", "Mary Brown", "partly"),
        ("Mary", "Mary Smith", "partly"),
        ("Mary", "MARY", "same"),
        ("Mr Brown", "Mr Smith", "different"),
        ("J Brown", "J Smith", "different"),
        ("Ｍａｒｙ Smith", "Mary Smith", "same"),
        ("李", "李", "same"),
        ("Mary Smith", None, "missing"),
        ("Mary Smith", "", "missing"),
        ("Dr", "Mary Smith", "missing"),
        ("???", "Mary Smith", "missing"),
    ],
)
def test_names_agree_as_a_careful_person_would_say(one: str, other: str, level: str) -> None:
    assert compare_names(one, other) == level


# The first text of a run is slow: hypothesis builds its table of characters.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(), st.text())
def test_comparing_names_is_mutual_and_never_fails(one: str, other: str) -> None:
    assert compare_names(one, other) == compare_names(other, one)
    assert compare_names(one, one) in ("same", "missing")


@given(st.lists(st.sampled_from(["Mary", "Ann", "Smith", "Núñez"])))
def test_the_order_of_the_parts_of_a_name_does_not_matter(parts: list[str]) -> None:
    assert name_tokens(" ".join(parts)) == name_tokens(", ".join(reversed(parts)))
