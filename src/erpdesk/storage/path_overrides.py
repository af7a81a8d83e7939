"""Overrides of key paths as rows: read for whoever types, changed by whoever may (row-level security decides)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.path_overrides import SETTINGS, PathOverride, PathScope
from erpdesk.storage.keys import new_id

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool
    from sqlalchemy.engine import Connection

_MINE = """
    SELECT t.version, session_user::text, coalesce((SELECT b.code FROM erpdesk.branch b
            WHERE b.organization_id = t.organization_id AND b.is_active ORDER BY b.created_at, b.code_key LIMIT 1), ''),
        o.field, o.scope, o.scope_value, o.tab_order, o.skip_when_certain, o.open_on_focus,
        o.repeat_from_above
    FROM erpdesk.voucher_config_master t
    LEFT JOIN erpdesk.key_path_override o ON o.organization_id = t.organization_id AND o.voucher_config_id = t.id
      AND (o.scope = 'site' OR (o.scope = 'role' AND o.scope_value = %s)
           OR (o.scope = 'user' AND o.scope_value = session_user))
    WHERE t.organization_id = %s AND t.code = %s"""


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What a form of a type depends on: the current version (None: there is no such type), who asks, the branch that
    is taken where none is named, and what lies over its path."""

    version: int | None
    user: str
    branch: str
    overrides: tuple[PathOverride, ...]


def form_facts(pool: ConnectionPool[Any], organization_id: UUID, type_code: str, role: str) -> FormFacts:
    """The facts of a type's form for this session's user in that role."""
    with pool.connection() as connection:
        rows = connection.execute(_MINE, (role, organization_id, type_code)).fetchall()
    overrides = tuple(
        PathOverride(type_code=type_code, field=row[3], scope=PathScope(row[4]), name=row[5],
                     **dict(zip(SETTINGS, row[6:], strict=True))) for row in rows if row[3] is not None)
    version, user, branch = rows[0][:3] if rows else (None, "", "")
    return FormFacts(version, user, branch, overrides)


def all_overrides(connection: Connection, organization_id: UUID) -> dict[tuple[str, ...], tuple[UUID, PathOverride]]:
    """Every override of an organization with its id, by identity."""
    from sqlalchemy import select

    from erpdesk.storage.tables.configuration import key_path_override as table
    from erpdesk.storage.tables.configuration import voucher_config_master as kind

    rows = connection.execute(
        select(table, kind.c.code.label("type_code"))
        .join(kind, (kind.c.organization_id == table.c.organization_id) & (kind.c.id == table.c.voucher_config_id))
        .where(table.c.organization_id == organization_id)
        .order_by(kind.c.sort_order, kind.c.code, table.c.field, table.c.scope, table.c.scope_value)
    ).mappings()
    found: dict[tuple[str, ...], tuple[UUID, PathOverride]] = {}
    for row in rows:
        one = PathOverride(type_code=row["type_code"], field=row["field"], scope=PathScope(row["scope"]),
                           name=row["scope_value"], **{key: row[key] for key in SETTINGS})
        found[one.identity] = (row["id"], one)
    return found


def write_override(connection: Connection, organization_id: UUID, type_id: UUID, wanted: PathOverride,
                   stored: UUID | None) -> None:
    """Makes an override, or changes the one of that id."""
    from sqlalchemy import func, insert, text, update

    from erpdesk.storage.tables.configuration import key_path_override as table

    settings: Mapping[str, Any] = {key: getattr(wanted, key) for key in SETTINGS}
    if stored is None:
        connection.execute(insert(table).values(
            organization_id=organization_id, id=new_id(), voucher_config_id=type_id, field=wanted.field,
            scope=str(wanted.scope), scope_value=wanted.name, **settings))
        return
    connection.execute(
        update(table).where(table.c.organization_id == organization_id, table.c.id == stored)
        .values(**settings, changed_at=func.now(), changed_by=text("session_user"),
                row_version=table.c.row_version + 1))


def delete_overrides(connection: Connection, organization_id: UUID, ids: Sequence[UUID]) -> None:
    """Takes overrides away."""
    from sqlalchemy import delete

    from erpdesk.storage.tables.configuration import key_path_override as table

    if ids:
        connection.execute(delete(table).where(table.c.organization_id == organization_id, table.c.id.in_(ids)))


def known_roles(connection: Connection) -> set[str]:
    """The roles that members may have."""
    from sqlalchemy import text

    return set(connection.execute(text("SELECT DISTINCT role FROM erpdesk.role_permission")).scalars())


def session_user(connection: Connection) -> str:
    """Who works here."""
    from sqlalchemy import text

    return str(connection.execute(text("SELECT session_user")).scalar_one())
