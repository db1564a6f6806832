"""Triggers that refuse to change or delete what is on record, in SQLite and PostgreSQL.

They hold for everybody who does not own the tables, and for the slip of whoever does; an owner can
take them away, and then the audit tells what was done (docs/audit.md). Migrations write the same
statements out; a test holds the two together.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Connection, event

from portal.db import Base


class Rule(NamedTuple):
    """What may be changed in a table: nothing, or (`allowed`) what meets this condition and leaves
    the `fixed` columns alone. Rows are never deleted. `words` say so to whoever tries.
    """

    table: str
    fixed: tuple[str, ...]
    allowed: str
    words: str

    def condition(self) -> str:
        """The condition under which an UPDATE is let through; "" when none is."""
        if not self.allowed:
            return ""
        same = [f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in self.fixed]
        return " AND ".join([*same, self.allowed])


_NEVER = "What is on record is never changed or deleted. Nothing was changed."
_CLOSING = " AND ".join(
    f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}"
    for name in ("closed_at", "closed_because", "closed_size", "closed_root")
)
# A text without an empty line bears no signature; it stays, and the signatures come after it.
_SIGNING = (
    "replace(OLD.checkpoint, '\n\n', '') = OLD.checkpoint"
    " AND substr(NEW.checkpoint, 1, length(OLD.checkpoint) + 1) = OLD.checkpoint || '\n'"
)
RULES = (
    Rule("ledger_entries", (), "", _NEVER),
    Rule("ledger_subtrees", (), "", _NEVER),
    Rule("ledger_cosignatures", (), "", _NEVER),
    Rule(
        "ledger_publications",
        ("log", "size", "at"),
        "(OLD.witnessed_at IS NULL AND NEW.witnessed_at IS NOT NULL"
        " AND NEW.checkpoint = OLD.checkpoint"
        f" OR NEW.witnessed_at IS NOT DISTINCT FROM OLD.witnessed_at AND {_SIGNING})",
        "A publication is never changed or deleted; only its signatures and the time at which it "
        "was witnessed are written, once. Nothing was changed.",
    ),
    Rule(
        "ledger_openings",
        ("entry_index", "kind", "at", "subject", "sequence"),
        "length(NEW.sealed) = 0",
        "What opens an entry is never changed or deleted; only erasing a report empties it. "
        "Nothing was changed.",
    ),
    Rule(
        "ledger_heads",
        ("id", "start"),
        "(OLD.origin IS NULL OR NEW.origin IS NOT DISTINCT FROM OLD.origin)"
        " AND (NEW.size > OLD.size AND OLD.closed_at IS NULL"
        " OR NEW.size = OLD.size AND NEW.root = OLD.root AND NEW.frontier = OLD.frontier)"
        f" AND (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL OR {_CLOSING})",
        "The head of a log only grows while the log is open; it is named once and closed once. "
        "Nothing was changed.",
    ),
)
TABLES = tuple(rule.table for rule in RULES)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE integrity_constraint_violation USING MESSAGE = TG_ARGV[0]; END $$"
)


def make_triggers(dialect: str, tables: Collection[str] = TABLES) -> list[str]:
    """The statements that make the triggers of these tables: "sqlite" or "postgresql"."""
    rules = [rule for rule in RULES if rule.table in tables]
    if dialect == "sqlite":
        return [_sqlite(rule, what) for rule in rules for what in ("update", "delete")]
    return [_FUNCTION] + [
        _postgresql(rule, what) for rule in rules for what in ("update", "delete", "truncate")
    ]


def drop_triggers(dialect: str, tables: Collection[str] = TABLES) -> list[str]:
    """The statements that take the triggers away again."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_{what}" for table in tables for what in ("update", "delete")]
    return [
        f"DROP TRIGGER {table}_{what} ON {table}"
        for table in tables
        for what in ("update", "delete", "truncate")
    ] + ["DROP FUNCTION ledger_refuse()"]


def _sqlite(rule: Rule, what: str) -> str:
    when = f" WHEN NOT ({rule.condition()})" if what == "update" and rule.allowed else ""
    return (
        f"CREATE TRIGGER {rule.table}_{what} BEFORE {what.upper()} ON {rule.table}{when}"
        f" BEGIN SELECT RAISE(ABORT, '{rule.words}'); END"
    )


def _postgresql(rule: Rule, what: str) -> str:
    when = f" WHEN (NOT ({rule.condition()}))" if what == "update" and rule.allowed else ""
    each = "STATEMENT" if what == "truncate" else "ROW"
    return (
        f"CREATE TRIGGER {rule.table}_{what} BEFORE {what.upper()} ON {rule.table}"
        f" FOR EACH {each}{when} EXECUTE FUNCTION ledger_refuse('{rule.words}')"
    )


@event.listens_for(Base.metadata, "after_create")
def _guard_new_tables(_target: object, connection: Connection, **made: Any) -> None:  # noqa: ANN401
    """Tables made from the models alone are guarded like migrated ones."""
    new = {table.name for table in made.get("tables", ())} & set(TABLES)
    if new:
        for statement in make_triggers(connection.dialect.name, new):
            connection.exec_driver_sql(statement)
