"""One flat table for both sides, as a careful analyst would prepare it for any linkage tool.

Names without accents, references without their ornaments, dates as days. None of this is the
product's own code, so that the peers stand on their own feet; "" and None are not known.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from tests.benchmarks.matching.picking import REFERENCE
from tests.benchmarks.matching.rows import RawRecord, RawReport

_GROUP = re.compile(r"[A-Z]+|[0-9]+")
_WORDS = frozenset({"CRIME", "REF", "REFERENCE", "NO", "LOG"})
_YEAR = re.compile(r"20(\d\d)")


class Flat(NamedTuple):
    """A row of either side. `families`: offence families; `wider`: what they turn into as well.

    `since` and `until` bound when it happened, `told` when police were told (a record: reported),
    as ordinal days. A record has one family.
    """

    unique_id: int
    forename: str
    surname: str
    born: str
    telephone: str
    email: str
    postcode: str
    sector: str
    outward: str
    town: str
    reference: str
    incident: str
    force_id: str
    since: int | None
    until: int | None
    told: int | None
    families: tuple[str, ...]
    wider: tuple[str, ...]


def flat_report(report: RawReport) -> Flat:
    """A report as a flat row."""
    forename, surname = split(report.name)
    born = ""
    if report.birth_day:
        day, month = report.birth_day, report.birth_month
        born = f"{report.birth_year}-{int(month):02d}-{int(day):02d}"
    families = _families_of(report.category)
    given = [reference_of(text) for text in (*report.references, *report.incident_numbers)]
    calls = [one for one in given if _is_call(one)]
    crimes = [one for one in given if not _is_call(one)]
    return Flat(
        *(report.number, forename, surname, born, _telephone(report.telephone)),
        *(report.email.lower(), *_postcode(report.postcode), report.town.lower()),
        reference=crimes[0] if crimes else "",
        incident=calls[0] if calls else "",
        force_id=report.force_id,
        since=_day(report.occurred_from),
        until=_day(report.occurred_to),
        told=_day(report.told_from),
        families=families,
        wider=_widened(families),
    )


def flat_record(record: RawRecord) -> Flat:
    """A record as a flat row."""
    forename, surname = split(record.victim_name)
    family = (_family(record.offence_code),)
    return Flat(
        *(record.row, forename, surname, record.birth_date, _telephone(record.telephone)),
        *(record.email.lower(), *_postcode(record.postcode), record.town.lower()),
        reference=reference_of(record.crime_reference),
        incident=reference_of(record.incident_number),
        force_id=record.force_id,
        since=_day(record.occurred_from),
        until=_day(record.occurred_to),
        told=_day(record.reported_at),
        families=family,
        wider=family,
    )


def flat_records(records: Iterable[RawRecord]) -> list[Flat]:
    """Records as flat rows."""
    return [flat_record(one) for one in records]


@lru_cache(1 << 16)
def split(name: str) -> tuple[str, str]:
    """First forename and surname, in small letters without marks; a lone word is a forename."""
    last, comma, first = name.partition(",")
    words = [_plain(word) for word in (f"{first} {last}" if comma else name).split()]
    words = [word for word in words if word]
    if not words:
        return "", ""
    return words[0], words[-1] if len(words) > 1 else ""


def reference_of(text: str) -> str:
    """The digits and letters that make a number, without zeros in front and words before it."""
    groups = [one for one in _GROUP.findall(text.upper()) if one not in _WORDS]
    if len(groups) > 2 and (year := _YEAR.fullmatch(groups[-1])):
        groups[-1] = year[1]
    return "".join(one.lstrip("0") or "0" for one in groups)


def _is_call(reference: str) -> bool:
    """Whether it looks like "0614-150825", a number of a day."""
    return (
        reference.isdigit() and 7 <= len(reference) <= 10 and reference.endswith(("24", "25", "26"))
    )


def _plain(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.lower().replace("ł", "l").replace("ı", "i"))
    return "".join(char for char in apart if char.isascii() and char.isalpha())


def _telephone(text: str) -> str:
    digits = "".join(char for char in text if char.isdigit())
    return "0" + digits[2:] if digits.startswith("44") else digits


def _postcode(text: str) -> tuple[str, str, str]:
    plain = text.upper().replace(" ", "")
    if len(plain) < 5:
        return "", "", plain
    return plain, plain[:-2], plain[:-3]


def _day(text: str) -> int | None:
    return date.fromisoformat(text[:10]).toordinal() if text else None


@cache
def _kinds() -> dict[str, str]:
    return {row["offence_code"]: row["family"] for row in _rows("offence_kinds.csv")}


def _family(code: str) -> str:
    return _kinds().get(code, code)


@cache
def _families_of(category: str) -> tuple[str, ...]:
    for row in _rows("categories.csv"):
        if row["slug"] == category:
            return tuple(dict.fromkeys(_family(code) for code in row["codes"].split()))
    return ()


@cache
def _widened(families: tuple[str, ...]) -> tuple[str, ...]:
    found = list(families)
    for row in _rows("downgrades.csv"):
        if row["from_family"] in families:
            found.append(row["to_family"])
    for row in _rows("related.csv"):
        for one, other in (
            (row["family"], row["other_family"]),
            (row["other_family"], row["family"]),
        ):
            if one in families:
                found.append(other)
    return tuple(dict.fromkeys(found))


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
