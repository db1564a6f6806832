"""Comparing every report with every crime record at once, in the memory of one machine.

All reports stand in memory; records pass by in lots and are forgotten. DuckDB finds the pairs of a
lot (`bulk_sql`). They are compared and weighed by the very functions of the other way round, so
that what comes out is the same to the last bit: a row of a record, made for SQL to compare, costs
more than to compare it here with the four reports that it has a key in common with.

What was opened to be compared is sealed elsewhere: DuckDB gets a database in memory, no directory
to spill to and no access to files or networks, so that with too little memory it stops, and
writes nothing down.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from portal.errors import Refused
from portal.matching.blocking import plain_record_keys
from portal.matching.bulk_rows import Cell
from portal.matching.bulk_sql import TABLES, pairs_sql
from portal.matching.keying import days_of, keys_within
from portal.matching.levels import Levels, add_numbers, compare_near
from portal.matching.model import KINDS, Model
from portal.matching.posterior import weigh
from portal.matching.settling import least_kept
from portal.matching.shared_tokens import SharedBy, every_sight, seen_by
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.weighing import kind_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST_PAIRS = 2_000_000
"""With more pairs than this in one lot the lot is halved: memory stays bounded in a crowd."""
_MOST_ROWS = 20_000
_FORGOTTEN_AT_ONCE = 20
"""Keys are looked through when one in so many reports more was set aside."""

Row = Sequence[Cell | float | list[int]]


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
        *,
        memory_limit: str = "4GB",
        most_found: int | None = None,
        most_pairs: int = _MOST_PAIRS,
        shared_keys: Mapping[str, bytes] | None = None,
    ) -> None:
        """Raises Refused without DuckDB, or for a limit that it does not understand or that is too
        little.
        """
        self._model = model
        self._least = {kind: least_kept(model, kind=kind) for kind in KINDS}
        self._most_found = model.bounds.most_found if most_found is None else most_found
        self._most_pairs = most_pairs
        self._shared_keys = shared_keys or {}
        self._sides: dict[int, ReportSide] = {}
        # Of a hundred keys of records few are any report's. A key is known by its hash, which
        # nobody sees and nothing keeps: where two share one, a pair is compared in vain.
        self._wanted: set[int] = set()
        self._forgotten = 0
        self._is_counted = False
        self.found: Counter[int] = Counter()
        self.crowded: set[int] = set()
        self._duck = connect(memory_limit)
        with _told_plainly():
            for name in ("report_keys", "record_keys"):
                shape = ", ".join(f"{column} {kind}" for column, kind in TABLES[name].items())
                self._duck.execute(f"CREATE TABLE {name} ({shape})")

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
        keys: dict[tuple[int | None, ...], list[int]] = defaultdict(list)
        for number, side in sides.items():
            for key, days in keys_within(every_sight(side, self._shared_keys), self._model):
                keys[number, *days.values()].append(hash(key))
        self._wanted.update(chain.from_iterable(keys.values()))
        rows = [(number, tokens, *days) for (number, *days), tokens in keys.items()]
        with _told_plainly():
            insert(self._duck, "report_keys", rows, spread="token")
        self._is_counted = False

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
        self._duck.execute("TRUNCATE record_keys")
        wanted = self._wanted
        rows = [
            (number, [*tokens], *days_of(side))
            for number, side in sides.items()
            if (tokens := wanted.intersection(map(hash, plain_record_keys(side))))
        ]
        insert(self._duck, "record_keys", rows, spread="token")
        if len(sides) > 1 and self._pairs_at_most() > self._most_pairs:
            half = len(sides) // 2
            numbers = list(sides)
            return [
                pair
                for some in (numbers[:half], numbers[half:])
                for pair in self._take({number: sides[number] for number in some}, shared)
            ]
        self._duck.execute(f"CREATE OR REPLACE TABLE pairs AS {pairs_sql()}")
        self._count()
        return [
            pair
            for report, record in self._pairs()
            if (pair := self._pair(report, record, sides[record], shared.get(record)))
        ]

    def _pairs_at_most(self) -> int:
        if not self._is_counted:
            self._duck.execute(
                "CREATE OR REPLACE TABLE report_tokens AS "
                "SELECT token, count(*) AS many FROM report_keys GROUP BY token"
            )
            self._is_counted = True
        return _number(
            self._duck,
            "SELECT coalesce(sum(many), 0)::BIGINT "
            "FROM record_keys JOIN report_tokens USING (token)",
        )

    def _count(self) -> None:
        counted = self._duck.execute("SELECT report, count(*) FROM pairs GROUP BY report")
        self.found.update(dict(counted.fetchall()))
        crowded = {one for one in self.found if self.found[one] > self._most_found}
        if new := sorted(crowded - self.crowded):
            self._is_counted = False
            self._duck.execute(
                "DELETE FROM report_keys WHERE report IN (SELECT unnest($1::BIGINT[]))", [new]
            )
            self._duck.execute(
                "DELETE FROM pairs WHERE report IN (SELECT unnest($1::BIGINT[]))", [new]
            )
        self.crowded |= crowded
        if len(self.crowded) - self._forgotten > len(self._sides) // _FORGOTTEN_AT_ONCE:
            self._forgotten = len(self.crowded)
            left = self._duck.execute("SELECT DISTINCT token FROM report_keys").fetchall()
            self._wanted = {token for (token,) in left}

    def _pairs(self) -> Iterator[tuple[int, int]]:
        found = self._duck.execute("SELECT report, record FROM pairs ORDER BY report, record")
        while some := found.fetchmany(_MOST_ROWS):
            yield from some

    def _pair(
        self, report: int, record: int, candidate: RecordSide, shared: SharedBy | None
    ) -> Pair | None:
        side, model = seen_by(self._sides[report], shared), self._model
        kind = kind_of(side)
        levels = compare_near(side, candidate, model, kind=kind)
        if levels is None:
            return None
        if side.has_numbers:
            levels = add_numbers(levels, side, candidate)
        total = weigh(levels, model, kind=kind).total
        return Pair(report, record, levels, total) if total >= self._least[kind] else None


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


def insert(
    duck: "DuckDBPyConnection", table: str, rows: Sequence[Row], *, spread: str = ""
) -> None:
    """Put rows into one of TABLES. With a list in its column `spread` one stands for a row of each.

    As one JSON text for some thousands: with no other library that is the fastest way.
    """
    columns = TABLES[table]
    shape = json.dumps({name: [_shape(kind, name == spread)] for name, kind in columns.items()})
    values = ", ".join(f"unnest(one.{name}) AS {name}" for name in columns)
    each = ", ".join(f"unnest({name})" if name == spread else name for name in columns)
    query = (
        f"INSERT INTO {table} SELECT {each} FROM "  # noqa: S608 - names are our own constants
        f"(SELECT {values} FROM (SELECT from_json_strict($1, '{shape}') AS one))"
    )
    for start in range(0, len(rows), _MOST_ROWS):
        told = zip(*rows[start : start + _MOST_ROWS], strict=True)
        duck.execute(query, [json.dumps(dict(zip(columns, told, strict=True)))])


def _shape(kind: str, is_spread: bool) -> str | list[str]:
    return [kind.removesuffix("[]")] if is_spread or kind.endswith("[]") else kind


def _number(duck: "DuckDBPyConnection", query: str) -> int:
    row = duck.execute(query).fetchone()
    return int(row[0]) if row else 0
