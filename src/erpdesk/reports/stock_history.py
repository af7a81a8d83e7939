"""The stock ledger and the age of stock: what came and went, and how long what is there has been there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from erpdesk.domain.money import ZERO, split, total
from erpdesk.reports.filters import Filters, item_of, items_of, warehouse_of
from erpdesk.reports.report import Report, count, day, money, money_of, plain, quantity, text, unit_cost
from erpdesk.storage.report_queries import Heading, Reading
from erpdesk.storage.report_queries import stock as balances
from erpdesk.storage.report_queries import stock_history as queries

LEDGER_COLUMNS = (day("date", "Date"), text("voucher_number", "Voucher"), text("type", "Type"), text("item", "Item"),
                  text("kind", "Kind"), text("warehouse", "Warehouse"), text("batch", "Batch"),
                  quantity("quantity_in", "In"), quantity("quantity_out", "Out"), quantity("unit_cost", "Unit cost"),
                  money("value", "Value"), quantity("balance_quantity", "Balance"),
                  money("balance_value", "Balance value"))

AGE_COLUMNS = (text("item", "Item"), text("warehouse", "Warehouse"), text("batch", "Batch"),
               day("expires_on", "Expires"), day("received_on", "Received"), count("age_days", "Age in days"),
               text("age", "Age"), quantity("quantity", "Quantity"), money("value", "Value"))

AGES = ((30, "0-30"), (60, "31-60"), (90, "61-90"))
OLDEST = "over 90"
OPENING = "OPENING"


def stock_ledger(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """Every change in the order of day and posting; quantity and value run by item over the rows shown.

    A transfer is two rows; a row that changes only the value has no quantity. With `since` each item that was
    there begins with a row of type OPENING, so that the columns add up to the balance. Raises RPT-004.
    """
    items, warehouse = items_of(reading, filters), warehouse_of(reading, filters)
    running: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    rows = []
    if filters.since is not None:
        for item, amount, value in queries.stock_before(reading, items, warehouse, filters.since):
            running[item] = (amount, value)
            rows.append(_ledger_row(heading, filters.since.isoformat(), "", OPENING, item, "", "", "", amount, value,
                                    running[item]))
    changes = queries.stock_changes(reading, items, warehouse, filters.since, filters.until)
    for change in changes:
        before = running[change.item]
        running[change.item] = (before[0] + change.quantity, before[1] + change.value)
        rows.append(_ledger_row(heading, change.moved_on.isoformat(), change.voucher_number, change.type_code,
                                change.item, change.kind, change.warehouse, change.batch, change.quantity, change.value,
                                running[change.item]))
    totals = {"value": money_of(total(value for _, value in running.values()), heading.decimals)}
    return Report("stock-ledger", heading.code, filters.until or heading.today, LEDGER_COLUMNS, tuple(rows), totals)


def _ledger_row(heading: Heading, dated: str, number: str, type_code: str, item: str, kind: str, warehouse: str,
                batch: str, amount: Decimal, value: Decimal, balance: tuple[Decimal, Decimal]) -> dict[str, str]:
    return {"date": dated, "voucher_number": number, "type": type_code, "item": item, "kind": kind,
            "warehouse": warehouse, "batch": batch, "quantity_in": plain(max(amount, ZERO)),
            "quantity_out": plain(max(-amount, ZERO)), "unit_cost": unit_cost(value, amount),
            "value": money_of(value, heading.decimals), "balance_quantity": plain(balance[0]),
            "balance_value": money_of(balance[1], heading.decimals)}


def stock_ageing(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """What is there by the day it was received, oldest first, with what expires when. Raises RPT-004."""
    where = balances.Where(item_of(reading, filters), warehouse_of(reading, filters))
    pools = {(held.item_id, held.warehouse_id): held.value for held in balances.on_hand(reading, where)}
    rows, values = [], []
    for part, value in _valued(queries.aged_stock(reading, where), pools, heading.decimals):
        age = (heading.today - part.received_on).days
        values.append(value)
        rows.append({"item": part.item, "warehouse": part.warehouse, "batch": part.batch,
                     "expires_on": part.expires_on.isoformat() if part.expires_on else "",
                     "received_on": part.received_on.isoformat(), "age_days": str(age), "age": _age(age),
                     "quantity": plain(part.quantity), "value": money_of(value, heading.decimals)})
    totals = {"value": money_of(total(values), heading.decimals)}
    return Report("stock-ageing", heading.code, heading.today, AGE_COLUMNS, tuple(rows), totals)


def _valued(parts: Sequence[queries.AgedStock], pools: dict[tuple[UUID, UUID], Decimal],
            decimals: int) -> Iterator[tuple[queries.AgedStock, Decimal]]:
    """Each part with its value: a layer's own, or its share of the pool, split cumulatively."""
    for place, group in groupby(parts, key=lambda part: (part.item_id, part.warehouse_id)):
        there = list(group)
        own = [part.value for part in there if part.value is not None]
        if len(own) < len(there):
            own = list(split(pools[place], [part.quantity for part in there], decimals))
        yield from zip(there, own, strict=True)


def _age(days: int) -> str:
    return next((name for most, name in AGES if days <= most), OLDEST)
