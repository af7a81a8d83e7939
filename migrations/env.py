"""Alembic's environment: runs migrations on the connection that `erpdesk.storage.migrate` hands over."""

from __future__ import annotations

from typing import Any

from alembic import context

from erpdesk.storage.tables import metadata

SCHEMA = "erpdesk"


def _included(name: str | None, kind: str, parents: Any) -> bool:
    """Only the schema erpdesk is compared."""
    return kind != "schema" or name == SCHEMA


def _run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("run python -m erpdesk.storage.migrate instead of alembic")
    context.configure(connection=connection, target_metadata=metadata, include_schemas=True,
                      include_name=_included, version_table="alembic_version", version_table_schema=SCHEMA,
                      compare_type=True, compare_server_default=True, transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()


_run()
