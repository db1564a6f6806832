"""However a person of the story types a reference, the register's own is meant, or a slip is."""

from datetime import UTC, datetime
from random import Random

from portal.cli.story.numbers import Numbers, slipped, typed
from portal.reference.crime_references import normalise_reference, reference_keys

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_no_number_is_given_twice_and_each_names_its_force_and_year() -> None:
    numbers = Numbers(Random(1))
    references = [numbers.reference("wiltshire", AT) for _ in range(3000)]
    incidents = [numbers.incident("dorset", AT) for _ in range(3000)]
    assert len({*references, *incidents}) == 6000
    assert all(one.startswith("5426") and len(one) == 11 for one in references)
    assert all(one.startswith("552603") for one in incidents)


def test_a_typed_reference_is_found_however_it_is_written() -> None:
    rng = Random(2)
    numbers = Numbers(rng)
    ways = set()
    for _ in range(200):
        reference = numbers.reference("avon-and-somerset", AT)
        written = typed(rng, reference)
        assert normalise_reference(reference) in reference_keys(written)
        ways.add("".join("0" if char.isdigit() else char for char in written))
    assert len(ways) == 6


def test_a_slip_gives_another_number_with_the_same_digits() -> None:
    rng = Random(3)
    numbers = Numbers(rng)
    for _ in range(100):
        reference = numbers.reference("wiltshire", AT)
        wrong = slipped(rng, reference)
        assert wrong != reference
        assert sorted(wrong) == sorted(reference)
        assert wrong[:4] == reference[:4]


def test_a_number_of_one_digit_alone_cannot_slip() -> None:
    assert slipped(Random(4), "54261111111") == "54261111111"
