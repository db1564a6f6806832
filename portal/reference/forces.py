"""Police forces, and help to find the force of a place. None of it is authoritative geography."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.reference.files import DATA, DataRow, NotInReference, read_rows

_COLUMNS = ("force_id", "short_name", "full_name", "ons_pfa_code", "country", "kind")
_SLUG = re.compile(r"[a-z]+(-[a-z]+)*")
_POSTCODE = re.compile(r"([A-Z]{1,2})(?:\d[A-Z\d]?(?:\d[A-Z]{0,2})?)?", re.ASCII)
_LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Force:
    """A police force. `ons_code` is its police force area, empty for British Transport Police."""

    id: str
    short_name: str
    full_name: str
    ons_code: str
    country: str
    kind: str


@cache
def all_forces(directory: Path = DATA) -> tuple[Force, ...]:
    """Every force, by short name. Raises BadDataFile."""
    rows = read_rows(directory, "forces.csv", _COLUMNS, key="force_id")
    return tuple(sorted((_force(row) for row in rows), key=lambda force: force.short_name))


def find_force(force_id: str, directory: Path = DATA) -> Force | None:
    """The force with this identifier, as police.uk writes it ("avon-and-somerset"), or None."""
    return _by_id(directory).get(force_id)


def get_force(force_id: str, directory: Path = DATA) -> Force:
    """As `find_force`. Raises NotInReference."""
    force = find_force(force_id, directory)
    if force is None:
        raise NotInReference("The list of police forces has no such force.")
    return force


def forces_for_postcode(text: str, directory: Path = DATA) -> list[Force]:
    """Forces that police the postcode's area, most likely first; none for text without a postcode.

    Takes a whole postcode or its start, in any case and spacing. Only a help to choose from.
    """
    if len(text) > _LONGEST_SEARCH:
        return []
    match = _POSTCODE.fullmatch("".join(text.split()).upper())
    if match is None:
        return []
    known = _by_id(directory)
    return [known[force_id] for force_id in _areas(directory).get(match[1], ())]


def forces_for_place(text: str, directory: Path = DATA) -> list[Force]:
    """Forces of a larger town or city, most likely first ("Swindon", "swindon, wilts")."""
    known = _by_id(directory)
    places = _places(directory)
    for part in text[:_LONGEST_SEARCH].split(","):
        found = places.get(" ".join(_words(part)))
        if found:
            return [known[force_id] for force_id in found]
    return []


@cache
def _by_id(directory: Path) -> dict[str, Force]:
    return {force.id: force for force in all_forces(directory)}


@cache
def _areas(directory: Path) -> dict[str, tuple[str, ...]]:
    rows = read_rows(directory, "postcode_areas.csv", ("area", "forces"), key="area")
    return {row.text("area"): _forces_of(row, directory) for row in rows}


@cache
def _places(directory: Path) -> dict[str, tuple[str, ...]]:
    rows = read_rows(directory, "places.csv", ("place", "forces"), key="place")
    return {" ".join(_words(row.text("place"))): _forces_of(row, directory) for row in rows}


def _forces_of(row: DataRow, directory: Path) -> tuple[str, ...]:
    forces = tuple(row.words("forces"))
    unknown = set(forces) - set(_by_id(directory))
    if unknown or not forces:
        raise row.bad(f"no such force: {min(unknown, default='none named')}")
    return forces


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.findall(r"[^\W_]+", plain)


def _force(row: DataRow) -> Force:
    force_id = row.text("force_id")
    if not _SLUG.fullmatch(force_id):
        raise row.bad("force_id must be small letters joined by dashes")
    return Force(
        force_id,
        row.text("short_name"),
        row.text("full_name"),
        row.optional("ons_pfa_code"),
        row.optional("country"),
        row.text("kind"),
    )
