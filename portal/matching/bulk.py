"""Comparing every report with every crime record at once, in the memory of one machine.

All reports stand in memory; records pass by in lots and are forgotten. DuckDB finds the pairs of a
lot, and leaves out those that cannot be worth keeping (`screening`). What is left is compared and
weighed by the very functions of the other way round, so that what comes out is the same to the
last bit. Records come as columns of what was sent (`columns`), or each as a side where a column
cannot hold it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from portal.matching.blocking import BY_FIGURES
from portal.matching.bulk_database import connect, fill, shape_of, told_plainly
from portal.matching.bulk_finding import Finder, turned
from portal.matching.columns import LOT_COLUMNS, Cleaner, Columns, Wanted, parted
from portal.matching.levels import Levels, add_numbers, compare_near
from portal.matching.model import KINDS, Model
from portal.matching.posterior import weigh
from portal.matching.screening import (
    SOUGHT_COLUMNS,
    keys_sql,
    lot_sql,
    offence_rows,
    screen_sql,
    sought_row,
)
from portal.matching.settling import least_kept
from portal.matching.shared_tokens import SharedBy, seen_by
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.weighing import kind_of

_MOST_HITS = 5_000_000
"""With more keys shared than this in one lot it is halved: memory stays bounded in a crowd."""
_MOST_ROWS = 20_000
_NUMBER_KEYS = {"record": "int64", "key": "object"}
_OFFENCES = {"offences": "int64", "code": "object", "class": "int64", "is_less": "bool"}
_SHARED = (
    "CREATE OR REPLACE TABLE shared AS SELECT report, record, "
    "bool_and(starts_with(key, $1)) AS by_figures "
    "FROM pairs JOIN report_numbers USING (report) JOIN number_keys USING (record, key) "
    "GROUP BY report, record"
)
_CODES = "SELECT DISTINCT offence FROM pairs JOIN lot USING (record)"
_MOST_CODES = 2_000

SideOf = Callable[[int], RecordSide]


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
        threads: int | None = None,
        most_found: int | None = None,
        most_hits: int = _MOST_HITS,
        shared_keys: Mapping[str, bytes] | None = None,
    ) -> None:
        """Raises Refused without DuckDB, or for a limit that it does not understand or that is too
        little.
        """
        self._model = model
        self._least = {kind: least_kept(model, kind=kind) for kind in KINDS}
        most_found = model.bounds.most_found if most_found is None else most_found
        self._shared_keys = shared_keys or {}
        self._sides: dict[int, ReportSide] = {}
        self._cleaner = Cleaner()
        self._screen = screen_sql(model)
        self._wanted = Wanted()
        self._offences: dict[frozenset[str], int] = {}
        self._codes: set[str] = set()
        self._duck = connect(memory_limit, threads=threads)
        with told_plainly():
            self._finder = Finder(self._duck, most_found=most_found, most_hits=most_hits)
            self._duck.execute(f"CREATE TABLE sought ({shape_of(SOUGHT_COLUMNS)})")
            self._duck.execute(f"CREATE TABLE offence_classes ({shape_of(_OFFENCES)})")
        self.found, self.crowded = self._finder.found, self._finder.crowded

    def close(self) -> None:
        """Forget everything."""
        self._cleaner.forget()
        self._sides.clear()
        self._wanted = Wanted()
        # Last: it fails while a query runs, after the second Ctrl-C.
        self._duck.close()

    def add_reports(self, sides: Mapping[int, ReportSide]) -> None:
        """Take these reports in, by numbers of the caller's own. Before the first records.

        Raises Refused when the memory does not suffice.
        """
        self._sides.update(sides)
        for side in sides.values():
            self._wanted.add(side)
            self._offences.setdefault(side.offence_codes, len(self._offences))
        rows = [
            sought_row(number, side, self._offences[side.offence_codes], self._model)
            for number, side in sides.items()
        ]
        with told_plainly():
            self._finder.add_reports(sides, self._model, self._shared_keys)
            self._fill("INSERT INTO sought FROM given", rows, SOUGHT_COLUMNS)

    def take_columns(self, records: Columns, side_of: SideOf) -> list[Pair]:
        """Every pair of these records with any report that is worth keeping, in order.

        Each record passes once. `side_of` makes the side of one, which few need. Raises Refused
        when the memory does not suffice.
        """
        plain, odd = parted(records)
        found = self.take_records({one: side_of(one) for one in odd}) if odd else []
        if plain.record:
            with told_plainly():
                found += self._take_lot(plain, side_of)
        return sorted(found)

    def take_records(
        self, sides: Mapping[int, RecordSide], shared: Mapping[int, SharedBy] | None = None
    ) -> list[Pair]:
        """As `take_columns`, of any records. `shared` are those that a force told by tokens."""
        with told_plainly():
            return sorted(self._take_sides(sides, shared or {}))

    def found_since(self) -> Mapping[int, int]:
        """How many candidates each report had since this was last asked."""
        found = dict(self._finder.lately)
        self._finder.lately.clear()
        return found

    def _take_lot(self, columns: Columns, side_of: SideOf) -> list[Pair]:
        lot = self._cleaner.clean(columns, self._wanted)
        made = f"CREATE OR REPLACE TABLE lot AS {lot_sql()}"
        fill(self._duck, made, lot.columns, LOT_COLUMNS)
        self._fill(
            "CREATE OR REPLACE TABLE number_keys AS SELECT record, key FROM given",
            lot.number_keys,
            _NUMBER_KEYS,
        )
        if not self._finder.take_keys(keys_sql(), is_one=len(columns.record) == 1):
            return [pair for half in _halves(columns) for pair in self._take_lot(half, side_of)]
        self._classify()
        self._duck.execute(_SHARED, [f"{BY_FIGURES}|"])
        sides: dict[int, RecordSide] = {}
        found: list[Pair | None] = []
        for report, record, _ in self._pairs(self._screen):
            if record not in sides:
                sides[record] = side_of(record)
            found.append(self._pair(report, record, sides[record], None))
        return [pair for pair in found if pair]

    def _take_sides(
        self, sides: Mapping[int, RecordSide], shared: Mapping[int, SharedBy]
    ) -> list[Pair]:
        if not self._finder.take_records(sides):
            numbers = list(sides)
            half = len(numbers) // 2
            return [
                pair
                for some in (numbers[:half], numbers[half:])
                for pair in self._take_sides({one: sides[one] for one in some}, shared)
            ]
        pairs = self._pairs("SELECT report, record FROM pairs ORDER BY report, record")
        found = [self._pair(one, other, sides[other], shared.get(other)) for one, other in pairs]
        return [pair for pair in found if pair]

    def _classify(self) -> None:
        # Of the pairs alone: a column that is one place off has a code for each record.
        found = self._duck.execute(_CODES).fetchall()
        if len(self._codes) > _MOST_CODES:
            self._duck.execute("TRUNCATE offence_classes")
            self._codes.clear()
        if new := {code for (code,) in found} - self._codes:
            self._codes |= new
            rows = [*offence_rows(self._offences, new, self._model)]
            self._fill("INSERT INTO offence_classes FROM given", rows, _OFFENCES)

    def _pairs(self, query: str) -> Iterator[tuple[Any, ...]]:
        found = self._duck.execute(query)
        while some := found.fetchmany(_MOST_ROWS):
            yield from some

    def _pair(
        self, report: int, record: int, candidate: RecordSide, shared: SharedBy | None
    ) -> Pair | None:
        model = self._model
        side = seen_by(self._sides[report], candidate, shared, model)
        kind = kind_of(side)
        levels = compare_near(side, candidate, model, kind=kind)
        if levels is None:
            return None
        if side.has_numbers:
            levels = add_numbers(levels, side, candidate)
        total = weigh(levels, model, kind=kind).total
        return Pair(report, record, levels, total) if total >= self._least[kind] else None

    def _fill(self, query: str, rows: Collection[Sequence[Any]], kinds: Mapping[str, str]) -> None:
        fill(self._duck, query, turned(rows, kinds), kinds)


def _halves(columns: Columns) -> tuple[Columns, Columns]:
    half = len(columns.record) // 2
    return (
        Columns._make(column[:half] for column in columns),
        Columns._make(column[half:] for column in columns),
    )
