"""A window on real books that have something of everything: all voucher types, masters, goods, vouchers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.vocabulary import CounterpartRole
from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_books import begun_books, books_of, importing
from helpers.clerk import typed
from helpers.database import Database
from helpers.fake_desk import ALL_TYPES
from helpers.fake_versions import BLUEPRINTS
from helpers.real_window import window_on

MASTERS: dict[str, Any] = {
    "warehouses": [{"code": "MAIN", "name": "Main store"}, {"code": "SHOP", "name": "Shop floor"}],
    "items": [{"code": "RICE", "name": "Basmati rice", "uom": "PCS", "valuation": "fifo"},
              {"code": "TEA", "name": "Ilam tea", "uom": "PCS", "valuation": "weighted_average"},
              {"code": "PILL", "name": "Pills", "uom": "PCS", "valuation": "fifo", "track_batch": True,
               "track_expiry": True, "batch_policy": "manual"},
              {"code": "FONE", "name": "Phone", "uom": "PCS", "valuation": "fifo", "track_serial": True},
              {"code": "BIKE", "name": "Motorcycle", "uom": "PCS", "valuation": "fifo", "is_fixed_product": True}],
    "parties": [{"code": "C001", "name": "Asha Stores", "kind": "customer", "credit_days": "30"},
                {"code": "S001", "name": "Terai Mills", "kind": "supplier"}],
    "accounts": [{"code": "6100", "name": "Rent of shop", "parent": "6000", "type": "expense"}],
}
PLAIN = {"charges": [], "auto_charges": False}
DAY = "2026-04-02"
TYPED = tuple(code for code in ALL_TYPES
              if BLUEPRINTS[code].voucher_type.counterpart_role is not CounterpartRole.RETAINED_EARNINGS)
"""All but the one that closing a year makes its entry with: nobody types it."""


class Desk:
    """A window on real books, and the books themselves."""

    def __init__(self, qtbot: QtBot, window: MainWindow, books: Books) -> None:
        self.qtbot, self.window, self.books = qtbot, window, books
        self.voucher: VoucherWindow | None = None
        self.bill = self.sale = ""

    def open(self, code: str) -> VoucherWindow:
        """A blank voucher of a type; after one has been posted it is there already."""
        if self.voucher is not None and self.voucher.schema.voucher_type == code:
            return self.voucher
        with self.qtbot.waitSignal(self.window.opener.voucher_opened, timeout=20_000) as signal:
            self.window.opener.open_type(code, code)
        voucher: VoucherWindow = signal.args[0]
        self.voucher = voucher
        self.settle()
        return voucher

    def settle(self) -> None:
        """Until every answer has come."""
        self.qtbot.waitUntil(lambda: not self.window.session.background.is_busy, timeout=20_000)

    def type(self, *keys: str) -> None:
        """Type on; what the keys ask for arrives in between."""
        for key in keys:
            typed(key)
            self.settle()

    def accept(self) -> str:
        """Accept, and what the banner says of it."""
        posted: list[Any] = []
        refused: list[Any] = []
        assert self.voucher is not None
        self.voucher.voucher_posted.connect(posted.append)
        self.voucher.post_failed.connect(refused.append)
        typed("<Ctrl+A>")
        self.qtbot.waitUntil(lambda: bool(posted or refused), timeout=30_000)
        assert not refused, [(fault.code, fault.field, fault.message) for fault in refused[0].faults]
        return str(posted[0].voucher_number)

    def has(self, code: str, **document: Any) -> str:
        """A voucher that is there already."""
        return _post(self.books, code, **document)

    def document(self, number: str) -> dict[str, Any]:
        """What was posted."""
        return dict(self.books.vouchers.show(number).document)


def furnish(books: Books) -> None:
    """Switches all types on, makes masters, brings goods into stock and sells some."""
    importing(MASTERS)(books)
    books.configuration.import_document(
        {"voucher_types": [{"code": code, "is_active": True} for code in TYPED]})
    _post(books, "PURCHASE_INVOICE", party="S001", ref_no="B-0", lines=[
        {"item": "RICE", "quantity": "50", "rate": "10"}, {"item": "TEA", "quantity": "50", "rate": "4"},
        {"item": "PILL", "quantity": "6", "rate": "2", "batch": "L1", "expires": "2027-01-31"},
        {"item": "PILL", "quantity": "9", "rate": "2", "batch": "L2", "expires": "2027-03-31"},
        {"item": "FONE", "quantity": "3", "rate": "90", "serials": ["P1", "P2", "P3"]}])
    _post(books, "SALES_INVOICE", party="C001", lines=[
        {"item": "RICE", "quantity": "5", "rate": "15"}, {"item": "TEA", "quantity": "2", "rate": "8"}])


def _post(books: Books, code: str, **document: Any) -> str:
    result = books.vouchers.post({"type": code, "date": DAY, "warehouse": "MAIN", **PLAIN, **document})
    assert isinstance(result, Ok), result
    return str(result.value.voucher_number)


database_template = begun_books(furnish)


@contextmanager
def real_desk(qtbot: QtBot, qapp: QApplication, database: Database) -> Iterator[Desk]:
    """A desk on a furnished shop: all types switched on, goods in stock, masters and vouchers at hand."""
    made = Desk(qtbot, None, books_of(database))  # type: ignore[arg-type]
    made.bill, made.sale = (str(number) for (number,) in database.look().execute(
        "SELECT voucher_number FROM erpdesk.voucher ORDER BY posting_sequence").fetchall())
    with window_on(qtbot, qapp, database) as window:
        made.window = window
        yield made
