"""By which versions of crime records pairs are judged, and what a person confirmed weighs now."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.matching.claiming import batched
from portal.matching.comparing import stands
from portal.matching.models import Match
from portal.matching.settling import Kept, unpack
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.police.newest import current_versions, has_newer

Known = Mapping[UUID, Mapping[int, Match]]
_Row = TypeVar("_Row", CrimeRecord, CrimeRecordVersion)
_BATCH = 200


class Flags(NamedTuple):
    """The version on which a pair was judged, and whether its record is the note of an incident or
    was removed: by that version, or by the newest, which says so in the open though nobody may be
    able to open the rest of it. `is_outdated`: there is a newer one.
    """

    version: CrimeRecordVersion
    is_incident: bool
    is_removed: bool
    is_outdated: bool = False

    @property
    def is_gone(self) -> bool:
        """Whether it is no crime record that stands."""
        return self.is_incident or self.is_removed


def flags_of(session: Session, known: Known) -> dict[int, Flags]:
    """What is known in the open of these pairs, by the version on which each was judged."""
    versions = (match.version_id for one in known.values() for match in one.values())
    found = by_id(session, CrimeRecordVersion, versions)
    newest = _newest_of_outdated(session, found)
    flags: dict[int, Flags] = {}
    for key, version in found.items():
        both = (version, newest.get(version.record_id, version))
        flags[key] = Flags(
            version,
            any(one.is_incident for one in both),
            any(one.removal_code is not None for one in both),
            any(one.number > version.number for one in both),
        )
    return flags


def _newest_of_outdated(
    session: Session, version_ids: Iterable[int]
) -> dict[int, CrimeRecordVersion]:
    """The newest version of each record of which one of these is not the newest."""
    outdated: set[int] = set()
    for some in batched(sorted(version_ids), _BATCH):
        query = select(CrimeRecordVersion.record_id).where(CrimeRecordVersion.id.in_(some))
        outdated.update(session.scalars(query.where(has_newer())))
    return current_versions(session, outdated)


def by_id(session: Session, table: type[_Row], ids: Iterable[int]) -> dict[int, _Row]:
    """The rows of a table with these ids."""
    found: dict[int, _Row] = {}
    for some in batched(sorted(set(ids)), _BATCH):
        found |= {one.id: one for one in session.scalars(select(table).where(table.id.in_(some)))}
    return found


def kept_of(matches: Mapping[int, Match], flags: Mapping[int, Flags]) -> list[Kept]:
    """The pairs of an allegation that the model ranks: those on which no person decided."""
    return [
        Kept(
            *(record_id, unpack(match.levels), match.event),
            is_incident=flags[match.version_id].is_incident,
            is_removed=flags[match.version_id].is_removed,
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
    confirmed = [
        (allegation_id, match)
        for allegation_id, matches in known.items()
        for match in matches.values()
        if match.state == "accepted" and match.decided_by is not None
    ]
    newest = current_versions(session, (match.record_id for _, match in confirmed))
    found: dict[UUID, float] = {}
    for allegation_id, match in confirmed:
        version = newest.get(match.record_id)
        if version and not version.is_gone:
            total = match.total if match.total is not None else float("inf")
            found[allegation_id] = max(total, found.get(allegation_id, total))
    return found
