"""Candidates of a full run: which reports and records share a key within its days, in DuckDB.

Keys are texts here and no tokens: equal or not, as nobody sees them and nothing keeps them.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from portal.matching.blocking import NUMBER_RULES, plain_record_keys
from portal.matching.bulk_database import fill
from portal.matching.bulk_sql import pairs_sql
from portal.matching.keying import days_of, keys_within
from portal.matching.model import Model
from portal.matching.shared_tokens import every_sight
from portal.matching.sides import RecordSide, ReportSide

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KeyRows = list[tuple[Any, ...]]

_COUNTED_AGAIN_AT = 20
"""Keys of reports are counted anew when one in so many more was set aside."""
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
_COUNT = (
    "CREATE OR REPLACE TABLE reported AS SELECT key, count(*) AS many FROM report_keys GROUP BY key"
)
_GIVEN = (
    "SELECT record, key, nullif(first_day, 0) AS first_day, nullif(last_day, 0) AS last_day, "
    "nullif(recorded_day, 0) AS recorded_day FROM given"
)
_REPORTED = "JOIN reported USING (key)"
_FORGET = (
    "DELETE FROM report_keys WHERE report IN (SELECT unnest($1::BIGINT[]))",
    "DELETE FROM pairs WHERE report IN (SELECT unnest($1::BIGINT[]))",
)


class Finder:
    """The keys of reports, and those of a lot of records that any of them has.

    `found` counts the candidates of each report; those with more than `most_found` are in
    `crowded`, and nothing is found for them any more.
    """

    def __init__(self, duck: "DuckDBPyConnection", most_found: int) -> None:
        """Makes its tables in this database."""
        self.found: Counter[int] = Counter()
        self.crowded: set[int] = set()
        self._duck = duck
        self._most_found = most_found
        self._reports = 0
        self._counted_without: int | None = None
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
        self._reports += len(sides)
        self._counted_without = None

    def take_records(self, sides: Mapping[int, RecordSide]) -> int:
        """Those keys of these records that a report has; how many pairs they give at the most."""
        keys: KeyRows = [
            (number, _text(key), *(day or 0 for day in days_of(side)))
            for number, side in sides.items()
            for key in plain_record_keys(side)
        ]
        given = turned(keys, RECORD_KEYS)
        return self._take(lambda query: fill(self._duck, query, given, RECORD_KEYS), _GIVEN)

    def take_keys(self, query: str) -> int:
        """As `take_records`, of the keys that a query gives."""
        return self._take(self._duck.execute, query)

    def find(self) -> None:
        """Which pairs share a key: the table `pairs`, each once."""
        self._duck.execute(f"CREATE OR REPLACE TABLE pairs AS {pairs_sql('key')}")
        counted = self._duck.execute("SELECT report, count(*) FROM pairs GROUP BY report")
        self.found.update(dict(counted.fetchall()))
        crowded = {one for one in self.found if self.found[one] > self._most_found}
        if new := sorted(crowded - self.crowded):
            for query in _FORGET:
                self._duck.execute(query, [new])
        self.crowded |= crowded

    def _take(self, run: Callable[[str], object], query: str) -> int:
        gone = len(self.crowded) - (self._counted_without or 0)
        if self._counted_without is None or gone > self._reports // _COUNTED_AGAIN_AT:
            self._counted_without = len(self.crowded)
            self._duck.execute(_COUNT)
        run(f"CREATE OR REPLACE TABLE record_keys AS SELECT * FROM ({query}) {_REPORTED}")  # noqa: S608 - our own text
        summed = "SELECT coalesce(sum(many), 0)::BIGINT FROM record_keys"
        ((many,),) = self._duck.execute(summed).fetchall()
        return int(many)


def turned(rows: Collection[Sequence[Any]], kinds: Mapping[str, str]) -> dict[str, Sequence[Any]]:
    """Rows as columns of these names."""
    columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return dict(zip(kinds, columns, strict=True))


def _text(key: Sequence[str]) -> str:
    """A key as one text that a database takes."""
    text = "|".join(key)
    return text if text.isprintable() else ascii(text)
