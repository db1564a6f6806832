"""The mappings that are there, one file for each shape of export, and the one a force uses."""

from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.police.mapping import ColumnMapping, plain_name, read_mapping
from portal.police.models import ForceMapping
from portal.reference.forces import get_force
from portal.reference.offences import all_offences

DATA = Path(__file__).parent / "data" / "mappings"


@cache
def all_mappings(directory: Path = DATA) -> dict[str, ColumnMapping]:
    """Every mapping by name, which is its file's. Raises BadMapping."""
    offences = all_offences()
    count = Counter(plain_name(offence.title) for offence in offences.values())
    # A title of two offences says neither.
    titles = {
        plain_name(offence.title): code
        for code, offence in offences.items()
        if count[plain_name(offence.title)] == 1
    }
    return {
        path.stem: read_mapping(path.stem, path.read_text("utf-8"), offence_titles=titles)
        for path in sorted(directory.glob("*.json"))
    }


def choose_mapping(session: Session, force_id: str, name: str | None, *, now: datetime) -> None:
    """Read a force's files by a mapping from now on; None: by the format itself.

    Raises NotInReference for an unknown force, NotFound for a mapping that is not there.
    """
    get_force(force_id)
    if name is not None and name not in all_mappings():
        raise NotFound(f"There is no such mapping. There are: {', '.join(all_mappings())}.")
    chosen = session.get(ForceMapping, force_id, with_for_update=True)
    if name is None:
        if chosen is not None:
            session.delete(chosen)
    elif chosen is None:
        session.add(ForceMapping(force_id=force_id, mapping=name, chosen_at=now))
    else:
        chosen.mapping, chosen.chosen_at = name, now
    session.flush()


def find_chosen(session: Session, force_id: str) -> str | None:
    """The name of the mapping that was chosen for a force, be it there or not; None for none."""
    chosen = session.get(ForceMapping, force_id)
    return None if chosen is None else chosen.mapping


def find_mapping(session: Session, force_id: str) -> ColumnMapping | None:
    """The mapping by which a force's files are read; None: they are in the format itself.

    Raises NotFound when the chosen one is not there any more: a file must not be read otherwise
    than was agreed.
    """
    chosen = session.get(ForceMapping, force_id)
    if chosen is None:
        return None
    mapping = all_mappings().get(chosen.mapping)
    if mapping is None:
        raise NotFound("The mapping that this force's files are read by is not there any more.")
    return mapping


def forces_by_mapping(session: Session) -> dict[str, list[str]]:
    """The forces that use each mapping, by its name."""
    found: dict[str, list[str]] = {}
    for chosen in session.scalars(select(ForceMapping).order_by(ForceMapping.force_id)):
        found.setdefault(chosen.mapping, []).append(chosen.force_id)
    return found
