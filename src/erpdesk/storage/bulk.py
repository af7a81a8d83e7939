"""Many rows in few statements: rows travel as one JSON parameter and become a set on the server.

Works under row-level security, keeps server defaults for columns that aren't named, and takes as many
statements for one row as for thousands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from sqlalchemy import Table, TableValuedAlias
    from sqlalchemy.engine import Connection

_ROWS_A_STATEMENT = 20_000


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that all have the same columns."""
    from sqlalchemy import insert, select

    for chunk in _chunks(rows):
        names = list(chunk[0])
        source = _as_set(table, names)
        statement = insert(table).from_select(names, select(*(source.c[name] for name in names)))
        connection.execute(statement, {"rows": json_text(chunk)})


def update_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: Sequence[str]
) -> int:
    """Updates rows found by the columns of `key`; raises AssertionError when one wasn't there."""
    from sqlalchemy import func, text, update

    done = 0
    for chunk in _chunks(rows):
        names = list(chunk[0])
        source = _as_set(table, names)
        changes: dict[str, Any] = {name: source.c[name] for name in names if name not in key}
        if "row_version" in table.c:
            changes |= {
                "changed_at": func.now(),
                "changed_by": text("session_user"),
                "row_version": table.c.row_version + 1,
            }
        statement = update(table).values(changes).where(*(table.c[name] == source.c[name] for name in key))
        done += connection.execute(statement, {"rows": json_text(chunk)}).rowcount
    assert done == len(rows), f"{done} of {len(rows)} rows of {table.name} updated"
    return done


def grouped_by_columns(rows: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Rows put together with those that have the same columns."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    return list(groups.values())


def _as_set(table: Table, names: Sequence[str]) -> TableValuedAlias:
    from sqlalchemy import bindparam, column, func, literal_column
    from sqlalchemy.dialects.postgresql import JSONB

    pattern: Any = literal_column(f"NULL::{table.schema}.{table.name}")
    given = bindparam("rows", type_=JSONB(none_as_null=True))
    made = func.jsonb_populate_recordset(pattern, _verbatim(given))
    return made.table_valued(*(column(name, table.c[name].type) for name in names), name="given")


def _verbatim(parameter: Any) -> Any:
    """The parameter is JSON text already."""
    from sqlalchemy import Text, cast, type_coerce
    from sqlalchemy.dialects.postgresql import JSONB

    return cast(type_coerce(parameter, Text), JSONB)


def _chunks(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        yield rows[start : start + _ROWS_A_STATEMENT]


def json_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as the server reads them."""
    return json.dumps(list(rows), default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
