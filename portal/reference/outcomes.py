"""Crime outcome types, and the codes under which a crime record is removed or never made."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.reference.files import DATA, DataRow, read_rows

_REMOVAL = re.compile(r"C\d{1,2}|N100/\d")


@dataclass(frozen=True)
class Outcome:
    """An outcome type of the Home Office outcomes framework. Type 0 is no outcome."""

    number: int
    title: str
    group: str


@dataclass(frozen=True)
class Removal:
    """Why a crime record was removed (C1 to C5), or what an N100 says. An N100 is no crime."""

    code: str
    meaning: str
    verified: str

    @property
    def is_incident(self) -> bool:
        """Whether the code is an N100: a reported incident of rape, not a crime record."""
        return self.code.startswith("N100")


@cache
def all_outcomes(directory: Path = DATA) -> dict[int, Outcome]:
    """Every outcome type by number, 0 included. Raises BadDataFile."""
    rows = read_rows(directory, "outcomes.csv", ("outcome_type", "title", "group"), "outcome_type")
    outcomes = [_outcome(row) for row in rows]
    return {outcome.number: outcome for outcome in outcomes}


@cache
def all_removals(directory: Path = DATA) -> dict[str, Removal]:
    """Every removal and N100 code. Raises BadDataFile."""
    rows = read_rows(directory, "removals.csv", ("code", "meaning", "verified"), "code")
    return {row.text("code"): _removal(row) for row in rows}


def find_outcome(number: int, directory: Path = DATA) -> Outcome | None:
    """The outcome type with this number, or None."""
    return all_outcomes(directory).get(number)


def find_removal(code: str, directory: Path = DATA) -> Removal | None:
    """The meaning of a code such as C3 or N100/1, or None."""
    return all_removals(directory).get(code)


def _outcome(row: DataRow) -> Outcome:
    number = row.text("outcome_type")
    if not (number.isascii() and number.isdigit()):
        raise row.bad("outcome_type is not a whole number")
    return Outcome(int(number), row.text("title"), row.text("group"))


def _removal(row: DataRow) -> Removal:
    code = row.text("code")
    if not _REMOVAL.fullmatch(code):
        raise row.bad("the code is neither C and a number nor N100/ and a number")
    return Removal(code, row.text("meaning"), row.text("verified"))
