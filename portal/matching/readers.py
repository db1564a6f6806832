"""How many people have to read a possible match before it counts, and who may be the next. Pure.

One reader decides, but for sexual offences two different people must agree before a record is
accepted. Where two disagree, or cannot tell, an inspector reads as a third. The only mistake that
hides a crime is to accept, so a third's refusal is enough by itself and an acceptance is not.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

Verdict = Literal["record", "none", "cannot_tell"]
Step = Literal["first", "second", "third", "accept", "refuse"]

VERDICTS: tuple[Verdict, ...] = ("record", "none", "cannot_tell")
DECIDERS = ("pcc", "inspector")


class Read(NamedTuple):
    """What one person made of a case. `record_id` is the record that it is, None for none."""

    reader: UUID
    role: str
    verdict: Verdict
    record_id: int | None = None


def counted(reads: Sequence[Read]) -> list[Read]:
    """The readings that count, in order: a force's registrar proposes, and decides nothing."""
    return [one for one in reads if one.role in DECIDERS]


def next_step(reads: Sequence[Read], *, double: bool) -> Step:
    """What has to happen next with a case, or what was decided on it.

    `double`: two people have to agree. To accept is to accept the record of the newest reading.
    """
    given = counted(reads)
    if not given:
        return "first"
    last, before = given[-1], given[:-1]
    if not double:
        return _decided(last) or ("second" if not before else "third")
    if not before:
        return "second"
    agrees = any((one.verdict, one.record_id) == (last.verdict, last.record_id) for one in before)
    if agrees or (len(before) > 1 and last.verdict == "none"):
        return _decided(last) or "third"
    return "third"


def may_read(reader: UUID, role: str, reads: Sequence[Read], *, double: bool) -> bool:
    """Whether this person may be the next to read: nobody reads twice, and a third inspects."""
    step = next_step(reads, double=double)
    if role not in DECIDERS or any(one.reader == reader for one in reads):
        return False
    return step in ("first", "second") or (step == "third" and role == "inspector")


def _decided(last: Read) -> Step | None:
    if last.verdict == "cannot_tell":
        return None
    return "accept" if last.verdict == "record" else "refuse"
