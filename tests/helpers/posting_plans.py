"""Plans made without a database: documents read against masters given as values, and stock given as rows.

Ids follow from codes, so that expectations are written in codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.charges import effective_charges
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import plain
from erpdesk.domain.results import Fault
from erpdesk.posting.masters import Masters
from erpdesk.posting.plan import PostingPlan
from erpdesk.posting.planning import plan_post
from erpdesk.posting.reading import Reader
from erpdesk.posting.resolved import Organization, ResolvedVoucher
from erpdesk.posting.sources import Source, SourceLine, SourceOpenItem

SHOP = Organization(uuid5(NAMESPACE_OID, "SHOP"), "SHOP", "NPR", 2)
_KINDS = {"1110": "cash", "1120": "bank", "1130": "receivable", "1140": "stock", "1145": "stock", "2110": "payable",
          "2120": "grir", "1160": "dni"}
_NATURES = {"1": "asset", "2": "liability", "3": "equity", "4": "income", "5": "expense", "6": "expense"}
_ACCOUNTS = ("1110", "1120", "1130", "1140", "1145", "1150", "1160", "2110", "2120", "2130", "3010", "4010", "4020",
             "5010",
             "5020", "6010", "6020", "6030", "2140", "3030", "4030", "5030", "5040", "6060")
_ROLES = {"receivable": "1130", "payable": "2110", "stock": "1140", "sales": "4010", "sales_return": "4020",
          "cogs": "5010", "round_off": "6030", "grir": "2120", "purchase_variance": "5020",
          "cost_variance": "5030", "stock_adjustment": "5040", "delivered_not_invoiced": "1160",
          "opening_difference": "3030", "discount_allowed": "6010", "discount_received": "4030", "write_off": "6060"}


def id_of(code: str) -> UUID:
    """The id of whatever has that code."""
    return uuid5(NAMESPACE_OID, code)


def item_row(code: str, valuation: str = "fifo", **more: Any) -> dict[str, Any]:
    """An item in pieces without decimals; a box holds twelve."""
    return {
        "id": str(id_of(code)), "key": key_of(code), "code": code, "name": code, "uom_id": str(id_of("PCS")),
        "uom": "pcs",
        "decimals": 0, "units": {"box": {"id": str(id_of("BOX")), "factor": "12",
                                         "decimals": 0}}, "valuation": valuation,
        "batch_policy": None, "negative_stock": None, "is_stocked": True, "track_batch": False, "track_expiry": False,
        "track_serial": False, "tax_class": None, "is_active": True, "inventory_account_id": None,
        "cogs_account_id": None,
        "sales_account_id": None, "sales_return_account_id": None, **more}


def _rows(codes: Sequence[str], **more: Any) -> list[dict[str, Any]]:
    return [{"id": str(id_of(code)), "key": key_of(code), "code": code, "name": code, "is_active": True, **more}
            for code in codes]


def found() -> dict[str, Any]:
    """What the server would find for any document of the tests."""
    accounts = [{**row, "kind": _KINDS.get(str(row["code"]), "general"), "nature": _NATURES[str(row["code"])[0]],
                 "is_group": False} for row in _rows(_ACCOUNTS)]
    parties = _rows(("C001",), kind="customer", account_id=None, credit_days=30)
    parties += _rows(("S001",), kind="supplier", account_id=None, credit_days=None)
    return {
        "accounts": accounts, "parties": parties, "cost_centres": _rows(("CC1",)),
        "warehouses": _rows(("MAIN", "SHOP"), inventory_account_id=None)
        + _rows(("COLD",), inventory_account_id=str(id_of("1145"))),
        "items": [item_row("TEA"), item_row("OIL", "weighted_average"), item_row("PILL", track_batch=True),
                  item_row("SYRUP", "weighted_average", track_batch=True), item_row("REPAIR", is_stocked=False),
                  item_row("PHONE", track_serial=True), item_row("RADIO", "weighted_average", track_serial=True),
                  item_row("BIKE", is_fixed_product=True)],
        "bins": [{**row, "warehouse_id": str(id_of("MAIN"))} for row in _rows(("A1", "A2"))],
        "batches": [{**row, "item": item, "expires_on": None, "manufactured_on": None}
                    for item in ("pill", "syrup") for row in _rows(("B1", "B2"))],
        "roles": {role: str(id_of(code)) for role, code in _ROLES.items()}}


@cache
def blueprint(code: str) -> Blueprint:
    """A shipped blueprint as posting takes it, for Nepal."""
    shipped = next(one for one in load_baseline("NP") if one.code == code)
    return replace(shipped, charges=effective_charges(shipped))


def read(
    document: Mapping[str, Any], like: Blueprint | None = None, follows: Sequence[Source] = (),
    organization: Organization = SHOP,
) -> tuple[ResolvedVoucher, list[Fault]]:
    """A document read against the masters and the vouchers it may name, and the faults found on the way."""
    reader = Reader({"date": "2026-04-02", **document}, like or blueprint(str(document["type"])),
                    Masters.read(found()), organization,
                    "MAIN", {source.reference: source for source in follows})
    voucher = reader.read(id_of("voucher"), id_of("HO"), id_of("type"))
    return voucher, reader.faults


def planned(document: Mapping[str, Any], stock: Mapping[str, Any] | None = None,
            like: Blueprint | None = None, follows: Sequence[Source] = (), organization: Organization = SHOP,
            **named: Any) -> PostingPlan:
    """The plan of a document that reads without fault; `named` is the state of vouchers that it names, as locked."""
    voucher, faults = read(document, like, follows, organization)
    assert not faults, faults
    return plan_post(voucher, stock, named)


def source_of(
    reference: str, kind: str, *lines: tuple[str, str, str], party: str = "C001", status: str = "POSTED",
    **items: str,
) -> Source:
    """A posted voucher to name: lines of item, quantity and amount; `items` are its open items by account."""
    return Source(
        reference, id_of(reference), reference.upper(), status, kind, key_of(party), party,
        tuple(SourceLine(number, id_of(item), Decimal(quantity), Decimal(quantity), Decimal(amount), id_of("MAIN"), {})
              for number, (item, quantity, amount) in enumerate(lines, 1)),
        tuple(SourceOpenItem(id_of(f"{reference} {name}"), id_of(party), id_of(account))
              for name, account in items.items()))


def left_of(reference: str, *lines: tuple[str, str, str, str], status: str = "POSTED") -> dict[str, Any]:
    """What is left of a named voucher as locked: lines of quantity, used quantity, value, used value."""
    names = ("quantity", "used_quantity", "value", "used_value")
    return {"id": str(id_of(reference)), "status": status,
            "lines": [{"line_number": number, **dict(zip(names, line, strict=True))}
                      for number, line in enumerate(lines, 1)]}


def received(reference: str, line: int, item: str, quantity: str, value: str, *parts: tuple[str, str],
             pool: tuple[str, str] = ("0", "0"), **more: Any) -> dict[str, Any]:
    """A line received as locked: `parts` are its layers' quantity and value left; `pool` what an average has."""
    valuation = "fifo" if parts or not Decimal(pool[0]) else "weighted_average"
    place = {"warehouse_id": str(id_of("MAIN")), "account_id": str(id_of("1140"))}
    return {"voucher_id": str(id_of(reference)), "line_number": line, "item_id": str(id_of(item)), **place,
            "quantity": quantity, "value": value, "valuation": valuation, "layer_id": None,
            "uom_id": str(id_of("PCS")), "pool_quantity": pool[0], "pool_value": pool[1], "cogs_account_id": None,
            "parts": [{**place, "layer_id": str(id_of(f"{reference} layer {number}")), "batch_id": None,
                       "quantity": part[0], "value": part[1]} for number, part in enumerate(parts, 1)], **more}


def moves_of(plan: PostingPlan) -> list[tuple[str, str, str]]:
    """Kind, quantity and value of each movement."""
    return [(move.kind, plain(move.quantity), plain(move.value)) for move in plan.movements]


def faults_of(plan: PostingPlan) -> list[tuple[str, str]]:
    """Code and place of each fault."""
    return [(fault.code, fault.field) for fault in plan.faults]


def journal_of(plan: PostingPlan) -> list[tuple[str, str]]:
    """Accounts (with their party) and signed amounts."""
    codes = {id_of(code): code for code in (*_ACCOUNTS, "C001", "S001")}
    return [(f"{codes[line.account_id]}/{codes[line.party_id]}" if line.party_id else codes[line.account_id],
             plain(line.amount)) for line in plan.journal]


def stock_rows(item: str, *parts: tuple[str, str] | tuple[str, str, str], warehouse: str = "MAIN") -> dict[str, Any]:
    """Stock of one item as the server reads it: parts of quantity, value and batch, in the order of issue."""
    place = {"item_id": str(id_of(item)), "warehouse_id": str(id_of(warehouse))}
    batches = [str(id_of(part[2])) if len(part) > 2 else None for part in parts]
    return {
        "balances": [{**place, "quantity": sum(Decimal(part[0]) for part in parts),
                      "value": sum(Decimal(part[1]) for part in parts), "reserved": 0, "least_later": None}],
        "layers": [{**place, "id": str(id_of(f"layer {number}")), "batch_id": batch, "origin_layer_id": None,
                    "bin_id": None,
                    "quantity": part[0], "value": part[1]}
                   for number, (part, batch) in enumerate(zip(parts, batches, strict=True), 1)],
        "batches": [{**place, "batch_id": batch, "bin_id": None, "quantity": part[0]}
                    for part, batch in zip(parts, batches, strict=True)]}
