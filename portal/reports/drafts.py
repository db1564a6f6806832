"""Drafts: every answer is sealed and saved as it is given, before the report is sent."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import NotFound, Refused
from portal.languages.translating import _, lazy
from portal.reports.binding import bind_code
from portal.reports.codes import NewCode
from portal.reports.models import Report, ReportKey, ReturnCode
from portal.reports.states import is_final
from portal.reports.unfinished import drop_unfinished, set_unfinished
from portal.sealing import DataKey, Keyring

Answers = dict[str, Any]
"""Every answer of a report by page; `allegations` is a list of such dictionaries."""

MOST_ALLEGATIONS = 20
CHECK = "check"
"""The page that sends: why it could not be sent is forgotten with the next change."""
_SENT = lazy("This was already sent, so its answers stay as they are. Your receipt holds them.")
_NO_SUCH = lazy("We cannot find what you were writing. Use your return code to open it again.")


def start_draft(
    session: Session,
    *,
    code: NewCode,
    keyring: Keyring,
    now: datetime,
    filed_by: UUID | None = None,
) -> Report:
    """Make an empty draft that `code` opens; of the code only its digest, its tag and the public
    half of its request key are stored.

    `filed_by` is the account of an advocate who files for someone who agreed.
    """
    data_key, wrapped = keyring.new_data_key()
    report_id = uuid4()
    report = Report(
        id=report_id,
        state="draft",
        code_hash=code.digest,
        request_key=code.request_key,
        filed_by=filed_by,
        answers=data_key.seal_json({}, _context(report_id)),
        created_at=now,
        changed_at=now,
    )
    session.add(report)
    session.flush()
    session.add(ReportKey(report_id=report_id, wrapped=wrapped))
    bound = bind_code(data_key, report_id, code.digest, None)
    session.add(ReturnCode(code_hash=code.digest, report_id=report_id, tag=code.tag, bound=bound))
    session.flush()
    return report


def save_answers(
    session: Session,
    report_id: UUID,
    page: str,
    values: Answers,
    *,
    keyring: Keyring,
    now: datetime,
) -> None:
    """Replace one page's answers. Raises NotFound, or Refused once the report was sent."""

    def change(answers: Answers) -> None:
        answers[page] = values

    _change(session, report_id, page, change, keyring=keyring, now=now)


def save_allegation(
    session: Session,
    report_id: UUID,
    number: int,
    part: str,
    values: Answers,
    *,
    keyring: Keyring,
    now: datetime,
) -> None:
    """Replace one part (what, when, where, force) of allegation `number`, counted from 1.

    The number after the last adds an allegation. Raises NotFound for any other number, and
    Refused when there are too many.
    """

    def change(answers: Answers) -> None:
        allegations = answers.setdefault("allegations", [])
        if number == len(allegations) + 1:
            if number > MOST_ALLEGATIONS:
                raise Refused(
                    _(
                        "One report holds up to %(most)s things that happened. What you gave so "
                        "far is kept. Write the others in your own words, or start another.",
                        most=MOST_ALLEGATIONS,
                    )
                )
            allegations.append({})
        if not 1 <= number <= len(allegations):
            raise NotFound(_NO_SUCH)
        allegations[number - 1][part] = values

    _change(session, report_id, f"{number}/{part}", change, keyring=keyring, now=now)


def mark_of(answers: Answers, number: int) -> str:
    """What tells allegation `number` (from 1) of a list from any other, and from any other list.

    16 hexadecimal digits; another answer or one allegation fewer makes another mark. Raises
    NotFound when there is no such allegation.
    """
    allegations = answers.get("allegations", [])
    if not 1 <= number <= len(allegations):
        raise NotFound(_NO_SUCH)
    text = json.dumps([len(allegations), allegations[number - 1]], sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def remove_allegation(
    session: Session, report_id: UUID, number: int, mark: str, *, keyring: Keyring, now: datetime
) -> None:
    """Take allegation `number` (from 1) out of a draft, if it is still the one of `mark_of`.

    Raises NotFound when there is none; Refused when it is another one by now, as after a double
    click, or the last.
    """

    def change(answers: Answers) -> None:
        if mark_of(answers, number) != mark or len(answers["allegations"]) < 2:
            raise Refused(_("Nothing was removed, because the list has changed. Look at it again."))
        del answers["allegations"][number - 1]

    # The others are counted anew, so what was typed about them would stand at the wrong one.
    _change(session, report_id, None, change, keyring=keyring, now=now)


def keep_unfinished(
    session: Session,
    report_id: UUID,
    page: str,
    fields: Sequence[tuple[str, str]] | None,
    *,
    keyring: Keyring,
) -> None:
    """Keep what was typed on a page that could not be saved, so that it can be shown again.

    It is no answer, and goes away when the page is answered. None forgets what was kept.
    """
    report = get_report(session, report_id, lock=True)
    data_key = get_data_key(session, report_id, keyring=keyring)
    if fields is not None:
        set_unfinished(report, page, fields, data_key)
    else:
        drop_unfinished(report, page, data_key)


def read_answers(session: Session, report_id: UUID, *, keyring: Keyring) -> Answers:
    """Every answer given so far. Raises NotFound, or Unavailable when the key does not fit."""
    report = get_report(session, report_id)
    return open_answers(report, get_data_key(session, report_id, keyring=keyring))


def open_answers(report: Report, data_key: DataKey) -> Answers:
    """The answers of a report whose data key is at hand."""
    answers: Answers = data_key.open_json(report.answers, _context(report.id))
    return answers


def get_report(session: Session, report_id: UUID, *, lock: bool = False) -> Report:
    """The report. `lock` keeps others from changing it until the transaction ends.

    Raises NotFound when there is none.
    """
    query = select(Report).where(Report.id == report_id)
    if lock:
        # What this session read before it waited for the lock may be out of date.
        query = query.with_for_update().execution_options(populate_existing=True)
    report = session.scalars(query).one_or_none()
    if report is None:
        raise NotFound(_NO_SUCH)
    return report


def get_data_key(session: Session, report_id: UUID, *, keyring: Keyring) -> DataKey:
    """The key that seals a report. Raises NotFound once it was erased."""
    wrapped = session.scalar(select(ReportKey.wrapped).where(ReportKey.report_id == report_id))
    if wrapped is None:
        raise NotFound(_("This report was erased at the request of the person it belonged to."))
    return keyring.unwrap(wrapped)


def code_was_kept(session: Session, report_id: UUID, *, now: datetime) -> None:
    """The person says that they kept the return code: it is not shown again."""
    report = get_report(session, report_id, lock=True)
    report.code_kept_at = report.code_kept_at or now


def _change(
    session: Session,
    report_id: UUID,
    page: str | None,
    change: Callable[[Answers], None],
    *,
    keyring: Keyring,
    now: datetime,
) -> None:
    report = get_report(session, report_id, lock=True)
    if is_final(report.state):
        raise Refused(_SENT)
    data_key = get_data_key(session, report_id, keyring=keyring)
    answers = open_answers(report, data_key)
    change(answers)
    report.answers = data_key.seal_json(answers, _context(report_id))
    report.changed_at = now
    if page is None:
        report.unfinished = None
    else:
        drop_unfinished(report, page, data_key)
        drop_unfinished(report, CHECK, data_key)


def _context(report_id: UUID) -> str:
    return f"report-answers:{report_id}"
