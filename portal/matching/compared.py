"""What came of comparing a pair, as it is kept in `matches`."""

from typing import NamedTuple, Self

from portal.matching.claims import event_of, victim_of
from portal.matching.levels import Levels
from portal.matching.model import Model
from portal.matching.models import Match
from portal.matching.opening import OpenedRecord
from portal.matching.posterior import weigh
from portal.matching.settling import pack
from portal.matching.shared_tokens import seen_by
from portal.matching.sides import ReportSide
from portal.matching.times import is_before_it
from portal.matching.weighing import kind_of
from portal.sealing import Tokens


class Compared(NamedTuple):
    """The version of the record, and where the pair is worth keeping its levels as `settling.pack`
    writes them, its weight in bits for a report of this kind, what stands for the victim and the
    event, and whether police had the record before it happened: as in `Match`.
    """

    version_id: int
    levels: str | None = None
    total: float | None = None
    kind: str | None = None
    victim: bytes | None = None
    event: bytes | None = None
    is_early: bool | None = None

    @classmethod
    def of(cls, match: Match) -> Self:
        """What is kept of a pair."""
        return cls(*(getattr(match, name) for name in cls._fields))

    def keep_in(self, match: Match) -> None:
        """Put it in place of what was kept of the pair."""
        for name, value in self._asdict().items():
            setattr(match, name, value)


def weigh_record(
    side: ReportSide, opened: OpenedRecord, levels: Levels, model: Model, tokens: Tokens
) -> Compared:
    """What is kept of a pair that has these levels."""
    seen = seen_by(side, opened.side, opened.shared, model)
    kind = kind_of(side)
    return Compared(
        opened.version_id,
        pack(levels),
        weigh(levels, model, kind=kind).total,
        kind,
        victim_of(seen.victim, opened.side, model, tokens),
        event_of(opened.side, tokens),
        is_before_it(side, opened.side),
    )
