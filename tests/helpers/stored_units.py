"""Masters kept by serial number, bin and batch, and where the books say that units and quantities lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.trading import Trade

MASTERS: Mapping[str, Any] = {
    "items": [
        {"code": "PHONE", "name": "Phone", "uom": "PCS", "valuation": "fifo", "track_serial": True},
        {"code": "RADIO", "name": "Radio", "uom": "PCS", "valuation": "weighted_average", "track_serial": True},
        {"code": "PUMP", "name": "Pump", "uom": "PCS", "valuation": "fifo", "track_serial": True,
         "track_batch": True},
        {"code": "BIKE", "name": "Bike", "uom": "PCS", "valuation": "fifo", "is_fixed_product": True},
        {"code": "HAND", "name": "Picked by hand", "uom": "PCS", "valuation": "fifo", "track_batch": True,
         "batch_policy": "manual"},
        {"code": "MADE", "name": "By manufacture", "uom": "PCS", "valuation": "fifo", "track_batch": True,
         "batch_policy": "fifo_manufactured"}],
    "bins": [{"warehouse": "MAIN", "code": code} for code in ("A1", "A2", "A3")]
    + [{"warehouse": "SHOP", "code": "F1"}]}

_BINNED = ("PURCHASE_INVOICE", "SALES_INVOICE", "SALES_RETURN", "PURCHASE_RETURN", "OPENING_STOCK", "STOCK_JOURNAL",
           "PHYSICAL_STOCK", "GOODS_RECEIPT")
_USED = ("OPENING_STOCK", "PHYSICAL_STOCK", "GOODS_RECEIPT", "DELIVERY_NOTE", "SALES_ORDER")


def stored(shop: Trade) -> Trade:
    """The shop with these masters; every type that moves goods shows bins, and all of them are active."""
    results = shop.books.masters.import_masters(MASTERS)
    assert all(result.ok for result in results), [result.as_json() for result in results if not result.ok]
    shop.books.configuration.import_document({"voucher_types": [
        {"code": code, **({"lines": {"show_bin": True}} if code in _BINNED else {}),
         **({"is_active": True} if code in _USED else {})} for code in dict.fromkeys((*_BINNED, *_USED))]})
    return shop


def units(shop: Trade, item: str) -> dict[str, str | None]:
    """Where each unit of an item is: warehouse, with its bin."""
    return dict(shop.rows(
        "SELECT s.code, w.code || coalesce('/' || b.code, '') FROM erpdesk.serial s"
        " JOIN erpdesk.item i ON i.id = s.item_id LEFT JOIN erpdesk.warehouse w ON w.id = s.warehouse_id"
        " LEFT JOIN erpdesk.bin_location b ON b.id = s.bin_id WHERE i.code = %s ORDER BY s.code", item))


def bins(shop: Trade, item: str, warehouse: str = "MAIN") -> dict[str, str]:
    """Quantity in each bin, of all batches; `-` for goods of a batch that lie in none."""
    return dict(shop.rows(
        "SELECT coalesce(b.code, '-'), sum(q.quantity) FROM erpdesk.batch_balance q"
        " JOIN erpdesk.item i ON i.id = q.item_id"
        " JOIN erpdesk.warehouse w ON w.id = q.warehouse_id LEFT JOIN erpdesk.bin_location b ON b.id = q.bin_id"
        " WHERE i.code = %s AND w.code = %s GROUP BY 1 HAVING sum(q.quantity) <> 0 ORDER BY 1", item, warehouse))


def moved(shop: Trade, voucher: Any) -> list[tuple[Any, ...]]:
    """A voucher's movements: detail, warehouse, bin, batch, serial, quantity, value."""
    return shop.rows(
        "SELECT m.detail_number, w.code, l.code, b.code, s.code, m.quantity, m.value FROM erpdesk.stock_movement m"
        " JOIN erpdesk.warehouse w ON w.id = m.warehouse_id LEFT JOIN erpdesk.bin_location l ON l.id = m.bin_id"
        " LEFT JOIN erpdesk.batch b ON b.id = m.batch_id LEFT JOIN erpdesk.serial s ON s.id = m.serial_id"
        " WHERE m.voucher_id = %s ORDER BY m.movement_number", voucher.voucher_id)


def below_zero(shop: Trade, *items: str, word: str = "allow") -> None:
    """Lets the items be issued before they are there (or not, whatever the organization says)."""
    for item in items:
        name, unit = shop.rows("SELECT i.name, u.code FROM erpdesk.item i JOIN erpdesk.uom u ON u.id = i.uom_id"
                               " WHERE i.code = %s", item)[0]
        [made] = shop.books.masters.import_masters(
            {"items": [{"code": item, "name": name, "uom": unit, "negative_stock": word}]})
        assert made.ok, made.as_json()
