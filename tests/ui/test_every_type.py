"""Every voucher type of the baseline, active or not as shipped, is typed with real keys and posted on real books."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.clerk import here
from helpers.database import Database
from helpers.fake_desk import ALL_TYPES
from helpers.real_desk import TYPED, Desk, database_template, real_desk

__all__ = ["database_template"]


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, database: Database) -> Iterator[Desk]:
    """All types switched on, goods in stock, masters and vouchers at hand."""
    with real_desk(qtbot, qapp, database) as made:
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
