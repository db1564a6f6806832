"""A line of the advocate's list: what it is about, how it stands, and what can be done next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.reference.categories import find_category
from portal.reference.forces import find_force
from portal.reports.caseload import Case
from portal.reports.states import State
from portal.web.report.standing import Standing, standings


@dataclass(frozen=True)
class CaseLine:
    """One report on the list. `can_open` is false for a draft, which is the person's alone."""

    id: UUID
    at: datetime
    about: list[str] = field(repr=False)
    forces: list[str]
    state: str
    colour: str
    next_step: str
    can_open: bool


def lines(session: Session, cases: Sequence[Case], *, now: datetime) -> list[CaseLine]:
    """The lines of these cases, in their order."""
    return [line(session, case, now=now) for case in cases]


def line(session: Session, case: Case, *, now: datetime) -> CaseLine:
    """How one case stands."""
    report = case.report
    stands = standings(session, case.allegations, now=now)
    state, colour, next_step = _stand(report.state, stands)
    found = (find_category(each.category) for each in case.allegations)
    forces = (find_force(each.force_id or "") for each in case.allegations)
    return CaseLine(
        id=report.id,
        at=report.filed_at or report.created_at,
        about=[category.name if category else "Something else" for category in found],
        forces=sorted({force.short_name for force in forces if force}),
        state=state,
        colour=colour,
        next_step=next_step,
        can_open=report.state != State.DRAFT,
    )


def _stand(state: str, stands: Sequence[Standing]) -> tuple[str, str, str]:
    if state == State.DRAFT:
        return "Not sent yet", "yellow", "They go on with their return code, alone or with you"
    if state == State.KEPT:
        return "Kept, told to nobody", "grey", "They can have it passed on, or say they told"
    if stands and all(each.records for each in stands):
        return "Police record found", "teal", "Read with them what the police wrote down"
    if any(each.limit and each.limit.passed and not each.records for each in stands):
        return "No police record in time", "orange", "Nothing to do now: it has to be checked"
    return "Waiting for a police record", "blue", "Nothing to do: we look at each supply"
