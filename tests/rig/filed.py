"""Reports for tests, filed through the services as the pages do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.alerts.models import Alert
from portal.alerts.service import sweep
from portal.clock import to_london
from portal.matching.service import propose
from portal.reference.terms import set_terms
from portal.reports.codes import make_code
from portal.reports.drafts import save_allegation, save_answers, start_draft
from portal.reports.models import Report
from portal.reports.service import submit
from portal.site import Site


@dataclass(frozen=True)
class Filed:
    """A filed report and the code that opens it."""

    report: Report
    code: str

    @property
    def id(self) -> UUID:
        """The report's id."""
        return self.report.id


def when(instant: datetime) -> dict[str, str]:
    """The answer "exactly then" to a question about a time."""
    there = to_london(instant)
    return {
        "kind": "exact",
        "day": str(there.day),
        "month": str(there.month),
        "year": str(there.year),
        "time": there.strftime("%H:%M"),
    }


def file_report(
    site: Site,
    *,
    categories: Sequence[str] = ("burglary-home",),
    way: str = "told",
    force: str = "wiltshire",
    happened: datetime | Mapping[str, str] | None = None,
    told: datetime | None = None,
    told_how: Mapping[str, str] | None = None,
    about: Mapping[str, str] | None = None,
    words: str = "",
    filed_by: UUID | None = None,
) -> Filed:
    """File a report now. Without `told` the time at which police were told is not known. `happened`
    is an instant, or an answer as it was given.

    `filed_by` is an advocate's account; the person agreed.
    """
    keys: dict[str, Any] = {"keyring": site.keyring, "now": site.now()}
    code = make_code(site.codes)
    told_of = when(happened) if isinstance(happened, datetime) else happened
    with site.database.transaction() as session:
        report = start_draft(session, code=code, filed_by=filed_by, **keys)
        for number, category in enumerate(categories, 1):
            parts: dict[str, dict[str, str]] = {
                "what": {"category": category, "other": ""},
                "when": dict(told_of or {"kind": "unknown"}),
                "where": {"place": "Harbour Lane", "postcode": "SN1 1AA"},
                "force": {"force": force},
            }
            for part, values in parts.items():
                save_allegation(session, report.id, number, part, values, **keys)
        pages: dict[str, Mapping[str, Any]] = {
            "who": {"who_for": "other", "agrees": "yes"} if filed_by else {"who_for": "self"},
            "insider": {"insider": "no"},
            "way": {"way": way},
            "told": when(told) if told else {"kind": "unknown"},
            "told_how": {"channel": "101", "force": force, **(told_how or {})},
            "pass": {"force": force, "agrees": "yes"},
            "words": {"words": words},
            "about": dict(about or {}),
            "contact": {"contact": "none"},
        }
        for page, answers in pages.items():
            save_answers(session, report.id, page, dict(answers), **keys)
    with site.database.transaction() as session:
        filed = submit(session, report.id, **keys)
    return Filed(filed, code.text)


def agree_inbox(site: Site, force: str = "wiltshire", *, notice: str = "inbox@example.org") -> None:
    """The force agrees that its inbox counts as receipt."""
    with site.database.transaction() as session:
        set_terms(
            session,
            force,
            inbox_agreed_at=site.now(),
            notice_address=notice,
            supply_interval_hours=None,
            now=site.now(),
        )


def look_again(site: Site) -> int:
    """Match and sweep, as the jobs do; how many alerts were raised."""
    propose(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())
    return sweep(site.database, keyring=site.keyring, now=site.now())


def alerts_of(site: Site) -> list[Alert]:
    """Every alert, oldest first."""
    with site.database.reading() as session:
        return list(session.scalars(select(Alert).order_by(Alert.raised_at, Alert.kind)))
