"""By which versions of crime records pairs are judged, and what a person confirmed weighs now."""

from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.matching.claiming import batched
from portal.matching.comparing import stands
from portal.matching.models import Match
from portal.matching.settling import Kept, unpack
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.police.queries import find_current_version

Known = Mapping[UUID, Mapping[int, Match]]
_Row = TypeVar("_Row", CrimeRecord, CrimeRecordVersion)
_BATCH = 200


def flags_of(session: Session, known: Known) -> dict[int, CrimeRecordVersion]:
    """The versions on which these pairs were judged, by id."""
    versions = (match.version_id for one in known.values() for match in one.values())
    return by_id(session, CrimeRecordVersion, versions)


def by_id(session: Session, table: type[_Row], ids: Iterable[int]) -> dict[int, _Row]:
    """The rows of a table with these ids."""
    found: dict[int, _Row] = {}
    for some in batched(sorted(set(ids)), _BATCH):
        found |= {one.id: one for one in session.scalars(select(table).where(table.id.in_(some)))}
    return found


def kept_of(matches: Mapping[int, Match], flags: Mapping[int, CrimeRecordVersion]) -> list[Kept]:
    """The pairs of an allegation that the model ranks: those on which no person decided."""
    return [
        Kept(
            *(record_id, unpack(match.levels), match.event),
            is_incident=flags[match.version_id].is_incident,
            is_removed=flags[match.version_id].removal_code is not None,
            is_early=bool(match.is_early),
        )
        for record_id, match in matches.items()
        if match.levels is not None and not stands(match)
    ]


def decided_weights(session: Session, known: Known) -> dict[UUID, float]:
    """The weight of the record that a person confirmed, in bits, of each allegation that has one
    that stands. Without a weight nothing outweighs it: it was confirmed before there were weights.

    A decision keeps the version that the person saw, so that what the force made of the record
    since is read of the record: one that it removed keeps nobody from the one that took its place.
    """
    found: dict[UUID, float] = {}
    for allegation_id, matches in known.items():
        for match in matches.values():
            if match.state == "accepted" and match.decided_by is not None:
                version = find_current_version(session, match.record_id)
                if version and version.removal_code is None and not version.is_incident:
                    total = match.total if match.total is not None else float("inf")
                    found[allegation_id] = max(total, found.get(allegation_id, total))
    return found
