"""Out of a field by the mouse where it stands in no voucher: what can't be read is held back there too, or says so."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.registers.view import RegisterView
from erpdesk.ui.reports.view import ReportView
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import clicked, focus, here, typed
from helpers.fake_desk import FakeBooks
from helpers.fake_registers import many_rows
from helpers.settings_pages import edited, open_page

# The working date


def test_a_wrong_working_date_keeps_the_cursor_and_a_right_one_is_taken_by_a_click(main_window: MainWindow) -> None:
    typed("<F2>", "31-2")
    assert clicked(main_window.gateway.places.field) == "workingDateField"
    assert (focus().text(), main_window.working_date.word.text()) == ("31-2", "There is no day 31-2")  # type: ignore[attr-defined]
    assert main_window.strip.day.text() == "Fri 20-Nov-2026"
    typed("<Ctrl+A>", "5")
    assert clicked(main_window.gateway.places.field) == "gatewayFilter"
    assert main_window.strip.day.text() == "Thu 5-Nov-2026"
    assert not main_window.working_date.isVisible()


def test_a_working_date_in_no_year_keeps_the_cursor(main_window: MainWindow) -> None:
    typed("<F2>", "5-4-1999")
    assert clicked(main_window.gateway.places.field) == "workingDateField"
    assert "no fiscal year" in main_window.working_date.word.text()
    typed("<Esc>")
    assert main_window.strip.day.text() == "Fri 20-Nov-2026"


def test_an_untouched_working_date_is_left_by_a_click(main_window: MainWindow) -> None:
    typed("<F2>")
    assert clicked(main_window.gateway.places.field) == "gatewayFilter"
    assert main_window.strip.day.text() == "Fri 20-Nov-2026"


# Filters say what holds


@pytest.fixture
def register(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> RegisterView:
    books.registers.rows = many_rows(5)
    main_window.opener.open_report("day-book")
    view = main_window.pages.current
    assert isinstance(view, RegisterView)
    qtbot.waitUntil(lambda: not view.model.is_empty and focus() is view.rows)
    return view


def test_a_wrong_day_of_a_filter_is_told(main_window: MainWindow, register: RegisterView) -> None:
    typed("<F2>", "<Ctrl+A>", "31-2", "<Enter>")
    assert here() == "filter_since"
    assert main_window.queue.word.text() == "There is no day 31-2"


def test_a_filter_that_is_left_shows_what_the_rows_follow(qtbot: QtBot, main_window: MainWindow,
                                                          register: RegisterView) -> None:
    since = register.filters.editors["since"]
    before = since.text()  # type: ignore[union-attr]
    typed("<F2>", "<Ctrl+A>", "31-2")
    assert clicked(register.rows.viewport()) == "reportRows"
    assert since.text() == before  # type: ignore[union-attr]
    assert main_window.queue.word.text() == "There is no day 31-2"
    typed("<F2>", "<Ctrl+A>", "5")
    assert clicked(register.rows.viewport()) != "filter_since"
    assert register.values["since"] == "2026-11-05"
    qtbot.waitUntil(lambda: not register.session.browsing.is_busy)
    assert register.paging.question.since == "2026-11-05"


def test_a_filter_of_a_report_that_is_left_counts_too(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    main_window.opener.open_report("trial-balance")
    view = main_window.pages.current
    assert isinstance(view, ReportView)
    qtbot.waitUntil(lambda: not view.model.is_empty and not view.session.background.is_busy)
    asked = len(books.reports.asked)
    key = next(key for key in view.filters.editors if key in ("until", "since", "on"))
    view.filters.enter(key)
    typed("<Ctrl+A>", "31-2")
    clicked(view.rows.viewport())
    assert view.foot.text() == "There is no day 31-2"
    view.filters.enter(key)
    typed("<Ctrl+A>", "7")
    clicked(view.rows.viewport())
    qtbot.waitUntil(lambda: len(books.reports.asked) == asked + 1)
    assert books.reports.asked[-1][1][key] == "2026-11-07"


# Settings mark what is wrong, and keep it


def test_a_setting_may_be_left_and_is_marked_with_what_is_wrong(qtbot: QtBot, main_window: MainWindow,
                                                                books: FakeBooks) -> None:
    page: SettingsPage = open_page(qtbot, main_window, books)
    typed("<Enter>")
    form = page.tabs.current.form  # type: ignore[union-attr]
    form.enter("sort_order")
    typed("<Ctrl+A>", "3z")
    assert clicked(form.editors["label"]) == "setting_label"
    qtbot.waitUntil(lambda: any(fault.field == "sort_order" for fault in edited(page).faults))
    assert form.editors["sort_order"].text() == "3z"


# Questions over any page


def test_a_wrong_day_of_a_question_keeps_the_cursor(qtbot: QtBot, main_window: MainWindow) -> None:
    main_window.opener.open_report("day-book")
    view = main_window.pages.current
    assert isinstance(view, RegisterView)
    qtbot.waitUntil(lambda: not view.session.browsing.is_busy)
    done: list[str] = []
    question = Question(view, "Reverse?", "It is reversed", "Reverse", lambda day, _reason: done.append(day),
                        day="2026-11-20", surroundings=view.filters.editors["since"].surroundings)  # type: ignore[union-attr]
    question.ask()
    QApplication.processEvents()
    main_window.activateWindow()
    qtbot.waitUntil(lambda: here() == "questionDate" if QApplication.focusWidget() else False)
    typed("31-2")
    assert clicked(question.reason) == "questionDate"
    assert question.word.text() == "There is no day 31-2"
    typed("<Esc>", "5")
    assert clicked(question.reason) == "questionReason"
    assert question.day is not None
    assert question.day.raw == "2026-11-05"
