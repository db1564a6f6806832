"""What a person does with a sent report, through the services as the pages do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Account
from portal.alerts.models import Clock
from portal.ledger.service import OpenedEntry, timeline
from portal.reports.additions import add
from portal.reports.corrections import correct, effective_answers
from portal.reports.drafts import Answers, get_data_key, open_answers
from portal.reports.looks import look
from portal.reports.models import Allegation, Report
from portal.reports.service import withdraw
from portal.reports.withdrawing import allow_supporter, stop_supporter, take_up
from portal.site import Site
from portal.web.report.history import is_unbroken
from tests.rig.clock import HandClock
from tests.rig.erased import ask, keep
from tests.rig.filed import Filed


@dataclass(frozen=True)
class Own:
    """A sent report in the hands of whoever has its return code."""

    site: Site
    filed: Filed

    @property
    def clock(self) -> HandClock:
        """The site's clock."""
        return cast(HandClock, self.site.now)

    def add(self, words: str, number: int = 0) -> None:
        """Add to it."""
        with self.site.database.transaction() as session:
            add(session, self.filed.id, words, number=number, **self._keys())

    def correct(self, page: str, number: int = 0, **values: str) -> None:
        """Put an answer right."""
        with self.site.database.transaction() as session:
            correct(
                session,
                self.filed.id,
                page,
                number,
                values,
                **self._keys(),
            )

    def withdraw(self) -> None:
        """Withdraw it."""
        with self.site.database.transaction() as session:
            withdraw(session, self.filed.id, **self._keys())

    def take_up(self) -> None:
        """Take it up again."""
        with self.site.database.transaction() as session:
            take_up(session, self.filed.id, **self._keys())

    def stop_supporter(self) -> None:
        """Stop the supporter."""
        with self.site.database.transaction() as session:
            stop_supporter(session, self.filed.id, **self._keys())

    def allow_supporter(self) -> None:
        """Let the supporter see it again."""
        with self.site.database.transaction() as session:
            allow_supporter(session, self.filed.id, **self._keys())

    def ask_to_erase(self) -> None:
        """Ask for it to be erased."""
        ask(self.site, self.filed)

    def keep(self) -> None:
        """Keep it after all."""
        keep(self.site, self.filed)

    def opened_by(self, account_id: UUID) -> None:
        """Somebody opens it, with a reason."""
        with self.site.database.transaction() as session:
            who = session.get_one(Account, account_id)
            look(session, self.filed.id, account=who, reason="To read it.", **self._keys())

    def row(self) -> Report:
        """Its row."""
        with self.site.database.reading() as session:
            return session.get_one(Report, self.filed.id)

    def allegations(self) -> list[Allegation]:
        """The rows of what happened, in order."""
        with self.site.database.reading() as session:
            query = select(Allegation).where(Allegation.report_id == self.filed.id)
            return list(session.scalars(query.order_by(Allegation.ordinal)))

    def clocks(self) -> dict[int, Mapping[str, Any]]:
        """All that is known of each started clock but when it is looked at next."""
        with self.site.database.reading() as session:
            found: dict[int, Mapping[str, Any]] = {}
            for each in self.allegations():
                clock = session.get(Clock, each.id)
                found[each.ordinal] = {
                    "starts": (each.clock_starts_at, each.clock_event, each.clock_basis),
                    "limit": (clock.started_at, clock.limit_at, clock.alert_at) if clock else None,
                }
            return found

    def entries(self) -> list[OpenedEntry]:
        """Its entries, oldest first."""
        with self.site.database.reading() as session:
            key = get_data_key(session, self.filed.id, keyring=self.site.keyring)
            return timeline(session, self.filed.id, key.open)

    def kinds(self) -> list[str]:
        """The kinds of its entries; whoever asks also sees that none is missing."""
        entries = self.entries()
        assert is_unbroken(entries)
        return [one.kind for one in entries]

    def answers(self) -> Answers:
        """The answers as they were sent."""
        with self.site.database.reading() as session:
            key = get_data_key(session, self.filed.id, keyring=self.site.keyring)
            return open_answers(session.get_one(Report, self.filed.id), key)

    def answers_now(self) -> Answers:
        """The answers as they hold now."""
        return effective_answers(self.answers(), self.entries())

    def _keys(self) -> dict[str, Any]:
        return {"keyring": self.site.keyring, "now": self.site.now()}
