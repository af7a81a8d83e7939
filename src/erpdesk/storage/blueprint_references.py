"""What blueprints name by code: whether it is there, and whether vouchers could use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.columns import columns_of
from erpdesk.blueprints.rows import LineConfig, VoucherType
from erpdesk.storage.blueprints import PARTS, REFERRED, ids_of_codes
from erpdesk.storage.keys import text_key

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from erpdesk.blueprints.blueprint import Blueprint

Named = tuple[int, str, str, str]
"""The blueprint's place, the path within it, the kind of row, its code."""


def missing_references(
    connection: Connection, organization_id: UUID, blueprints: Sequence[Blueprint]
) -> Iterable[Named]:
    """Codes that name nothing."""
    ids = ids_of_codes(connection, organization_id, blueprints)
    for named, _ in _references(blueprints):
        if (named[2], text_key(named[3])) not in ids:
            yield named


def unusable_references(
    connection: Connection, organization_id: UUID, blueprints: Sequence[Blueprint]
) -> Iterable[tuple[Named, str]]:
    """What no voucher could use, inactive or a group, each with a word for why. Types and charges that are switched
    off may name it."""
    states = _states(connection, organization_id, blueprints)
    for named, row in _references(blueprints):
        is_on = blueprints[named[0]].voucher_type.is_active and getattr(row, "is_active", True)
        why = states.get((named[2], text_key(named[3])), "")
        if why and is_on:
            yield named, why


def active_shortcuts(connection: Connection, organization_id: UUID) -> list[tuple[str, str, str]]:
    """Code, label and key of every active voucher type that has a key, in the order of screens."""
    from sqlalchemy import select

    from erpdesk.storage.tables.configuration import voucher_config_master as table

    rows = connection.execute(
        select(table.c.code, table.c.label, table.c.shortcut)
        .where(table.c.organization_id == organization_id, table.c.is_active, table.c.shortcut != "")
        .order_by(table.c.sort_order, table.c.code))  # fmt: skip
    return [(row.code, row.label, row.shortcut) for row in rows]


def template_codes(connection: Connection, organization_id: UUID) -> set[str]:
    """The codes of the organization's own print templates."""
    from sqlalchemy import select

    from erpdesk.storage.tables.configuration import print_template as table

    return set(connection.execute(select(table.c.code).where(table.c.organization_id == organization_id)).scalars())


def _references(blueprints: Sequence[Blueprint]) -> Iterator[tuple[Named, Any]]:
    for place, blueprint in enumerate(blueprints):
        rows = [("", VoucherType, blueprint.voucher_type), ("lines.", LineConfig, blueprint.lines)]
        for part, (_, kind) in PARTS.items():
            rows += [(f"{part}[{position}].", kind, value)
                     for position, value in enumerate(getattr(blueprint, part))]
        for path, kind, value in rows:
            for name, column in columns_of(kind).items():
                code = getattr(value, name)
                if column.refers and code:
                    yield (place, f"{path}{name}", column.refers, code), value


def _states(
    connection: Connection, organization_id: UUID, blueprints: Sequence[Blueprint]
) -> dict[tuple[str, str], str]:
    """Why each thing named can't be used, by kind and key; those that can are left out."""
    from sqlalchemy import false, or_, select

    from erpdesk.storage.master_directory import any_of

    wanted: dict[str, set[str]] = {}
    for (_, _, kind, code), _row in _references(blueprints):
        wanted.setdefault(kind, set()).add(code)
    states: dict[tuple[str, str], str] = {}
    for kind, codes in wanted.items():
        table = REFERRED[kind]
        key = table.c.code_key if "code_key" in table.c else table.c.code
        keys = sorted(text_key(code) if "code_key" in table.c else code for code in codes)
        is_group = table.c.is_group if "is_group" in table.c else false()
        rows = connection.execute(
            select(table.c.code, is_group.label("is_group"))
            .where(table.c.organization_id == organization_id, any_of(key, keys))
            .where(or_(~table.c.is_active, is_group)))
        states |= {(kind, text_key(row.code)): "is a group" if row.is_group else "is not active" for row in rows}
    return states
