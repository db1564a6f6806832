"""Drafts for tests: written page by page, each page in its own transaction as a browser would."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from portal.reports.codes import make_code
from portal.reports.drafts import (
    Answers,
    mark_of,
    read_answers,
    remove_allegation,
    save_allegation,
    save_answers,
    start_draft,
)
from portal.reports.models import Report
from portal.reports.service import pass_on, submit, tell, withdraw
from portal.site import Site
from tests.rig.filed import when

WHAT = {"category": "burglary-home", "other": ""}


@dataclass(frozen=True)
class Draft:
    """A draft, or what became of it, with the return code that opens it."""

    site: Site
    id: UUID
    code: str

    def give(self, page: str, **values: Any) -> None:  # noqa: ANN401 - any JSON value
        """Answer one page."""
        with self.site.database.transaction() as session:
            save_answers(session, self.id, page, values, **self._keys())

    def give_about(self, number: int, part: str, values: Mapping[str, Any]) -> None:
        """Answer one part of what happened."""
        with self.site.database.transaction() as session:
            save_allegation(session, self.id, number, part, dict(values), **self._keys())

    def remove(self, number: int) -> None:
        """Take out one thing that happened."""
        mark = mark_of(self.answers(), number)
        with self.site.database.transaction() as session:
            remove_allegation(session, self.id, number, mark, **self._keys())

    def answers(self) -> Answers:
        """Every answer, as the next page shows it."""
        with self.site.database.reading() as session:
            return read_answers(session, self.id, keyring=self.site.keyring)

    def send(self) -> Report:
        """Press Send."""
        with self.site.database.transaction() as session:
            return submit(session, self.id, **self._keys())

    def tell(
        self, *, hours_ago: float | None = None, agrees_now: str = "", **told_how: str
    ) -> Report:
        """Say that police were told, so many hours ago or at a time that is not known."""
        told = {"kind": "unknown"}
        if hours_ago is not None:
            told = when(self.site.now() - timedelta(hours=hours_ago))
        with self.site.database.transaction() as session:
            keys = self._keys() | {"agrees_now": agrees_now}
            return tell(session, self.id, told, told_how, **keys)

    def pass_on(self, force_id: str = "wiltshire", *, agrees_now: str = "") -> Report:
        """Ask for it to be passed to a force."""
        with self.site.database.transaction() as session:
            return pass_on(session, self.id, force_id, agrees_now=agrees_now, **self._keys())

    def withdraw(self) -> Report:
        """Withdraw it."""
        with self.site.database.transaction() as session:
            return withdraw(session, self.id, **self._keys())

    def _keys(self) -> dict[str, Any]:
        return {"keyring": self.site.keyring, "now": self.site.now()}


def new_draft(site: Site, *, filed_by: UUID | None = None) -> Draft:
    """A draft in which nothing was answered yet."""
    code = make_code(site.codes)
    with site.database.transaction() as session:
        report = start_draft(
            session, code=code, keyring=site.keyring, now=site.now(), filed_by=filed_by
        )
    return Draft(site, report.id, code.text)


def ready_draft(site: Site, way: str = "keep", *, allegations: int = 1) -> Draft:
    """A draft that can be sent as it stands."""
    draft = new_draft(site)
    for number in range(1, allegations + 1):
        draft.give_about(number, "what", WHAT)
    draft.give("who", who_for="self")
    draft.give("way", way=way)
    draft.give("pass", force="wiltshire", agrees="yes")
    return draft


def kept_report(site: Site, *, allegations: int = 1) -> Draft:
    """A report that was sent to be kept for now."""
    draft = ready_draft(site, allegations=allegations)
    draft.send()
    return draft
