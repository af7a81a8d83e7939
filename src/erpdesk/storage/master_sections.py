"""Which sections a masters document has, which table each fills, and what each key of an object becomes.

Their order is the order of references: units before items, accounts before the parties that name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from erpdesk.storage.tables import items, ledger
from erpdesk.storage.tables import organization as places

if TYPE_CHECKING:
    from sqlalchemy import Table

Kind = Literal["text", "flag", "whole", "decimal", "date", "reference"]


@dataclass(frozen=True, slots=True)
class MasterColumn:
    """The column that a key fills; `refers` is the section whose code a reference holds. Of a guarded one the database
    says which changes it refuses."""

    name: str
    kind: Kind = "text"
    refers: str = ""
    is_guarded: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of master: `owner` is the key of the master it belongs to (a batch to an item)."""

    name: str
    noun: str
    table: Table
    columns: Mapping[str, MasterColumn]
    code: str = "code"
    owner: str = ""
    has_name: bool = True
    unique_names: bool = False

    @property
    def has_name_key(self) -> bool:
        return "name_key" in self.table.c


def _accounts() -> dict[str, MasterColumn]:
    names = ("inventory", "cogs", "grir", "sales", "sales_return", "purchase_variance")
    return {f"{name}_account": MasterColumn(f"{name}_account_id", "reference", "accounts", is_guarded=True)
            for name in names}


_ACTIVE = {"is_active": MasterColumn("is_active", "flag")}
_NAME = {"name": MasterColumn("name")}

SECTIONS: tuple[Section, ...] = (
    Section("branches", "branch", places.branch, {**_NAME, **_ACTIVE}),
    Section(
        "uoms",
        "uom",
        items.uom,
        {**_NAME, "decimals": MasterColumn("decimals", "whole", is_guarded=True), **_ACTIVE},
    ),
    Section("tax_classes", "tax class", ledger.tax_class, {**_NAME, **_ACTIVE}),
    Section(
        "accounts",
        "account",
        ledger.account,
        {
            **_NAME,
            "alias": MasterColumn("alias"),
            "parent": MasterColumn("parent_id", "reference", "accounts"),
            "type": MasterColumn("nature", is_guarded=True),
            "kind": MasterColumn("kind", is_guarded=True),
            "group": MasterColumn("is_group", "flag", is_guarded=True),
            "refuses_negative": MasterColumn("refuses_negative", "flag"),
            **_ACTIVE,
        },
    ),
    Section(
        "cost_centres",
        "cost centre",
        ledger.cost_centre,
        {**_NAME, "parent": MasterColumn("parent_id", "reference", "cost_centres"), **_ACTIVE},
    ),
    Section(
        "item_groups",
        "item group",
        items.item_group,
        {**_NAME, "parent": MasterColumn("parent_id", "reference", "item_groups"), **_accounts(), **_ACTIVE},
    ),
    Section(
        "warehouses",
        "warehouse",
        items.warehouse,
        {
            **_NAME,
            "branch": MasterColumn("branch_id", "reference", "branches"),
            "inventory_account": MasterColumn("inventory_account_id", "reference", "accounts", is_guarded=True),
            **_ACTIVE,
        },
    ),
    Section(
        "bins",
        "bin",
        items.bin_location,
        {"warehouse": MasterColumn("warehouse_id", "reference", "warehouses"), **_ACTIVE},
        owner="warehouse",
        has_name=False,
    ),
    Section(
        "price_lists",
        "price list",
        items.price_list,
        {**_NAME, "currency": MasterColumn("currency_code"), **_ACTIVE},
    ),
    Section(
        "items",
        "item",
        items.item,
        {
            **_NAME,
            "alias": MasterColumn("alias"),
            "group": MasterColumn("item_group_id", "reference", "item_groups", is_guarded=True),
            "uom": MasterColumn("uom_id", "reference", "uoms", is_guarded=True),
            "is_stocked": MasterColumn("is_stocked", "flag", is_guarded=True),
            "valuation": MasterColumn("valuation", is_guarded=True),
            "batch_policy": MasterColumn("batch_policy"),
            "negative_stock": MasterColumn("negative_stock"),
            "track_batch": MasterColumn("track_batch", "flag", is_guarded=True),
            "track_expiry": MasterColumn("track_expiry", "flag"),
            "track_serial": MasterColumn("track_serial", "flag", is_guarded=True),
            "is_fixed_product": MasterColumn("is_fixed_product", "flag", is_guarded=True),
            "tax_class": MasterColumn("tax_class_id", "reference", "tax_classes"),
            **_accounts(),
            **_ACTIVE,
        },
        unique_names=True,
    ),
    Section(
        "parties",
        "party",
        ledger.party,
        {
            **_NAME,
            "alias": MasterColumn("alias"),
            "kind": MasterColumn("kind", is_guarded=True),
            "account": MasterColumn("account_id", "reference", "accounts", is_guarded=True),
            "credit_limit": MasterColumn("credit_limit", "decimal"),
            "credit_days": MasterColumn("credit_days", "whole"),
            "price_list": MasterColumn("price_list_id", "reference", "price_lists"),
            "tax_number": MasterColumn("tax_number"),
            "address": MasterColumn("address"),
            **_ACTIVE,
        },
        unique_names=True,
    ),
    Section(
        "batches",
        "batch",
        items.batch,
        {
            "item": MasterColumn("item_id", "reference", "items"),
            "manufactured": MasterColumn("manufactured_on", "date"),
            "expires": MasterColumn("expires_on", "date"),
            **_ACTIVE,
        },
        code="batch",
        owner="item",
        has_name=False,
    ),
)

BY_NAME: Mapping[str, Section] = {section.name: section for section in SECTIONS}

_READ_ONLY: tuple[Section, ...] = (
    Section("currencies", "currency", ledger.currency,
            {**_NAME, "decimals": MasterColumn("decimals", "whole"), **_ACTIVE}),
    Section("serials", "serial number", items.serial, {
        "item": MasterColumn("item_id", "reference", "items"),
        "engine_no": MasterColumn("engine_no"), "chassis_no": MasterColumn("chassis_no"),
        "warehouse": MasterColumn("warehouse_id", "reference", "warehouses"),
        "bin": MasterColumn("bin_id", "reference", "bins"), "batch": MasterColumn("batch_id", "reference", "batches"),
    }, code="serial", owner="item", has_name=False),
)
"""Sections written another way, or by vouchers alone."""

READABLE: Mapping[str, Section] = {**BY_NAME, **{section.name: section for section in _READ_ONLY}}
