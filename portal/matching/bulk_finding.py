"""Candidates of a full run: which reports and records share a key within its days, in DuckDB.

Keys are texts here and no tokens: equal or not, as nobody sees them and nothing keeps them.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from portal.matching.blocking import NUMBER_RULES, plain_record_keys
from portal.matching.bulk_database import fill
from portal.matching.bulk_sql import hits_sql
from portal.matching.keying import days_of, keys_within
from portal.matching.model import Model
from portal.matching.shared_tokens import every_sight
from portal.matching.sides import RecordSide, ReportSide

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KeyRows = list[tuple[Any, ...]]

_OF_NUMBERS = tuple(f"{rule}|" for rule in NUMBER_RULES)
# Days that are not known are 0 where they are handed over.
REPORT_KEYS = {
    **{"report": "int64", "key": "object"},
    **dict.fromkeys(("occurred_since", "occurred_until", "told_since", "told_until"), "int64"),
}
RECORD_KEYS = {
    **{"record": "int64", "key": "object"},
    **dict.fromkeys(("first_day", "last_day", "recorded_day"), "int64"),
}
_TABLES = (
    "CREATE TABLE report_keys (report BIGINT, key VARCHAR, occurred_since BIGINT, "
    "occurred_until BIGINT, told_since BIGINT, told_until BIGINT)",
    "CREATE TABLE report_numbers (report BIGINT, key VARCHAR)",
)
_ADD = (
    "INSERT INTO report_keys SELECT report, key, nullif(occurred_since, 0), "
    "nullif(occurred_until, 0), nullif(told_since, 0), nullif(told_until, 0) FROM given"
)
_ADD_NUMBERS = "INSERT INTO report_numbers SELECT report, key FROM given"
_GIVEN = (
    "CREATE OR REPLACE TABLE record_keys AS "
    "SELECT record, key, nullif(first_day, 0) AS first_day, nullif(last_day, 0) AS last_day, "
    "nullif(recorded_day, 0) AS recorded_day FROM given"
)
_FORGET = (
    "DELETE FROM report_keys WHERE report IN (SELECT unnest($1::BIGINT[]))",
    "DELETE FROM pairs WHERE report IN (SELECT unnest($1::BIGINT[]))",
)


class Finder:
    """The keys of reports, for lots of records to pass by; what a lot gives is the table `pairs`.

    `found` counts the candidates of each report, and `lately` those since it was last emptied; the
    reports with more than `most_found` are in `crowded`, and nothing is found for them any more. A
    lot in which more than `most_hits` keys are shared is refused: it has to come in parts.
    """

    def __init__(self, duck: "DuckDBPyConnection", *, most_found: int, most_hits: int) -> None:
        """Makes its tables in this database."""
        self.found: Counter[int] = Counter()
        self.lately: Counter[int] = Counter()
        self.crowded: set[int] = set()
        self._duck = duck
        self._most_found = most_found
        self._most_hits = most_hits
        for table in _TABLES:
            duck.execute(table)

    def add_reports(
        self, sides: Mapping[int, ReportSide], model: Model, shared_keys: Mapping[str, bytes]
    ) -> None:
        """Take the keys of these reports in."""
        keys: KeyRows = [
            (number, _text(key), *(day or 0 for day in days.values()))
            for number, side in sides.items()
            for key, days in keys_within(every_sight(side, shared_keys), model)
        ]
        fill(self._duck, _ADD, turned(keys, REPORT_KEYS), REPORT_KEYS)
        numbers = [one for one in keys if one[1].startswith(_OF_NUMBERS)]
        fill(self._duck, _ADD_NUMBERS, turned(numbers, REPORT_KEYS), REPORT_KEYS)

    def take_records(self, sides: Mapping[int, RecordSide]) -> bool:
        """Find the pairs of these records; False, and nothing found, where they are too many."""
        keys: KeyRows = [
            (number, _text(key), *(day or 0 for day in days_of(side)))
            for number, side in sides.items()
            for key in plain_record_keys(side)
        ]
        fill(self._duck, _GIVEN, turned(keys, RECORD_KEYS), RECORD_KEYS)
        return self._find(is_one=len(sides) == 1)

    def take_keys(self, query: str, *, is_one: bool) -> bool:
        """As `take_records`, of the keys that a query gives. `is_one`: of one record, which cannot
        come in parts.
        """
        self._duck.execute(f"CREATE OR REPLACE TABLE record_keys AS {query}")
        return self._find(is_one=is_one)

    def _find(self, *, is_one: bool) -> bool:
        # Counted before each pair is there once: a crowd does not get into the memory at all.
        limit = "" if is_one else f"LIMIT {self._most_hits + 1}"
        self._duck.execute(f"CREATE OR REPLACE TABLE hits AS {hits_sql()} {limit}")
        if not is_one and _count(self._duck, "hits") > self._most_hits:
            return False
        self._duck.execute("CREATE OR REPLACE TABLE pairs AS SELECT DISTINCT * FROM hits")
        counted = self._duck.execute("SELECT report, count(*) FROM pairs GROUP BY report")
        new_ones = dict(counted.fetchall())
        self.found.update(new_ones)
        self.lately.update(new_ones)
        crowded = {one for one in self.found if self.found[one] > self._most_found}
        if new := sorted(crowded - self.crowded):
            for query in _FORGET:
                self._duck.execute(query, [new])
        self.crowded |= crowded
        return True


def turned(rows: Collection[Sequence[Any]], kinds: Mapping[str, str]) -> dict[str, Sequence[Any]]:
    """Rows as columns of these names."""
    columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return dict(zip(kinds, columns, strict=True))


def _text(key: Sequence[str]) -> str:
    """A key as one text that a database takes."""
    text = "|".join(key)
    return text if text.isprintable() else ascii(text)


def _count(duck: "DuckDBPyConnection", table: str) -> int:
    ((many,),) = duck.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608 - our own
    return int(many)
