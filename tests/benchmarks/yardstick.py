"""The yardstick's client: one prepared statement, one round trip, COMMIT included; ids looked up beforehand."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from benchmarks.company import CODE, DAY, Sale

if TYPE_CHECKING:
    import psycopg

_SQL = Path(__file__).with_name("yardstick.sql")
_POST = (
    "SELECT yardstick.post_sale(%s::uuid, %s::date, %s::uuid, %s::uuid[], %s::numeric[], %s::numeric[], %s::jsonb,"
    " %s::text, %s::text, %s::jsonb)"
)
_CONTEXT = json.dumps({"door": "yardstick", "host": "benchmark", "program_version": "0", "metadata": {}})


def install(connection: psycopg.Connection[Any]) -> None:
    """Makes the yardstick's function in the database."""
    statements = _SQL.read_text("utf-8")
    settings, function = statements.split("CREATE FUNCTION", 1)
    for statement in settings.split(";"):
        if statement.strip():
            connection.execute(statement, {"day": DAY, "organization": CODE}, prepare=False)
    connection.execute("CREATE FUNCTION" + function)


class Yardstick:
    """Posts sales by hand over one connection."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._items: dict[str, UUID] = dict(
            connection.execute("SELECT code, id FROM erpdesk.item").fetchall()
        )
        self._parties: dict[str, UUID] = dict(
            connection.execute("SELECT code, id FROM erpdesk.party").fetchall()
        )

    def post(self, sale: Sale, key: str) -> str:
        """One sale; its number."""
        document = json.dumps(sale.document(key))
        row = self._connection.execute(
            _POST,
            (
                uuid4(),
                DAY,
                self._parties[sale.customer],
                [self._items[item] for item, _, _ in sale.lines],
                [Decimal(quantity) for _, quantity, _ in sale.lines],
                [Decimal(rate) for _, _, rate in sale.lines],
                document,
                hashlib.sha256(document.encode()).hexdigest(),
                key,
                _CONTEXT,
            ),
        ).fetchone()
        assert row is not None
        return str(row[0])
