"""The window speaks the language of the organization, or the one that the person chose, at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.reports.report import Column, ColumnKind, Report
from erpdesk.ui.reports.table import ReportTable
from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.words import language_in_use, use_language
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks, FakeDesk, slowly


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    use_language("en")


def session_on(qtbot: QtBot, books: FakeBooks, *, chosen: str = "") -> Session:
    session = Session(slowly(FakeDesk(books), 0))
    session.language = chosen
    session.open()
    qtbot.waitUntil(lambda: session.state == CONNECTED)
    qtbot.waitUntil(lambda: not session.background.is_busy)
    return session


def test_the_organization_says_which_language_is_spoken(qtbot: QtBot, books: FakeBooks) -> None:
    books.organization = replace(books.organization, language="ne_NP")
    session = session_on(qtbot, books)
    assert language_in_use() == "ne"
    session.close()


def test_what_the_person_chose_comes_before_the_organization(qtbot: QtBot, books: FakeBooks) -> None:
    books.organization = replace(books.organization, language="ne")
    session = session_on(qtbot, books, chosen="hi")
    assert language_in_use() == "hi"
    session.close()


def test_a_key_and_three_letters_change_the_language_without_a_restart(main_window: MainWindow) -> None:
    typed("<Ctrl+L>", "nep", "<Enter>")
    assert language_in_use() == "ne"
    assert main_window.pages.bar.tabText(0) == "प्रवेशद्वार"
    assert any(key.label == "बिक्री बीजक" for key in main_window.bar.keys)
    assert "पोस्ट" in main_window.queue.counts.text()
    assert focus() is main_window.gateway.places.field
    typed("<Alt+G>", "english", "<Enter>")
    assert main_window.pages.bar.tabText(0) == "Gateway"


def test_a_form_opens_in_the_language_and_the_document_stays_the_same(
        qtbot: QtBot, main_window: MainWindow) -> None:
    typed("<Ctrl+L>", "hin", "<Enter>")
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("<F7>")
    window: VoucherWindow = signal.args[0]
    assert window.sheet.title.text() == "जर्नल"
    labels = [field.label for field in window.schema.grids[0].columns]
    assert "डेबिट" in labels
    assert window.draft.document()["type"] == "JOURNAL"


def test_what_is_open_keeps_its_words_and_its_cursor(
        qtbot: QtBot, main_window: MainWindow) -> None:
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("<F7>")
    window: VoucherWindow = signal.args[0]
    before = here()
    typed("<Ctrl+L>", "nep", "<Enter>")
    assert window.sheet.title.text() == "Journal"
    assert (here(), window.isAncestorOf(focus())) == (before, True)
    assert main_window.queue.word.text()


def test_choosing_a_language_is_remembered_by_the_session(main_window: MainWindow) -> None:
    typed("<Ctrl+L>", "hin", "<Enter>")
    assert main_window.session.language == "hi"




def test_a_report_says_natures_totals_and_rows_of_its_own(qapp: QApplication) -> None:
    columns = (Column("name", "Name"), Column("type", "Type"), Column("amount", "Amount", ColumnKind.MONEY))
    rows = ({"name": "Rent", "type": "expense", "amount": "2.00"},
            {"name": "Profit not yet carried to equity", "type": "equity", "amount": "5.00"})
    report = Report("balance-sheet", "ACME", date(2026, 11, 21), columns, rows, {"net_profit": "5.00"})
    table = ReportTable("", {})
    use_language("hi")
    table.show_report(report)
    assert [[table.data(table.index(row, column)) for column in (0, 1)] for row in (0, 1)] == [
        ["Rent", "व्यय"], ["लाभ जो अभी पूँजी में नहीं ले जाया गया", "पूँजी"]]
    assert table.other_totals == ("शुद्ध लाभ 5.00",)
