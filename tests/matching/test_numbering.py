"""What of a typed number is compared: the number, and its figures in one run."""

from hypothesis import given
from hypothesis import strategies as st

from portal.matching.normalising import MOST_VALUES
from portal.matching.numbering import numbers_of

TYPED = st.text("0123456789/- ABcd.٣é", max_size=24) | st.text(max_size=30)


def test_a_number_is_known_as_it_is_written_and_by_its_figures() -> None:
    keys, numbers, runs, call_runs = numbers_of(["54/0012345/26"], ["INC 00123456"])
    assert keys == {"54/12345/26"}
    assert "123456" in numbers
    assert runs == {"54001234526", "541234526"}
    assert call_runs == frozenset()


def test_five_figures_keep_a_zero_in_front_for_they_are_the_end_of_a_number() -> None:
    assert numbers_of(["Ref: 00308"], ["09530"])[:2] == ({"308", "00308"}, {"9530"})
    for typed in ("12345", "030850", "0308", "01/234", "A09530", "00000"):
        assert not {one for one in numbers_of([typed], [])[0] if one[0] == "0"}
    assert numbers_of(["00308"], [])[2:] == (frozenset(), frozenset())
    assert numbers_of(["\u200f00308"], [])[0] == {"308", "00308"}
    assert numbers_of(["\u200f0308"], [])[0] == {"308"}


def test_nothing_typed_is_nothing() -> None:
    assert numbers_of([], ["", " ", "none"]) == (frozenset(),) * 4


def test_of_very_many_numbers_a_few_are_compared() -> None:
    many = [f"54/{number}/26" for number in range(10_000, 10_100)]
    for values in numbers_of(many, many):
        assert len(values) <= 2 * MOST_VALUES


@given(st.lists(TYPED, max_size=3), st.lists(TYPED, max_size=3))
def test_whatever_was_typed_the_figures_are_those_that_were_typed(
    references: list[str], calls: list[str]
) -> None:
    keys, numbers, runs, call_runs = numbers_of(references, calls)
    assert all(keys | numbers)
    for found, texts in ((runs, [*references, *keys]), (call_runs, [*calls, *numbers])):
        figures = {
            "".join(char for char in text if char.isdigit()).lstrip("0")
            for text in texts
            if text.isascii()
        }
        assert found == {run for run in figures if len(run) >= 7}
