"""What an audit compares for one subject: its entries, opened, and the rows they belong to."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.accounts.models import Account
from portal.alerts.models import Alert, AlertAction, Clock
from portal.db import Base
from portal.errors import OnRecordError
from portal.evidence.models import EvidenceFile, EvidencePart
from portal.ledger.audit_findings import Findings
from portal.ledger.audit_opening import Keys, Opened
from portal.ledger.models import LedgerOpening
from portal.ledger.service import Seal
from portal.matching.models import Match, Question, Reading, Statement
from portal.police.models import CrimeRecord, CrimeRecordVersion, Supply
from portal.reports.contact_models import Message, SafeContact
from portal.reports.models import (
    Allegation,
    CodeChange,
    ForceAnswer,
    Handover,
    Look,
    Report,
    ReportKey,
    ReturnCode,
)
from portal.sealing import Keyring

_AT_ONCE = 100
_Row = TypeVar("_Row", bound=Base)
Account_ = tuple[str, str]
MatchRow = tuple[Match, CrimeRecord, CrimeRecordVersion | None]
ReadingRow = tuple[Reading, CrimeRecord | None, CrimeRecordVersion | None]
QuestionRow = tuple[Question, CrimeRecord]
StatementRow = tuple[Statement, CrimeRecord | None]


@dataclass
class Dossier:
    """A subject's entries in their order, and every row that should have one."""

    subject: UUID
    entries: list[Opened]
    seal: Seal | None = field(default=None, repr=False)
    report: Report | None = None
    allegations: list[Allegation] = field(default_factory=list)
    clocks: dict[UUID, Clock] = field(default_factory=dict)
    handovers: list[Handover] = field(default_factory=list)
    answers: list[ForceAnswer] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    matches: list[MatchRow] = field(default_factory=list)
    readings: list[ReadingRow] = field(default_factory=list)
    questions: list[QuestionRow] = field(default_factory=list)
    statements: list[StatementRow] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    actions: list[AlertAction] = field(default_factory=list)
    codes: list[ReturnCode] = field(default_factory=list)
    changes: list[CodeChange] = field(default_factory=list)
    contact: SafeContact | None = None
    files: list[EvidenceFile] = field(default_factory=list)
    pieces: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Opened]:
        """The entries of these kinds, also those that cannot be opened."""
        return [one for one in self.entries if one.kind in kinds]

    def opened(self, *kinds: str) -> list[tuple[Opened, Mapping[str, Any]]]:
        """The entries of these kinds that can be opened, with their fields."""
        return [(one, one.fields) for one in self.of(*kinds) if one.fields is not None]

    def unseal(self, sealed: bytes | None, context: str) -> bytes | None:
        """Open something sealed with the subject's own key; None when it does not open."""
        if self.seal is None or not sealed:
            return None
        try:
            return self.seal(sealed, context)
        except OnRecordError:
            return None


def find_keys(session: Session, subjects: Collection[UUID], keyring: Keyring) -> dict[UUID, Seal]:
    """What opens the entries of these reports and supplies, as far as their keys open."""
    wrapped = [
        *session.execute(
            select(ReportKey.report_id, ReportKey.wrapped).where(ReportKey.report_id.in_(subjects))
        ),
        *session.execute(select(Supply.id, Supply.wrapped_key).where(Supply.id.in_(subjects))),
    ]
    found: dict[UUID, Seal] = {}
    for subject, key in wrapped:
        try:
            found[subject] = keyring.unwrap(key).open
        except OnRecordError:
            continue
    return found


def read_reports(session: Session, keys: Keys) -> Iterator[Dossier]:
    """Every report with its entries and rows, in chunks."""
    query = select(Report).order_by(Report.id).limit(_AT_ONCE)
    reports = session.scalars(query).all()
    while reports:
        yield from _gather(session, keys, reports)
        last = reports[-1].id
        session.expunge_all()
        if len(reports) < _AT_ONCE:
            return
        reports = session.scalars(query.where(Report.id > last)).all()


def read_entries_of(
    session: Session, keys: Keys, subjects: Sequence[UUID]
) -> dict[UUID, list[Opened]]:
    """The entries of these subjects, each in its order."""
    own, found = keys.find(session, subjects), defaultdict[UUID, list[Opened]](list)
    rows = session.scalars(
        select(LedgerOpening)
        .where(LedgerOpening.subject.in_(subjects))
        .order_by(LedgerOpening.subject, LedgerOpening.sequence)
    )
    for row in rows:
        found[row.subject].append(keys.open(row, own))
    return found


def read_accounts(session: Session) -> dict[UUID, Account_]:
    """Role and organisation of every account."""
    rows = session.execute(select(Account.id, Account.role, Account.organisation))
    return {id_: (role, organisation) for id_, role, organisation in rows}


def compare(
    findings: Findings,
    what: str,
    where: str,
    entries: Sequence[tuple[object, int]],
    rows: Sequence[tuple[object, object]],
    words: str,
) -> None:
    """Tell each entry that has no row, and each row that has no entry or shares one.

    Each side is what must be equal, with an entry's number or a row's id.
    """
    there, here = Counter(key for key, _ in entries), Counter(key for key, _ in rows)
    for key, index in entries:
        if here[key] < there[key]:
            findings.add(
                what,
                f"entry {index}",
                f"no {words} of {where} fits it: the row was changed or deleted",
            )
    for key, row in rows:
        if there[key] < here[key]:
            findings.add(
                what,
                f"{words} {row}",
                "no entry of its own fits it: the row was changed, or put in past the log",
            )


def _gather(session: Session, keys: Keys, reports: Sequence[Report]) -> Iterator[Dossier]:
    ids = [one.id for one in reports]
    entries = read_entries_of(session, keys, ids)
    own = keys.find(session, ids)
    allegations = _grouped(session, Allegation, Allegation.report_id, ids)
    handovers = _grouped(session, Handover, Handover.report_id, ids)
    looks = _grouped(session, Look, Look.report_id, ids)
    about = [one.id for some in allegations.values() for one in some]
    passed = [one.id for some in handovers.values() for one in some]
    clocks = {one.allegation_id: one for one in _all(session, Clock, Clock.allegation_id, about)}
    answers = _grouped(session, ForceAnswer, ForceAnswer.handover_id, passed)
    alerts = _grouped(session, Alert, Alert.allegation_id, about)
    matches = _matches(session, about)
    readings, questions = _readings(session, about), _questions(session, about)
    statements = _statements(session, about)
    raised = [one.id for some in alerts.values() for one in some]
    actions = _grouped(session, AlertAction, AlertAction.alert_id, raised)
    codes = _grouped(session, ReturnCode, ReturnCode.report_id, ids)
    changes = _grouped(session, CodeChange, CodeChange.report_id, ids)
    ways = {one.report_id: one for one in _all(session, SafeContact, SafeContact.report_id, ids)}
    files = _grouped(session, EvidenceFile, EvidenceFile.report_id, ids)
    pieces = _count_pieces(session, [one.id for some in files.values() for one in some])
    messages = _grouped(session, Message, Message.report_id, ids)
    for report in reports:
        made = Dossier(report.id, entries[report.id], own.get(report.id), report)
        made.allegations = sorted(allegations[report.id], key=lambda one: one.ordinal)
        made.handovers, made.looks = handovers[report.id], looks[report.id]
        made.codes, made.changes = codes[report.id], changes[report.id]
        made.files, made.pieces = files[report.id], pieces
        made.contact, made.messages = ways.get(report.id), messages[report.id]
        made.answers = [one for passed in made.handovers for one in answers[passed.id]]
        for allegation in made.allegations:
            if allegation.id in clocks:
                made.clocks[allegation.id] = clocks[allegation.id]
            made.matches += matches[allegation.id]
            made.readings += readings[allegation.id]
            made.questions += questions[allegation.id]
            made.statements += statements[allegation.id]
            made.alerts += alerts[allegation.id]
        made.actions = [one for alert in made.alerts for one in actions[alert.id]]
        yield made


def _matches(session: Session, about: Sequence[UUID]) -> dict[UUID, list[MatchRow]]:
    found = defaultdict[UUID, list[MatchRow]](list)
    rows = session.execute(
        select(Match, CrimeRecord, CrimeRecordVersion)
        .join(CrimeRecord, CrimeRecord.id == Match.record_id)
        .outerjoin(CrimeRecordVersion, CrimeRecordVersion.id == Match.version_id)
        .where(Match.allegation_id.in_(about))
    )
    for match, record, version in rows:
        found[match.allegation_id].append((match, record, version))
    return found


def _count_pieces(session: Session, file_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many pieces each file has, and its copy. What is in them is not read."""
    found = dict[UUID, tuple[int, int]]()
    rows = session.execute(
        select(EvidencePart.file_id, EvidencePart.is_copy, func.count())
        .where(EvidencePart.file_id.in_(file_ids))
        .group_by(EvidencePart.file_id, EvidencePart.is_copy)
    )
    for file_id, is_copy, count in rows:
        originals, copies = found.get(file_id, (0, 0))
        found[file_id] = (originals, count) if is_copy else (count, copies)
    return found


def _readings(session: Session, about: Sequence[UUID]) -> dict[UUID, list[ReadingRow]]:
    found = defaultdict[UUID, list[ReadingRow]](list)
    rows = session.execute(
        select(Reading, CrimeRecord, CrimeRecordVersion)
        .outerjoin(CrimeRecord, CrimeRecord.id == Reading.record_id)
        .outerjoin(CrimeRecordVersion, CrimeRecordVersion.id == Reading.version_id)
        .where(Reading.allegation_id.in_(about))
    )
    for reading, record, version in rows:
        found[reading.allegation_id].append((reading, record, version))
    return found


def _questions(session: Session, about: Sequence[UUID]) -> dict[UUID, list[QuestionRow]]:
    found = defaultdict[UUID, list[QuestionRow]](list)
    rows = session.execute(
        select(Question, CrimeRecord)
        .join(CrimeRecord, CrimeRecord.id == Question.record_id)
        .where(Question.allegation_id.in_(about))
    )
    for question, record in rows:
        found[question.allegation_id].append((question, record))
    return found


def _statements(session: Session, about: Sequence[UUID]) -> dict[UUID, list[StatementRow]]:
    found = defaultdict[UUID, list[StatementRow]](list)
    rows = session.execute(
        select(Statement, CrimeRecord)
        .outerjoin(CrimeRecord, CrimeRecord.id == Statement.record_id)
        .where(Statement.allegation_id.in_(about))
    )
    for statement, record in rows:
        found[statement.allegation_id].append((statement, record))
    return found


def _all(
    session: Session, model: type[_Row], key: InstrumentedAttribute[Any], ids: Sequence[UUID]
) -> Sequence[_Row]:
    return session.scalars(select(model).where(key.in_(ids))).all()


def _grouped(
    session: Session, model: type[_Row], key: InstrumentedAttribute[Any], ids: Sequence[UUID]
) -> dict[UUID, list[_Row]]:
    found = defaultdict[UUID, list[_Row]](list)
    for row in _all(session, model, key, ids):
        found[getattr(row, key.key)].append(row)
    return found
