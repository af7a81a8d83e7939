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


OTHERS = "VCH-020 SI/26-27/000001 belongs to C001 Asha Stores, another party"


def settled(window: VoucherWindow, qtbot: QtBot) -> str:
    """What the banner says when all answers are there."""
    qtbot.waitUntil(lambda: not window.session.background.is_busy)
    return window.sheet.banner.text


def test_a_source_of_another_party_is_refused_as_it_is_named(open_voucher: Open, qtbot: QtBot) -> None:
    window = open_voucher("SALES_RETURN")
    typed("bina", "<Enter>", "SI/26-27/000001", "<Enter>")
    qtbot.waitUntil(lambda: bool(window.sheet.banner.text))
    assert (window.sheet.banner.text, window.sheet.banner.tone) == (OTHERS, "error")
    assert window.sheet.header.editors["against"].property("faulty")
    assert not window.sheet.models["lines"].counted_rows(), "nothing of it is taken over"


def test_the_right_party_takes_the_lines_over(open_voucher: Open, qtbot: QtBot) -> None:
    window = open_voucher("SALES_RETURN")
    typed("bina", "<Enter>", "SI/26-27/000001", "<Enter>")
    assert settled(window, qtbot) == OTHERS
    window.sheet.header.enter("party")
    typed("asha", "<Enter>")
    qtbot.waitUntil(lambda: bool(window.sheet.models["lines"].counted_rows()))
    assert window.draft.document()["lines"] == LEFT
    assert window.sheet.banner.text == ""
    assert not window.sheet.header.editors["against"].property("faulty")


def test_another_party_is_told_whose_the_source_is_and_leaves_the_lines(open_voucher: Open, qtbot: QtBot,
                                                                        books: FakeBooks) -> None:
    window = open_voucher("SALES_RETURN")
    typed("asha", "<Enter>", "SI/26-27/000001", "<Enter>")
    qtbot.waitUntil(lambda: bool(window.sheet.models["lines"].counted_rows()))
    window.sheet.header.enter("party")
    books.offers.gate = threading.Event()
    assert typed("bina", "<Enter>", "<Enter>")[-1] != "field_against", "no key waits where nothing is to be filled"
    books.offers.gate.set()
    assert settled(window, qtbot) == OTHERS
    assert window.draft.document()["lines"] == LEFT


def test_a_number_taken_out_is_not_spoken_of_any_more(open_voucher: Open, qtbot: QtBot) -> None:
    window = open_voucher("SALES_RETURN")
    typed("bina", "<Enter>", "SI/26-27/000001", "<Enter>")
    assert settled(window, qtbot) == OTHERS
    window.sheet.header.enter("against")
    typed("<Delete>", "<Enter>")
    assert settled(window, qtbot) == ""
