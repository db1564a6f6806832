"""Opening what is compared of reports, in memory only: what is opened here is kept nowhere."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.errors import OnRecordError
from portal.ledger.service import timeline
from portal.matching.opening import stretch_of
from portal.matching.questions import confirmed_references
from portal.matching.sides import PersonSide, ReportSide, person_side, place_side, report_side
from portal.reference.categories import find_category
from portal.reports.corrections import effective_answers
from portal.reports.dates import When
from portal.reports.drafts import open_answers
from portal.reports.filing import interval_of, way_in
from portal.reports.models import Allegation, Report, ReportKey
from portal.reports.typed_dates import TypedDate, read_date
from portal.sealing import Keyring

_AT_ONCE = 500
# Made once: to put a query together costs as much as to ask it.
_REPORTS = (
    select(Report, ReportKey.wrapped)
    .join(ReportKey, ReportKey.report_id == Report.id)
    .where(Report.id.in_(bindparam("report_ids", expanding=True)))
)


def open_reports(
    session: Session, allegations: Sequence[Allegation], *, keyring: Keyring
) -> dict[UUID, ReportSide | OnRecordError | None]:
    """What is compared of each allegation, by its id.

    None for one whose report was erased; what was raised, for one that does not open.
    """
    wanted = list({one.report_id for one in allegations})
    corrected = {one.report_id for one in allegations if one.corrected_at is not None}
    opened: dict[UUID, tuple[Report, Mapping[str, Any]] | OnRecordError] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = session.execute(_REPORTS, {"report_ids": wanted[start : start + _AT_ONCE]})
        for report, wrapped in rows:
            opened[report.id] = _open_report(
                session, report, wrapped, report.id in corrected, keyring
            )
    said = confirmed_references(session, [one.id for one in allegations])
    found: dict[UUID, ReportSide | OnRecordError | None] = {}
    for one in allegations:
        each = opened.get(one.report_id)
        more = said.get(one.id, [])
        found[one.id] = _report_side(one, *each, more) if isinstance(each, tuple) else each
    return found


def stub_of(*categories: str, can_tell: bool) -> ReportSide:
    """As much of a report's side as gates and states need: nothing of it was opened.

    `categories` are all that were chosen, at first and when it was corrected.
    """
    references = ("54240012345",) if can_tell else ()
    return report_side(references=references, offence_codes=_codes(categories))


def _open_report(
    session: Session, report: Report, wrapped: bytes, is_corrected: bool, keyring: Keyring
) -> tuple[Report, Mapping[str, Any]] | OnRecordError:
    try:
        data_key = keyring.unwrap(wrapped)
        answers = open_answers(report, data_key)
        # Told later, or corrected: what was said then stands in its entry, not among the answers.
        if is_corrected or way_in(answers) == "keep":
            entries = timeline(session, report.id, data_key.open)
            return report, effective_answers(answers, entries)
    except OnRecordError as error:
        return error
    return report, answers


def _report_side(
    allegation: Allegation, report: Report, answers: Mapping[str, Any], confirmed: Sequence[str]
) -> ReportSide:
    told_how = answers.get("told_how") or {}
    where = _allegation(answers, allegation.ordinal).get("where") or {}
    return report_side(
        references=[str(told_how.get("crime_reference") or ""), *confirmed],
        incident_numbers=[str(told_how.get("incident_number") or "")],
        force_id=allegation.force_id,
        occurred=stretch_of(allegation.occurred_from, allegation.occurred_to),
        began=_began(allegation, answers),
        told=_told(allegation, report, answers),
        offence_codes=_codes(allegation.categories),
        place=place_side(str(where.get("postcode") or ""), str(where.get("place") or "")),
        victim=_victim(answers),
        is_handed_over=allegation.clock_event == "handed_over",
    )


def _allegation(answers: Mapping[str, Any], ordinal: int) -> Mapping[str, Any]:
    given = answers.get("allegations") or []
    return given[ordinal - 1] if 0 < ordinal <= len(given) else {}


def _began(allegation: Allegation, answers: Mapping[str, Any]) -> datetime | None:
    """The instant at which it began at the earliest; None where they gave no time of day."""
    said = When.from_data(_allegation(answers, allegation.ordinal).get("when") or {})
    return allegation.occurred_from if said.has_time else None


def _told(
    allegation: Allegation, report: Report, answers: Mapping[str, Any]
) -> tuple[date, date] | None:
    """The days within which police were told; None when the answer says nothing of it."""
    if allegation.clock_event == "handed_over" and allegation.clock_starts_at is not None:
        return stretch_of(allegation.clock_starts_at, None)
    when = interval_of(answers.get("told"), now=report.changed_at)
    return stretch_of(when.earliest, when.latest) if when else None


def _victim(answers: Mapping[str, Any]) -> PersonSide:
    about, contact = answers.get("about") or {}, answers.get("contact") or {}
    kind, detail = contact.get("contact"), str(contact.get("detail") or "")
    return person_side(
        name=str(about.get("name") or ""),
        birth_date=_birth_date(about),
        # The safe way of somebody else, or a postal address, is no contact of the victim.
        telephones=[detail] if kind in ("phone", "text") else [],
        emails=[detail] if kind == "email" else [],
    )


def _birth_date(about: Mapping[str, Any]) -> date | str:
    # As typed: "4th" and "May" are answers, and a year alone is one too.
    parts = [str(about.get(f"birth_{part}") or "") for part in ("day", "month", "year")]
    found = read_date(*parts)
    if isinstance(found, TypedDate) and not found.short_year:
        return found.first()
    return parts[2].strip()


def _codes(categories: Iterable[str]) -> frozenset[str]:
    """Every code that one of them can stand for; "not sure" adds none."""
    found = [find_category(each) for each in categories]
    return frozenset().union(*(each.codes for each in found if each))
