"""Registers: rows of any number pass under a cursor that stays at its voucher, every key does what it says."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.register_pages import RegisterPage
from erpdesk.ui.registers import stretch
from erpdesk.ui.registers.table import RegisterTable
from erpdesk.ui.registers.view import RegisterView
from erpdesk.ui.style.theme import theme
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks
from helpers.fake_registers import many_rows, register_row

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def opened(qtbot: QtBot, window: MainWindow) -> RegisterView:
    window.opener.open_report("day-book")
    view = window.pages.current
    assert isinstance(view, RegisterView)
    qtbot.waitUntil(lambda: not view.session.browsing.is_busy)
    if not view.model.is_empty:
        qtbot.waitUntil(lambda: focus() is view.rows)
    return view


def settled(qtbot: QtBot, view: RegisterView) -> None:
    qtbot.waitUntil(lambda: not view.session.browsing.is_busy)


def word_here(view: RegisterView) -> str:
    row = view.row_here()
    assert row is not None
    return row.cells["narration"]


def test_a_register_opens_at_its_newest_voucher_and_walks_to_the_oldest_and_back(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "MOST_ROWS", 500)
    books.registers.rows = many_rows(1100)
    view = opened(qtbot, main_window)
    tester = QAbstractItemModelTester(view.model, FATAL)
    assert word_here(view) == "no 1099"
    assert view.foot.text() == "1100 vouchers"
    page, most, seen = view.rows.rows_in_sight, 0, 1099
    for _ in range(1100 // page + 1):
        typed("<PageUp>")
        settled(qtbot, view)
        seen = max(0, seen - page)
        assert word_here(view) == f"no {seen}"
        most = max(most, view.model.rowCount())
    assert most <= 500
    typed("<End>")
    settled(qtbot, view)
    assert word_here(view) == "no 1099"
    typed("<Home>")
    settled(qtbot, view)
    assert word_here(view) == "no 0"
    typed("<Down>", "<Down>")
    assert word_here(view) == "no 2"
    del tester


def test_keys_pressed_before_the_rows_have_come_are_moves_that_are_owed(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    books.registers.rows = many_rows(1000)
    view = opened(qtbot, main_window)
    books.registers.gate = threading.Event()
    page = view.rows.rows_in_sight
    presses = 400 // page + 1
    for _ in range(presses):
        typed("<PageUp>")
    assert view.rows.here == 0
    books.registers.gate.set()
    qtbot.waitUntil(lambda: word_here(view) == f"no {999 - presses * page}")


def test_what_is_in_sight_stands_still_while_rows_join_above(qtbot: QtBot, main_window: MainWindow,
                                                             books: FakeBooks) -> None:
    books.registers.rows = many_rows(1000)
    view = opened(qtbot, main_window)
    books.registers.gate = threading.Event()
    view.rows.verticalScrollBar().setValue(60)
    before = view.model.rows[view.rows.top].voucher_id
    books.registers.gate.set()
    with qtbot.waitSignal(view.model.rowsInserted):
        pass
    settled(qtbot, view)
    assert view.model.rows[view.rows.top].voucher_id == before
    assert view.rows.rowAt(1) == view.rows.top
    assert word_here(view) == "no 999"


def test_a_stretch_keeps_the_models_rules_and_its_length(
        qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "MOST_ROWS", 120)
    table = RegisterTable("western", {})
    tester = QAbstractItemModelTester(table, FATAL)
    rows = many_rows(480)
    table.show_page(RegisterPage(tuple(rows[200:220]), True, True))
    for start in range(220, 420, 20):
        table.append(RegisterPage(tuple(rows[start:start + 20]), True, True))
    assert [row.cells["narration"] for row in (table.rows[0], table.rows[-1])] == ["no 300", "no 419"]
    for start in range(280, 0, -20):
        table.prepend(RegisterPage(tuple(rows[start:start + 20]), True, True))
    assert (table.rowCount(), table.rows[0].cells["narration"], table.has_after) == (120, "no 20", True)
    table.show_page(RegisterPage((), False, False))
    assert table.is_empty
    del tester


def test_every_status_is_said_in_words(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    states = ("POSTED", "REVERSED", "DRAFT", "PENDING_APPROVAL", "APPROVED", "REJECTED", "CANCELLED")
    books.registers.rows = [register_row(number, date(2026, 11, 3), status) for number, status in enumerate(states)]
    view = opened(qtbot, main_window)
    last = view.model.columnCount() - 1
    said = [view.model.data(view.model.index(number, last)) for number in range(len(states))]
    assert said == ["Posted", "Reversed", "Draft", "Waits for approval", "Approved", "Rejected", "Cancelled"]


def test_the_cursor_stays_at_its_voucher_when_others_come_and_change(qtbot: QtBot, main_window: MainWindow,
                                                                     books: FakeBooks) -> None:
    books.registers.rows = many_rows(400, a_day=100)
    view = opened(qtbot, main_window)
    typed("<Up>", "<Up>")
    assert word_here(view) == "no 397"
    offset = view.rows.here - view.rows.top
    books.registers.rows[100:100] = [register_row(1000 + number, date(2026, 11, 2), "DRAFT") for number in range(5)]
    books.registers.change(402, "REVERSED")
    typed("<F12>")
    settled(qtbot, view)
    row = view.row_here()
    assert row is not None
    assert (word_here(view), row.status) == ("no 397", "REVERSED")
    assert view.rows.here - view.rows.top == offset


def test_coming_back_from_a_voucher_finds_the_same_row_as_it_is_now(qtbot: QtBot, main_window: MainWindow,
                                                                    books: FakeBooks) -> None:
    books.registers.rows = many_rows(30)
    view = opened(qtbot, main_window)
    typed("<Up>")
    with qtbot.waitSignal(main_window.opener.voucher_opened):
        typed("<Enter>")
    books.registers.change(28, "REVERSED")
    typed("<Esc>")
    assert main_window.pages.current is view
    settled(qtbot, view)
    row = view.row_here()
    assert row is not None
    assert (word_here(view), row.status, focus()) == ("no 28", "REVERSED", view.rows)


@pytest.mark.parametrize(("chord", "day"), [("<Alt+A>", "2026-11-20"), ("<Alt+I>", "2026-11-05")])
def test_add_and_insert_begin_a_voucher_of_the_type_under_the_cursor(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, chord: str, day: str) -> None:
    books.registers.rows = [register_row(0, date(2026, 11, 5), kind="CASH_PAYMENT")]
    opened(qtbot, main_window)
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed(chord)
    window: Any = signal.args[0]
    assert (window.schema.voucher_type, window.draft.header.values["date"]) == ("CASH_PAYMENT", day)
    assert window.draft.is_blank


def test_duplicate_copies_what_is_said_but_not_number_and_date(qtbot: QtBot, main_window: MainWindow) -> None:
    opened(qtbot, main_window)
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("<Alt+2>")
    window: Any = signal.args[0]
    document = window.draft.document()
    assert document["lines"] == [{"account": "1110", "debit": "100.00"}, {"account": "3010", "credit": "100.00"}]
    assert (document["date"], document["narration"]) == ("2026-11-20", "as posted")
    assert not window.is_view
    assert window.draft.voucher_id is None
    assert window.draft.is_changed


def test_filters_by_key_ask_anew_and_esc_goes_back_to_the_rows(qtbot: QtBot, main_window: MainWindow,
                                                               books: FakeBooks) -> None:
    books.registers.rows = many_rows(40, a_day=2)
    view = opened(qtbot, main_window)
    typed("<Ctrl+F>")
    assert here() == "filter_text"
    typed("no 7", "<Enter>")
    settled(qtbot, view)
    assert focus() is view.rows
    assert [row.cells["narration"] for row in view.model.rows] == ["no 7"]
    typed("<Ctrl+F>", "zzz", "<Esc>")
    assert focus() is view.rows
    assert view.filters.editors["text"].text() == "no 7"
    typed("<Ctrl+F>", "nowhere", "<Enter>")
    settled(qtbot, view)
    assert "nowhere" in view.word.text()
    assert view.word.isVisible()
    typed("<Ctrl+F>", "<Delete>", "<Enter>", "<F4>", "journ", "<Enter>")
    settled(qtbot, view)
    assert view.paging.question.type == "JOURNAL"
    assert view.title.text() == "Journal Register"
    typed("<F2>", "3", "<Enter>")
    assert here() == "filter_until"
    typed("4", "<Enter>")
    settled(qtbot, view)
    assert {row.date for row in view.model.rows} == {"2026-11-03", "2026-11-04"}


def test_plus_and_minus_turn_the_days(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    books.registers.rows = many_rows(40, a_day=2)
    view = opened(qtbot, main_window)
    typed("-")
    settled(qtbot, view)
    assert {row.date for row in view.model.rows} == {"2026-11-19"}
    typed("+", "+")
    settled(qtbot, view)
    assert (view.values["since"], view.values["until"]) == ("2026-11-21", "2026-11-21")
    assert "F10" in view.word.text()
    typed("-")
    settled(qtbot, view)
    assert {row.date for row in view.model.rows} == {"2026-11-20"}
    assert focus() is view.rows


def test_alt_u_opens_the_unused_numbers_and_alt_g_the_register_of_a_type(qtbot: QtBot, main_window: MainWindow,
                                                                         books: FakeBooks) -> None:
    opened(qtbot, main_window)
    typed("<Alt+U>")
    assert main_window.pages.current.accessibleName() == "Unused Numbers"
    typed("<Alt+G>", "journal register", "<Enter>")
    view = main_window.pages.current
    assert isinstance(view, RegisterView)
    assert view.label == "Journal Register"
    settled(qtbot, view)
    assert books.registers.asked[-1][1].type == "JOURNAL"


def test_the_bar_prints_the_keys_of_the_register(qtbot: QtBot, main_window: MainWindow) -> None:
    opened(qtbot, main_window)
    chords = {key.chord for key in main_window.bar.keys}
    assert {"Return", "Alt+A", "Alt+I", "Alt+2", "Alt+U", "F2", "F4", "Ctrl+F", "+", "-", "Esc"} <= chords


@pytest.mark.parametrize("height", [768, 760, 751, 743])
def test_no_row_is_cut_in_half_where_the_rows_end(qtbot: QtBot, main_window: MainWindow, books: FakeBooks,
                                                  height: int) -> None:
    books.registers.rows = many_rows(300)
    main_window.resize(1366, height)
    view = opened(qtbot, main_window)
    tops = [view.rows.rowViewportPosition(number) for number in range(view.model.rowCount())]
    in_sight = [top for top in tops if -theme().size("row") < top < view.rows.viewport().height()]
    assert in_sight[0] == 0, "the first row in sight begins at the headings"
    assert in_sight[-1] + theme().size("row") == view.rows.viewport().height(), "the last one ends at the edge"
