"""How Alembic reaches the database: through `portal.db`, with one connection handed over."""

from alembic import context
from alembic.autogenerate.api import AutogenContext

from portal.cli.schema import METADATA
from portal.db import UtcDateTime


def render_item(kind: str, item: object, _context: AutogenContext) -> str | bool:
    """Write our own column types by name; Alembic cannot render types with arguments."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "UtcDateTime()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
