"""The Python Record Linkage Toolkit's ECM classifier on the same rows and fields."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import recordlinkage

from tests.benchmarks.matching.flattening import Flat

Scores = dict[int, list[tuple[float, int]]]

_KEYS = (
    ("reference",),
    ("incident",),
    ("telephone",),
    ("email",),
    ("born", "surname"),
    ("born", "forename"),
    ("surname", "forename", "force_id"),
    ("surname", "outward"),
)
_WEEK = 7


def recordlinkage_scores(reports: Sequence[Flat], records: Sequence[Flat]) -> Scores:
    """For each report its linked records with the classifier's log-odds in bits, best first."""
    left, right = _frame(reports), _frame(records)
    pairs = None
    for key in _KEYS:
        one = _complete(left, key)
        other = _complete(right, key)
        found = recordlinkage.index.Block(list(key)).index(one, other)
        pairs = found if pairs is None else pairs.union(found)
    compared = _compare(left, right, pairs)
    classifier = recordlinkage.ECMClassifier(binarize=0.8)
    classifier.fit(compared)
    chances = classifier.prob(compared)
    scores: Scores = {}
    for (report, record), chance in zip(chances.index, chances.to_numpy(), strict=True):
        inside = min(max(float(chance), 1e-15), 1 - 1e-15)
        bits = math.log2(inside / (1 - inside))
        scores.setdefault(int(report), []).append((bits, int(record)))
    for links in scores.values():
        links.sort(reverse=True)
    return scores


def _compare(left: pd.DataFrame, right: pd.DataFrame, pairs: pd.MultiIndex) -> pd.DataFrame:
    compare = recordlinkage.Compare()
    compare.string("forename", "forename", method="jarowinkler", threshold=0.88, label="forename")
    compare.string("surname", "surname", method="jarowinkler", threshold=0.88, label="surname")
    for field in ("born", "telephone", "email", "postcode", "reference", "incident", "force_id"):
        compare.exact(field, field, label=field)
    found = compare.compute(pairs, left, right)
    one = left.loc[pairs.get_level_values(0)]
    other = right.loc[pairs.get_level_values(1)]
    gap = np.maximum(one["since"].to_numpy(), other["since"].to_numpy()) - np.minimum(
        one["until"].to_numpy(), other["until"].to_numpy()
    )
    found["day"] = (gap <= 1).astype(int)
    found["week"] = (gap <= _WEEK).astype(int)
    found["told"] = (np.abs(one["told"].to_numpy() - other["told"].to_numpy()) <= 1).astype(int)
    found["offence"] = [
        int(not set(wide).isdisjoint(families))
        for wide, families in zip(one["wider"], other["families"], strict=True)
    ]
    return found.fillna(0)


def _complete(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    return frame[frame[list(key)].notna().all(axis=1)]


def _frame(rows: Sequence[Flat]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=Flat._fields).set_index("unique_id")
    return frame.replace("", None)
