"""Crime references and incident numbers made comparable, however they were typed.

Two references that come out equal are taken for the same, and a false match hides a crime that
was never recorded; so separators are kept as structure ("54/123/24" is not "54/12/324"). They are
dropped only where the national format fixes every width: two digits of force, two of year and
seven of number, so that "54 240012345", "54/24/0012345" and "54240012345" are one.
"""

import re
import unicodedata
from datetime import datetime
from functools import lru_cache

LONGEST_TYPED = 200
_GROUP = re.compile(r"[A-Z]+|[0-9]+")
# Widths of the digit groups of the national format, force + year + number.
_NATIONAL = ((2, 9), (2, 2, 7), (4, 7))
_NATIONAL_ENDS = frozenset(widths[-1] for widths in _NATIONAL)
_YEAR = re.compile(r"20(\d\d)", re.ASCII)
_SHORTEST_SERIAL = 5
_LONGEST_LOG = 5
_DAY, _YEARS_FIGURES = 6, 2
_REFERENCE_WORDS = frozenset({"CRIME", "REF", "REFERENCE", "NO", "NUM", "NUMBER", "CRN"})
_INCIDENT_WORDS = _REFERENCE_WORDS | {"INCIDENT", "INC", "LOG", "CAD"}


def normalise_reference(text: str) -> str:
    """The one form under which a crime reference is compared; "" when nothing is usable.

    Capitals; runs of letters and of digits joined by "/", zeros in front of each run of digits
    and words such as "crime ref no" dropped; national-format references in one run. Unusable:
    no digit but zeros, other letters than A to Z, longer than 200. Never raises; idempotent.
    """
    return _joined(_groups(text, _REFERENCE_WORDS))


def normalise_incident_number(text: str) -> str:
    """As `normalise_reference`, and "incident", "log" and "CAD" in front are dropped too."""
    return _joined(_groups(text, _INCIDENT_WORDS))


def reference_keys(text: str) -> frozenset[str]:
    """Every form under which a typed reference may stand in a register; empty when unusable.

    Besides the normalised form: with the year in two digits, where a year of four digits comes
    last, after a number of five digits or more. Some forces write "0762372/25", nothing before.
    """
    groups = _groups(text, _REFERENCE_WORDS)
    plain = _joined(groups)
    if not plain:
        return frozenset()
    year = _YEAR.fullmatch(groups[-1])
    serial = groups[-2] if len(groups) > 1 else ""
    if year and serial.isdigit() and len(serial) >= _SHORTEST_SERIAL:
        return frozenset({plain, _joined([*groups[:-1], year[1]])})
    return frozenset({plain})


def number_keys(text: str) -> frozenset[str]:
    """Every form of what may be the number of a call or a crime reference in the other box: as
    `normalise_incident_number`, and as `reference_keys`.
    """
    found = reference_keys(text)
    if found and "0" <= text[0] <= "9":
        return found  # no words in front: the two are one
    call = normalise_incident_number(text)
    return found | {call} if call else found


@lru_cache(1 << 14)
def may_be_of_call(number: str) -> bool:
    """Whether a normalised number has the shape of a call's: its number in the log of a day (up to
    five figures), with that day beside it, or behind it in six figures; or the one in the log
    alone, of up to four. Of ten figures of a crime reference in one run six in a hundred have it.
    """
    number = without_words(number)
    parts = number.split("/")
    if not number.isascii() or not all(map(str.isdigit, parts)):
        return False
    if len(parts) == 1:
        log, day = number[:-_DAY], number[-_DAY:]
        return len(number) < _LONGEST_LOG or (0 < len(log) < _LONGEST_LOG and _is_day(day))
    log, day = sorted(parts, key=len)[:2]
    # "10124/24" is a serial and its year far more often than a day and the 24th call on it.
    is_serial = len(parts[-1]) == _YEARS_FIGURES
    is_shaped = len(parts) == 2 and len(log) <= _LONGEST_LOG <= len(day)
    return is_shaped and not is_serial and _is_day(day)


def without_words(number: str) -> str:
    """A normalised number without "log", "CAD" and the like before it."""
    parts = number.split("/")
    while len(parts) > 1 and parts[0] in _INCIDENT_WORDS:
        del parts[0]
    return "/".join(parts)


def _is_day(figures: str) -> bool:
    """Whether figures, perhaps without zeros in front, are a day: DDMMYY, YYMMDD, or with the
    year in four.
    """
    width = _DAY if len(figures) <= _DAY else _DAY + 2
    full = figures.zfill(width)
    shapes = ("%d%m%y", "%y%m%d") if width == _DAY else ("%d%m%Y", "%Y%m%d")
    return len(full) == width and any(_is_date(full, shape) for shape in shapes)


def _is_date(text: str, shape: str) -> bool:
    try:
        datetime.strptime(text, shape)  # noqa: DTZ007 - a day, and no moment
    except ValueError:
        return False
    return True


def _groups(text: str, words: frozenset[str]) -> list[str]:
    """Runs of letters and of digits, in capitals, without the words in front."""
    if len(text) > LONGEST_TYPED:
        return []
    if not text.isascii():
        text = _ascii(text)
    groups = _GROUP.findall(text.upper())
    start = 0
    while start < len(groups) and groups[start] in words:
        start += 1
    return groups[start:]


def _ascii(text: str) -> str:
    """The text in ASCII: letters of other scripts make it unusable, marks and signs are dropped."""
    kept = []
    for char in unicodedata.normalize("NFKC", text):
        kind = unicodedata.category(char)
        if char.isascii():
            kept.append(char)
        elif kind[0] in "LNM":
            return ""
        elif kind[0] != "C":
            # Dashes, spaces and signs part groups; direction marks and the like do not.
            kept.append(" ")
    return "".join(kept)


def _joined(groups: list[str]) -> str:
    plain = [group.lstrip("0") or "0" for group in groups]
    # Widths as typed, or without the zeros in front, so that the result reads as itself again.
    if len(groups) > 1 and (_is_national(groups) or _is_national(plain)):
        plain = ["".join(groups).lstrip("0")]
    joined = "/".join(plain)
    return joined if joined.strip("/ABCDEFGHIJKLMNOPQRSTUVWXYZ0") else ""


def _is_national(groups: list[str]) -> bool:
    # Most end with a year or a day: a look at the last tells.
    return (
        len(groups[-1]) in _NATIONAL_ENDS
        and tuple(map(len, groups)) in _NATIONAL
        and "".join(groups).isdigit()
    )
