"""A database in memory for a full run: it reads and writes no file, and takes rows by the thousand.

What was opened to be compared is sealed elsewhere: DuckDB gets a database in memory, no directory
to spill to and no access to files or networks, so that with too little memory it stops, and
writes nothing down.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from portal.errors import Refused
from portal.matching.bulk_rows import Cell
from portal.matching.bulk_sql import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST_ROWS = 20_000

_AMOUNT = re.compile(r"([0-9]+) ?(MB|GB|MiB|GiB)")
_BYTES = {"MB": 10**6, "GB": 10**9, "MiB": 2**20, "GiB": 2**30}
_KINDS = {"int64": "BIGINT", "float64": "DOUBLE", "bool": "BOOLEAN", "object": "VARCHAR"}
Row = Sequence[Cell | float | list[int]]


def megabytes(memory_limit: str) -> int:
    """An amount as people write it, 2GB, in whole megabytes; 0 for what is none."""
    said = _AMOUNT.fullmatch(memory_limit)
    return int(said[1]) * _BYTES[said[2]] // _BYTES["MB"] if said else 0


def part_of(memory_limit: str, parts: int) -> str:
    """What each of several databases may take, where they may take so much together."""
    return memory_limit if parts == 1 else f"{megabytes(memory_limit) // parts}MB"


def connect(memory_limit: str, *, threads: int | None = None) -> "DuckDBPyConnection":
    """A database in memory that can neither read nor write a file. Raises Refused.

    `threads`: at most so many; as many as there are cores otherwise.
    """
    try:
        import duckdb  # late: it takes a fifth of a second, and only a full run needs it
    except ImportError:
        raise Refused("A full run needs DuckDB: pip install duckdb.") from None
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        **({"threads": threads} if threads else {}),
    }
    try:
        duck = duckdb.connect(":memory:", config=config)
        duck.execute("SET enable_external_access = false")
        duck.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise Refused(f"DuckDB did not start: {str(error).splitlines()[0]}") from None
    return duck


@contextmanager
def told_plainly() -> Iterator[None]:
    """Within the block too little memory is refused in plain words."""
    from duckdb import OutOfMemoryException  # late, as above

    try:
        yield
    except OutOfMemoryException:
        raise Refused(
            "The memory did not suffice, and nothing was changed. Give more: --memory-limit. "
            "Or let fewer share it: --processes."
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


def shape_of(kinds: Mapping[str, str]) -> str:
    """The columns of a table that holds what `fill` hands over."""
    return ", ".join(f"{name} {_KINDS[kind]}" for name, kind in kinds.items())


def fill(
    duck: "DuckDBPyConnection",
    query: str,
    columns: Mapping[str, Sequence[Any]],
    kinds: Mapping[str, str],
) -> None:
    """Run a query that reads the table `given`: these columns, of these kinds.

    Arrays are read where they lie, in a sixth of the time of `insert`; they hold no lists, and
    nothing that is not known.
    """
    import numpy  # late, as DuckDB

    given = {name: numpy.array(columns[name], dtype=kind) for name, kind in kinds.items()}
    duck.register("given", given)
    try:
        duck.execute(query)
    finally:
        duck.unregister("given")
