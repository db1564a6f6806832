"""The peers by name. Those that need a library are imported only when they are run."""

from collections.abc import Callable, Sequence

from tests.benchmarks.matching.flattening import Flat
from tests.benchmarks.matching.peer_rules import exact_scores, ladder_scores
from tests.benchmarks.matching.peers import Scores

Score = Callable[[Sequence[Flat], Sequence[Flat]], Scores]


class NotInstalled(Exception):
    """A peer's library is not in this environment."""


def _splink(reports: Sequence[Flat], records: Sequence[Flat]) -> Scores:
    try:
        from tests.benchmarks.matching.peer_splink import splink_scores
    except ImportError as missing:
        raise NotInstalled(str(missing)) from missing
    return splink_scores(reports, records)


def _recordlinkage(reports: Sequence[Flat], records: Sequence[Flat]) -> Scores:
    try:
        from tests.benchmarks.matching.peer_recordlinkage import recordlinkage_scores
    except ImportError as missing:
        raise NotInstalled(str(missing)) from missing
    return recordlinkage_scores(reports, records)


PEERS: dict[str, Score] = {
    "Exact reference": exact_scores,
    "Ladder of 8 rules": ladder_scores,
    "recordlinkage ECM": _recordlinkage,
    "Splink": _splink,
}
