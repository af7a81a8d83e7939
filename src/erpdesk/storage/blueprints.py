"""Blueprints as rows: written whole with their version, read back as the same blueprint.

Where a row class holds a code (`ledger`), the table holds the id (`ledger_id`). The series that a type's own
columns describe is stored as the undated row of the main series too, because counters hang on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.baseline import JournalType
from erpdesk.blueprints.blueprint import Blueprint, blueprint_from_rows
from erpdesk.blueprints.codec import encode
from erpdesk.blueprints.columns import columns_of
from erpdesk.blueprints.rows import (
    ApprovalRule,
    ChargeSetup,
    FieldRule,
    LineConfig,
    NumberSeries,
    UserField,
    VoucherType,
)
from erpdesk.domain.results import Fault, InvalidRequest
from erpdesk.storage import bulk
from erpdesk.storage.keys import new_id, text_key
from erpdesk.storage.tables import configuration as t
from erpdesk.storage.tables import items, ledger, organization

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

PARTS: Mapping[str, tuple[Table, type[Any]]] = {
    "charges": (t.footer_charge_setup, ChargeSetup),
    "udfs": (t.voucher_udf_config, UserField),
    "field_rules": (t.field_rule, FieldRule),
    "series": (t.number_series, NumberSeries),
    "approval": (t.approval_rule, ApprovalRule),
}
REFERRED: Mapping[str, Table] = {
    "journal_type": t.journal_type,
    "price_list": items.price_list,
    "account": ledger.account,
    "warehouse": items.warehouse,
    "tax_class": ledger.tax_class,
    "branch": organization.branch,
    "cost_centre": ledger.cost_centre,
}


@dataclass(frozen=True, slots=True)
class StoredBlueprint:
    """A blueprint and the id of its voucher type."""

    id: UUID
    blueprint: Blueprint


def insert_journal_types(
    connection: Connection, organization_id: UUID, journal_types: Sequence[JournalType]
) -> list[str]:
    """Makes the journal types that are missing; the codes of those made, in order."""
    from sqlalchemy import select

    table = t.journal_type
    there = set(
        connection.execute(select(table.c.code).where(table.c.organization_id == organization_id)).scalars()
    )
    rows = [
        {"organization_id": organization_id, "id": new_id(), "code": one.code, "label": one.label,
         "sort_order": one.sort_order}
        for one in journal_types
        if one.code not in there
    ]  # fmt: skip
    bulk.insert_rows(connection, table, rows)
    return [one.code for one in journal_types if one.code not in there]


def voucher_type_codes(connection: Connection, organization_id: UUID) -> set[str]:
    """The codes of the voucher types that are there."""
    from sqlalchemy import select

    table = t.voucher_config_master
    return set(
        connection.execute(select(table.c.code).where(table.c.organization_id == organization_id)).scalars()
    )


def insert_blueprints(connection: Connection, organization_id: UUID, blueprints: Sequence[Blueprint]) -> None:
    """Writes new voucher types whole, each as version 1. Raises InvalidRequest CFG-* for a code that names
    nothing."""
    ids = ids_of_codes(connection, organization_id, blueprints)
    rows: dict[Table, list[dict[str, Any]]] = {}
    for blueprint in blueprints:
        made = new_id()
        own = {"organization_id": organization_id, "id": made, "version": blueprint.version}
        master = own | row_columns(VoucherType, blueprint.voucher_type, ids, blueprint.code)
        rows.setdefault(t.voucher_config_master, []).append(master)
        _add_parts(rows, organization_id, made, blueprint, ids)
        rows.setdefault(t.blueprint_version, []).append(version_row(organization_id, made, blueprint))
    for table in (t.voucher_config_master, t.inventory_line_config, *(one for one, _ in PARTS.values()),
                  t.blueprint_version):  # fmt: skip
        for group in bulk.grouped_by_columns(rows.get(table, ())):
            bulk.insert_rows(connection, table, group)


def version_row(organization_id: UUID, voucher_config_id: UUID, blueprint: Blueprint) -> dict[str, Any]:
    """The row that keeps one state of a blueprint for good."""
    return {
        "organization_id": organization_id,
        "id": new_id(),
        "voucher_config_id": voucher_config_id,
        "version": blueprint.version,
        "document": blueprint.to_document(),
        "hash": blueprint.hash,
    }


def _add_parts(
    rows: dict[Table, list[dict[str, Any]]],
    organization_id: UUID,
    voucher_config_id: UUID,
    blueprint: Blueprint,
    ids: _Ids,
) -> None:
    def add(table: Table, kind: type[Any], value: Any, **more: Any) -> None:
        own = {"organization_id": organization_id, "id": new_id(), "voucher_config_id": voucher_config_id}
        rows.setdefault(table, []).append(own | more | row_columns(kind, value, ids, blueprint.code))

    add(t.inventory_line_config, LineConfig, blueprint.lines)
    for part, (table, kind) in PARTS.items():
        for place, value in enumerate(part_values(blueprint, part), start=1):
            order = {"sequence": place} if part == "field_rules" else {}
            add(table, kind, value, **order)


def part_values(blueprint: Blueprint, part: str) -> Sequence[Any]:
    """The rows of a part as they are stored: series with the one that the type's own columns describe."""
    values: Sequence[Any] = blueprint.numbering() if part == "series" else getattr(blueprint, part)
    return values


_Ids = Mapping[tuple[str, str], UUID]


def row_columns(kind: type[Any], value: Any, ids: _Ids, code: str) -> dict[str, Any]:
    """The columns of a row, references as ids."""
    made: dict[str, Any] = {}
    for name, column in columns_of(kind).items():
        given = getattr(value, name)
        if not column.refers:
            made[name] = encode(given)
        elif given is None:
            made[f"{name}_id"] = None
        else:
            found = ids.get((column.refers, text_key(given)))
            if found is None:
                raise InvalidRequest((Fault("CFG-007", f'{code}: {name} names the {column.refers} "{given}", '
                                            "which isn't there.", name),))  # fmt: skip
            made[f"{name}_id"] = found
    return made


def ids_of_codes(connection: Connection, organization_id: UUID, blueprints: Iterable[Blueprint]) -> _Ids:
    """The ids of everything that the blueprints name by code; what isn't there is left out."""
    from sqlalchemy import select

    from erpdesk.storage.master_directory import any_of

    wanted: dict[str, set[str]] = {}
    for blueprint in blueprints:
        for kind, value in _rows_of(blueprint):
            for name, column in columns_of(kind).items():
                if column.refers and getattr(value, name):
                    wanted.setdefault(column.refers, set()).add(getattr(value, name))
    ids: dict[tuple[str, str], UUID] = {}
    for refers, codes in wanted.items():
        table = REFERRED[refers]
        key = table.c.code_key if "code_key" in table.c else table.c.code
        keys = sorted(text_key(code) if "code_key" in table.c else code for code in codes)
        rows = connection.execute(
            select(table.c.id, table.c.code).where(
                table.c.organization_id == organization_id, any_of(key, keys)
            )
        )
        ids |= {(refers, text_key(row.code)): row.id for row in rows}
    return ids


def _rows_of(blueprint: Blueprint) -> Iterable[tuple[type[Any], Any]]:
    yield VoucherType, blueprint.voucher_type
    yield LineConfig, blueprint.lines
    for part, (_, kind) in PARTS.items():
        for value in getattr(blueprint, part):
            yield kind, value


def read_blueprints(connection: Connection, organization_id: UUID) -> dict[str, StoredBlueprint]:
    """All blueprints of an organization as their rows say now, by code, in the order of screens."""
    from sqlalchemy import select

    codes = _codes_of_ids(connection, organization_id)
    table = t.voucher_config_master
    masters = connection.execute(
        select(table)
        .where(table.c.organization_id == organization_id)
        .order_by(table.c.sort_order, table.c.code)
    ).mappings().all()  # fmt: skip
    lines = {
        row["voucher_config_id"]: row
        for row in _rows_by_type(connection, organization_id, t.inventory_line_config)
    }
    parts: dict[str, dict[UUID, list[Mapping[str, Any]]]] = {}
    for part, (part_table, kind) in PARTS.items():
        grouped: dict[UUID, list[Mapping[str, Any]]] = {}
        for row in _rows_by_type(connection, organization_id, part_table):
            grouped.setdefault(row["voucher_config_id"], []).append(_with_codes(kind, row, codes))
        parts[part] = grouped
    return {
        row["code"]: StoredBlueprint(
            row["id"],
            blueprint_from_rows(
                _with_codes(VoucherType, row, codes),
                _with_codes(LineConfig, lines.get(row["id"], {}), codes),
                {part: grouped.get(row["id"], ()) for part, grouped in parts.items()},
                row["version"],
            ),
        )
        for row in masters
    }


def _rows_by_type(connection: Connection, organization_id: UUID, table: Table) -> Sequence[Mapping[str, Any]]:
    from sqlalchemy import select

    order = [table.c[name] for name in ("sequence", "level", "valid_from") if name in table.c]
    rows = connection.execute(
        select(table).where(table.c.organization_id == organization_id).order_by(*order, table.c.id)
    )
    return [dict(row) for row in rows.mappings()]


def _codes_of_ids(connection: Connection, organization_id: UUID) -> dict[tuple[str, UUID], str]:
    """Codes of what configuration may refer to."""
    from sqlalchemy import literal, select, union_all

    reads = [
        select(literal(name).label("kind"), table.c.id, table.c.code).where(
            table.c.organization_id == organization_id
        )
        for name, table in REFERRED.items()
    ]
    return {(row.kind, row.id): row.code for row in connection.execute(union_all(*reads))}


def _with_codes(
    kind: type[Any], row: Mapping[Any, Any], codes: Mapping[tuple[str, UUID], str]
) -> dict[str, Any]:
    """A row of a table as the row class has it: codes for ids, plain JSON values."""
    made: dict[str, Any] = {}
    for name, column in columns_of(kind).items():
        if column.refers:
            found = row.get(f"{name}_id")
            if f"{name}_id" in row:
                made[name] = codes[column.refers, found] if found else None
        elif name in row:
            made[name] = row[name] if isinstance(row[name], dict | list) else encode(row[name])
    return made
