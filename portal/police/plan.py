"""What a batch of rows changes in the register, worked out before anything is written.

Reads and writes nothing: `known` finds what is there, `loading` writes what is planned.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from portal.police.content import (
    Content,
    DisagreementError,
    canonical,
    columns,
    content_of,
    context_of,
    merge,
    write_personal,
)
from portal.police.feed import CrimeRow, Refusal
from portal.police.known import Known, Opened
from portal.sealing import Tokens

DISAGREES = "differs from an earlier row of the same crime reference"


@dataclass
class Counts:
    """What a supply changed so far. `unchanged` are records that it holds as they were."""

    taken: int = 0
    refused: int = 0
    new_records: int = 0
    new_versions: int = 0
    unchanged: int = 0
    remarks: int = 0


@dataclass
class Plan:
    """What one batch will write, as column values.

    `records` and `first_versions` go in pairs. `dropped` and `rewritten` are versions that this
    supply itself made; `seen` and `adopted` are records whose newest, and first, supply it is.
    """

    records: list[dict[str, Any]] = field(default_factory=list)
    first_versions: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    rewritten: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    adopted: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """A crime as this supply tells it so far: the reference as shown, and what it says."""

    key: str
    shown: str
    content: Content


class _Written(NamedTuple):
    """A told crime, with the text to seal and the keyed digest of everything in it."""

    told: Told
    personal: str
    digest: bytes


def merge_rows(
    rows: Iterable[CrimeRow], earlier: Mapping[str, Content]
) -> tuple[list[Told], list[Refusal]]:
    """The crimes that rows speak of, and the rows that disagree with an earlier one of theirs.

    `earlier` is what this supply said before these rows, by reference key.
    """
    told: dict[str, Told] = {}
    disagreeing: list[Refusal] = []
    for row in rows:
        key = row.reference_key
        before = told.get(key)
        content = before.content if before else earlier.get(key)
        try:
            merged = merge(content, content_of(row)) if content else content_of(row)
        except DisagreementError as error:
            disagreeing.append(Refusal(row.line, error.field, DISAGREES, key))
        else:
            told[key] = Told(key, before.shown if before else row.crime_reference, merged)
    return list(told.values()), disagreeing


class Planner:
    """Plans the batches of one supply and counts what they change."""

    def __init__(self, supply: Opened, tokens: Tokens) -> None:
        self.counts = Counts()
        self._supply = supply
        self._tokens = tokens

    def plan(
        self, told: Iterable[Told], known: Mapping[str, Known], previous: Mapping[int, bytes]
    ) -> Plan:
        """What to write so that the register holds what was told.

        `known` is what it holds of these crimes, by reference key; `previous` the digests of the
        versions that this supply's own versions follow, by record.
        """
        plan = Plan()
        for each in told:
            personal = write_personal(each.content)
            digest = self._tokens.token("content", canonical(each.content, personal))
            written = _Written(each, personal, digest)
            record = known.get(each.key)
            if record is None or record.version_id is None:
                self._first(plan, record, written)
                continue
            if not record.seen:
                plan.seen.append(record.record_id)
            if record.supply_id == self._supply.id:
                self._correct(plan, record, record.version_id, written, previous)
            else:
                self._follow(plan, record, written)
        return plan

    def record(self, shown: str, key: str) -> dict[str, Any]:
        """The columns of a record that this supply is the first to name."""
        return {
            "force_id": self._supply.force_id,
            "reference": shown,
            "reference_key": key,
            "first_supply_id": self._supply.id,
            "last_supply_id": self._supply.id,
        }

    def _first(self, plan: Plan, known: Known | None, written: _Written) -> None:
        version = self._version(written, number=1)
        told = written.told
        self.counts.new_records += 1
        if known is None:
            plan.records.append(self.record(told.shown, told.key))
            plan.first_versions.append(version)
            return
        # Named before without a version: by a refused row, or by a supply that was never taken.
        (plan.adopted if known.first_is_unfinished else plan.seen).append(known.record_id)
        plan.versions.append(version | {"record_id": known.record_id})

    def _follow(self, plan: Plan, known: Known, written: _Written) -> None:
        if written.digest == known.content:
            self.counts.unchanged += not known.seen
            return
        version = self._version(written, number=known.number + 1)
        plan.versions.append(version | {"record_id": known.record_id})
        self.counts.new_versions += 1
        self.counts.unchanged -= known.seen

    def _correct(
        self,
        plan: Plan,
        known: Known,
        version_id: int,
        written: _Written,
        previous: Mapping[int, bytes],
    ) -> None:
        if written.digest == known.content:
            return
        if previous.get(known.record_id) == written.digest:
            # A later row brought the crime back to how it was: there never was a new version.
            plan.dropped.append(version_id)
            self.counts.new_versions -= 1
            self.counts.unchanged += 1
            return
        plan.rewritten.append((version_id, self._version(written, number=known.number)))

    def _version(self, written: _Written, *, number: int) -> dict[str, Any]:
        context = context_of(self._supply.force_id, written.told.key)
        return {
            "number": number,
            "supply_id": self._supply.id,
            "content": written.digest,
            "sealed": self._supply.data_key.seal(written.personal.encode(), context),
            **columns(written.told.content),
        }
