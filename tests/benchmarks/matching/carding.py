"""Writes the card of the model that comes with the program, from sets that did not make it.

    PYTHONPATH=. .venv/bin/python -m tests.benchmarks.matching.carding 20310101

The seed is of the main set; those after it are of one with doubled noise, of sexual offences alone,
and of four more like the main one. Their truth is known, so that errors are counted by groups too
that the product cannot tell: on all five, for of one group there are few in each.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from portal.matching.card import Measured, model_card
from portal.matching.checking import age_group
from portal.matching.fairness import fairness_table
from portal.matching.measuring import Outcome, measure
from portal.matching.model import Model, load_model
from portal.reference.offences import is_against_person
from tests.benchmarks.matching import figures as own
from tests.benchmarks.matching.generating import Plan, smaller
from tests.benchmarks.matching.ours import Settled, find, settle
from tests.benchmarks.matching.rows import Truth
from tests.benchmarks.matching.run import DOCS
from tests.benchmarks.matching.spooling import Spooled, spooled

_SEXUAL_TO_MAIN, _RECORDS_TO_MAIN = 2.45, 1.5
_MORE = (3, 4, 5, 6)
"""What is added to the seed for each set more by which groups are counted."""
Case = tuple[Mapping[str, str], Outcome]


def main(arguments: Sequence[str] | None = None) -> str:
    """Try the model on the three sets, and give the card; written into docs unless told not to."""
    asked = _parser().parse_args(arguments)
    plan = replace(smaller(Plan(), asked.records), seed=asked.seed, reports=asked.records // 10)
    sets = (
        ("", plan),
        (", doubled noise", replace(plan, seed=plan.seed + 1, noise=2.0)),
        (", sexual offences alone", _sexual(plan)),
    )
    model, measured = load_model(), []
    by_group: list[Case] = []
    for name, one in sets:
        cases = _tried(one, model)
        said = (
            f"synthetic{name}, seed {one.seed}, {one.reports:,} reports "
            f"against {one.records:,} records"
        )
        measured.append(Measured(said, measure(outcome for _, outcome in cases)))
        by_group = by_group or cases
    for more in _MORE:
        by_group += _tried(replace(plan, seed=plan.seed + more), model)
    card = model_card(
        model,
        measured,
        fairness_table(by_group),
        fairness_of=f"{len(by_group):,} reports: seeds {plan.seed}, and {plan.seed + _MORE[0]} to "
        f"{plan.seed + _MORE[-1]}",
    )
    if not asked.print:
        (DOCS / "model-card.md").write_text(card, encoding="utf-8")
    return card


def _sexual(plan: Plan) -> Plan:
    return replace(
        plan,
        seed=plan.seed + 2,
        sexual=1.0,
        reports=int(plan.reports * _SEXUAL_TO_MAIN),
        records=int(plan.records * _RECORDS_TO_MAIN),
    )


def _tried(plan: Plan, model: Model) -> list[Case]:
    with spooled(plan) as made:
        settled = settle(find(made.reports, made.records(), model), model)
        found = own.figures(settled, made.reports, made.truths)
        for line in (*own.lines(found, factor=plan.noise), *own.beside(found)):
            print(f"{plan.seed}: {line}", flush=True)
        return list(_cases(made, settled, model))


def _cases(made: Spooled, settled: Settled, model: Model) -> Iterator[Case]:
    full = {one.number for one in made.reports if own.is_full(one)}
    for truth in made.truths:
        number = truth.number
        weighed = settled.scored[number].candidates
        limit = model.limits["sexual" if truth.is_sexual else "any"].alert
        yield (
            _groups(truth),
            Outcome(
                is_recorded=truth.is_recorded,
                is_sexual=truth.is_sexual,
                state=settled.states[number],
                links=tuple(row in truth.records for row in settled.links.get(number, ())),
                weighed=tuple(
                    (one.log_odds, one.record_id in truth.records)
                    for one in weighed
                    if one.log_odds >= limit
                ),
                is_full=number in full,
            ),
        )


def _groups(truth: Truth) -> dict[str, str]:
    offence = "against a person" if is_against_person(truth.offence_code) else "other"
    return {
        "name origin": truth.origin,
        "age": age_group(truth.age),
        "sex": truth.sex,
        "offence": "sexual" if truth.is_sexual else offence,
        "force": truth.force_id,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int, help="of the main set; the two after it are used too")
    parser.add_argument("--records", type=int, default=100_000, help="of the main set")
    parser.add_argument("--print", action="store_true", help="write nothing")
    return parser


if __name__ == "__main__":
    main()
