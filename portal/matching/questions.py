"""The questions that were asked about candidates, as they are read: by whom, and what was answered.

Words hold the crime reference of the record and nothing else.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.languages.translating import _, noted
from portal.ledger.service import NewEntry, Seal
from portal.matching.calls import is_open_about
from portal.matching.models import Match, Question, Statement
from portal.matching.zones import CALL
from portal.police.models import CrimeRecord
from portal.police.queries import find_current_version
from portal.reports.closed import is_closed, is_open
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation, Handover, Report, ReportKey
from portal.sealing import Keyring

Asks = Literal["victim", "force"]
Answer = Literal["yes", "no", "unknown"]
ANSWERS: tuple[Answer, ...] = ("yes", "no", "unknown")
NOT_THEIRS = frozenset({"event", "person"})
"""Questions whose "no" says that the record is not of this report. That police gave no number says
less: many never tell anybody one. So does that a number is not quite theirs, or that a call was
about more than this.
"""
_AT_ONCE = 500
# Made once: to put a query together costs as much as to ask it.
_CONFIRMED = (
    select(Question.allegation_id, CrimeRecord.reference)
    .join(CrimeRecord, CrimeRecord.id == Question.record_id)
    .where(
        Question.allegation_id.in_(bindparam("allegation_ids", expanding=True)),
        Question.asks == "victim",
        Question.answer == "yes",
        Question.kind != CALL,
    )
    .order_by(Question.record_id)
)
_FOR_THIS = noted(
    "Is %(reference)s the number for this, and not for something else that happened to you?"
)
_WORDS: Mapping[str, str] = {
    "number": noted("Did the police give you the number %(reference)s for this?"),
    "event": _FOR_THIS,
    "near": _FOR_THIS,
    "call": noted(
        "Was the number that you gave us for this, and for nothing else that happened to you?"
    ),
    "person": noted(
        "Is %(reference)s in your name, and not in the name of somebody you live with or were with?"
    ),
    "record": noted("Is %(reference)s the record of this report?"),
}


@dataclass(frozen=True)
class Asked:
    """A question with its answer, if there is one. `words` holds the record's reference alone.

    `is_first`: the rules asked, before anybody read (`asking_first`). `kind` as in `Question`;
    `is_removed`: police removed the record, so far as the person who is to answer needs to know.
    """

    id: UUID
    allegation_id: UUID
    record_id: int
    asks: str
    words: str
    at: datetime
    answer: str | None
    answered_at: datetime | None
    added: str = field(default="", repr=False)
    is_first: bool = False
    kind: str = ""
    is_removed: bool = False


@dataclass(frozen=True)
class InInbox:
    """A question to a force: which delivery it is about, and what was asked."""

    question: Asked
    handover_id: UUID
    delivered_at: datetime


def words_for(kind: str, reference: str) -> str:
    """What is asked, about the record with this reference."""
    return _WORDS[kind] % {"reference": reference}


def say_question(words: str, reference: str) -> str:
    """A question that was asked, as `words_for` worded it, in the language of this request."""
    asked = (each for each in _WORDS.values() if each % {"reference": reference} == words)
    known = next(asked, None)
    return _(known, reference=reference) if known else words


def entry_about(
    question: Question,
    allegation: Allegation,
    record: CrimeRecord,
    kind: str,
    said: Mapping[str, object],
    seal: Seal,
) -> NewEntry:
    """The ledger's entry about a question: what was asked, about which record, and `said`."""
    fields = {
        "allegation": allegation.ordinal,
        "record.force": record.force_id,
        "record.reference": record.reference,
        "question": words_for(question.kind, record.reference),
        **said,
    }
    return NewEntry(kind, allegation.report_id, fields, seal)


def questions_about(
    session: Session, allegation: Allegation, *, keyring: Keyring
) -> Sequence[Asked]:
    """Every question about an allegation, oldest first, with the answers."""
    return _asked(session, [allegation.id], keyring, allegation.report_id)


def to_answer(session: Session, report: Report) -> list[Asked]:
    """What the person who comes back is asked; nothing once they closed it."""
    if is_closed(report):
        return []
    ids = session.scalars(select(Allegation.id).where(Allegation.report_id == report.id)).all()
    found = _asked(session, ids, None, report.id)
    open_ones = [one for one in found if one.asks == "victim" and one.answer is None]
    return [
        replace(one, is_removed=_is_removed(session, one.record_id)) if one.is_first else one
        for one in open_ones
        if not one.is_first or is_proposed(session, one)
    ]


def _is_removed(session: Session, record_id: int) -> bool:
    version = find_current_version(session, record_id)
    return version is not None and version.removal_code is not None


def is_proposed(session: Session, question: Asked | Question) -> bool:
    """Whether the record of a question still waits for somebody: what the rules asked is moot once
    a person decided, or the record is somebody else's; and about a call, once its number can be of
    more than that record.
    """
    about = question.allegation_id, question.record_id
    if question.kind == CALL and not is_open_about(session, *about):
        return False
    query = select(Match.id).where(
        Match.allegation_id == question.allegation_id,
        Match.record_id == question.record_id,
        Match.state == "proposed",
        Match.reopened_at.is_(None),
    )
    return session.scalar(query.limit(1)) is not None


def questions_to(session: Session, force_id: str) -> list[InInbox]:
    """What a force is asked and has not answered, oldest first."""
    rows = session.execute(
        select(Question, CrimeRecord.reference, Handover)
        .join(CrimeRecord, CrimeRecord.id == Question.record_id)
        .join(Allegation, Allegation.id == Question.allegation_id)
        .join(Report, Report.id == Allegation.report_id)
        .join(
            Handover,
            (Handover.report_id == Report.id) & (Handover.force_id == CrimeRecord.force_id),
        )
        .where(
            Question.asks == "force",
            Question.answer.is_(None),
            CrimeRecord.force_id == force_id,
            is_open(),
        )
        .order_by(Question.asked_at, Question.id)
    )
    return [
        InInbox(_shown(question, reference, ""), handover.id, handover.delivered_at)
        for question, reference, handover in rows
    ]


def get_question_to(session: Session, question_id: UUID, *, force_id: str) -> InInbox:
    """One open question to this force. Raises NotFound for any other."""
    for one in questions_to(session, force_id):
        if one.question.id == question_id:
            return one
    raise NotFound("There is nothing under that address in your inbox, or it is answered.")


def asked_about(session: Session, allegation_ids: Sequence[UUID]) -> set[tuple[UUID, int]]:
    """The pairs of these allegations and a record about which a person asked anybody, or of which
    the victim ever said that it is not theirs. Whom the rules asked first, and who did not say
    otherwise than yes, is not among them.
    """
    wanted = list(allegation_ids)
    query = select(Question.allegation_id, Question.record_id)
    by_a_person = or_(Question.asked_by.is_not(None), Question.answer.in_(("no", "unknown")))
    rows = session.execute(query.where(Question.allegation_id.in_(wanted), by_a_person))
    found = {(one, record_id) for one, record_id in rows}
    disowned = select(Statement.allegation_id, Statement.record_id).where(
        Statement.allegation_id.in_(wanted), Statement.kind == "not_mine"
    )
    return found | {(one, record_id) for one, record_id in session.execute(disowned) if record_id}


def is_disowned(session: Session, allegation_id: UUID, record_id: int) -> bool:
    """Whether the victim, asked about this record, said that it is not of this report."""
    query = select(Question.id).where(
        Question.allegation_id == allegation_id,
        Question.record_id == record_id,
        Question.asks == "victim",
        Question.kind.in_(NOT_THEIRS),
        Question.answer == "no",
    )
    return session.scalar(query.limit(1)) is not None


def confirmed_references(session: Session, allegation_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The numbers to which the victim said yes when they were asked."""
    found: dict[UUID, list[str]] = {}
    for start in range(0, len(allegation_ids), _AT_ONCE):
        some = list(allegation_ids[start : start + _AT_ONCE])
        for one, reference in session.execute(_CONFIRMED, {"allegation_ids": some}):
            found.setdefault(one, []).append(reference)
    return found


def context_of_words(question: Question) -> str:
    """What binds the words that a force added to their question."""
    return f"question-words:{question.id}"


def _asked(
    session: Session, allegation_ids: Collection[UUID], keyring: Keyring | None, report_id: UUID
) -> list[Asked]:
    rows = session.execute(
        select(Question, CrimeRecord.reference)
        .join(CrimeRecord, CrimeRecord.id == Question.record_id)
        .where(Question.allegation_id.in_(allegation_ids))
        .order_by(Question.asked_at, Question.id)
    ).all()
    found: list[Asked] = []
    is_there = keyring is not None and session.get(ReportKey, report_id) is not None
    for question, reference in rows:
        added = ""
        if question.sealed_words and keyring is not None and is_there:
            data_key = get_data_key(session, report_id, keyring=keyring)
            added = data_key.open(question.sealed_words, context_of_words(question)).decode()
        found.append(_shown(question, reference, added))
    return found


def _shown(question: Question, reference: str, added: str) -> Asked:
    return Asked(
        question.id,
        question.allegation_id,
        question.record_id,
        question.asks,
        _(_WORDS[question.kind], reference=reference),
        question.asked_at,
        question.answer,
        question.answered_at,
        added,
        question.asked_by is None,
        question.kind,
    )
