"""The mix of offences rests on the reference data and keeps to what a victim can mean."""

from collections import Counter
from random import Random

from portal.cli.story import offence_mix
from portal.reference.categories import get_category
from portal.reference.offences import all_offences, is_child, is_rape, is_sexual


def test_every_offence_of_the_mix_stands_in_the_reference_data() -> None:
    assert set(offence_mix.SHARES) <= set(all_offences())


def test_a_victim_can_choose_a_category_that_means_the_offence() -> None:
    for code in offence_mix.SHARES:
        for slug in offence_mix.categories_of(code):
            category = get_category(slug)
            assert code in category.codes
            assert ("child" in category.flags) == is_child(code)
    assert offence_mix.categories_of("92E") == ()


def test_a_rape_is_written_down_as_something_less_and_never_as_more() -> None:
    lesser = offence_mix.lesser_than("19C")
    assert lesser
    assert not any(is_rape(code) or is_child(code) for code in lesser)
    assert {"58A", "30C"} <= set(offence_mix.lesser_than("28E"))
    assert "46" not in offence_mix.lesser_than("28E")


def test_victims_bring_sexual_offences_here_more_often_than_police_record_them() -> None:
    rng = Random(1)
    recorded = Counter(is_sexual(offence_mix.recorded_offence(rng)) for _ in range(5000))
    reported = Counter(is_sexual(offence_mix.reported_offence(rng)) for _ in range(5000))
    assert 0.02 < recorded[True] / 5000 < 0.06
    assert reported[True] > recorded[True] * 1.5


def test_the_time_is_known_to_the_hour_only_where_the_victim_was_there() -> None:
    assert offence_mix.is_in_person("8N")
    assert not offence_mix.is_in_person("28E")
