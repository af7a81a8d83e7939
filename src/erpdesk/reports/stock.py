"""Stock reports: what is there and what it is worth, by batch, and the layers that make up its cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from erpdesk.domain.money import ZERO, split, total
from erpdesk.reports.filters import Filters, item_of, warehouse_of
from erpdesk.reports.report import Report, day, money, money_of, plain, quantity, text, unit_cost
from erpdesk.storage.report_queries import Heading, Reading
from erpdesk.storage.report_queries import stock as queries

Part = tuple[str, Decimal, Decimal]
"""Batch code (empty: no batch), quantity, value."""

BALANCE_COLUMNS = (text("item", "Item"), text("warehouse", "Warehouse"), text("batch", "Batch"),
                   quantity("quantity", "Quantity"), money("value", "Value"),
                   quantity("unit_cost", "Unit cost"))

LAYER_COLUMNS = (text("item", "Item"), text("warehouse", "Warehouse"), text("batch", "Batch"),
                 day("received_on", "Received"), text("voucher_number", "Voucher"), text("origin", "Origin"),
                 quantity("quantity_left", "Quantity left"), money("value_left", "Value left"),
                 quantity("unit_cost", "Unit cost"))


def stock_balance(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """Quantity and value by item, warehouse and batch: of everything posted, or with `until` on that day.

    Raises RPT-004.
    """
    where = _where(reading, filters)
    batches: dict[tuple[UUID, UUID], list[Part]] = defaultdict(list)
    for part in queries.batch_parts(reading, where):
        batches[part.item_id, part.warehouse_id].append((part.batch, part.quantity, part.value))
    held = queries.on_hand(reading, where)
    rows = tuple(
        {"item": stock.item, "warehouse": stock.warehouse, "batch": batch, "quantity": plain(amount),
         "value": money_of(value, heading.decimals), "unit_cost": unit_cost(value, amount)}
        for stock in held
        for batch, amount, value in parts(
            stock, batches[stock.item_id, stock.warehouse_id], heading.decimals))
    totals = {"value": money_of(total(stock.value for stock in held), heading.decimals)}
    as_of = filters.until or heading.today
    return Report("stock-balance", heading.code, as_of, BALANCE_COLUMNS, rows, totals)


def parts(stock: queries.StockOnHand, batches: Sequence[Part], decimals: int) -> tuple[Part, ...]:
    """The batches of a balance, by code, adding up to it exactly.

    What is in no batch (also a deficit) comes first, under an empty code. A pool's value is split over the
    quantities cumulatively, in the order of the codes.
    """
    loose = [part for part in batches if not part[0]]
    coded = [part for part in batches if part[0]]
    rest = stock.quantity - total(amount for _, amount, _ in coded)
    if stock.pooled:
        return _pool_split(stock, rest, coded, decimals)
    rest_value = stock.value - total(value for _, _, value in coded)
    first = [("", rest, rest_value)] if loose or rest or rest_value else []
    return tuple(part for part in (*first, *coded) if part[1] or part[2])


def _pool_split(stock: queries.StockOnHand, rest: Decimal, coded: Sequence[Part],
                decimals: int) -> tuple[Part, ...]:
    named = [(batch, amount) for batch, amount, _ in [("", rest, ZERO), *coded] if amount]
    if not named or not stock.quantity:
        return (("", stock.quantity, stock.value),)
    values = split(stock.value, [amount for _, amount in named], decimals)
    return tuple((batch, amount, value) for (batch, amount), value in zip(named, values, strict=True))


def stock_layers(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """Open cost layers in the order in which issues take them; pools have none. Raises RPT-004."""
    layers = queries.open_layers(reading, _where(reading, filters))
    rows = tuple(
        {"item": layer.item, "warehouse": layer.warehouse, "batch": layer.batch,
         "received_on": layer.received_on.isoformat(), "voucher_number": layer.voucher_number,
         "origin": layer.origin, "quantity_left": plain(layer.quantity),
         "value_left": money_of(layer.value, heading.decimals),
         "unit_cost": unit_cost(layer.value, layer.quantity)} for layer in layers)
    totals = {"value_left": money_of(total(layer.value for layer in layers), heading.decimals)}
    return Report("stock-layers", heading.code, heading.today, LAYER_COLUMNS, rows, totals)


def _where(reading: Reading, filters: Filters) -> queries.Where:
    return queries.Where(item_of(reading, filters), warehouse_of(reading, filters), filters.until)
