"""Alembic runs this file: it applies the steps on the connection that it was handed."""

import sqlalchemy as sa
from alembic import context

from bot.store.schema import VERSION_TABLE, metadata


def _ours(name: str | None, kind: str, parents: object) -> bool:  # noqa: ARG001 - Alembic's shape
    return kind != "table" or str(name).startswith("awaited_")


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        include_name=_ours,
        render_as_batch=True,
        transactional_ddl=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
