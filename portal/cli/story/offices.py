"""What the people of the story do in their offices each morning, through the services.

They leave the chapters alone but for what belongs to a chapter, and everything of the last days,
so that a newcomer finds work to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.alerts.lifecycle import act
from portal.alerts.models import Alert
from portal.cli.story.plans import PlannedReport
from portal.matching import deciding
from portal.matching.cases import find_case
from portal.matching.queries import Waiting, review_queue
from portal.matching.reviewing import read
from portal.matching.second_reader import needs_two
from portal.reports.caseload import open_case
from portal.reports.handovers import answer, inbox
from portal.reports.looks import look
from portal.reports.models import Allegation, Handover
from portal.site import Site

_DAY = timedelta(days=1)
_MOST = 500
_NEXT = {  # state: (after how long, how likely each morning, action, reason)
    "open": (
        1 * _DAY,
        0.7,
        "acknowledge",
        "Seen. We will look for the record under the name and the day.",
    ),
    "acknowledged": (
        3 * _DAY,
        0.4,
        "ask",
        "Which crime record is this, and when was it made? If there is none, why?",
    ),
    "asked": (
        6 * _DAY,
        0.3,
        "resolve",
        "The force has shown us the record, under a number that the victim did not have.",
    ),
}
_READ, _ANSWER = 0.7, 0.75
_LOOK = 0.006
_CONFIRM = "The same person and the same event: the two accounts agree."
_REFUSE = "Another event of the same person: the two cannot be one."


@dataclass(frozen=True)
class Cast:
    """The accounts of the people who do something in the story."""

    advocate: Account
    liaison: Account
    registrar: Account
    pcc: Account
    inspector: Account
    administrator: Account

    def watcher(self, force_id: str | None) -> Account:
        """Who deals with what concerns a force."""
        return self.pcc if force_id == self.pcc.force_id else self.inspector


class Offices:
    """Does a morning's work, each thing a second after the one before."""

    def __init__(
        self, site: Site, cast: Cast, filed: Mapping[UUID, PlannedReport], seed: int
    ) -> None:
        self._site = site
        self._cast = cast
        self._filed = filed
        self._seed = seed
        self._now = site.now()

    def morning(self, session: Session, now: datetime) -> None:
        """Decide matches, deal with alerts, answer the inbox, and look at some reports."""
        self._now = now
        self._decide(session)
        self._deal(session)
        self._answer(session)
        self._look(session)

    def _dice(self, *about: object) -> Random:
        """One morning's dice for one thing: the same whatever order things come in."""
        return Random(f"{self._seed}/{self._now.date()}/{about}")  # noqa: S311

    def _then(self) -> datetime:
        # Seconds only, so that the log stays in the order of time: reports come in all the while.
        self._now += timedelta(seconds=1)
        return self._now

    def _decide(self, session: Session) -> None:
        for waiting in review_queue(session, self._cast.inspector, at_most=_MOST):
            report = self._filed[waiting.allegation.report_id]
            if self._is_for_now(report, waiting):
                self._decide_one(session, report, waiting)

    def _is_for_now(self, report: PlannedReport, waiting: Waiting) -> bool:
        old = waiting.match.proposed_at < self._now - 2 * _DAY
        if report.chapter:
            return report.chapter == "two-allegations" and old
        return old and self._dice("match", report.number).random() < 0.6

    def _decide_one(self, session: Session, report: PlannedReport, waiting: Waiting) -> None:
        is_it = waiting.record.reference in report.truly and not report.chapter
        version = waiting.version
        # Neither a record that was removed nor the note of an incident can be confirmed.
        is_it = is_it and version.removal_code is None and not version.is_incident
        taken = deciding.is_claimed(session, waiting.match.record_id, waiting.match.claim)
        is_it = is_it and not taken
        if is_it and needs_two(waiting.allegation.categories, [version.offence_code]):
            self._read_twice(session, waiting)
            return
        decide = deciding.confirm if is_it else deciding.refuse
        decide(
            session,
            waiting.match.id,
            account=self._cast.watcher(waiting.allegation.force_id),
            reason=_CONFIRM if decide is deciding.confirm else _REFUSE,
            version_id=version.id,
            keyring=self._site.keyring,
            now=self._then(),
        )

    def _read_twice(self, session: Session, waiting: Waiting) -> None:
        """Two offices read it apart; where only one watches, it waits for a second reader."""
        first = self._cast.watcher(waiting.allegation.force_id)
        for reader in (first, self._cast.inspector):
            case = find_case(session, reader, waiting.allegation.id)
            if case is None or not case.may_read(reader):
                return
            read(
                session,
                waiting.allegation.id,
                "record",
                record_id=waiting.record.id,
                account=reader,
                reason=_CONFIRM,
                seen=case.seen,
                keyring=self._site.keyring,
                now=self._then(),
            )

    def _deal(self, session: Session) -> None:
        rows = session.execute(
            select(Alert, Allegation.report_id)
            .outerjoin(Allegation, Allegation.id == Alert.allegation_id)
            .where(Alert.state != "resolved", Alert.stage == "full")
            .order_by(Alert.raised_at, Alert.kind, Alert.cause)
        ).all()
        for alert, report_id in rows:
            report = self._filed.get(report_id)
            if report is not None and not report.chapter:
                self._deal_with(session, alert, report)

    def _deal_with(self, session: Session, alert: Alert, report: PlannedReport) -> None:
        after, share, action, reason = _NEXT[alert.state]
        if alert.raised_at > self._now - after:
            return
        if action == "resolve" and not report.truly:
            # Nobody can show a record that there is not: the force still owes an answer.
            return
        if self._dice(alert.kind, report.number).random() < share:
            account = self._cast.watcher(alert.force_id)
            act(
                session,
                alert.id,
                action,
                account=account,
                reason=reason,
                keyring=self._site.keyring,
                now=self._then(),
            )

    def _answer(self, session: Session) -> None:
        """The force reads what was passed to it, and answers most of it."""
        liaison = self._cast.liaison
        assert liaison.force_id is not None  # noqa: S101 - a liaison belongs to a force
        for line in inbox(session, liaison.force_id):
            report_id = session.get_one(Handover, line.handover_id).report_id
            report = self._filed[report_id]
            dice = self._dice("inbox", report.number)
            if report.chapter or line.was_opened or line.withdrawn or dice.random() > _READ:
                continue
            self._open(session, report_id, liaison, "To find out who should deal with it")
            if dice.random() < _ANSWER:
                answer(
                    session,
                    line.handover_id,
                    account=liaison,
                    crime_reference=next(iter(sorted(report.truly)), ""),
                    words="An officer has been asked to get in touch.",
                    keyring=self._site.keyring,
                    now=self._then(),
                )

    def _look(self, session: Session) -> None:
        for report_id, report in self._filed.items():
            if report.withdrawn is not None or report.chapter:
                continue
            dice = self._dice("look", report.number)
            if report.by_advocate and dice.random() < 5 * _LOOK:
                open_case(
                    session,
                    report_id,
                    account=self._cast.advocate,
                    reason="To prepare for a meeting or a call with them",
                    keyring=self._site.keyring,
                    now=self._then(),
                )
            elif report.way != "keep" and dice.random() < _LOOK:
                watcher = self._cast.watcher(report.force)
                self._open(session, report_id, watcher, "To compare it with the force’s records")

    def _open(self, session: Session, report_id: UUID, account: Account, reason: str) -> None:
        look(
            session,
            report_id,
            account=account,
            reason=reason,
            keyring=self._site.keyring,
            now=self._then(),
        )
