"""Writing the rows of a supply, batch by batch, each in a short transaction of its own.

Nothing written here counts before the supply is taken. The caller holds the force's lock, so what
is looked up before a transaction still holds inside it; all the work but the writing itself is
done outside, because SQLite has one writer and a victim may be waiting to send a report.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, delete, insert, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.police.feed import CrimeRow, Notice, Refusal
from portal.police.known import Opened, look_up, open_contents, previous_digests
from portal.police.models import CrimeRecord, CrimeRecordVersion, SupplyRemark
from portal.police.plan import Counts, Plan, Planner, merge_rows
from portal.sealing import Keyring, Tokens

_KEYS_AT_ONCE = 2_000
# The bare tables: the ORM's bulk insert costs as much again as the insert itself.
_RECORDS = cast(Table, CrimeRecord.__table__)
_VERSIONS = cast(Table, CrimeRecordVersion.__table__)


class Loader:
    """Writes one supply's rows and counts what they change."""

    def __init__(
        self, database: Database, supply: Opened, *, keyring: Keyring, tokens: Tokens
    ) -> None:
        self._database = database
        self._supply = supply
        self._keyring = keyring
        self._planner = Planner(supply, tokens)
        # Keys of refused rows, one after the other: a list of texts would not stay small.
        self._refused_keys = bytearray()

    @property
    def counts(self) -> Counts:
        """What the supply changed so far."""
        return self._planner.counts

    def take(self, rows: Sequence[CrimeRow], remarks: Sequence[Refusal | Notice]) -> None:
        """Write rows and remarks in one transaction.

        Rows that disagree with an earlier row of their crime are refused, with a remark.
        """
        with self._database.reading() as session:
            known = look_up(session, self._supply, {row.reference_key for row in rows})
            earlier = open_contents(session, known, keyring=self._keyring)
            previous = previous_digests(session, self._supply, known)
        told, disagreeing = merge_rows(rows, earlier)
        plan = self._planner.plan(told, known, previous)
        said = [*remarks, *disagreeing]
        with self._database.transaction() as session:
            self._write(session, plan)
            self._write_remarks(session, said)
        self._count(len(rows) - len(disagreeing), said)

    def finish(self) -> None:
        """Write what is left over once every row was taken."""
        self._remember_refused()

    def _remember_refused(self) -> None:
        """Note that the supply held the crimes whose rows were refused: they did not vanish.

        A crime never seen before gets its record without any version, so that it does not look
        added later once the force has put the row right.
        """
        keys = self._refused_keys.decode().split("\n")
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            wanted = {key for key in keys[start : start + _KEYS_AT_ONCE] if key}
            with self._database.reading() as session:
                known = look_up(session, self._supply, wanted)
            new = sorted(wanted - known.keys())
            with self._database.transaction() as session:
                self._mark(session, "last_supply_id", [each.record_id for each in known.values()])
                if new:
                    records = [self._planner.record(key, key) for key in new]
                    session.connection().execute(insert(_RECORDS), records)

    def _count(self, taken: int, said: Sequence[Refusal | Notice]) -> None:
        self.counts.taken += taken
        self.counts.remarks += len(said)
        for remark in said:
            if isinstance(remark, Refusal):
                self.counts.refused += 1
                if remark.reference_key:
                    self._refused_keys += remark.reference_key.encode() + b"\n"

    def _write(self, session: Session, plan: Plan) -> None:
        ids = _insert_records(session, plan.records)
        for record, version in zip(plan.records, plan.first_versions, strict=True):
            version["record_id"] = ids[record["reference_key"]]
        new = plan.first_versions + plan.versions
        if new:
            session.connection().execute(insert(_VERSIONS), new)
        for version_id, values in plan.rewritten:
            mine = CrimeRecordVersion.id == version_id
            session.execute(update(CrimeRecordVersion).where(mine).values(values))
        if plan.dropped:
            dropped = CrimeRecordVersion.id.in_(plan.dropped)
            session.execute(delete(CrimeRecordVersion).where(dropped))
        self._mark(session, "first_supply_id", plan.adopted)
        self._mark(session, "last_supply_id", [*plan.seen, *plan.adopted])

    def _mark(self, session: Session, column: str, record_ids: Sequence[int]) -> None:
        if record_ids:
            session.execute(
                update(CrimeRecord)
                .where(CrimeRecord.id.in_(record_ids))
                .values({column: self._supply.id})
            )

    def _write_remarks(self, session: Session, said: Sequence[Refusal | Notice]) -> None:
        if said:
            rows = [
                {
                    "supply_id": self._supply.id,
                    "line": remark.line,
                    "field": remark.field,
                    "reason": remark.reason,
                    "refused": isinstance(remark, Refusal),
                }
                for remark in said
            ]
            session.execute(insert(SupplyRemark), rows)


def _insert_records(session: Session, records: list[dict[str, Any]]) -> dict[str, int]:
    if not records:
        return {}
    made = session.connection().execute(
        insert(_RECORDS).returning(_RECORDS.c.reference_key, _RECORDS.c.id), records
    )
    return {key: record_id for key, record_id in made}
