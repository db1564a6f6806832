"""How SQLite would find the rows of the statements that a piece of work sends."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def plans_of(engine: Engine) -> Iterator[list[str]]:
    """Collects the plan of every SELECT sent in the block, written exactly as it was sent."""
    found: list[str] = []

    def explain(
        connection: object, cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        if statement.lstrip().startswith("SELECT"):
            raw = cursor.connection.cursor()  # type: ignore[attr-defined]
            rows = raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            found.append("; ".join(row[3] for row in rows))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", explain)
