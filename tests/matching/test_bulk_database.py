"""What is opened to be compared stays in memory, and rows get in as they are or not at all."""

import duckdb
import pytest

from portal.matching import bulk_database
from portal.matching.bulk_sql import TABLES


def test_nothing_that_was_opened_can_reach_a_disk() -> None:
    duck = bulk_database.connect("100MB")
    assert duck.execute("SELECT current_setting('temp_directory')").fetchone() == ("",)
    duck.execute("CREATE TABLE names AS SELECT 'Alex Fen' AS name")
    for query in (
        "COPY names TO '/tmp/names.csv'",
        "ATTACH '/tmp/names.db'",
        "SET temp_directory = '/tmp'",
        "SET enable_external_access = true",
    ):
        with pytest.raises(Exception, match=r"(?i)disabled|locked|permission"):
            duck.execute(query)
    duck.close()


def test_keys_put_in_together_are_the_keys_put_in_one_by_one_and_another_shape_is_refused() -> None:
    found = []
    for rows, spread in (
        ([(1, [5, 6], 3, None, 4), (2, [7], 3, 3, 4)], "token"),
        ([(1, 5, 3, None, 4), (1, 6, 3, None, 4), (2, 7, 3, 3, 4)], ""),
    ):
        duck = bulk_database.connect("100MB")
        shape = ", ".join(f"{name} {kind}" for name, kind in TABLES["record_keys"].items())
        duck.execute(f"CREATE TABLE record_keys ({shape})")
        bulk_database.insert(duck, "record_keys", rows, spread=spread)
        found.append(duck.sql("FROM record_keys ORDER BY ALL").fetchall())
        with pytest.raises(duckdb.Error):
            bulk_database.insert(duck, "record_keys", rows, spread="" if spread else "token")
        duck.close()
    assert found[0] == found[1] == [(1, 5, 3, None, 4), (1, 6, 3, None, 4), (2, 7, 3, 3, 4)]


def test_columns_are_read_as_they_are_and_their_table_is_gone_afterwards() -> None:
    duck = bulk_database.connect("100MB")
    kinds = {"number": "int64", "bits": "float64", "is_odd": "bool", "name": "object"}
    columns = {"number": (1, 2), "bits": [0.5, -1], "is_odd": [True, False], "name": ["", "Ø \n"]}
    duck.execute(f"CREATE TABLE kept ({bulk_database.shape_of(kinds)})")
    bulk_database.fill(duck, "INSERT INTO kept FROM given", columns, kinds)
    assert duck.sql("FROM kept").fetchall() == [(1, 0.5, True, ""), (2, -1.0, False, "Ø \n")]
    bulk_database.fill(duck, "INSERT INTO kept FROM given", dict.fromkeys(kinds, ()), kinds)
    assert len(duck.sql("FROM kept").fetchall()) == 2
    with pytest.raises(duckdb.Error, match="given"):
        duck.execute("FROM given")
    duck.close()


@pytest.mark.parametrize(
    ("limit", "parts", "each", "whole"),
    [
        ("2GB", 1, "2GB", 2_000),
        ("2GB", 4, "500MB", 2_000),
        ("1 GiB", 2, "536MB", 1_073),
        ("900MiB", 2, "471MB", 943),
        ("much", 1, "much", 0),
        ("much", 2, "0MB", 0),
    ],
)
def test_a_limit_is_shared_out_and_never_grows(
    limit: str, parts: int, each: str, whole: int
) -> None:
    assert bulk_database.part_of(limit, parts) == each
    assert bulk_database.megabytes(limit) == whole


def test_a_database_counts_on_as_many_threads_as_it_is_told() -> None:
    for threads in (1, 3):
        duck = bulk_database.connect("100MB", threads=threads)
        assert duck.execute("SELECT current_setting('threads')").fetchone() == (threads,)
        duck.close()
