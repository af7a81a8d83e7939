"""A shop whose books are emptied in milliseconds, so that thousands of short lives can be tried in one database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import psycopg
from psycopg import sql

from erpdesk.services.desk import Books, Desk
from erpdesk.services.verification import replan
from helpers.cluster import Cluster
from helpers.database import Database
from helpers.reference_items import ITEMS, ZERO
from helpers.reference_model import ReferenceBooks
from helpers.trading import CODE, broken_invariants, trading_database

MORE: Mapping[str, Any] = {"items": [
    {"code": "SAND", "name": "Sand", "uom": "PCS", "valuation": "fifo", "negative_stock": "allow"},
    {"code": "WATER", "name": "Water", "uom": "KG", "valuation": "weighted_average", "negative_stock": "allow"}]}
ACTIVE = ("SALES_ORDER", "GOODS_RECEIPT", "DELIVERY_NOTE", "PHYSICAL_STOCK", "OPENING_STOCK")
CHECKED: Mapping[str, Any] = {
    "code": "CHECKED_NOTE", "copy_of": "CREDIT_NOTE", "label": "Checked note", "number_prefix": "CK/{FYS}/",
    "shortcut": "", "requires_approval": True, "allow_direct_post": False,
    "approval": [{"level": 1, "role": "approver", "minimum_amount": "100", "maker_may_approve": True}]}
"""Credit notes that need approval from 100 on; their maker may give it."""
_ALWAYS_EMPTIED = {"audit_entry", "audit_seal"}
Figures = dict[tuple[str, ...], Any]


class ReferenceShop:
    """The real books, and what they say in the words of the reference model."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.desk = Desk(database.server())
        self.books: Books = self.desk.books(CODE)
        results = self.books.masters.import_masters(MORE)
        assert all(result.ok for result in results), results
        self.books.configuration.import_document(
            {"voucher_types": [*({"code": code, "is_active": True} for code in ACTIVE), CHECKED]})
        self.connection: psycopg.Connection[Any] = database.connect("superuser")
        self._emptied = self._empty_tables()

    def empty(self) -> None:
        """Empty books, everything open again."""
        with self.connection.transaction():
            self.connection.execute("SET LOCAL session_replication_role = replica")
            for name in self._emptied:
                self.connection.execute(sql.SQL("DELETE FROM erpdesk.{}").format(sql.Identifier(name)))
            self.connection.execute("UPDATE erpdesk.accounting_period SET state = 'open' WHERE state <> 'open'")
            self.connection.execute("UPDATE erpdesk.organization SET is_locked = false, audit_locked_until = NULL")

    def differences(self, model: ReferenceBooks) -> list[str]:
        """Where the books and the reference say something else; empty when they agree."""
        found = []
        for what, real, expected in (
            ("ledger", self._ledger(), model.ledger()),
            ("stock", self._stock(), _stock_of(model)),
            ("layers", self._layers(), _layers_of(model)),
            ("batches", self._batches(), _batches_of(model)),
            ("open items", self._open_items(), _open_items_of(model)),
            ("reserved", self._reserved(), _reserved_of(model)),
            ("statuses", self._statuses(), {(v.number,): v.status for v in model.vouchers}),
        ):
            for key in sorted({*real, *expected}, key=str):
                if real.get(key) != expected.get(key):
                    found.append(f"{what} {key}: books {_shown(real.get(key))}, reference {_shown(expected.get(key))}")
        return found

    def unsound(self) -> list[str]:
        """What verification finds wrong."""
        planned_again = replan(self.connection)
        return [*broken_invariants(self.database), *([] if planned_again.ok else [planned_again.line])]

    def _empty_tables(self) -> list[str]:
        tables = [str(name) for (name,) in self.connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'erpdesk' ORDER BY 1").fetchall()]
        return [name for name in tables if name in _ALWAYS_EMPTIED or not self.connection.execute(
            sql.SQL("SELECT EXISTS (SELECT FROM erpdesk.{})").format(sql.Identifier(name))).fetchall()[0][0]]

    def _figures(self, statement: str) -> Figures:
        rows = self.connection.execute(statement.encode()).fetchall()
        return {tuple(str(cell) if cell is not None else "" for cell in row[:-1]): Fraction(row[-1]) for row in rows}

    def _ledger(self) -> Figures:
        return self._figures(
            "SELECT a.code, p.code, sum(l.debit - l.credit) FROM erpdesk.journal_line l JOIN erpdesk.account a"
            " ON a.id = l.account_id LEFT JOIN erpdesk.party p ON p.id = l.party_id GROUP BY 1, 2"
            " HAVING sum(l.debit - l.credit) <> 0")

    def _stock(self) -> Figures:
        rows = self.connection.execute(
            "SELECT i.code, w.code, b.quantity, b.value FROM erpdesk.stock_balance b JOIN erpdesk.item i"
            " ON i.id = b.item_id JOIN erpdesk.warehouse w ON w.id = b.warehouse_id"
            " WHERE b.quantity <> 0 OR b.value <> 0").fetchall()
        return {(item, warehouse): (Fraction(quantity), Fraction(value)) for item, warehouse, quantity, value in rows}

    def _layers(self) -> Figures:
        rows = self.connection.execute(
            "SELECT i.code, w.code, array_agg(array[coalesce(b.code, ''), l.quantity_left::text, l.value_left::text]"
            " ORDER BY l.received_on, l.posting_sequence, l.layer_number) FROM erpdesk.stock_layer l"
            " JOIN erpdesk.item i ON i.id = l.item_id JOIN erpdesk.warehouse w ON w.id = l.warehouse_id"
            " LEFT JOIN erpdesk.batch b ON b.id = l.batch_id WHERE l.quantity_left > 0 GROUP BY 1, 2").fetchall()
        return {(item, warehouse): [(batch, Fraction(quantity), Fraction(value)) for batch, quantity, value in parts]
                for item, warehouse, parts in rows}

    def _batches(self) -> Figures:
        return self._figures(
            "SELECT i.code, w.code, b.code, q.quantity FROM erpdesk.batch_balance q JOIN erpdesk.batch b"
            " ON b.id = q.batch_id JOIN erpdesk.item i ON i.id = q.item_id JOIN erpdesk.warehouse w"
            " ON w.id = q.warehouse_id WHERE q.quantity <> 0 AND i.valuation = 'weighted_average'")

    def _open_items(self) -> Figures:
        return self._figures(
            "SELECT v.voucher_number, p.code, a.code, o.open_amount FROM erpdesk.open_item o"
            " JOIN erpdesk.voucher v ON v.id = o.voucher_id JOIN erpdesk.party p ON p.id = o.party_id"
            " JOIN erpdesk.account a ON a.id = o.account_id WHERE o.open_amount <> 0")

    def _reserved(self) -> Figures:
        return self._figures(
            "SELECT i.code, w.code, b.reserved_quantity FROM erpdesk.stock_balance b JOIN erpdesk.item i"
            " ON i.id = b.item_id JOIN erpdesk.warehouse w ON w.id = b.warehouse_id WHERE b.reserved_quantity <> 0")

    def _statuses(self) -> Figures:
        rows = self.connection.execute(
            "SELECT voucher_number, status FROM erpdesk.voucher WHERE voucher_number IS NOT NULL").fetchall()
        return {(number,): status for number, status in rows}


@contextmanager
def reference_shop(cluster: Cluster, template: str) -> Iterator[ReferenceShop]:
    """One database for many lives."""
    with trading_database(cluster, template) as database:
        shop = ReferenceShop(database)
        try:
            yield shop
        finally:
            shop.connection.close()


def _shown(figure: Any) -> Any:
    if isinstance(figure, Fraction):
        return float(figure) if figure.denominator != 1 else figure.numerator
    if isinstance(figure, list | tuple):
        return [_shown(one) for one in figure]
    return figure


def _stock_of(model: ReferenceBooks) -> Figures:
    places = {*model.stock.moves}
    held = {place: model.stock.on_hand(place) for place in places}
    return {place: figures for place, figures in held.items() if any(figures)}


def _layers_of(model: ReferenceBooks) -> Figures:
    found: Figures = {}
    for layer in sorted(model.stock.layers, key=lambda layer: layer.order):
        if layer.quantity:
            found.setdefault(layer.place, []).append((layer.batch or "", layer.quantity, layer.value))
    return found


def _batches_of(model: ReferenceBooks) -> Figures:
    return {(*place, code): quantity for (place, code), quantity in model.stock.batches.items()
            if quantity and not ITEMS[place[0]].fifo}


def _open_items_of(model: ReferenceBooks) -> Figures:
    return {(voucher.number, item.party, item.account): item.left
            for voucher in model.vouchers for item in voucher.items if item.left}


def _reserved_of(model: ReferenceBooks) -> Figures:
    found: Figures = {}
    for one in model.stock.reservations:
        found[one.place] = found.get(one.place, ZERO) + one.left
    return {place: quantity for place, quantity in found.items() if quantity}
