"""The short survey: what a person is done with, sealed; and what was answered, as numbers alone.

An answer is added to a number and kept nowhere else: it has no row, no report and no time but the
quarter, and no entry in the ledger, so that nobody can be asked what somebody thought of them.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.clock import to_london
from portal.errors import Refused
from portal.languages.translating import _
from portal.reports.drafts import get_data_key, get_report
from portal.reports.milestones import MILESTONES, Milestone, quarter_of
from portal.reports.survey_models import SurveyCount, SurveyState
from portal.sealing import Keyring

Item = Literal["informed", "fairly", "respect", "believed", "investigated", "again"]
ITEMS: tuple[Item, ...] = get_args(Item)
NOT_SAID = 0
HIGHEST = 5
_CONTEXT = "survey-state"


def done_with(session: Session, report_id: UUID, *, keyring: Keyring) -> frozenset[str]:
    """The milestones that the person answered or put away."""
    row = session.get(SurveyState, report_id)
    if row is None:
        return frozenset()
    data_key = get_data_key(session, report_id, keyring=keyring)
    return frozenset(data_key.open_json(row.sealed, f"{_CONTEXT}:{report_id}"))


def answer_survey(
    session: Session,
    report_id: UUID,
    milestone: Milestone,
    answers: Mapping[str, int],
    *,
    force_id: str,
    passed: Collection[str],
    keyring: Keyring,
    now: datetime,
) -> bool:
    """Count the answers, once for a milestone; False when the person was done with it before.

    `answers` are 1 to 5 by item, 0 for "prefer not to say"; an item left out is no answer. `passed`
    are all milestones reached by now: none of them is brought up again. Raises Refused for anything
    else, and once the report was withdrawn or erased.
    """
    _check(milestone, answers)
    if not _finish(session, report_id, {milestone, *passed}, milestone, keyring=keyring):
        return False
    for item, answer in sorted(answers.items()):
        _count(session, force_id, milestone, quarter_of(to_london(now)), item, answer)
    return True


def dismiss_survey(
    session: Session,
    report_id: UUID,
    milestone: Milestone,
    *,
    passed: Collection[str],
    keyring: Keyring,
) -> None:
    """Put the question away for good, with all that were reached before."""
    _check(milestone, {})
    _finish(session, report_id, {milestone, *passed}, milestone, keyring=keyring)


def _finish(
    session: Session, report_id: UUID, done: set[str], milestone: str, *, keyring: Keyring
) -> bool:
    report = get_report(session, report_id, lock=True)
    if report.withdrawn_at is not None or report.erased_at is not None:
        raise Refused(_("Nothing was saved. You withdrew this, so nothing more is asked about it."))
    before = done_with(session, report_id, keyring=keyring)
    if milestone in before:
        return False
    data_key = get_data_key(session, report_id, keyring=keyring)
    sealed = data_key.seal_json(sorted(before | done), f"{_CONTEXT}:{report_id}")
    row = session.get(SurveyState, report_id)
    if row is None:
        session.add(SurveyState(report_id=report_id, sealed=sealed))
    else:
        row.sealed = sealed
    session.flush()
    return True


def _check(milestone: str, answers: Mapping[str, int]) -> None:
    fits = all(item in ITEMS and NOT_SAID <= answer <= HIGHEST for item, answer in answers.items())
    if milestone not in MILESTONES or not fits:
        raise Refused(_("Nothing was saved. Choose from the answers on the page."))


def _count(
    session: Session, force_id: str, milestone: str, quarter: str, item: str, answer: int
) -> None:
    cell = {
        "force_id": force_id,
        "milestone": milestone,
        "quarter": quarter,
        "item": item,
        "answer": answer,
    }
    # Two people may give the first such answer at once: the second adds to the first's number.
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    make = insert(SurveyCount).values(**cell, number=1)
    session.execute(
        make.on_conflict_do_update(
            index_elements=list(cell), set_={"number": SurveyCount.number + 1}
        )
    )
