"""What a reporter of the story types on each page, and the services that take it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.cli.story.plans import Happened, PlannedReport
from portal.clock import to_london
from portal.reports.caseload import start_case
from portal.reports.codes import NewCode
from portal.reports.dates import PARTS
from portal.reports.drafts import save_allegation, save_answers, start_draft
from portal.reports.service import submit
from portal.site import Site

Answers = Mapping[str, Any]


def when(at: datetime, precision: str) -> dict[str, str]:
    """An answer to "when", as "exact", "part" (of a day), "about" (3 days off) or "unknown"."""
    there = to_london(at)
    day = {"day": str(there.day), "month": str(there.month), "year": str(there.year)}
    if precision == "exact":
        return {"kind": "exact", **day, "time": f"{there:%H:%M}"}
    if precision == "part":
        part = next(
            name for name, one in PARTS.items() if one.from_hour <= there.hour < one.to_hour
        )
        return {"kind": "approximate", **day, "part": part}
    if precision == "about":
        return {"kind": "approximate", **day, "part": "about"}
    return {"kind": "unknown"}


def file(
    session: Session, site: Site, report: PlannedReport, *, code: NewCode, advocate: Account
) -> UUID:
    """Write a report page by page and send it; its id. `code` opens it again."""
    now = report.filed
    if report.by_advocate:
        draft = start_case(session, account=advocate, code=code, keyring=site.keyring, now=now)
    else:
        draft = start_draft(session, code=code, keyring=site.keyring, now=now)
    for number, one in enumerate(report.happened, 1):
        for part, given in _allegation(one, report.force).items():
            save_allegation(session, draft.id, number, part, given, keyring=site.keyring, now=now)
    for page, values in _pages(report).items():
        save_answers(session, draft.id, page, values, keyring=site.keyring, now=now)
    submit(session, draft.id, keyring=site.keyring, now=now)
    return draft.id


def _allegation(one: Happened, force: str) -> dict[str, dict[str, Any]]:
    return {
        "what": {"category": one.category, "other": ""},
        "when": when(one.at, one.precision),
        "where": {"place": one.place.words, "postcode": one.place.postcode},
        "force": {"force": force},
    }


def _pages(report: PlannedReport) -> dict[str, dict[str, Any]]:
    pages: dict[str, dict[str, Any]] = {
        "insider": {"insider": "no"},
        "way": {"way": report.way},
        "about": _about(report),
        "contact": {"contact": "none", "detail": "", "safe_times": ""},
    }
    if not report.by_advocate:
        pages["who"] = {"who_for": "self"}
    if report.way == "told":
        told = report.told
        pages["told"] = when(told, report.told_precision) if told else {"kind": "unknown"}
        pages["told_how"] = {
            "channel": report.channel,
            "force": report.force,
            "incident_number": report.incident_number,
            "crime_reference": report.reference,
            "officer": "",
        }
    if report.way == "pass":
        pages["pass"] = {"force": report.force, "agrees": "yes"}
    if report.words:
        pages["words"] = {"words": report.words}
    return pages


def _about(report: PlannedReport) -> dict[str, str]:
    about: dict[str, str] = {}
    if report.gives_name:
        about["name"] = report.victim.name
    if report.gives_birth:
        born = report.victim.born
        about |= {
            "birth_day": str(born.day),
            "birth_month": str(born.month),
            "birth_year": str(born.year),
        }
    return about
