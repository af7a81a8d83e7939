"""Lookup rows: what a person may pick from, of every kind, read in one or two statements a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.canonical import plain_decimal

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

NEWEST_VOUCHERS = 20_000


@dataclass(frozen=True, slots=True)
class LookupRow:
    """One thing to pick: `code` is what a document holds; `attributes` are plain texts, flags and lists."""

    code: str
    name: str
    alias: str = ""
    active: bool = True
    attributes: Mapping[str, Any] = field(default_factory=dict)


def read_lookup(connection: Connection, organization_id: UUID, kind: str) -> tuple[LookupRow, ...]:
    """The rows of a kind, by code; vouchers newest first, at most `NEWEST_VOUCHERS`."""
    return tuple(_READERS[kind](connection, organization_id))


def _figure(value: Any) -> str | None:
    return None if value is None else plain_decimal(value)


def _accounts(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from sqlalchemy import select

    from erpdesk.storage.tables.ledger import account

    parent = account.alias("parent")
    rows = connection.execute(
        select(account, parent.c.code.label("parent_code"))
        .outerjoin(
            parent,
            (parent.c.organization_id == account.c.organization_id) & (parent.c.id == account.c.parent_id),
        )
        .where(account.c.organization_id == organization_id)
        .order_by(account.c.code_key)
    )
    return [
        LookupRow(row.code, row.name, row.alias or "", row.is_active, {
            "kind": row.kind, "nature": row.nature, "is_group": row.is_group, "parent": row.parent_code})
        for row in rows.all()
    ]  # fmt: skip


def _parties(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from sqlalchemy import select

    from erpdesk.storage.tables.items import price_list
    from erpdesk.storage.tables.ledger import account, party, party_balance

    mine = party.c.organization_id
    rows = connection.execute(
        select(
            party, party_balance.c.balance, party_balance.c.loyalty_points,
            account.c.code.label("account_code"), price_list.c.code.label("price_list_code"),
        )
        .outerjoin(
            party_balance,
            (party_balance.c.organization_id == mine) & (party_balance.c.party_id == party.c.id),
        )
        .outerjoin(account, (account.c.organization_id == mine) & (account.c.id == party.c.account_id))
        .outerjoin(
            price_list, (price_list.c.organization_id == mine) & (price_list.c.id == party.c.price_list_id)
        )
        .where(mine == organization_id)
        .order_by(party.c.code_key)
    )  # fmt: skip
    return [
        LookupRow(row.code, row.name, row.alias or "", row.is_active, {
            "kind": row.kind, "credit_limit": _figure(row.credit_limit), "credit_days": row.credit_days,
            "balance": _figure(row.balance) or "0", "loyalty_points": _figure(row.loyalty_points) or "0",
            "account": row.account_code, "price_list": row.price_list_code, "tax_number": row.tax_number})
        for row in rows.all()
    ]  # fmt: skip


def _items(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from sqlalchemy import select

    from erpdesk.storage.tables.items import item, uom
    from erpdesk.storage.tables.ledger import tax_class

    mine = item.c.organization_id
    stock = _stock_by_item(connection, organization_id)
    units = _alternate_units(connection, organization_id)
    rows = connection.execute(
        select(
            item, uom.c.code.label("uom_code"), uom.c.decimals.label("uom_decimals"),
            tax_class.c.code.label("tax_class_code"),
        )
        .join(uom, (uom.c.organization_id == mine) & (uom.c.id == item.c.uom_id))
        .outerjoin(tax_class, (tax_class.c.organization_id == mine) & (tax_class.c.id == item.c.tax_class_id))
        .where(mine == organization_id)
        .order_by(item.c.code_key)
    )  # fmt: skip
    return [
        LookupRow(row.code, row.name, row.alias or "", row.is_active, {
            "uom": row.uom_code, "uom_decimals": row.uom_decimals,
            "alternate_units": units.get(row.id, ()), "valuation": row.valuation,
            "track_batch": row.track_batch, "track_expiry": row.track_expiry,
            "track_serial": row.track_serial, "is_fixed_product": row.is_fixed_product,
            "is_stocked": row.is_stocked, "batch_policy": row.batch_policy,
            "tax_class": row.tax_class_code, "stock": stock.get(row.id, {})})
        for row in rows.all()
    ]  # fmt: skip


def _stock_by_item(connection: Connection, organization_id: UUID) -> dict[UUID, dict[str, str]]:
    """Quantity on hand of each item by warehouse code."""
    from sqlalchemy import select

    from erpdesk.storage.tables.items import warehouse
    from erpdesk.storage.tables.stock import stock_balance as balance

    rows = connection.execute(
        select(balance.c.item_id, warehouse.c.code, balance.c.quantity)
        .join(
            warehouse,
            (warehouse.c.organization_id == balance.c.organization_id)
            & (warehouse.c.id == balance.c.warehouse_id),
        )
        .where(balance.c.organization_id == organization_id, balance.c.quantity != 0)
        .order_by(warehouse.c.code_key)
    )
    stock: dict[UUID, dict[str, str]] = {}
    for row in rows.all():
        stock.setdefault(row.item_id, {})[row.code] = plain_decimal(row.quantity)
    return stock


def _alternate_units(connection: Connection, organization_id: UUID) -> dict[UUID, tuple[dict[str, str], ...]]:
    from sqlalchemy import select

    from erpdesk.storage.tables.items import item_uom, uom

    rows = connection.execute(
        select(item_uom.c.item_id, uom.c.code, item_uom.c.factor)
        .join(uom, (uom.c.organization_id == item_uom.c.organization_id) & (uom.c.id == item_uom.c.uom_id))
        .where(item_uom.c.organization_id == organization_id)
        .order_by(uom.c.code_key)
    )
    units: dict[UUID, tuple[dict[str, str], ...]] = {}
    for row in rows.all():
        unit = {"uom": row.code, "factor": plain_decimal(row.factor)}
        units[row.item_id] = (*units.get(row.item_id, ()), unit)
    return units


def _batches(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from sqlalchemy import select

    from erpdesk.storage.tables.items import batch, item

    rows = connection.execute(
        select(batch, item.c.code.label("item_code"))
        .join(item, (item.c.organization_id == batch.c.organization_id) & (item.c.id == batch.c.item_id))
        .where(batch.c.organization_id == organization_id)
        .order_by(item.c.code_key, batch.c.code_key)
    )
    return [
        LookupRow(row.code, row.code, "", row.is_active, {
            "item": row.item_code,
            "manufactured": row.manufactured_on.isoformat() if row.manufactured_on else None,
            "expires": row.expires_on.isoformat() if row.expires_on else None})
        for row in rows.all()
    ]  # fmt: skip


def _bins(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from sqlalchemy import select

    from erpdesk.storage.tables.items import bin_location as place
    from erpdesk.storage.tables.items import warehouse

    rows = connection.execute(
        select(place, warehouse.c.code.label("warehouse_code"))
        .join(
            warehouse,
            (warehouse.c.organization_id == place.c.organization_id) & (warehouse.c.id == place.c.warehouse_id),
        )
        .where(place.c.organization_id == organization_id)
        .order_by(warehouse.c.code_key, place.c.code_key)
    )
    return [
        LookupRow(row.code, row.code, "", row.is_active, {"warehouse": row.warehouse_code})
        for row in rows.all()
    ]


def _serials(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    """Units by serial number; the name holds engine and chassis number, so that a search finds them. Those that gave
    their numbers back (all that moved them was reversed) are left out: their key is their id."""
    from sqlalchemy import Text, cast, select

    from erpdesk.storage.tables.items import item, serial, warehouse

    mine = serial.c.organization_id
    rows = connection.execute(
        select(serial, item.c.code.label("item_code"), warehouse.c.code.label("warehouse_code"))
        .join(item, (item.c.organization_id == mine) & (item.c.id == serial.c.item_id))
        .outerjoin(warehouse, (warehouse.c.organization_id == mine) & (warehouse.c.id == serial.c.warehouse_id))
        .where(mine == organization_id, serial.c.code_key != cast(serial.c.id, Text))
        .order_by(item.c.code_key, serial.c.code_key)
    )
    return [
        LookupRow(
            row.code, " ".join(filter(None, (row.engine_no, row.chassis_no))) or row.code, "",
            row.warehouse_code is not None,
            {"item": row.item_code, "engine_no": row.engine_no, "chassis_no": row.chassis_no,
             "warehouse": row.warehouse_code},
        )
        for row in rows.all()
    ]  # fmt: skip


def _warehouses(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from sqlalchemy import select

    from erpdesk.storage.tables.items import warehouse
    from erpdesk.storage.tables.organization import branch

    rows = connection.execute(
        select(warehouse, branch.c.code.label("branch_code"))
        .outerjoin(
            branch,
            (branch.c.organization_id == warehouse.c.organization_id)
            & (branch.c.id == warehouse.c.branch_id),
        )
        .where(warehouse.c.organization_id == organization_id)
        .order_by(warehouse.c.code_key)
    )
    return [
        LookupRow(row.code, row.name, "", row.is_active, {"branch": row.branch_code}) for row in rows.all()
    ]


def _vouchers(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from sqlalchemy import select

    from erpdesk.storage.tables.configuration import voucher_config_master as kind
    from erpdesk.storage.tables.ledger import party
    from erpdesk.storage.tables.voucher import voucher

    mine = voucher.c.organization_id
    rows = connection.execute(
        select(
            voucher.c.voucher_number, voucher.c.voucher_on, voucher.c.total, voucher.c.status,
            kind.c.code.label("type_code"), party.c.code.label("party_code"),
            party.c.name.label("party_name"),
        )
        .join(kind, (kind.c.organization_id == mine) & (kind.c.id == voucher.c.voucher_config_id))
        .outerjoin(party, (party.c.organization_id == mine) & (party.c.id == voucher.c.party_id))
        .where(mine == organization_id, voucher.c.status == "POSTED")
        .order_by(voucher.c.voucher_on.desc(), voucher.c.posting_sequence.desc())
        .limit(NEWEST_VOUCHERS)
    )  # fmt: skip
    return [
        LookupRow(row.voucher_number, row.party_name or "", "", True, {
            "type": row.type_code, "date": row.voucher_on.isoformat(), "party": row.party_code,
            "total": plain_decimal(row.total)})
        for row in rows.all()
    ]  # fmt: skip


def _currencies(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from sqlalchemy import select

    from erpdesk.storage.tables.ledger import currency

    rows = connection.execute(
        select(currency).where(currency.c.organization_id == organization_id).order_by(currency.c.code)
    )
    return [
        LookupRow(row.code, row.name, "", row.is_active, {"decimals": row.decimals}) for row in rows.all()
    ]


def _plain(table: Table, connection: Connection, organization_id: UUID) -> list[LookupRow]:
    """Rows of a master that has code, name and little else."""
    from sqlalchemy import select

    more = [name for name in ("decimals", "currency_code") if name in table.c]
    rows = connection.execute(
        select(table).where(table.c.organization_id == organization_id).order_by(table.c.code_key)
    ).mappings()
    return [
        LookupRow(row["code"], row["name"] or row["code"], "", row["is_active"],
                  {name: row[name] for name in more})
        for row in rows.all()
    ]  # fmt: skip


def _uoms(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from erpdesk.storage.tables.items import uom

    return _plain(uom, connection, organization_id)


def _cost_centres(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from erpdesk.storage.tables.ledger import cost_centre

    return _plain(cost_centre, connection, organization_id)


def _branches(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from erpdesk.storage.tables.organization import branch

    return _plain(branch, connection, organization_id)


def _price_lists(connection: Connection, organization_id: UUID) -> list[LookupRow]:
    from erpdesk.storage.tables.items import price_list

    return _plain(price_list, connection, organization_id)


Reader = Callable[["Connection", UUID], list[LookupRow]]

_READERS: Mapping[str, Reader] = {
    "account": _accounts,
    "party": _parties,
    "item": _items,
    "warehouse": _warehouses,
    "bin": _bins,
    "batch": _batches,
    "serial": _serials,
    "uom": _uoms,
    "cost_centre": _cost_centres,
    "branch": _branches,
    "price_list": _price_lists,
    "currency": _currencies,
    "voucher": _vouchers,
}

KINDS = tuple(_READERS)


def read_tax_classes(connection: Connection, organization_id: UUID) -> tuple[tuple[str, str], ...]:
    """Code and name of the active tax classes, by code."""
    from erpdesk.storage.tables.ledger import tax_class

    rows = _plain(tax_class, connection, organization_id)
    return tuple((row.code, row.name) for row in rows if row.active)
