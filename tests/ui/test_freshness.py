"""What others change arrives while the clerk types, and disturbs nothing."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, typed
from helpers.fake_desk import FakeBooks, Row

Open = Callable[[str], VoucherWindow]


def looked(qtbot: QtBot, session: Session) -> None:
    """The desk has looked what is new, and has read it."""
    session.freshness.look()
    qtbot.waitUntil(lambda: not session.freshness.lane.is_busy)


def test_a_master_of_another_desk_is_offered_and_only_its_kind_is_read_again(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    books.masters.reads.clear()
    window = open_voucher("SALES_INVOICE")
    books.masters.change("party", Row("C077", "Zenith Traders", attributes={"kind": "customer"}))
    looked(qtbot, session)
    assert books.masters.reads == ["party"]
    typed("zen", "<Enter>")
    assert window.draft.header.values["party"] == "C077"


def test_nothing_is_read_while_nothing_changed(qtbot: QtBot, session: Session, books: FakeBooks) -> None:
    books.masters.reads.clear()
    looked(qtbot, session)
    looked(qtbot, session)
    assert books.masters.reads == []


def test_an_open_list_keeps_text_highlight_and_place(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "s", "<Down>")
    highlighted = window.popup.highlighted()
    assert highlighted is not None
    editor, place = focus(), window.popup.list.visualRect(window.popup.list.currentIndex()).top()
    books.masters.change("item", Row("AAA", "Saffron", attributes={"uom": "PCS"}))
    looked(qtbot, session)
    assert focus() is editor
    assert editor.text() == "s"  # type: ignore[attr-defined]
    again = window.popup.highlighted()
    assert again is not None
    assert again.code == highlighted.code
    assert window.popup.isVisible()
    assert window.popup.list.model().rowCount() == 4, "the new one is among them"
    assert window.popup.list.visualRect(window.popup.list.currentIndex()).top() == place or place == 0 \
        or window.popup.list.verticalScrollBar().maximum() == 0, "it stays where it was, where there is room to scroll"
    typed("<Enter>")
    assert window.draft.document()["lines"][0]["item"] == highlighted.code


def test_a_list_shut_with_escape_stays_shut(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("a", "<Esc>")
    books.masters.change("party", Row("C078", "Arun", attributes={"kind": "customer"}))
    looked(qtbot, session)
    assert not window.popup.isVisible()


def test_new_prices_stand_in_the_next_line(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("bin", "<Enter>", "soa", "<Enter>", "2", "<Enter>")
    books.prices.soap = "50"
    books.masters.change("prices")
    looked(qtbot, session)
    typed("soa", "<Enter>", "2", "<Enter>")
    rates = [line.values.get("rate") for line in window.sheet.models["lines"].lines[:2]]
    assert rates == ["45.5", "50"], "what stands in a line stays"
