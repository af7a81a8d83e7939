"""A voucher that follows another is filled with what is left of its lines; what was typed stays."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pytestqt.qtbot import QtBot

from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks

Open = Callable[[str], VoucherWindow]
LEFT = [{"item": "RICE", "quantity": "4", "rate": "15", "uom": "PCS", "against_line": "1"},
        {"item": "RICE", "quantity": "2", "rate": "13.5", "uom": "PCS", "warehouse": "BR", "against_line": "3"}]


def test_what_is_left_of_the_source_fills_the_lines(open_voucher: Open, qtbot: QtBot) -> None:
    window = open_voucher("SALES_RETURN")
    typed("asha", "<Enter>", "SI/26-27/000001", "<Enter>")
    qtbot.waitUntil(lambda: bool(window.sheet.models["lines"].counted_rows()))
    assert window.draft.document()["lines"] == LEFT, "what came back before is not offered again"
    assert here() == "cell_item"
    assert window.sheet.totals.figure("gross") == "87.00"
    typed("<Enter>", "1", "<Enter>")
    assert window.draft.document()["lines"][0]["quantity"] == "1"


def test_keys_typed_before_the_lines_are_there_go_where_they_belong(open_voucher: Open, qtbot: QtBot,
                                                                    books: FakeBooks) -> None:
    window = open_voucher("SALES_RETURN")
    books.offers.gate = threading.Event()
    typed("asha", "<Enter>", "SI/26-27/000001", "<Enter>", "<Enter>", "3", "<Enter>")
    books.offers.gate.set()
    qtbot.waitUntil(lambda: bool(window.sheet.models["lines"].counted_rows()))
    assert window.draft.document()["lines"] == [{**LEFT[0], "quantity": "3"}, LEFT[1]]
    assert here() == "cell_rate"


def test_lines_that_were_typed_are_not_replaced(open_voucher: Open, qtbot: QtBot) -> None:
    window = open_voucher("SALES_RETURN")
    typed("asha", "<Enter>", "<Enter>", "basmati", "<Enter>", "9", "<Enter>")
    window.sheet.header.enter("against")
    typed("SI/26-27/000001", "<Enter>")
    qtbot.waitUntil(lambda: not window.session.background.is_busy)
    assert [line["quantity"] for line in window.draft.document()["lines"]] == ["9"]


def test_a_number_that_is_not_listed_is_taken_as_it_is_typed(open_voucher: Open) -> None:
    window = open_voucher("SALES_RETURN")
    typed("asha", "<Enter>", "SI/26-27/000002")
    assert focus().text() == "SI/26-27/000002"
    typed("<Enter>")
    assert window.draft.header.values["against"] == "SI/26-27/000002", "never the nearest one that is listed"


def test_several_figures_in_one_field_stay_apart(open_voucher: Open) -> None:
    window = open_voucher("LANDED_COST")
    window.sheet.grids["lineGrid"].enter_first()
    typed("PI/26-27/000009", "<Enter>", "<Shift+Tab>", "<Alt+L>")
    assert here() == "detail_lines"
    typed("1, 3", "<Enter>")
    assert window.draft.document()["receipts"] == [{"voucher": "PI/26-27/000009", "lines": ["1", "3"]}]


def test_a_source_of_another_party_is_told_as_it_is_named(open_voucher: Open, qtbot: QtBot) -> None:
    window = open_voucher("SALES_RETURN")
    typed("bina", "<Enter>", "SI/26-27/000001", "<Enter>")
    qtbot.waitUntil(lambda: bool(window.sheet.models["lines"].counted_rows()))
    assert (window.sheet.banner.text, window.sheet.banner.tone) == ("SI/26-27/000001 is of C001 Asha Stores", "warning")
    assert window.draft.document()["lines"] == LEFT
