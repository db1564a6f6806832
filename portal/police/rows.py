"""One row of a crime-record file as a `CrimeRow`: its cells, and what they say together."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from portal.police import cells, person_cells
from portal.police.cells import Moment, RefusedCell
from portal.reference.crime_references import normalise_reference
from portal.reference.offences import normalise_offence_code

COLUMNS = (
    "force",
    "crime_reference",
    "incident_number",
    "recorded_at",
    "reported_at",
    "occurred_from",
    "occurred_to",
    "offence_code",
    "postcode",
    "place",
    "victim_name",
    "victim_date_of_birth",
    "outcome_type",
    "outcome_date",
    "removal_code",
    "victim_telephone",
    "victim_email",
    "token_key",
    "victim_name_tokens",
    "victim_birth_tokens",
    "victim_telephone_tokens",
    "victim_email_tokens",
    "place_tokens",
)
REQUIRED = ("force", "crime_reference", "recorded_at", "offence_code")
# In cells joined by "|": marks at the start of a cell, and spaces around it.
_NEEDS_CLEANING = re.compile(r"\|[=+\-@' ]| \|")
_AHEAD = timedelta(days=1)
_FIRST_TOKENS = COLUMNS.index("victim_name_tokens")
_EMPTY = "empty, and every row needs it"


@dataclass(frozen=True, slots=True)
class CrimeRow:
    """One row of a supply. Times are UTC; a crime on several rows comes several times.

    `reference_key` is the normalised reference. `recorded_day_only` and `reported_day_only`: the
    cell held no time of day, and the time is the start of that London day. `occurred_to` is the
    end of the day when its cell (or that of `occurred_from`, it being empty) held none.
    `is_incident`: an N100, never a crime record; `incident_code` says which.
    `offence_known`: whether the code stands in the reference data. What is personal is not in
    the repr, so that no log line shows it.
    """

    line: int
    force: str
    crime_reference: str
    reference_key: str
    incident_number: str | None
    recorded_at: datetime
    recorded_day_only: bool
    reported_at: datetime | None
    reported_day_only: bool
    occurred_from: datetime | None
    occurred_to: datetime | None
    offence_code: str
    offence_known: bool
    postcode: str | None = field(repr=False)
    place: str | None = field(repr=False)
    victim_name: str | None = field(repr=False)
    victim_date_of_birth: date | None = field(repr=False)
    outcome_type: int | None
    outcome_at: datetime | None
    removal_code: str | None
    is_incident: bool
    incident_code: str | None
    victim_telephone: str | None = field(default=None, repr=False)
    victim_email: str | None = field(default=None, repr=False)
    victim_tokens: str | None = field(default=None, repr=False)
    place_tokens: str | None = field(default=None, repr=False)


class RowReader:
    """Reads the rows of one file: knows its force, the offences and the present time."""

    def __init__(
        self, *, force_id: str, offence_known: Callable[[str], bool], now: datetime
    ) -> None:
        """`now` is aware; times more than a day after it are refused."""
        self._force_id = force_id
        self._latest = now + _AHEAD
        self._offence = lru_cache(maxsize=4096)(_offence_reader(offence_known))

    def read(self, line: int, row: Sequence[str], note: cells.Note) -> CrimeRow:
        """The row whose cells stand in the order of COLUMNS. Raises RefusedCell."""
        if not _is_clean(row):
            row = [cells.clean(*pair, note) for pair in zip(COLUMNS, row, strict=True)]
        force, reference, log, recorded, reported, start, end, code, *rest = row
        area, place, name, born, outcome, outcome_date, removal, phone, mail, *tokens = rest
        self._check_force(force)
        shown, key = _reference(reference, note)
        recorded_at, recorded_day_only = self._recorded(recorded, note)
        reported_at = self._time("reported_at", reported, note) if reported else None
        occurred_from, occurred_to = self._occurred(start, end, note)
        if reported_at:
            _compare(recorded_at, reported_at.at, occurred_from, note)
        offence, known = self._offence_of(code, note)
        ending = _ending(outcome, removal, offence, note)
        outcome_at = self._time("outcome_date", outcome_date, note) if outcome_date else None
        return CrimeRow(
            line,
            self._force_id,
            shown,
            key,
            cells.optional_text("incident_number", log, note) if log else None,
            recorded_at,
            recorded_day_only,
            reported_at.at if reported_at else None,
            reported_at is not None and reported_at.day_only,
            occurred_from,
            occurred_to,
            offence,
            known,
            cells.postcode(area, note) if area else None,
            _text(place),
            _text(name),
            self._birth_date(born, note) if born else None,
            ending.outcome_type,
            outcome_at.at if outcome_at else None,
            ending.removal_code,
            ending.incident_code is not None,
            ending.incident_code,
            person_cells.telephone(phone, note) if phone else None,
            person_cells.email(mail, note) if mail else None,
            *_shared(tokens),
        )

    def _check_force(self, force: str) -> None:
        if force == self._force_id:
            return
        if "-".join(force.casefold().replace("-", " ").split()) != self._force_id:
            raise RefusedCell("force", "not the force of this supply" if force else _EMPTY)

    def _recorded(self, text: str, note: cells.Note) -> Moment:
        if not text:
            raise RefusedCell("recorded_at", _EMPTY)
        recorded = self._in_time("recorded_at", cells.moment("recorded_at", text, note))
        if recorded.day_only:
            note("recorded_at", "no time of day; taken as the start of the day")
        return recorded

    def _time(self, field: str, text: str, note: cells.Note) -> Moment | None:
        found = cells.optional_moment(field, text, note)
        return self._in_time(field, found) if found else None

    def _in_time(self, field: str, moment: Moment) -> Moment:
        if moment.at > self._latest:
            raise RefusedCell(field, "lies in the future")
        return moment

    def _occurred(
        self, start: str, end: str, note: cells.Note
    ) -> tuple[datetime | None, datetime | None]:
        first = self._time("occurred_from", start, note) if start else None
        last = self._time("occurred_to", end, note) if end else None
        if first is None or last is None:
            only = last or (first if first and first.day_only else None)
            return first.at if first else None, only.end if only else None
        if last.end < first.at:
            note("occurred_to", "came before occurred_from; the two were changed round")
            return last.at, first.end
        return first.at, last.end

    def _offence_of(self, code: str, note: cells.Note) -> tuple[str, bool]:
        if not code:
            raise RefusedCell("offence_code", _EMPTY)
        offence, known = self._offence(code)
        if not known:
            note("offence_code", "not in the list of offences; taken as it is")
        return offence, known

    def _birth_date(self, text: str, note: cells.Note) -> date | None:
        born = cells.birth_date(text, note)
        if born and born > self._latest.date():
            raise RefusedCell("victim_date_of_birth", "lies in the future")
        return born


def _is_clean(row: Sequence[str]) -> bool:
    """Whether `cells.clean` would leave every cell as it is: nearly always, so it is quick."""
    joined = f"|{'|'.join(row)}|"
    if len(joined) > cells.LONGEST_CELL or not (joined.isascii() and joined.isprintable()):
        return False
    return _NEEDS_CLEANING.search(joined) is None


class _Ending(NamedTuple):
    outcome_type: int | None
    removal_code: str | None
    incident_code: str | None


def _ending(outcome: str, removal: str, offence: str, note: cells.Note) -> _Ending:
    """Outcome, removal and N100, each of which forces write in any of three columns."""
    incident = offence if offence.startswith("N100") else None
    if not removal and (not outcome or outcome.isdigit()):
        return _Ending(cells.outcome(outcome, note) if outcome else None, None, incident)
    if cells.incident_code(outcome):
        note("outcome_type", "an N100 code; the row was taken as a reported incident")
        incident, outcome = cells.incident_code(outcome), ""
    if cells.incident_code(removal):
        incident, removal = cells.incident_code(removal), ""
    if cells.is_removal(outcome):
        note("outcome_type", "a removal code; taken as the removal code")
        outcome, removal = "", removal or outcome
    return _Ending(cells.outcome(outcome, note), cells.removal(removal, note), incident)


def _reference(text: str, note: cells.Note) -> tuple[str, str]:
    if not text:
        raise RefusedCell("crime_reference", _EMPTY)
    shown = cells.crime_reference(text, note)
    key = normalise_reference(shown)
    if not key:
        raise RefusedCell("crime_reference", "holds no number, or letters other than A to Z")
    return shown, key


def _shared(told: Sequence[str]) -> tuple[str | None, str | None]:
    """The tokens of victim and place in a row's last cells, of which the first names their key."""
    if not any(told):
        return None, None
    return person_cells.tokens(dict(zip(COLUMNS[_FIRST_TOKENS:], told[1:], strict=True)), told[0])


def _offence_reader(known: Callable[[str], bool]) -> Callable[[str], tuple[str, bool]]:
    def read(text: str) -> tuple[str, bool]:
        incident = cells.incident_code(text)
        if incident:
            return incident, True
        code = normalise_offence_code(text)
        return code, known(code)

    return read


def _compare(
    recorded: datetime, reported: datetime, occurred: datetime | None, note: cells.Note
) -> None:
    if recorded < reported:
        note("recorded_at", "recorded before it was reported; taken as it is")
    if occurred and occurred > reported:
        note("occurred_from", "occurred after it was reported; taken as it is")


def _text(text: str) -> str | None:
    return None if text in ("", "-") else text
