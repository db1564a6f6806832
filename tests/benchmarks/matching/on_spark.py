"""`make bench-spark`: the model's SQL on Spark and on DuckDB, on the same small sample.

Both take one text (`portal.matching.bulk_sql`) and have to leave the same pairs with the same
levels and, to a thousandth of a millionth of a bit, the same weights. `--records`, `--reports`.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

import duckdb

from portal.matching import bulk_sql
from portal.matching.bulk_database import insert
from portal.matching.bulk_rows import record_row, report_row
from portal.matching.keying import record_key_rows, report_key_rows
from portal.matching.model import Model, load_model
from portal.matching.sides import RecordSide, ReportSide
from portal.sealing import Tokens
from tests.benchmarks.matching.generating import SEED, Plan, generate
from tests.benchmarks.matching.ours import side_of_record, side_of_report

Rows = dict[str, list[dict[str, Any]]]
Kept = dict[tuple[int, int], tuple[Any, ...]]
_CLOSE = 1e-9
_SPARK_KINDS = {"VARCHAR": "string", "BIGINT": "bigint", "BOOLEAN": "boolean", "DOUBLE": "double"}
_COLUMNS = ("report", "record", *bulk_sql.FIELDS, "total")


def rows_of(plan: Plan) -> Rows:
    """Every table that the SQL reads, filled with generated reports and records."""
    reports: dict[int, ReportSide] = {}
    records: dict[int, RecordSide] = {}
    for batch in generate(plan):
        reports |= {one.number: side_of_report(one) for one in batch.reports}
        records |= {one.row: side_of_record(one) for one in batch.records}
    return rows_of_sides(reports, records, load_model(), Tokens(b"spark" * 8))


def rows_of_sides(
    reports: Mapping[int, ReportSide],
    records: Mapping[int, RecordSide],
    model: Model,
    tokens: Tokens,
) -> Rows:
    """The same from sides, by their numbers."""
    sets: dict[frozenset[str], int] = {}
    rows: Rows = {name: [] for name in bulk_sql.TABLES}
    for number, report in reports.items():
        offences = sets.setdefault(report.offence_codes, len(sets))
        rows["reports"].append(report_row(number, report, offences, model))
        keys = report_key_rows([report], model, tokens)
        rows["report_keys"] += [{"report": number, **key} for key in keys]
    for number, record in records.items():
        rows["records"].append(record_row(number, record))
        keys = record_key_rows(record, tokens)
        rows["record_keys"] += [{"record": number, **key} for key in keys]
    codes = sorted({record.offence_code for record in records.values()})
    for name, made in (
        ("weights", bulk_sql.weight_rows(model)),
        ("kinds", bulk_sql.kind_rows(model)),
        ("offence_levels", bulk_sql.offence_rows(list(sets), codes, model)),
    ):
        rows[name] = [dict(zip(bulk_sql.TABLES[name], row, strict=True)) for row in made]
    return rows


def filled_duckdb(rows: Rows) -> duckdb.DuckDBPyConnection:
    """A database in memory with every table that the SQL reads."""
    duck = duckdb.connect(":memory:")
    for macro in bulk_sql.DUCKDB:
        duck.execute(macro)
    for name, columns in bulk_sql.TABLES.items():
        shape = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        duck.execute(f"CREATE TABLE {name} ({shape})")
        insert(duck, name, [[row[one] for one in columns] for row in rows[name]])
    return duck


def on_duckdb(duck: duckdb.DuckDBPyConnection) -> tuple[Kept, float]:
    """What is left of all pairs, and the seconds from filled tables to the last pair."""
    started = perf_counter()
    duck.execute(f"CREATE OR REPLACE TABLE pairs AS {bulk_sql.pairs_sql()}")
    duck.execute(f"CREATE OR REPLACE TABLE levels AS {bulk_sql.levels_sql()}")
    found = duck.sql(bulk_sql.totals_sql()).project(", ".join(_COLUMNS)).fetchall()
    return _kept(found), perf_counter() - started


def on_spark(rows: Rows) -> tuple[Kept, float]:
    """The same on Spark, in local mode."""
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .appName("matching")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        # One stage of so many cases is more than Java compiles as one method.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.memory", "2g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    for name, columns in bulk_sql.TABLES.items():
        made = [tuple(row[column] for column in columns) for row in rows[name]]
        frame = spark.createDataFrame(made, _shape(columns))
        frame.cache().count()
        frame.createOrReplaceTempView(name)
    started = perf_counter()
    for name, text in (("pairs", bulk_sql.pairs_sql()), ("levels", bulk_sql.levels_sql())):
        frame = spark.sql(text).cache()
        frame.count()
        frame.createOrReplaceTempView(name)
    found = spark.sql(bulk_sql.totals_sql()).select(*_COLUMNS).collect()
    seconds = perf_counter() - started
    spark.stop()
    return _kept(found), seconds


def differences(one: Kept, other: Kept) -> list[str]:
    """Where two results differ, in words."""
    found = [f"only one has the pair {pair}" for pair in sorted(one.keys() ^ other.keys())]
    for pair in sorted(one.keys() & other.keys()):
        *levels, total = one[pair]
        *others, other_total = other[pair]
        if levels != others or abs(total - other_total) > _CLOSE:
            found.append(f"{pair}: {one[pair]} and {other[pair]}")
    return found


def _kept(found: Sequence[Sequence[Any]]) -> Kept:
    return {(row[0], row[1]): tuple(row[2:]) for row in found}


def _shape(columns: Mapping[str, str]) -> str:
    kinds = (
        (name, f"array<{_SPARK_KINDS[kind[:-2]]}>" if kind.endswith("[]") else _SPARK_KINDS[kind])
        for name, kind in columns.items()
    )
    return ", ".join(f"`{name}` {kind}" for name, kind in kinds)


def main(words: Sequence[str]) -> int:
    """Run both, say the figures; 1 when they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--reports", type=int, default=1_500)
    asked = parser.parse_args(words)
    rows = rows_of(Plan(seed=SEED, records=asked.records, reports=asked.reports))
    print(f"reports {len(rows['reports']):,}, records {len(rows['records']):,}")
    ours, seconds = on_duckdb(filled_duckdb(rows))
    print(f"DuckDB: {seconds:.1f} s, {len(ours):,} pairs left")
    theirs, seconds = on_spark(rows)
    print(f"Spark: {seconds:.1f} s, {len(theirs):,} pairs left")
    found = differences(ours, theirs)
    print("\n".join(found[:20]) or "The same pairs, levels and weights.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
