"""The people and places of the story are invented, but places lie where their force is."""

from random import Random

from portal.cli.story import invented
from portal.cli.story.plans import FORCES
from portal.reference.categories import all_categories
from portal.reference.forces import forces_for_place, forces_for_postcode


def test_a_place_lies_in_the_area_of_its_force() -> None:
    rng = Random(1)
    for force in FORCES:
        for _ in range(40):
            place = invented.place(rng, force)
            town = place.words.rsplit(", ", maxsplit=1)[1]
            assert force in {one.id for one in forces_for_place(town)}
            assert force in {one.id for one in forces_for_postcode(place.postcode)}


def test_a_housemate_is_somebody_else() -> None:
    rng = Random(2)
    for _ in range(200):
        victim = invented.person(rng)
        assert invented.housemate(rng, victim).name.split()[0] != victim.name.split()[0]


def test_there_are_words_for_whatever_happened() -> None:
    rng = Random(3)
    assert all(len(invented.words(rng, one.slug)) < 120 for one in all_categories())
