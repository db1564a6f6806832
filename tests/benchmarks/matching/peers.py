"""Marks of a peer: whatever it scores, taken at one operating point, and its best one."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.matching.rows import Truth
from tests.benchmarks.matching.shares import Share

Scores = dict[int, list[tuple[float, int]]]


@dataclass(frozen=True, slots=True)
class Point:
    """A peer at one threshold: what it links is a match, all else is alerted."""

    threshold: float
    hidden: Share
    hidden_sexual: Share
    right: Share
    wrongly_alerted: Share
    alerts_right: Share
    f1: float


def point(scores: Scores, truths: Sequence[Truth], threshold: float) -> Point:
    """The marks of linking every report to its best record at the threshold or above."""
    hidden: list[bool] = []
    sexual: list[bool] = []
    missed: list[bool] = []
    right: list[bool] = []
    alerts: list[bool] = []
    for truth in truths:
        best = max(scores.get(truth.number, ()), default=None)
        linked = best is not None and best[0] >= threshold
        if truth.is_recorded:
            missed.append(not linked)
        else:
            hidden.append(linked)
            if truth.is_sexual:
                sexual.append(linked)
        if linked and best is not None:
            right.append(best[1] in truth.records)
        else:
            alerts.append(not truth.is_recorded)
    recorded = max(1, len(missed))
    precision = sum(right) / max(1, len(right))
    recall = sum(right) / recorded
    return Point(
        threshold,
        Share.of_all(hidden),
        Share.of_all(sexual),
        Share.of_all(right),
        Share.of_all(missed),
        Share.of_all(alerts),
        2 * precision * recall / max(1e-9, precision + recall),
    )


def curve(scores: Scores, truths: Sequence[Truth], most: int = 60) -> list[Point]:
    """Points from the loosest threshold to the strictest, evenly over the best scores."""
    tops = sorted({max(links)[0] for links in scores.values() if links})
    step = max(1, len(tops) // most)
    chosen = tops[::step]
    if tops and tops[-1] not in chosen:
        chosen.append(tops[-1])
    return [point(scores, truths, one) for one in chosen]


def best(points: Sequence[Point]) -> Point:
    """The operating point that its makers would choose: the greatest F1."""
    return max(points, key=lambda one: one.f1)


def least_hidden(points: Sequence[Point], most_alerted: float) -> Point | None:
    """The point that hides least while it alerts no more recorded reports than this share."""
    allowed = [one for one in points if one.wrongly_alerted.value <= most_alerted]
    return min(allowed, key=lambda one: one.hidden.value, default=None)
