"""The benchmarks still run, and say every figure that has a mark."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_SMALL = {
    "BENCH_REPORTS": "80",
    "BENCH_RECORDS": "60",
    "BENCH_ENTRIES": "1000",
    "BENCH_PROOFS": "5",
    "BENCH_OPENINGS": "50",
    "BENCH_MEGABYTES": "3",
    "BENCH_OPEN": "40",
    "BENCH_SUPPLY": "30",
    "BENCH_LOOKS": "10",
    "BENCH_ROUNDS": "1",
    # What the tests run on both kinds of database is enough; starting a server here is not quick.
    "BENCH_BACKENDS": "sqlite",
    "PYTHONPATH": str(_ROOT),
}


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "bench_receipts.py",
            [
                "sqlite, 1 writer: of the bare rate",
                "sqlite, 8 writers: p99 against bare",
            ],
        ),
        (
            "bench_proofs.py",
            [
                "sqlite: ms of an inclusion proof, median",
                "sqlite: bytes an entry beyond its leaf",
                "sqlite: an opening of 'submitted'",
            ],
        ),
        (
            "bench_evidence.py",
            ["sqlite: times as long as bare", "sqlite: MiB of memory more", "for each of the file"],
        ),
        (
            "bench_candidates.py",
            [
                "sqlite: one report, ms beyond the look-up, p99:",
                "sqlite: one report, ms of processor beyond",
                "sqlite: a day's supply, s:",
            ],
        ),
        (
            "bench_rerun.py",
            ["all at once, s:", "DuckDB alone", "step by step, s:", "the same both ways: True"],
        ),
        ("bench_national.py", ["80 reports against 60 records", "ours: pairs", "all, s:"]),
    ],
)
def test_a_benchmark_runs_small_and_says_what_was_promised(script: str, said: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, Path(__file__).with_name(script)],
        cwd=_ROOT,
        env=os.environ | _SMALL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    for words in said:
        assert words in ran.stdout
