"""One cell of a crime-record file: what it may hold, what is made of it, and why it is refused.

No reason ever repeats what a cell held: a cell may hold a name in the wrong column.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from portal.clock import LONDON

LONGEST_CELL = 500
LAST_OUTCOME = 22
FIRST_YEAR = 1900
FIRST_BIRTH_YEAR = 1850
NO_VALUE = frozenset(
    {
        "-",
        "cancelled",
        "n/a",
        "na",
        "nil",
        "no incident linked",
        "no outcome date",
        "none",
        "not known",
        "null",
        "unknown",
    }
)
_ENGLISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.A)
_EXCEL_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_EXCEL_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
_EXCEL_DAY = re.compile(r"\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2}", re.ASCII)
_EXCEL_WRAPPED = re.compile(r'="([^"]*)"')
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Marks that show nothing and can turn text round on a page.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_TELEPHONE = re.compile(r"\+[0-9][0-9 ()-]*", re.ASCII)
_APOSTROPHE = re.compile(r"'(?=[0-9=+@-])", re.ASCII)
_INCIDENT_CODE = re.compile(r"N\s*100\s*[/. -]?\s*([1-9]?)", re.ASCII | re.IGNORECASE)
_REMOVAL = re.compile(r"C[1-5]", re.ASCII)
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})?", re.ASCII)
_LENGTH_OF_DAY = len("2024-05-31")
_OUTCOMES = {str(number): number for number in range(1, LAST_OUTCOME + 1)}
_OLD_CAUTION = {"1A": 1, "2A": 2, "3A": 3}
_NO_OUTCOME = frozenset({"66", "99"})

Note = Callable[[str, str], None]


class RefusedCell(Exception):
    """A cell that refuses its row: its field and the reason, never its value."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


class Moment(NamedTuple):
    """A time as a cell gave it. `at` is UTC: the start of the London day when `day_only`."""

    at: datetime
    day_only: bool

    @property
    def end(self) -> datetime:
        """The latest instant meant: `at`, or the last second of the London day."""
        if not self.day_only:
            return self.at
        last = self.at.astimezone(LONDON).replace(hour=23, minute=59, second=59)
        return last.astimezone(UTC)


def clean(field: str, cell: str, note: Note) -> str:
    """The cell without blanks around it and without what Excel wraps text in.

    Raises RefusedCell for a formula, control characters and more than 500 characters.
    """
    if len(cell) > LONGEST_CELL:
        raise RefusedCell(field, f"longer than {LONGEST_CELL} characters")
    cell = _INVISIBLE.sub("", cell)
    bare = cell.strip(" \xa0")
    wrapped = _EXCEL_WRAPPED.fullmatch(bare)
    plain = wrapped[1].strip() if wrapped else bare
    if _APOSTROPHE.match(plain):
        plain = plain[1:]
    if plain is not bare:
        note(field, "Excel's marks around the text were taken off")
        bare = plain
    if bare.startswith(_FORMULA) and bare != "-" and not _is_telephone(field, bare):
        raise RefusedCell(
            field, "starts like a spreadsheet formula (=, +, -, @ or a tab); write plain text"
        )
    if _CONTROL.search(bare):
        raise RefusedCell(field, "holds a line break or another control character")
    return bare.strip()


def _is_telephone(field: str, text: str) -> bool:
    # A number of digits alone, with its country in front, computes nothing.
    return field == "victim_telephone" and _TELEPHONE.fullmatch(text) is not None


def crime_reference(text: str, note: Note) -> str:
    """The crime reference as it is shown. Raises RefusedCell for what Excel spoiled."""
    if text.isdigit():
        return text
    if _EXCEL_SHORTENED.fullmatch(text):
        raise RefusedCell(
            "crime_reference",
            "Excel has shortened the number and its last digits are lost; "
            "export it again with this column as text",
        )
    if _EXCEL_DAY.fullmatch(text):
        raise RefusedCell(
            "crime_reference",
            "Excel has made a date of the reference; export it again with this column as text",
        )
    if text.endswith(".0") and text[:-2].isdigit():
        note("crime_reference", "the .0 that a spreadsheet put at the end was taken off")
        return text[:-2]
    return text


def optional_text(field: str, text: str, note: Note) -> str | None:
    """The text, or None for an empty cell and for words such as "No incident linked"."""
    if not text:
        return None
    if text.casefold() in NO_VALUE:
        note(field, "words that stand for nothing known were taken as empty")
        return None
    return text


def moment(field: str, text: str, note: Note) -> Moment:
    """A required time. ISO 8601 or dd/mm/yyyy hh:mm[:ss]; without a zone it is London time.

    Raises RefusedCell for anything else and for years before 1900.
    """
    found = _iso(text) or _english(text)
    if found is None:
        raise RefusedCell(field, _why_no_moment(text))
    when, day_only = found
    if when.year < FIRST_YEAR:
        raise RefusedCell(field, f"the year is before {FIRST_YEAR}")
    if when.tzinfo is not None:
        try:
            return Moment(when.astimezone(UTC), day_only)
        except OverflowError:
            raise RefusedCell(field, "the time is out of range") from None
    return _in_london(field, when, day_only, note)


def optional_moment(field: str, text: str, note: Note) -> Moment | None:
    """As `moment`, or None for an empty cell and for words such as "CANCELLED"."""
    if not text[:1].isdigit() and optional_text(field, text, note) is None:
        return None
    return moment(field, text, note)


def birth_date(text: str, note: Note) -> date | None:
    """A date of birth, or None. A time of day in the cell is passed over. Raises RefusedCell."""
    field = "victim_date_of_birth"
    if optional_text(field, text, note) is None:
        return None
    found = _iso(text) or _english(text)
    if found is None:
        raise RefusedCell(field, "not a date like 1990-12-31 or 31/12/1990")
    if found[0].year < FIRST_BIRTH_YEAR:
        raise RefusedCell(field, f"the year is before {FIRST_BIRTH_YEAR}")
    return found[0].date()


def incident_code(text: str) -> str | None:
    """N100, N100/1, N1001 or N100-1 as "N100/1" ("N100" without a number); None for others."""
    match = _INCIDENT_CODE.fullmatch(text)
    if match is None:
        return None
    return f"N100/{match[1]}" if match[1] else "N100"


def outcome(text: str, note: Note) -> int | None:
    """The outcome type 1 to 22, or None for 0, 66, 99, words and types that are not known."""
    if text in _OUTCOMES:
        return _OUTCOMES[text]
    plain = text.upper().removesuffix(".0").lstrip("0")
    if not plain:
        return None
    if plain in _OLD_CAUTION:
        note("outcome_type", "an outcome type with an A was taken as the type without it")
        return _OLD_CAUTION[plain]
    if plain in _OUTCOMES:
        return _OUTCOMES[plain]
    if plain in _NO_OUTCOME:
        note("outcome_type", "66 and 99 stand for no outcome and were taken as empty")
    else:
        note("outcome_type", "not an outcome type from 1 to 22; taken as empty")
    return None


def is_removal(text: str) -> bool:
    """Whether the text is one of C1 to C5, in any case."""
    return _REMOVAL.fullmatch(text.upper()) is not None


def removal(text: str, note: Note) -> str | None:
    """C1 to C5, or None. Raises RefusedCell for others: a removal may not be lost unseen."""
    if is_removal(text):
        return text.upper()
    if optional_text("removal_code", text, note) is None:
        return None
    raise RefusedCell("removal_code", "not a removal code from C1 to C5")


def postcode(text: str, note: Note) -> str | None:
    """A whole postcode with its space, or its first half ("SN1"); None, noted, for others."""
    match = _POSTCODE.fullmatch("".join(text.upper().split()))
    if match:
        return f"{match[1]} {match[2]}" if match[2] else match[1]
    if text:
        note("postcode", "not a postcode; taken as empty")
    return None


def _iso(text: str) -> tuple[datetime, bool] | None:
    # fromisoformat also reads 20240501 and week dates, which more likely are something else.
    if text[4:8:3] != "--":
        return None
    try:
        return datetime.fromisoformat(text), len(text) == _LENGTH_OF_DAY
    except ValueError:
        return None


def _english(text: str) -> tuple[datetime, bool] | None:
    match = _ENGLISH.fullmatch(text)
    if match is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second), match[4] is None  # noqa: DTZ001
    except ValueError:
        return None


def _in_london(field: str, when: datetime, day_only: bool, note: Note) -> Moment:
    offset = _steady_offset(when.year, when.month, when.day)
    if offset is not None:
        return Moment((when - offset if offset else when).replace(tzinfo=UTC), day_only)
    local = when.replace(tzinfo=LONDON)
    instant = local.astimezone(UTC)
    later = local.replace(fold=1).astimezone(UTC)
    if later > instant:
        note(field, "the clocks went back and this hour came twice; taken as the first one")
    elif later < instant:
        note(field, "the clocks went forward over this hour; taken as one hour later")
    return Moment(instant, day_only)


@lru_cache(maxsize=50_000)
def _steady_offset(year: int, month: int, day: int) -> timedelta | None:
    """London's offset from UTC, or None for a day on which the clocks change.

    Kept by day, because asking the zone for every time takes most of the time of a large file.
    """
    start = datetime(year, month, day, tzinfo=LONDON)
    offsets = {start.replace(hour=hour).utcoffset() for hour in range(24)}
    return offsets.pop() if len(offsets) == 1 else None


def _why_no_moment(text: str) -> str:
    if _EXCEL_NUMBER.fullmatch(text):
        return "a spreadsheet's number for a date; export it again as yyyy-mm-dd hh:mm"
    return "not a date and time like 2024-05-31 14:30 or 31/05/2024 14:30"
