"""Asking whether a record is that of a report: of the victim, or of the force that made it.

The victim finds the question on coming back with the return code, the force in its liaison's
inbox, and only of a report that was passed to it: no force is asked about a report without the
victim's consent. Where a person asked, an answer stops no clock: a victim's "yes" is compared like
a number that they gave at first, and a person decides all the same (`asking_first` is another
matter). A victim's "no" to whether a record is of this event, or in their name, refuses it for
good.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.languages.translating import _
from portal.ledger.service import append
from portal.matching.beside import Named, put_beside, unweighed_pair
from portal.matching.cases import Case, find_case
from portal.matching.deciding import disown
from portal.matching.explained import find_explanation
from portal.matching.models import Match, Question
from portal.matching.queries import Waiting
from portal.matching.questions import (
    ANSWERS,
    NOT_THEIRS,
    Answer,
    Asks,
    context_of_words,
    entry_about,
    is_proposed,
    words_for,
)
from portal.matching.readers import DECIDERS
from portal.police.models import CrimeRecord
from portal.reports.closed import is_closed
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import Allegation, Handover, Report
from portal.sealing import Keyring

_LONGEST_WORDS = 2000
_KINDS = {"unrelated": "number", "another": "event", "housemate": "person"}


def kind_for(session: Session, sides: Waiting, asks: Asks) -> str:
    """Which words to ask with: for a victim, by what is in doubt."""
    if asks == "force":
        return "record"
    explanation = find_explanation(sides.match, sides.allegation, sides.record, session)
    return _KINDS[explanation.asks_about] if explanation else "number"


def can_ask_force(session: Session, report_id: UUID, force_id: str) -> bool:
    """Whether the report was passed to this force: then its person agreed that it is asked."""
    query = select(Handover.id).where(
        Handover.report_id == report_id, Handover.force_id == force_id
    )
    return session.scalar(query.limit(1)) is not None


def ask(
    session: Session,
    allegation_id: UUID,
    record_id: int,
    asks: Asks,
    *,
    account: Account,
    named: Named | None = None,
    keyring: Keyring,
    now: datetime,
) -> Question:
    """Ask about one candidate, or where there are too many about the one `named`. The same question
    again is the one that is there.

    Raises NotFound, NotAllowed for a registrar, or Refused: when it is no candidate, when the
    report was withdrawn or erased, or when the force was never passed it.
    """
    case = find_case(session, account, allegation_id)
    if case is None:
        raise NotFound("There is no such case, or it is not one of yours to see.")
    if account.role not in DECIDERS:
        raise NotAllowed("Nothing was asked. A PCC office or an inspector has to ask.")
    report = get_report(session, case.allegation.report_id, lock=True)
    _check_open(report)
    if named is not None:
        case = put_beside(session, case, named, now=now)
    sides = _candidate(case, record_id)
    if asks == "force" and not can_ask_force(session, report.id, sides.record.force_id):
        raise Refused(
            "Nothing was asked. The report was not passed to this force, so its person has not "
            "agreed that it is asked."
        )
    there = _find(session, allegation_id, record_id, asks)
    if there is not None:
        return there
    made = Question(
        allegation_id=allegation_id,
        record_id=record_id,
        asks=asks,
        kind=kind_for(session, sides, asks),
        asked_by=account.id,
        asked_at=now,
    )
    session.add(made)
    session.flush()
    said = {"decided.role": account.role, "decided.organisation": account.organisation}
    _record(session, made, case.allegation, sides.record, "asked", said, keyring, now)
    return made


def answer_by_victim(
    session: Session,
    report_id: UUID,
    question_id: UUID,
    answer: Answer,
    *,
    with_code: bool = False,
    keyring: Keyring,
    now: datetime,
) -> Question:
    """Keep a victim's answer, once, and have the report compared again. The same one again is the
    one that is there. `with_code`: the return code was typed just before; where the rules asked, a
    yes needs it. Raises NotFound for another report's question, or Refused.
    """
    report = get_report(session, report_id, lock=True)
    question, allegation = _get(session, question_id, "victim")
    if allegation.report_id != report_id:
        raise NotFound(_("There is no such question."))
    if question.answer == answer:
        return question
    _check_open(report)
    if question.asked_by is None and question.answer is None:
        _check_first(session, question, answer, with_code=with_code)
    # Written before the entry: whoever matches holds allegations while it waits for the log's head.
    allegation.to_match = True
    session.flush()
    if answer == "no" and question.answer is None and question.kind in NOT_THEIRS:
        # Before the entry about the answer: it locks what others wait for who hold the log's head.
        _refuse_for_them(session, question, keyring, now)
    _answer(session, question, allegation, answer, {}, keyring, now)
    return question


def _check_first(session: Session, question: Question, answer: Answer, *, with_code: bool) -> None:
    if not is_proposed(session, question):
        raise Refused(_("Nothing was saved. This is not asked any more."))
    if answer == "yes" and not with_code:
        raise Refused(
            _(
                "Nothing was saved. A yes counts only shortly after the return code was typed. "
                "Close this, open it again with the return code, and answer then."
            )
        )


def _refuse_for_them(session: Session, question: Question, keyring: Keyring, now: datetime) -> None:
    one, record_id = question.allegation_id, question.record_id
    # Nobody else may write the pair meanwhile.
    session.scalars(select(Allegation.id).where(Allegation.id == one).with_for_update()).one()
    query = select(Match).where(Match.allegation_id == one, Match.record_id == record_id)
    match = session.scalars(query).one_or_none()
    if match is None:
        # A record that somebody named where there are too many: nothing was kept of it.
        match = unweighed_pair(session, one, record_id, now=now)
    if match.state != "refused":
        record = session.get_one(CrimeRecord, question.record_id)
        asked = words_for(question.kind, record.reference)
        disown(session, match.id, reason=f"Asked “{asked}”: no.", keyring=keyring, now=now)


def answer_by_force(
    session: Session,
    question_id: UUID,
    answer: Answer,
    *,
    account: Account,
    words: str,
    keyring: Keyring,
    now: datetime,
) -> Question:
    """Keep what a force says, once, as its claim. Raises NotFound for another's, or Refused."""
    question, allegation = _get(session, question_id, "force")
    record = session.get_one(CrimeRecord, question.record_id)
    if account.force_id is None or record.force_id != account.force_id:
        raise NotFound("There is nothing under that address in your inbox.")
    if len(words) > _LONGEST_WORDS:
        raise Refused(f"What you add can be up to {_LONGEST_WORDS} characters long.")
    report = get_report(session, allegation.report_id, lock=True)
    _check_open(report)
    session.refresh(question)
    said = {"words": words.strip(), "role": account.role, "organisation": account.organisation}
    if words.strip():
        data_key = get_data_key(session, report.id, keyring=keyring)
        question.sealed_words = data_key.seal(words.strip().encode(), context_of_words(question))
    question.answered_by = account.id
    _answer(session, question, allegation, answer, said, keyring, now)
    return question


def _answer(
    session: Session,
    question: Question,
    allegation: Allegation,
    answer: Answer,
    said: Mapping[str, object],
    keyring: Keyring,
    now: datetime,
) -> None:
    if answer not in ANSWERS:
        raise Refused(_("Nothing was saved. Choose one of the answers."))
    if question.answer is not None:
        raise Refused(_("Nothing was saved. This was answered already, and the answer stands."))
    question.answer, question.answered_at = answer, now
    session.flush()
    record = session.get_one(CrimeRecord, question.record_id)
    said = {"answer": answer, **said}
    _record(session, question, allegation, record, "answered", said, keyring, now)


def _record(
    session: Session,
    question: Question,
    allegation: Allegation,
    record: CrimeRecord,
    what: str,
    said: Mapping[str, object],
    keyring: Keyring,
    now: datetime,
) -> None:
    """The entry: `victim_asked`, `victim_answered`, `force_asked` or `force_replied`."""
    if question.asks == "force" and what == "answered":
        what = "replied"
    data_key = get_data_key(session, allegation.report_id, keyring=keyring)
    kind = f"{question.asks}_{what}"
    entry = entry_about(question, allegation, record, kind, said, data_key.seal)
    append(session, [entry], now=now)


def _check_open(report: Report) -> None:
    if is_closed(report):
        raise Refused(
            _("Nothing was saved. The person it belongs to withdrew it or had it erased.")
        )


def _candidate(case: Case, record_id: int) -> Waiting:
    for one in case.proposed:
        if one.record.id == record_id:
            return one
    raise Refused(
        "Nothing was asked. This record is not among the candidates any more. Look again."
    )


def _find(session: Session, allegation_id: UUID, record_id: int, asks: Asks) -> Question | None:
    query = select(Question).where(
        Question.allegation_id == allegation_id,
        Question.record_id == record_id,
        Question.asks == asks,
    )
    return session.scalars(query).one_or_none()


def _get(session: Session, question_id: UUID, asks: Asks) -> tuple[Question, Allegation]:
    question = session.scalars(
        select(Question).where(Question.id == question_id, Question.asks == asks).with_for_update()
    ).one_or_none()
    if question is None:
        raise NotFound(_("There is no such question."))
    return question, session.get_one(Allegation, question.allegation_id)
