"""Generate, match, run the peers on the same rows, and print the table of marks.

`make bench-matching`. Without the peers the product's own environment is enough:
`python -m tests.benchmarks.matching.run --size 20000 --no-peers`. It says what missed its mark and
fails for nothing but a fault.
"""

import argparse
import secrets
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from portal.matching.model import load_model
from tests.benchmarks.matching.generating import SEED, Plan, smaller
from tests.benchmarks.matching.page import tables, write
from tests.benchmarks.matching.rivals import PEERS
from tests.benchmarks.matching.sets import (
    SEXUAL_RECORDS,
    SEXUAL_REPORTS,
    Run,
    febrl_set,
    main_set,
    noisy_set,
    peer_set,
    sexual_set,
)

DOCS = Path(__file__).parents[3] / "docs"


def main(arguments: Sequence[str] | None = None) -> Run:
    """Run as the arguments say, and print what was found."""
    asked = _parser().parse_args(arguments)
    seed = secrets.randbelow(10**9) if asked.seed == "random" else _number(asked.seed)
    plan = replace(smaller(Plan(), asked.size), seed=seed)
    if asked.reports:
        plan = replace(plan, reports=asked.reports)
    run = Run(plan, load_model())
    print(f"Seed {seed}, {plan.records:,} records, model {run.model.version}", flush=True)
    peers = () if asked.no_peers else tuple(PEERS)
    # The sets need nothing of each other, so that they share the cores that the main set leaves.
    with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn")) as pool:
        share = 1.0 if asked.reports else min(1.0, asked.size / Plan().records)
        sexual = pool.submit(
            sexual_set,
            *(plan, run.model),
            reports=int(SEXUAL_REPORTS * share),
            records=min(SEXUAL_RECORDS, asked.size),
        )
        noisy = pool.submit(noisy_set, plan, run.model)
        waiting = {name: pool.submit(peer_set, plan, name) for name in peers}
        main_set(run)
        run.lines[1:1] = sexual.result()
        run.lines += noisy.result()
        found = {name: one.result() for name, one in waiting.items()}
    run.peers = {name: peer for name, peer in found.items() if peer is not None}
    if not asked.no_peers:
        run.lines += febrl_set(run.model)
    print(f"\n{'what':<58} {'mark':<10} found")
    for line in run.lines:
        print(line)
    print()
    print(tables(run))
    if asked.write:
        write(run, DOCS)
    return run


def _number(text: str) -> int:
    return SEED if text == "fixed" else int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="fixed", help="a number, fixed or random")
    parser.add_argument("--size", type=int, default=Plan().records, help="records to generate")
    parser.add_argument("--reports", type=int, help="another number than one to 100 records")
    parser.add_argument("--processes", type=int, default=2, help="beside the main one")
    parser.add_argument("--no-peers", action="store_true", help="our own model alone")
    parser.add_argument("--write", action="store_true", help="write docs/matching.md and its curve")
    return parser


if __name__ == "__main__":
    main()
