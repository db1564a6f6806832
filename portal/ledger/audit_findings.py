"""What an audit says: one finding a line, in plain words, without anything personal in it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

CLOCKS = timedelta(minutes=5)
"""How far clocks of several machines, and the wait for the head of the log, may be apart."""
_AT_ONCE = timedelta(minutes=15)
_IN_RUNS = timedelta(hours=6)
_OF_RUNS = frozenset({"supply_taken", "matched", "match_ended", "alert_raised", "alert_changed"})


class Finding(NamedTuple):
    """Something that should not be. `what` is a short name, `where` an entry number or a row's id,
    `words` what is wrong and what it may mean.
    """

    what: str
    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.words}"


@dataclass
class Findings:
    """Where checks leave what they find; `tell` is given each finding at once."""

    tell: Callable[[Finding], None]
    count: Counter[str] = field(default_factory=Counter)

    def add(self, what: str, where: str, words: str) -> None:
        """Tell one finding."""
        self.count[what] += 1
        self.tell(Finding(what, where, words))

    def unless(self, holds: bool, what: str, where: str, words: str) -> bool:
        """Tell it unless it `holds`; whether it does."""
        if not holds:
            self.add(what, where, words)
        return holds


def slack(kind: str) -> timedelta:
    """How long before it was appended an honest entry of this kind can have taken its time.

    An entry takes its time when the work begins: a page's at once, a long run's (a supply, a round
    of matching or of the sweep) hours before the last entry of the run.
    """
    return _IN_RUNS if kind in _OF_RUNS else _AT_ONCE
