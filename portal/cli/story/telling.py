"""Telling the story: four weeks pass, and everything goes through the services at its own time."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from portal.cli import jobs
from portal.cli.story import answers, thread
from portal.cli.story.chapters import BOUNCING
from portal.cli.story.offices import Cast, Offices
from portal.cli.story.plans import Plan, PlannedReport
from portal.cli.story.supply_files import Delivery, deliveries, write_file
from portal.matching.stating import state
from portal.notifications.senders import NotSentError, Sender, sender_for
from portal.notifications.service import RETRY_AFTER, send_due
from portal.police.service import take_supply
from portal.reports.codes import make_code
from portal.reports.notices import may_leave
from portal.reports.service import withdraw
from portal.sealing import SlowHash
from portal.site import Site

BOUNCING_ADDRESS = "inbox.avon-and-somerset@example.org"
_AT_A_TIME = 1_000
_OFFICE_HOUR = 9
_MORNING = timedelta(hours=1)
_TOLD_THEM = {
    "when": "The next morning",
    "how": "phone",
    "reason": "They said that it is my word against his.",
}


@dataclass
class Now:
    """The clock of the story."""

    at: datetime

    def __call__(self) -> datetime:
        """The time in the story."""
        return self.at


class Post:
    """Sends letters as the site does, but cannot reach one address for a while."""

    def __init__(self, sender: Sender, now: Now, full_from: datetime) -> None:
        self._sender = sender
        self._now = now
        self._full = (full_from, full_from + timedelta(hours=10))

    def send(self, address: str, subject: str, body: str) -> None:
        """Send one letter. Raises NotSentError while the one mailbox is full."""
        if address == BOUNCING_ADDRESS and self._full[0] <= self._now.at < self._full[1]:
            raise NotSentError
        self._sender.send(address, subject, body)


@dataclass(frozen=True, order=True)
class _Moment:
    at: datetime
    order: int
    do: Callable[[], None] = field(compare=False)
    report: PlannedReport | None = field(default=None, compare=False)


@dataclass
class Told:
    """What the telling leaves: the plan behind each filed report, and the codes of the chapters."""

    filed: dict[UUID, PlannedReport] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)


class Teller:
    """Goes through a plan from its start to its end."""

    def __init__(
        self, site: Site, plan: Plan, cast: Cast, *, codes: SlowHash, seed: int, every: timedelta
    ) -> None:
        """`codes` hashes the return codes of the many, `site.codes` those of the chapters.

        `every` is how long passes between two rounds of the background work.
        """
        self._now = Now(plan.start)
        self._site = replace(site, now=self._now)
        self._plan = plan
        self._cast = cast
        self._codes = codes
        self._seed = seed
        self._every = every
        self.told = Told()
        self._to_file: list[PlannedReport] = []
        self._offices = Offices(self._site, cast, self.told.filed, seed)
        bounced = next(one.filed for one in plan.reports if one.chapter == BOUNCING)
        self._post = Post(sender_for(site.settings.mail), self._now, bounced)
        self._bounced = bounced

    def tell(self, say: Callable[[str], None]) -> Told:
        """Let everything happen, in order; `say` is told once a week."""
        moments = sorted(
            [
                *self._filings(),
                *self._withdrawals(),
                *self._thread(),
                *self._statements(),
                *self._supplies(),
                *self._rounds(),
            ]
        )
        week = self._plan.start
        for moment in moments:
            if moment.at >= week:
                say(f"  the week of {week.day} {week:%B %Y}")
                week += timedelta(days=7)
            if moment.report is not None:
                self._to_file.append(moment.report)
                continue
            self._file()
            self._now.at = moment.at
            moment.do()
        return self.told

    def _filings(self) -> Iterator[_Moment]:
        for report in self._plan.reports:
            yield _Moment(report.filed, 0, _nothing, report)

    def _withdrawals(self) -> Iterator[_Moment]:
        for report in self._plan.reports:
            if report.withdrawn is not None:
                yield _Moment(report.withdrawn, 1, partial(self._withdraw, report))

    def _thread(self) -> Iterator[_Moment]:
        filed = next(one.filed for one in self._plan.reports if one.chapter == thread.CHAPTER)
        for after, step in thread.steps():
            if filed + after < self._plan.end:
                yield _Moment(filed + after, 1, partial(self._write, step))

    def _statements(self) -> Iterator[_Moment]:
        for report in self._plan.reports:
            if report.refused is not None:
                yield _Moment(report.refused, 1, partial(self._say, report))

    def _supplies(self) -> Iterator[_Moment]:
        for delivery in deliveries(self._plan.start, self._plan.end):
            yield _Moment(delivery.at, 2, partial(self._take, delivery))

    def _rounds(self) -> Iterator[_Moment]:
        """The background work, the mornings, and the tries to reach the full mailbox."""
        at = self._plan.start.replace(hour=9, minute=0, second=0, microsecond=0)
        while at < self._plan.end:
            if at > self._plan.start:
                yield _Moment(at, 3, self._work)
            morning = at + timedelta(minutes=5)
            if at.hour == _OFFICE_HOUR and self._plan.start < at < self._plan.end - _MORNING:
                yield _Moment(morning, 4, self._morning)
                yield _Moment(morning + timedelta(minutes=5), 5, self._publish)
            at += self._every
        yield _Moment(self._plan.end, 5, self._work)
        yield _Moment(self._plan.end, 6, self._publish)
        tried = self._bounced + timedelta(minutes=1)
        for wait in (timedelta(), *RETRY_AFTER):
            tried += wait
            yield _Moment(tried, 3, self._send)

    def _file(self) -> None:
        """All reports since the last other moment, in one transaction."""
        if not self._to_file:
            return
        made = [
            make_code(self._site.codes if one.chapter else self._codes) for one in self._to_file
        ]
        with self._site.database.transaction() as session:
            for report, code in zip(self._to_file, made, strict=True):
                report_id = answers.file(
                    session, self._site, report, code=code, advocate=self._cast.advocate
                )
                self.told.filed[report_id] = report
                if report.chapter:
                    self.told.codes[report.chapter] = code.text
                    self.told.ids[report.chapter] = report_id
        self._to_file.clear()

    def _withdraw(self, report: PlannedReport) -> None:
        (report_id,) = (key for key, one in self.told.filed.items() if one is report)
        with self._site.database.transaction() as session:
            withdraw(session, report_id, keyring=self._site.keyring, now=self._now.at)

    def _write(self, step: thread.Step) -> None:
        chapter = thread.CHAPTER
        writing = thread.Writing(
            self._site, self.told.ids[chapter], self.told.codes[chapter], self._cast
        )
        with self._site.database.transaction() as session:
            step(session, writing, self._now.at)

    def _say(self, report: PlannedReport) -> None:
        (report_id,) = (key for key, one in self.told.filed.items() if one is report)
        with self._site.database.transaction() as session:
            state(
                session,
                report_id,
                1,
                "refused",
                details=_TOLD_THEM,
                keyring=self._site.keyring,
                now=self._now.at,
            )

    def _take(self, delivery: Delivery) -> None:
        content, declared = write_file(delivery, self._plan.records, seed=self._seed)
        take_supply(
            self._site.database,
            lambda: io.BytesIO(content),
            force_id=delivery.force,
            declaration=declared,
            loaded_by=None,
            keyring=self._site.keyring,
            tokens=self._site.tokens,
            now=self._now.at,
            progress=_nothing_of,
        )

    def _work(self) -> None:
        jobs.match(self._site)
        jobs.raise_alerts(self._site)
        jobs.tell_people(self._site)
        self._send()

    def _send(self) -> None:
        send_due(
            self._site.database,
            self._post,
            keyring=self._site.keyring,
            clock=self._now,
            at_most=_AT_A_TIME,
            gate=partial(may_leave, keyring=self._site.keyring),
        )

    def _morning(self) -> None:
        with self._site.database.transaction() as session:
            self._offices.morning(session, self._now.at)

    def _publish(self) -> None:
        jobs.publish_log(self._site)


def _nothing() -> None:
    """Filing is done for many reports together, by the next other moment."""


def _nothing_of(_rows: int) -> None:
    """Nobody watches the progress of a supply of the story."""
