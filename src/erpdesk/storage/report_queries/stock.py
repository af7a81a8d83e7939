"""The stock ledger's questions: what is there by item and warehouse, how it splits over batches, open layers.

Today's stock comes from balances and layers, which are as many as there are things in stock; stock on an
earlier day adds up movements, and a rollup by item, warehouse and period would shorten that later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading


class StockOnHand(NamedTuple):
    """Quantity and value of an item in a warehouse; `pooled` when batches have no value of their own."""

    item_id: UUID
    warehouse_id: UUID
    item: str
    warehouse: str
    pooled: bool
    quantity: Decimal
    value: Decimal


class BatchPart(NamedTuple):
    """The part of it in one batch; the batch's code is empty for what is in none."""

    item_id: UUID
    warehouse_id: UUID
    batch: str
    quantity: Decimal
    value: Decimal


class OpenLayer(NamedTuple):
    """A receipt's layer with stock left."""

    item: str
    warehouse: str
    batch: str
    received_on: date
    voucher_number: str
    origin: str
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class Where:
    """Which stock: all of it, of an item, in a warehouse; on an earlier day, or everything posted."""

    item_id: UUID | None = None
    warehouse_id: UUID | None = None
    until: date | None = None

    def conditions(self, alias: str) -> str:
        """SQL for item and warehouse."""
        return ((f" AND {alias}.item_id = %(item)s" if self.item_id else "")
                + (f" AND {alias}.warehouse_id = %(warehouse)s" if self.warehouse_id else ""))

    @property
    def values(self) -> dict[str, UUID | date | None]:
        """What the conditions need."""
        return {"item": self.item_id, "warehouse": self.warehouse_id, "until": self.until}


def on_hand(reading: Reading, where: Where) -> list[StockOnHand]:
    """By item and warehouse code; neither quantity nor value left: not listed."""
    source = _MOVED if where.until else _BALANCE
    statement = _ON_HAND.format(source=source.format(where=where.conditions("s")))
    return [StockOnHand(*row) for row in reading.rows(statement, where.values)]


def batch_parts(reading: Reading, where: Where) -> list[BatchPart]:
    """By batch code within item and warehouse; pooled items have quantities only, their values are 0."""
    source = _MOVED_PARTS if where.until else _PARTS
    statement = _BATCHES.format(source=source.format(where=where.conditions("s")))
    return [BatchPart(*row) for row in reading.rows(statement, where.values)]


def open_layers(reading: Reading, where: Where) -> list[OpenLayer]:
    """Layers in the order in which issues take them, within item and warehouse."""
    statement = _LAYERS.format(where=where.conditions("s"))
    return [OpenLayer(*row) for row in reading.rows(statement, where.values)]


_ON_HAND = """
SELECT s.item_id, s.warehouse_id, i.code, w.code, i.valuation = 'weighted_average', s.quantity, s.value
FROM ({source}) s
JOIN erpdesk.item i ON i.organization_id = %(organization)s AND i.id = s.item_id
JOIN erpdesk.warehouse w ON w.organization_id = %(organization)s AND w.id = s.warehouse_id
WHERE s.quantity <> 0 OR s.value <> 0
ORDER BY i.code_key, w.code_key
"""

_BALANCE = """SELECT s.item_id, s.warehouse_id, s.quantity, s.value FROM erpdesk.stock_balance s
      WHERE s.organization_id = %(organization)s{where}"""

_MOVED = """SELECT s.item_id, s.warehouse_id, sum(s.quantity) AS quantity, sum(s.value) AS value
      FROM erpdesk.stock_movement s
      WHERE s.organization_id = %(organization)s AND s.moved_on <= %(until)s{where}
      GROUP BY s.item_id, s.warehouse_id"""

_BATCHES = """
SELECT s.item_id, s.warehouse_id, coalesce(b.code, ''), s.quantity, s.value
FROM ({source}) s
LEFT JOIN erpdesk.batch b ON b.organization_id = %(organization)s AND b.id = s.batch_id
WHERE s.quantity <> 0 OR s.value <> 0
ORDER BY s.item_id, s.warehouse_id, b.code_key NULLS FIRST
"""

_PARTS = """SELECT s.item_id, s.warehouse_id, s.batch_id, sum(s.quantity_left) AS quantity,
             sum(s.value_left) AS value
      FROM erpdesk.stock_layer s
      WHERE s.organization_id = %(organization)s AND s.is_open{where}
      GROUP BY s.item_id, s.warehouse_id, s.batch_id
      UNION ALL
      SELECT s.item_id, s.warehouse_id, s.batch_id, sum(s.quantity), 0
      FROM erpdesk.batch_balance s
      JOIN erpdesk.item p ON p.organization_id = s.organization_id AND p.id = s.item_id
       AND p.valuation = 'weighted_average'
      WHERE s.organization_id = %(organization)s{where}
      GROUP BY s.item_id, s.warehouse_id, s.batch_id"""

_MOVED_PARTS = """SELECT s.item_id, s.warehouse_id, s.batch_id, sum(s.quantity) AS quantity,
             sum(s.value) AS value
      FROM erpdesk.stock_movement s
      WHERE s.organization_id = %(organization)s AND s.moved_on <= %(until)s{where}
      GROUP BY s.item_id, s.warehouse_id, s.batch_id"""

_LAYERS = """
SELECT i.code, w.code, coalesce(b.code, ''), s.received_on, v.voucher_number,
       coalesce(ov.voucher_number, v.voucher_number), s.quantity_left, s.value_left
FROM erpdesk.stock_layer s
JOIN erpdesk.item i ON i.organization_id = s.organization_id AND i.id = s.item_id
JOIN erpdesk.warehouse w ON w.organization_id = s.organization_id AND w.id = s.warehouse_id
JOIN erpdesk.voucher v ON v.organization_id = s.organization_id AND v.id = s.source_voucher_id
LEFT JOIN erpdesk.batch b ON b.organization_id = s.organization_id AND b.id = s.batch_id
LEFT JOIN erpdesk.stock_layer o ON o.organization_id = s.organization_id AND o.id = s.origin_layer_id
LEFT JOIN erpdesk.voucher ov ON ov.organization_id = o.organization_id AND ov.id = o.source_voucher_id
WHERE s.organization_id = %(organization)s AND s.is_open{where}
ORDER BY i.code_key, w.code_key, s.received_on, s.posting_sequence, s.layer_number
"""
