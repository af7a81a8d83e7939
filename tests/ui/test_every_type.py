"""Every voucher type of the baseline, active or not as shipped, is typed with real keys and posted on real books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.vocabulary import CounterpartRole
from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.database import Database
from helpers.fake_desk import ALL_TYPES, BLUEPRINTS
from helpers.real_window import window_on
from helpers.shops import open_shop

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
        self.voucher: Any = None
        self.bill = self.sale = ""

    def open(self, code: str) -> VoucherWindow:
        """A blank voucher of a type; after one has been posted it is there already."""
        if self.voucher is not None and self.voucher.schema.voucher_type == code:
            return self.voucher
        with self.qtbot.waitSignal(self.window.opener.voucher_opened, timeout=20_000) as signal:
            self.window.opener.open_type(code, code)
        self.voucher = signal.args[0]
        self.settle()
        return self.voucher

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
        self.voucher.voucher_posted.connect(posted.append)
        self.voucher.post_failed.connect(refused.append)
        typed("<Ctrl+A>")
        self.qtbot.waitUntil(lambda: bool(posted or refused), timeout=30_000)
        assert not refused, [(fault.code, fault.field, fault.message) for fault in refused[0].faults]
        return str(posted[0].voucher_number)

    def has(self, code: str, **document: Any) -> str:
        """A voucher that is there already."""
        result = self.books.vouchers.post({"type": code, "date": DAY, "warehouse": "MAIN", **PLAIN, **document})
        assert isinstance(result, Ok), result
        return str(result.value.voucher_number)

    def document(self, number: str) -> dict[str, Any]:
        """What was posted."""
        return dict(self.books.vouchers.show(number).document)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, database: Database) -> Iterator[Desk]:
    """All types switched on, goods in stock, masters and vouchers at hand."""
    books = open_shop(database)
    results = books.masters.import_masters(MASTERS)
    refused = [result.as_json() for result in results if not result.ok]
    assert not refused, refused
    books.configuration.import_document(
        {"voucher_types": [{"code": code, "is_active": True} for code in TYPED]})
    made = Desk(qtbot, None, books)  # type: ignore[arg-type]
    made.bill = made.has("PURCHASE_INVOICE", party="S001", ref_no="B-0", lines=[
        {"item": "RICE", "quantity": "50", "rate": "10"}, {"item": "TEA", "quantity": "50", "rate": "4"},
        {"item": "PILL", "quantity": "6", "rate": "2", "batch": "L1", "expires": "2027-01-31"},
        {"item": "PILL", "quantity": "9", "rate": "2", "batch": "L2", "expires": "2027-03-31"},
        {"item": "FONE", "quantity": "3", "rate": "90", "serials": ["P1", "P2", "P3"]}])
    made.sale = made.has("SALES_INVOICE", party="C001", lines=[
        {"item": "RICE", "quantity": "5", "rate": "15"}, {"item": "TEA", "quantity": "2", "rate": "8"}])
    with window_on(qtbot, qapp, database) as window:
        made.window = window
        yield made


E = "<Enter>"


def line(*texts: str) -> list[str]:
    """Each text with its Enter."""
    return [key for text in texts for key in (text, E)]


SEQUENCES: dict[str, list[str]] = {
    "JOURNAL": [*line("rent", "70", "1110", "70")],
    "CASH_RECEIPT": [*line("1110", "3010", "500")],
    "CASH_PAYMENT": [*line("1110", "rent", "40")],
    "BANK_RECEIPT": [*line("1120", "3010", "500")],
    "BANK_PAYMENT": [*line("1120", "rent", "40")],
    "CASH_TRANSFER": [*line("1110", "1120", "30")],
    "BANK_TRANSFER": [*line("1120", "1110", "30")],
    "AR_RECEIPT": [*line("asha", "1110", "50"), E],
    "AP_PAYMENT": [*line("terai", "1110", "700"), E],
    "SALES_INVOICE": [*line("asha", "rice", "2", "15", "phone", "1", "P2", "120", "pills", "8"), E, E, *line("3")],
    "PURCHASE_INVOICE": [*line("terai", "B-1", "rice", "3", "11", "phone", "2", "N1", "N2", "95", "motor", "1", "EN1",
                               "CH1", "900", "pills", "4", "L9", "5/27", "2")],
    "DEBIT_NOTE": [*line("terai", "5010", "20")],
    "CREDIT_NOTE": [*line("asha", "4010", "20")],
    "STOCK_TRANSFER": [*line("main", "shop", "rice", "4", "phone", "1", "P3")],
    "STOCK_JOURNAL": [*line("rice", "4", "tea", "2"), E, *line("pills", "6", "N1", "5/27", "6"), E, E,
                      *line("2140", "12")],
    "SALES_ORDER": [*line("asha", "rice", "2", "15")],
    "GOODS_RECEIPT": [*line("terai", "rice", "2", "9")],
    "DELIVERY_NOTE": [*line("asha", "rice", "2", "15")],
    "PHYSICAL_STOCK": [*line("rice", "44")],
    "OPENING_STOCK": [*line("rice", "10", "9")],
    "OPENING_BALANCE": [*line("1110", "100", "3010", "100")],
}


AGAINST_A_SOURCE = ("SALES_RETURN", "PURCHASE_RETURN", "LANDED_COST")


def test_a_type_is_typed_for_every_one_that_ships() -> None:
    assert SEQUENCES.keys() | set(AGAINST_A_SOURCE) == set(TYPED)
    assert len(TYPED) == len(ALL_TYPES) - 1


@pytest.mark.parametrize("code", SEQUENCES)
def test_every_type_is_typed_and_posted(desk: Desk, code: str) -> None:
    desk.open(code)
    desk.type(*SEQUENCES[code])
    number = desk.accept()
    assert desk.document(number)["type"] == code


def test_a_return_is_filled_from_the_voucher_that_it_follows(desk: Desk) -> None:
    voucher = desk.open("SALES_RETURN")
    desk.type(*line("asha", desk.sale))
    assert here() == "cell_item"
    assert [row.get("item") for row in voucher.draft.document()["lines"]] == ["RICE", "TEA"]
    desk.type(E, *line("2"))
    desk.type("<Down>", "<Ctrl+D>")
    first = desk.document(desk.accept())["lines"]
    assert [(row["item"], row["quantity"], row["rate"]) for row in first] == [("RICE", "2", "15")]
    voucher = desk.open("SALES_RETURN")
    desk.type(*line("asha", desk.sale))
    rows = [(row["item"], row["quantity"]) for row in voucher.draft.document()["lines"]]
    assert rows == [("RICE", "3"), ("TEA", "2")], "what came back is not offered again"
    desk.accept()
    voucher = desk.open("PURCHASE_RETURN")
    desk.type(*line("terai", desk.bill))
    assert len(voucher.draft.document()["lines"]) == 5
    assert [row.get("against_line") for row in voucher.draft.document()["lines"]] == [None, None, "3", "4", None]


def test_a_delivery_is_billed_and_an_order_delivered(desk: Desk) -> None:
    desk.open("SALES_ORDER")
    desk.type(*SEQUENCES["SALES_ORDER"])
    source = desk.accept()
    for code in ("DELIVERY_NOTE", "SALES_INVOICE"):
        voucher = desk.open(code)
        desk.type(*line("asha"))
        voucher.sheet.header.enter("against")
        desk.type(*line(source))
        assert [row["item"] for row in voucher.draft.document()["lines"]] == ["RICE"]
        source = desk.accept()


def test_cost_is_added_to_lines_of_a_receipt(desk: Desk) -> None:
    voucher = desk.open("LANDED_COST")
    desk.type(*line("terai", desk.bill))
    desk.type("<Shift+Tab>", "<Alt+L>")
    assert here() == "detail_lines"
    desk.type(*line("1, 2"), E, E)
    assert here() == "cell_account", here()
    desk.type(*line("2140", "12"))
    assert voucher.draft.document()["receipts"] == [{"voucher": desk.bill, "lines": ["1", "2"]}]
    desk.accept()


def test_bills_are_settled_and_what_is_left_is_an_advance(desk: Desk) -> None:
    voucher = desk.open("AR_RECEIPT")
    desk.type(*line("asha", "1110", "500"), E)
    assert voucher.sheet.totals.figure("left") == "409.00"
    document = desk.document(desk.accept())
    assert document["allocations"] == [{"voucher_number": desk.sale, "amount": "91"}]
    assert desk.books.offers.open_bills("AR_RECEIPT", "C001")[0].open_amount == -409
