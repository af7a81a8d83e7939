"""Lines in the window: no blank one where nothing is typed, money in the decimals of its currency, places of units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks

Open = Callable[[str], VoucherWindow]


def test_a_posted_voucher_shows_its_lines_and_no_blank_one(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    books.vouchers.stored["v-1"] = {"status": "POSTED", "voucher_number": "JV/26-27/000007"}
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        main_window.opener.open_voucher("v-1")
    viewed: VoucherWindow = signal.args[0]
    assert viewed.is_view
    model = viewed.sheet.models["lines"]
    assert [line.is_blank for line in model.lines] == [False] * 2
    assert model.rowCount() == 2
    books.vouchers.stored["d-1"] = {"status": "DRAFT", "voucher_number": None}
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        main_window.opener.open_voucher("d-1")
    assert signal.args[0].sheet.models["lines"].lines[-1].is_blank, "a draft goes on"


def shown_amount(window: VoucherWindow) -> str:
    model = window.sheet.models["lines"]
    return str(model.data(model.index(0, model.column_of["amount"]), Qt.ItemDataRole.DisplayRole))


def test_money_is_shown_and_typed_in_the_decimals_of_the_vouchers_currency(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>")
    assert shown_amount(window) == "5.00"
    for code, amount in (("KWD", "5.000"), ("JPY", "5"), ("NPR", "5.00"), ("", "5.00")):
        window.draft.header.put("currency", code or None)
        window.recalculate()
        assert shown_amount(window) == amount, code
    window.draft.header.put("currency", "KWD")
    window.recalculate()
    window.enter("lines", 0, "amount")
    typed("1.234", "<Enter>")
    assert (shown_amount(window), lines(window)[0]["amount"]) == ("1.234", "1.234")


def lines(window: VoucherWindow) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = window.draft.document()["lines"]
    return found


def test_units_of_one_line_lie_in_places_of_their_own(open_voucher: Open) -> None:
    window = open_voucher("PURCHASE_INVOICE")
    typed("terai", "<Enter>", "B-1", "<Enter>", "phone", "<Enter>", "2", "<Enter>", "S1", "<Enter>", "S2")
    details = window._splits.open_one
    assert details is not None
    assert details.split is not None
    assert "warehouse" in [field.key for field in details.split.lines.columns]
    details.split.lines.put(0, "warehouse", "BR")
    typed("<Enter>")
    assert window._splits.open_one is None, "scanning isn't held up by the place"
    assert lines(window)[0]["details"] == [
        {"warehouse": "BR", "serials": ["S1"], "quantity": "1"}, {"serials": ["S2"], "quantity": "1"}]
