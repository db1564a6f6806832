"""Comparing every report with every crime record at once, in DuckDB, in the memory of one machine.

All reports stand in memory; records pass by in lots and are forgotten. SQL finds the pairs of a
lot and weighs them (`bulk_sql`), and leaves a few of a hundred; those are compared once more by
`levels.compare` itself, so that what comes out is to the last bit what the other way round gives.

What was opened to be compared is sealed elsewhere: DuckDB gets a database in memory, no directory
to spill to and no access to files or networks, so that with too little memory it stops, and
writes nothing down.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from portal.errors import Refused
from portal.matching import bulk_sql
from portal.matching.blocking import report_keys
from portal.matching.bulk_rows import RECORD_COLUMNS, REPORT_COLUMNS, Cell, record_row, report_row
from portal.matching.keying import record_key_rows, report_key_rows
from portal.matching.levels import Levels, compare
from portal.matching.model import Model
from portal.matching.posterior import weigh
from portal.matching.settling import least_kept
from portal.matching.shared_tokens import SharedBy, every_sight, seen_by
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.weighing import kind_of
from portal.sealing import Tokens

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_REPORT_KEYS = {
    **dict.fromkeys(("report", "token", "occurred_since", "occurred_until"), "BIGINT"),
    **dict.fromkeys(("told_since", "told_until"), "BIGINT"),
}
_RECORD_KEYS = dict.fromkeys(("record", "token", "first_day", "last_day", "recorded_day"), "BIGINT")
TABLES: Mapping[str, Mapping[str, str]] = {
    "reports": REPORT_COLUMNS,
    "records": RECORD_COLUMNS,
    "report_keys": _REPORT_KEYS,
    "record_keys": _RECORD_KEYS,
    "weights": bulk_sql.WEIGHT_COLUMNS,
    "kinds": bulk_sql.KIND_COLUMNS,
    "offence_levels": bulk_sql.OFFENCE_COLUMNS,
}
_MOST_PAIRS = 2_000_000
"""With more pairs than this in one lot the lot is halved: memory stays bounded in a crowd."""
_MOST_ROWS = 20_000


class Pair(NamedTuple):
    """A pair that is worth keeping: the caller's numbers, its levels, and its weight in bits."""

    report: int
    record: int
    levels: Levels
    total: float


class Bulk:
    """Reports, and a model, ready for records to pass by.

    `found` counts the candidates of each report; those with more than `most_found` are in
    `crowded`, and what was given out of them before does not count.
    """

    def __init__(
        self,
        model: Model,
        tokens: Tokens,
        *,
        memory_limit: str = "4GB",
        most_found: int | None = None,
        most_pairs: int = _MOST_PAIRS,
        shared_keys: Mapping[str, bytes] | None = None,
    ) -> None:
        """`tokens` are those of the keys. Raises Refused without DuckDB, or for a limit that it
        does not understand or that is too little.
        """
        self._model, self._tokens = model, tokens
        self._most_found = model.bounds.most_found if most_found is None else most_found
        self._most_pairs = most_pairs
        self._shared_keys = shared_keys or {}
        self._sides: dict[int, ReportSide] = {}
        # Of a hundred keys of records few are any report's: a token costs more than a hash.
        self._wanted: set[int] = set()
        self._offence_sets: dict[frozenset[str], int] = {}
        self._offences: set[str] = set()
        self.found: Counter[int] = Counter()
        self.crowded: set[int] = set()
        self._duck = connect(memory_limit)
        with _told_plainly():
            for name, columns in TABLES.items():
                shape = ", ".join(f"{column} {kind}" for column, kind in columns.items())
                self._duck.execute(f"CREATE TABLE {name} ({shape})")
            insert(self._duck, "weights", _named("weights", bulk_sql.weight_rows(model)))
            insert(self._duck, "kinds", _named("kinds", bulk_sql.kind_rows(model)))

    def close(self) -> None:
        """Forget everything."""
        self._duck.close()
        self._sides.clear()
        self._wanted.clear()

    def add_reports(self, sides: Mapping[int, ReportSide]) -> None:
        """Take these reports in, by numbers of the caller's own. Before the first records.

        Raises Refused when the memory does not suffice.
        """
        self._sides.update(sides)
        rows, keys = [], []
        for number, side in sides.items():
            offences = self._offence_sets.setdefault(side.offence_codes, len(self._offence_sets))
            rows.append(report_row(number, side, offences, self._model))
            sights = list(every_sight(side, self._shared_keys))
            made = report_key_rows(sights, self._model, self._tokens)
            keys += [{"report": number, **row} for row in made]
            self._wanted.update(hash(key) for sight in sights for key in report_keys(sight))
        with _told_plainly():
            insert(self._duck, "reports", rows)
            insert(self._duck, "report_keys", keys)

    def take_records(
        self, sides: Mapping[int, RecordSide], shared: Mapping[int, SharedBy] | None = None
    ) -> list[Pair]:
        """Every pair of these records with any report that is worth keeping, in order.

        Each record passes once. `shared` are those that a force told by tokens. Raises Refused
        when the memory does not suffice.
        """
        with _told_plainly():
            return self._take(sides, shared or {})

    def _take(self, sides: Mapping[int, RecordSide], shared: Mapping[int, SharedBy]) -> list[Pair]:
        self._forget_lot()
        keys = [
            {"record": number, **row}
            for number, side in sides.items()
            for row in record_key_rows(side, self._tokens, wanted=self._wanted)
        ]
        insert(self._duck, "record_keys", keys)
        if len(sides) > 1 and self._pairs_at_most() > self._most_pairs:
            half = len(sides) // 2
            numbers = list(sides)
            return [
                pair
                for some in (numbers[:half], numbers[half:])
                for pair in self._take({number: sides[number] for number in some}, shared)
            ]
        self._duck.execute(f"CREATE OR REPLACE TABLE pairs AS {bulk_sql.pairs_sql()}")
        self._count()
        return self._compare(sides, shared)

    def _forget_lot(self) -> None:
        for table in ("records", "record_keys"):
            self._duck.execute(f"TRUNCATE {table}")

    def _pairs_at_most(self) -> int:
        return _number(
            self._duck,
            "SELECT coalesce(sum(a.many * b.many), 0)::BIGINT "
            "FROM (SELECT token, count(*) AS many FROM report_keys GROUP BY token) AS a "
            "JOIN (SELECT token, count(*) AS many FROM record_keys GROUP BY token) AS b "
            "USING (token)",
        )

    def _count(self) -> None:
        counted = self._duck.execute("SELECT report, count(*) FROM pairs GROUP BY report")
        self.found.update(dict(counted.fetchall()))
        crowded = {one for one in self.found if self.found[one] > self._most_found}
        for one in sorted(crowded - self.crowded):
            self._duck.execute("DELETE FROM report_keys WHERE report = $1", [one])
            self._duck.execute("DELETE FROM pairs WHERE report = $1", [one])
        self.crowded |= crowded

    def _compare(
        self, sides: Mapping[int, RecordSide], shared: Mapping[int, SharedBy]
    ) -> list[Pair]:
        wanted = self._duck.execute("SELECT DISTINCT record FROM pairs").fetchall()
        rows = [
            record_row(number, sides[number], by_tokens=number in shared) for (number,) in wanted
        ]
        insert(self._duck, "records", rows)
        self._learn_offences({sides[number].offence_code for (number,) in wanted})
        self._duck.execute(f"CREATE OR REPLACE TABLE levels AS {bulk_sql.levels_sql()}")
        totals = f"SELECT report, record FROM ({bulk_sql.totals_sql()}) ORDER BY report, record"  # noqa: S608 - our own text
        left = self._duck.execute(totals).fetchall()
        found = (
            self._pair(report, record, sides[record], shared.get(record)) for report, record in left
        )
        return [pair for pair in found if pair is not None]

    def _pair(
        self, report: int, record: int, candidate: RecordSide, shared: SharedBy | None
    ) -> Pair | None:
        side, model = self._sides[report], self._model
        kind = kind_of(side)
        levels = compare(seen_by(side, shared), candidate, model)
        total = weigh(levels, model, kind=kind).total
        if total < least_kept(model, kind=kind):
            return None
        return Pair(report, record, levels, total)

    def _learn_offences(self, codes: Iterable[str]) -> None:
        new = set(codes) - self._offences
        self._offences |= new
        rows = bulk_sql.offence_rows(list(self._offence_sets), sorted(new), self._model)
        insert(self._duck, "offence_levels", _named("offence_levels", rows))


def connect(memory_limit: str) -> "DuckDBPyConnection":
    """A database in memory that can neither read nor write a file. Raises Refused."""
    try:
        import duckdb  # late: it takes a fifth of a second, and only a full run needs it
    except ImportError:
        raise Refused("A full run needs DuckDB: pip install duckdb.") from None
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        duck = duckdb.connect(":memory:", config=config)
        for macro in bulk_sql.DUCKDB:
            duck.execute(macro)
        duck.execute("SET enable_external_access = false")
        duck.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise Refused(f"DuckDB did not start: {str(error).splitlines()[0]}") from None
    return duck


@contextmanager
def _told_plainly() -> Iterator[None]:
    from duckdb import OutOfMemoryException  # late, as above

    try:
        yield
    except OutOfMemoryException:
        raise Refused(
            "The memory did not suffice, and nothing was changed. Give more: --memory-limit."
        ) from None


def _named(table: str, rows: Iterable[Sequence[Cell | float]]) -> list[dict[str, Cell | float]]:
    return [dict(zip(TABLES[table], row, strict=True)) for row in rows]


def insert(
    duck: "DuckDBPyConnection", table: str, rows: Sequence[Mapping[str, Cell | float]]
) -> None:
    """Put rows into one of TABLES.

    As one JSON text for some thousands: with no other library that is the fastest way.
    """
    columns = TABLES[table]
    shape = json.dumps({name: [_shape(kind)] for name, kind in columns.items()})
    values = ", ".join(f"unnest(one.{name})" for name in columns)
    query = (
        f"INSERT INTO {table} SELECT {values} "  # noqa: S608 - names are our own constants
        f"FROM (SELECT from_json($1, '{shape}') AS one)"
    )
    for start in range(0, len(rows), _MOST_ROWS):
        some = rows[start : start + _MOST_ROWS]
        duck.execute(query, [json.dumps({name: [row[name] for row in some] for name in columns})])


def _shape(kind: str) -> str | list[str]:
    return ["VARCHAR"] if kind == "VARCHAR[]" else kind


def _number(duck: "DuckDBPyConnection", query: str) -> int:
    row = duck.execute(query).fetchone()
    return int(row[0]) if row else 0
