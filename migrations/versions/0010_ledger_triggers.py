"""Triggers that refuse to change or delete what is on record.

Alembic's batch mode on SQLite makes a table anew and so drops its triggers: a later migration that
batches one of these tables must make them again, as `upgrade` here does. A test looks for each.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE TRIGGER ledger_entries_update BEFORE UPDATE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'What is on record is never changed or deleted. Nothing was changed.'); END",
    "CREATE TRIGGER ledger_entries_delete BEFORE DELETE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'What is on record is never changed or deleted. Nothing was changed.'); END",
    "CREATE TRIGGER ledger_subtrees_update BEFORE UPDATE ON ledger_subtrees BEGIN SELECT RAISE(ABORT, 'What is on record is never changed or deleted. Nothing was changed.'); END",
    "CREATE TRIGGER ledger_subtrees_delete BEFORE DELETE ON ledger_subtrees BEGIN SELECT RAISE(ABORT, 'What is on record is never changed or deleted. Nothing was changed.'); END",
    "CREATE TRIGGER ledger_cosignatures_update BEFORE UPDATE ON ledger_cosignatures BEGIN SELECT RAISE(ABORT, 'What is on record is never changed or deleted. Nothing was changed.'); END",
    "CREATE TRIGGER ledger_cosignatures_delete BEFORE DELETE ON ledger_cosignatures BEGIN SELECT RAISE(ABORT, 'What is on record is never changed or deleted. Nothing was changed.'); END",
    'CREATE TRIGGER ledger_publications_update BEFORE UPDATE ON ledger_publications WHEN NOT (NEW."log" IS NOT DISTINCT FROM OLD."log" AND NEW."size" IS NOT DISTINCT FROM OLD."size" AND NEW."at" IS NOT DISTINCT FROM OLD."at" AND (OLD.witnessed_at IS NULL AND NEW.witnessed_at IS NOT NULL AND NEW.checkpoint = OLD.checkpoint OR NEW.witnessed_at IS NOT DISTINCT FROM OLD.witnessed_at AND replace(OLD.checkpoint, \'\n\n\', \'\') = OLD.checkpoint AND substr(NEW.checkpoint, 1, length(OLD.checkpoint) + 1) = OLD.checkpoint || \'\n\')) BEGIN SELECT RAISE(ABORT, \'A publication is never changed or deleted; only its signatures and the time at which it was witnessed are written, once. Nothing was changed.\'); END',
    "CREATE TRIGGER ledger_publications_delete BEFORE DELETE ON ledger_publications BEGIN SELECT RAISE(ABORT, 'A publication is never changed or deleted; only its signatures and the time at which it was witnessed are written, once. Nothing was changed.'); END",
    'CREATE TRIGGER ledger_openings_update BEFORE UPDATE ON ledger_openings WHEN NOT (NEW."entry_index" IS NOT DISTINCT FROM OLD."entry_index" AND NEW."kind" IS NOT DISTINCT FROM OLD."kind" AND NEW."at" IS NOT DISTINCT FROM OLD."at" AND NEW."subject" IS NOT DISTINCT FROM OLD."subject" AND NEW."sequence" IS NOT DISTINCT FROM OLD."sequence" AND length(NEW.sealed) = 0) BEGIN SELECT RAISE(ABORT, \'What opens an entry is never changed or deleted; only erasing a report empties it. Nothing was changed.\'); END',
    "CREATE TRIGGER ledger_openings_delete BEFORE DELETE ON ledger_openings BEGIN SELECT RAISE(ABORT, 'What opens an entry is never changed or deleted; only erasing a report empties it. Nothing was changed.'); END",
    'CREATE TRIGGER ledger_heads_update BEFORE UPDATE ON ledger_heads WHEN NOT (NEW."id" IS NOT DISTINCT FROM OLD."id" AND NEW."start" IS NOT DISTINCT FROM OLD."start" AND (OLD.origin IS NULL OR NEW.origin IS NOT DISTINCT FROM OLD.origin) AND (NEW.size > OLD.size AND OLD.closed_at IS NULL OR NEW.size = OLD.size AND NEW.root = OLD.root AND NEW.frontier = OLD.frontier) AND (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL OR NEW.closed_at IS NOT DISTINCT FROM OLD.closed_at AND NEW.closed_because IS NOT DISTINCT FROM OLD.closed_because AND NEW.closed_size IS NOT DISTINCT FROM OLD.closed_size AND NEW.closed_root IS NOT DISTINCT FROM OLD.closed_root)) BEGIN SELECT RAISE(ABORT, \'The head of a log only grows while the log is open; it is named once and closed once. Nothing was changed.\'); END',
    "CREATE TRIGGER ledger_heads_delete BEFORE DELETE ON ledger_heads BEGIN SELECT RAISE(ABORT, 'The head of a log only grows while the log is open; it is named once and closed once. Nothing was changed.'); END",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE integrity_constraint_violation USING MESSAGE = TG_ARGV[0]; END $$",
    "CREATE TRIGGER ledger_entries_update BEFORE UPDATE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_refuse('What is on record is never changed or deleted. Nothing was changed.')",
    "CREATE TRIGGER ledger_entries_delete BEFORE DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_refuse('What is on record is never changed or deleted. Nothing was changed.')",
    "CREATE TRIGGER ledger_entries_truncate BEFORE TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('What is on record is never changed or deleted. Nothing was changed.')",
    "CREATE TRIGGER ledger_subtrees_update BEFORE UPDATE ON ledger_subtrees FOR EACH ROW EXECUTE FUNCTION ledger_refuse('What is on record is never changed or deleted. Nothing was changed.')",
    "CREATE TRIGGER ledger_subtrees_delete BEFORE DELETE ON ledger_subtrees FOR EACH ROW EXECUTE FUNCTION ledger_refuse('What is on record is never changed or deleted. Nothing was changed.')",
    "CREATE TRIGGER ledger_subtrees_truncate BEFORE TRUNCATE ON ledger_subtrees FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('What is on record is never changed or deleted. Nothing was changed.')",
    "CREATE TRIGGER ledger_cosignatures_update BEFORE UPDATE ON ledger_cosignatures FOR EACH ROW EXECUTE FUNCTION ledger_refuse('What is on record is never changed or deleted. Nothing was changed.')",
    "CREATE TRIGGER ledger_cosignatures_delete BEFORE DELETE ON ledger_cosignatures FOR EACH ROW EXECUTE FUNCTION ledger_refuse('What is on record is never changed or deleted. Nothing was changed.')",
    "CREATE TRIGGER ledger_cosignatures_truncate BEFORE TRUNCATE ON ledger_cosignatures FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('What is on record is never changed or deleted. Nothing was changed.')",
    'CREATE TRIGGER ledger_publications_update BEFORE UPDATE ON ledger_publications FOR EACH ROW WHEN (NOT (NEW."log" IS NOT DISTINCT FROM OLD."log" AND NEW."size" IS NOT DISTINCT FROM OLD."size" AND NEW."at" IS NOT DISTINCT FROM OLD."at" AND (OLD.witnessed_at IS NULL AND NEW.witnessed_at IS NOT NULL AND NEW.checkpoint = OLD.checkpoint OR NEW.witnessed_at IS NOT DISTINCT FROM OLD.witnessed_at AND replace(OLD.checkpoint, \'\n\n\', \'\') = OLD.checkpoint AND substr(NEW.checkpoint, 1, length(OLD.checkpoint) + 1) = OLD.checkpoint || \'\n\'))) EXECUTE FUNCTION ledger_refuse(\'A publication is never changed or deleted; only its signatures and the time at which it was witnessed are written, once. Nothing was changed.\')',
    "CREATE TRIGGER ledger_publications_delete BEFORE DELETE ON ledger_publications FOR EACH ROW EXECUTE FUNCTION ledger_refuse('A publication is never changed or deleted; only its signatures and the time at which it was witnessed are written, once. Nothing was changed.')",
    "CREATE TRIGGER ledger_publications_truncate BEFORE TRUNCATE ON ledger_publications FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('A publication is never changed or deleted; only its signatures and the time at which it was witnessed are written, once. Nothing was changed.')",
    'CREATE TRIGGER ledger_openings_update BEFORE UPDATE ON ledger_openings FOR EACH ROW WHEN (NOT (NEW."entry_index" IS NOT DISTINCT FROM OLD."entry_index" AND NEW."kind" IS NOT DISTINCT FROM OLD."kind" AND NEW."at" IS NOT DISTINCT FROM OLD."at" AND NEW."subject" IS NOT DISTINCT FROM OLD."subject" AND NEW."sequence" IS NOT DISTINCT FROM OLD."sequence" AND length(NEW.sealed) = 0)) EXECUTE FUNCTION ledger_refuse(\'What opens an entry is never changed or deleted; only erasing a report empties it. Nothing was changed.\')',
    "CREATE TRIGGER ledger_openings_delete BEFORE DELETE ON ledger_openings FOR EACH ROW EXECUTE FUNCTION ledger_refuse('What opens an entry is never changed or deleted; only erasing a report empties it. Nothing was changed.')",
    "CREATE TRIGGER ledger_openings_truncate BEFORE TRUNCATE ON ledger_openings FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('What opens an entry is never changed or deleted; only erasing a report empties it. Nothing was changed.')",
    'CREATE TRIGGER ledger_heads_update BEFORE UPDATE ON ledger_heads FOR EACH ROW WHEN (NOT (NEW."id" IS NOT DISTINCT FROM OLD."id" AND NEW."start" IS NOT DISTINCT FROM OLD."start" AND (OLD.origin IS NULL OR NEW.origin IS NOT DISTINCT FROM OLD.origin) AND (NEW.size > OLD.size AND OLD.closed_at IS NULL OR NEW.size = OLD.size AND NEW.root = OLD.root AND NEW.frontier = OLD.frontier) AND (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL OR NEW.closed_at IS NOT DISTINCT FROM OLD.closed_at AND NEW.closed_because IS NOT DISTINCT FROM OLD.closed_because AND NEW.closed_size IS NOT DISTINCT FROM OLD.closed_size AND NEW.closed_root IS NOT DISTINCT FROM OLD.closed_root))) EXECUTE FUNCTION ledger_refuse(\'The head of a log only grows while the log is open; it is named once and closed once. Nothing was changed.\')',
    "CREATE TRIGGER ledger_heads_delete BEFORE DELETE ON ledger_heads FOR EACH ROW EXECUTE FUNCTION ledger_refuse('The head of a log only grows while the log is open; it is named once and closed once. Nothing was changed.')",
    "CREATE TRIGGER ledger_heads_truncate BEFORE TRUNCATE ON ledger_heads FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('The head of a log only grows while the log is open; it is named once and closed once. Nothing was changed.')",
)


def upgrade() -> None:
    """Make the triggers."""
    for statement in _SQLITE if _is_sqlite() else _POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Drop the triggers."""
    for statement in _SQLITE if _is_sqlite() else _POSTGRESQL[1:]:
        name, table = statement.split()[2], statement.split(" ON ")[1].split()[0]
        op.execute(f"DROP TRIGGER {name}" + ("" if _is_sqlite() else f" ON {table}"))
    if not _is_sqlite():
        op.execute("DROP FUNCTION ledger_refuse()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
