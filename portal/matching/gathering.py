"""Opening what is compared, in memory only: sealed fields are opened here and kept nowhere."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.clock import to_london
from portal.errors import OnRecordError, Unavailable
from portal.ledger.service import timeline
from portal.matching.models import KeyedRecord
from portal.matching.questions import confirmed_references
from portal.matching.shared_tokens import SharedBy, told_by_tokens
from portal.matching.sides import (
    PersonSide,
    RecordSide,
    ReportSide,
    person_side,
    place_side,
    record_side,
    report_side,
)
from portal.police.content import Victim, context_of, victims_of
from portal.police.models import CrimeRecord, CrimeRecordVersion, Supply
from portal.reference.categories import find_category
from portal.reports.corrections import effective_answers
from portal.reports.drafts import open_answers
from portal.reports.filing import interval_of, way_in
from portal.reports.models import Allegation, Report, ReportKey
from portal.reports.typed_dates import TypedDate, read_date
from portal.sealing import DataKey, Keyring

_AT_ONCE = 500
_JUST_BEFORE = timedelta(microseconds=1)


class OpenedRecord(NamedTuple):
    """A crime record's side, and which version of it was opened.

    `shared`: how a report has to be made comparable where the force sends tokens.
    """

    version_id: int
    side: RecordSide
    shared: SharedBy | None = None


@dataclass
class Supplies:
    """The data keys of supplies, each unwrapped once, and the keys shared with forces, by name."""

    keyring: Keyring
    shared_keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    _keys: dict[UUID, DataKey | None] = field(default_factory=dict, repr=False)

    def find(self, supply_id: UUID, wrapped: bytes) -> DataKey | None:
        """The key of a supply; None when no configured key opens it."""
        if supply_id not in self._keys:
            try:
                self._keys[supply_id] = self.keyring.unwrap(wrapped)
            except Unavailable:
                self._keys[supply_id] = None
        return self._keys[supply_id]


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
        rows = session.execute(
            select(Report, ReportKey.wrapped)
            .join(ReportKey, ReportKey.report_id == Report.id)
            .where(Report.id.in_(wanted[start : start + _AT_ONCE]))
        )
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


def open_records(
    session: Session, record_ids: Collection[int], supplies: Supplies, *, keyed: bool
) -> dict[int, OpenedRecord]:
    """What is compared of the newest version of each record that counts, by its number.

    With `keyed` it is the version that its keys were made from. A version that does not open is
    left out.
    """
    wanted = sorted(record_ids)
    found: dict[int, OpenedRecord] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = _keyed_versions if keyed else _newest_versions
        for row in session.execute(query(wanted[start : start + _AT_ONCE])):
            data_key = supplies.find(row.supply_id, row.wrapped_key)
            context = context_of(row.force_id, row.reference_key)
            try:
                opened = data_key.open_json(row.sealed, context) if data_key else None
            except Unavailable:
                continue
            if opened is not None:
                victims = sorted(victims_of(opened), key=str)
                side, shared = told_by_tokens(
                    _record_side(row, opened, victims),
                    victims,
                    opened.get("place_tokens"),
                    supplies.shared_keys,
                )
                found[row.record_id] = OpenedRecord(row.version_id, side, shared)
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
        occurred=_days(allegation.occurred_from, allegation.occurred_to),
        told=_told(allegation, report, answers),
        offence_codes=_codes(allegation.categories),
        place=place_side(str(where.get("postcode") or ""), str(where.get("place") or "")),
        victim=_victim(answers),
        is_handed_over=allegation.clock_event == "handed_over",
    )


def _allegation(answers: Mapping[str, Any], ordinal: int) -> Mapping[str, Any]:
    given = answers.get("allegations") or []
    return given[ordinal - 1] if 0 < ordinal <= len(given) else {}


def _told(
    allegation: Allegation, report: Report, answers: Mapping[str, Any]
) -> tuple[date, date] | None:
    """The days within which police were told; None when the answer says nothing of it."""
    if allegation.clock_event == "handed_over" and allegation.clock_starts_at is not None:
        return _days(allegation.clock_starts_at, None)
    when = interval_of(answers.get("told"), now=report.changed_at)
    return _days(when.earliest, when.latest) if when else None


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


def _days(first: datetime | None, last: datetime | None) -> tuple[datetime, datetime] | None:
    """A stretch of time as London's clocks showed it, to the minute."""
    # With only an end the beginning is open, and an open stretch would fit everything.
    if first is None or (last is not None and last < first):
        return None
    if last is None or last == first:
        return to_london(first), to_london(first)
    # A stretch does not hold its last instant: an evening ends where the next day begins.
    return to_london(first), to_london(last - _JUST_BEFORE)


_VERSION = (
    CrimeRecordVersion.record_id,
    CrimeRecordVersion.id.label("version_id"),
    CrimeRecordVersion.recorded_at,
    CrimeRecordVersion.reported_at,
    CrimeRecordVersion.occurred_from,
    CrimeRecordVersion.occurred_to,
    CrimeRecordVersion.offence_code,
    CrimeRecordVersion.is_incident,
    CrimeRecordVersion.removal_code,
    CrimeRecordVersion.sealed,
    CrimeRecord.force_id,
    CrimeRecord.reference,
    CrimeRecord.reference_key,
    Supply.id.label("supply_id"),
    Supply.wrapped_key,
)


def _versions() -> Any:  # noqa: ANN401 - a query of many columns
    return (
        select(*_VERSION)
        .join(CrimeRecord, CrimeRecord.id == CrimeRecordVersion.record_id)
        .join(Supply, Supply.id == CrimeRecordVersion.supply_id)
    )


def _keyed_versions(record_ids: Iterable[int]) -> Any:  # noqa: ANN401 - a query of many columns
    return (
        _versions()
        .join(KeyedRecord, KeyedRecord.version_id == CrimeRecordVersion.id)
        .where(KeyedRecord.record_id.in_(list(record_ids)))
    )


def _newest_versions(record_ids: Iterable[int]) -> Any:  # noqa: ANN401 - a query of many columns
    inner, its_supply = aliased(CrimeRecordVersion), aliased(Supply)
    newest = (
        select(func.max(inner.number))
        .join(its_supply, its_supply.id == inner.supply_id)
        .where(inner.record_id == CrimeRecord.id, its_supply.taken_at.is_not(None))
        .scalar_subquery()
    )
    return _versions().where(
        CrimeRecordVersion.record_id.in_(list(record_ids)), CrimeRecordVersion.number == newest
    )


def _record_side(row: Any, opened: Mapping[str, Any], victims: Sequence[Victim]) -> RecordSide:  # noqa: ANN401
    return record_side(
        references=[row.reference],
        incident_numbers=opened["incident_numbers"],
        force_id=row.force_id,
        occurred=_days(row.occurred_from, row.occurred_to),
        received=to_london(row.reported_at) if row.reported_at else None,
        recorded=to_london(row.recorded_at).date(),
        offence_code=row.offence_code,
        place=place_side(opened["postcode"] or "", opened["place"] or ""),
        victims=[
            person_side(
                name=one.name,
                birth_date=one.date_of_birth,
                telephones=[one.telephone],
                emails=[one.email],
            )
            for one in victims
        ],
        is_incident=row.is_incident,
        is_removed=row.removal_code is not None,
    )
