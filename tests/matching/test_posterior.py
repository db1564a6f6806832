import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.levels import Levels
from portal.matching.model import LEVELS, load_model
from portal.matching.posterior import combine, field_bits, net_bits, posterior, weigh

MODEL = load_model()
bits = st.floats(-300, 300)
levels = st.builds(Levels, *(st.sampled_from(("missing", *found)) for found in LEVELS.values()))


def test_nothing_known_leaves_the_priors() -> None:
    weights = weigh(Levels(), MODEL)
    unrelated, another, household, present = MODEL.priors["any"]
    assert weights[:3] == (unrelated, another, combine(household, present))
    assert weights.personal == 0


def test_the_same_person_on_another_day_is_not_outvoted() -> None:
    same = Levels(
        "same-5", "same-5", "same", "same", "same", when="month-apart", delay="far/recorded/later"
    )
    weights = weigh(same, MODEL)
    assert weights.unrelated > 20
    assert weights.another < 0
    assert weights.total < 0


def test_three_equal_rivals_count_three_times() -> None:
    assert combine(10.0, 10.0, 10.0) == pytest.approx(10 - math.log2(3))


@given(bits, bits, bits)
def test_the_total_is_below_the_weakest_subtotal_by_at_most_log2_of_three(
    u: float, s: float, h: float
) -> None:
    total = combine(u, s, h)
    assert min(u, s, h) - math.log2(3) - 1e-9 <= total <= min(u, s, h)


@settings(max_examples=60)
@given(levels)
def test_the_subtotals_are_the_sums_of_their_fields(found: Levels) -> None:
    weights = weigh(found, MODEL)
    fields = field_bits(found, MODEL).values()
    sums = [prior + sum(x[n] for x in fields) for n, prior in enumerate(MODEL.priors["any"])]
    assert weights[:2] == pytest.approx(tuple(sums[:2]))
    assert weights.housemate == pytest.approx(combine(*sums[2:]))


HOUSEMATE = Levels(
    *("different", "same-5", "different", "missing", "missing"),
    *("together/same", "unit", "same-day", "exact/received/same-day", "exact/same"),
)


def test_a_burglary_that_one_tells_and_another_of_the_home_is_named_for_is_the_same_burglary() -> (
    None
):
    assert weigh(HOUSEMATE, MODEL).total < MODEL.limits["any"].automatic
    theirs = weigh(HOUSEMATE, MODEL, kind="household")
    assert theirs.total > MODEL.limits["household"].automatic
    assert min(theirs[:3]) > MODEL.limits["household"].automatic


def test_another_offence_against_a_housemate_at_that_time_is_still_their_own() -> None:
    hurt = HOUSEMATE._replace(offence="exact/other")
    apart = replace(MODEL, unites_households=False)
    assert weigh(hurt, MODEL, kind="household") == weigh(hurt, apart, kind="household")


def test_a_neighbour_whose_car_was_scratched_too_may_be_of_the_home_and_is_never_sure_to_be() -> (
    None
):
    neighbour = HOUSEMATE._replace(surname="different", reference="missing")
    found = weigh(neighbour, MODEL, kind="household")
    assert MODEL.limits["household"].alert < found.total < MODEL.limits["household"].likely
    itself = weigh(neighbour, MODEL, kind="household", in_their_name=True)
    assert itself.total < MODEL.limits["household"].alert


def test_a_model_made_before_households_judges_them_as_it_did() -> None:
    old = load_model("four-class-2")
    assert weigh(HOUSEMATE, old, kind="household") == weigh(HOUSEMATE, old, kind="any")


@settings(max_examples=60)
@given(levels)
def test_that_police_may_name_anybody_of_the_home_never_speaks_against_a_match(
    found: Levels,
) -> None:
    apart = replace(MODEL, unites_households=False)
    together = weigh(found, MODEL, kind="household").total
    assert together >= weigh(found, apart, kind="household").total - 1e-9


@settings(max_examples=60)
@given(levels)
def test_a_missing_value_never_changes_what_the_others_say(found: Levels) -> None:
    kept = field_bits(found, MODEL)
    for field in kept:
        without = field_bits(found._replace(**{field: "missing"}), MODEL)
        assert without == {name: value for name, value in kept.items() if name != field}


def test_a_bar_is_what_the_total_would_lose_without_the_field() -> None:
    found = Levels("same-5", "same-5", when="far-apart", offence="same")
    bars = net_bits(found, MODEL)
    assert set(bars) == {"forename", "surname", "when", "offence"}
    assert bars["surname"] > 0 > bars["when"]


@given(st.lists(bits, max_size=12))
def test_the_chances_of_a_report_add_up_to_one(totals: list[float]) -> None:
    found = posterior(totals)
    assert math.fsum(found.chances) + found.no_record == pytest.approx(1)
    assert len(found.log_odds) == len(totals)
    assert all(math.isfinite(one) for one in found.log_odds)


@given(st.lists(st.floats(-40, 40), min_size=1, max_size=12))
def test_log_odds_and_chances_say_the_same(totals: list[float]) -> None:
    found = posterior(totals)
    for chance, log_odds in zip(found.chances, found.log_odds, strict=True):
        assert chance == pytest.approx(1 / (1 + 2**-log_odds))


@given(st.lists(bits, min_size=1, max_size=8), st.floats(0, 300))
def test_one_more_rival_never_makes_a_candidate_likelier(totals: list[float], more: float) -> None:
    assert posterior([*totals, more]).log_odds[0] <= posterior(totals).log_odds[0] + 1e-9


def test_a_thousand_that_all_fit_are_doubt_and_no_match() -> None:
    found = posterior([40.0] * 1000)
    assert max(found.log_odds) < -9


def test_a_report_without_candidates_has_no_record() -> None:
    assert posterior([]) == ((), (), 1.0)
