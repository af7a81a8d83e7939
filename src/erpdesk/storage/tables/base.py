"""The metadata that every table hangs on: schema, constraint names, and the columns that tables share.

Every table of an organization has a primary key that begins with `organization_id`, and every foreign key
to such a table carries it: no row can refer to another organization's row. Constraint names follow one
convention, because errors are mapped from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

SCHEMA = "erpdesk"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    },
)

SANE_LIMIT = "1e15"
"""Larger figures are no money or quantity; the bound also refuses NaN and infinity, which sort above it."""


def organization_id() -> Column[Any]:
    """The first column of every key."""
    return Column("organization_id", Uuid, primary_key=True)


def row_id() -> Column[Any]:
    """A UUIDv7 made in Python; second column of the key."""
    return Column("id", Uuid, primary_key=True)


def organization_link() -> ForeignKeyConstraint:
    """Every row belongs to an organization that exists."""
    return ForeignKeyConstraint(["organization_id"], [f"{SCHEMA}.organization.id"])


def link(column: str, table: str, *, deferrable: bool = False) -> ForeignKeyConstraint:
    """A composite foreign key (organization_id, column) to (organization_id, id) of `table`."""
    return ForeignKeyConstraint(
        ["organization_id", column],
        [f"{SCHEMA}.{table}.organization_id", f"{SCHEMA}.{table}.id"],
        deferrable=deferrable or None,
        initially="DEFERRED" if deferrable else None,
    )


def one_of(column: str, values: Sequence[str]) -> CheckConstraint:
    """A column holds one word of a closed vocabulary."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def sane(column: str, *, minimum: str = "-1e15") -> CheckConstraint:
    """A figure lies within sane bounds; NaN and infinity don't."""
    return CheckConstraint(f"{column} >= {minimum} AND {column} < {SANE_LIMIT}", name=f"{column}_sane")


def required_text(name: str, **more: Any) -> Column[Any]:
    """A text that must be there."""
    return Column(name, Text, nullable=False, **more)


def own_name(table: str) -> ExcludeConstraint:
    """Nobody else has the name of a row, but for rows marked as sharing theirs from before. It is checked at commit,
    so that two rows may change names with each other."""
    return ExcludeConstraint(
        ("organization_id", "="),
        ("name_key", "="),
        using="btree",
        where=text("NOT name_is_shared"),
        name=f"uq_{table}_name",
        deferrable=True,
        initially="DEFERRED",
    )


def flag(name: str, default: bool = False) -> Column[Any]:
    """A yes or no, never unknown."""
    return Column(name, Boolean, nullable=False, server_default=text("true" if default else "false"))


def amount(name: str, *, nullable: bool = False, default: str | None = "0") -> Column[Any]:
    """Money or quantity: exact decimal."""
    given = text(default) if default is not None and not nullable else None
    return Column(name, Numeric, nullable=nullable, server_default=given)


def count(name: str, default: int | None = None, nullable: bool = False) -> Column[Any]:
    """A whole number."""
    return Column(
        name, Integer, nullable=nullable, server_default=None if default is None else text(str(default))
    )


def day(name: str, nullable: bool = False) -> Column[Any]:
    """A calendar date."""
    return Column(name, Date, nullable=nullable)


def moment(name: str, nullable: bool = False, now: bool = True) -> Column[Any]:
    """A point in time, by the database's clock unless given."""
    return Column(
        name,
        DateTime(timezone=True),
        nullable=nullable,
        server_default=func.now() if now and not nullable else None,
    )


def document(name: str, default: str | None = None, nullable: bool = False) -> Column[Any]:
    """A JSON document."""
    return Column(
        name, JSONB, nullable=nullable, server_default=text(f"'{default}'") if default is not None else None
    )


def changed_by() -> tuple[Column[Any], ...]:
    """Who made and last changed a row of master data or configuration, by the database's own user and clock."""
    return (
        moment("created_at"),
        Column("created_by", Text, nullable=False, server_default=text("session_user")),
        moment("changed_at"),
        Column("changed_by", Text, nullable=False, server_default=text("session_user")),
        Column("row_version", Integer, nullable=False, server_default=text("1")),
    )
