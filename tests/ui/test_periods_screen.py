"""The period grid on real books: locked, closed and opened by key; a year closed over its check list, and reopened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books
from erpdesk.services.organizations import NewOrganization
from erpdesk.ui import calendars
from erpdesk.ui.periods.check_list import CheckListDialog
from erpdesk.ui.periods.view import PeriodsView
from erpdesk.ui.registers.view import RegisterView
from erpdesk.ui.reports.view import ReportView
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, typed
from helpers.database import Database
from helpers.real_window import settled, window_on
from helpers.shops import desk_of, open_shop

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def entry(day: str, amount: str = "100.00", **more: Any) -> dict[str, Any]:
    return {"type": "JOURNAL", "date": day,
            "lines": [{"account": "1110", "debit": amount}, {"account": "4010", "credit": amount}], **more}


@pytest.fixture
def books(database: Database) -> Books:
    """A shop with an income of 100.00 in May and a draft in June."""
    made = open_shop(database)
    assert isinstance(made.vouchers.post(entry("2026-05-01")), Ok)
    assert isinstance(made.vouchers.save(entry("2026-06-01")), Ok)
    return made


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, database: Database, books: Books, tmp_path: Path) -> Iterator[PeriodsView]:
    """The screen, opened from the gateway."""
    with window_on(qtbot, qapp, database) as window:
        typed("periods", "<Enter>")
        page = window.pages.current
        assert isinstance(page, PeriodsView)
        settled(qtbot, page.session)
        yield page


def go_to(view: PeriodsView, key: str) -> None:
    typed("<Ctrl+Home>")
    for _ in range(len(view.model.rows)):
        row = view.row_here()
        assert row is not None
        if row.key == key or row.texts[1].startswith(key):
            return
        typed("<Down>")
    raise AssertionError([row.texts for row in view.model.rows])


def answer(qtbot: QtBot, view: PeriodsView, chord: str, *keys: str) -> str:
    """Press the key, answer the question with its button; what the button said."""
    typed(chord)
    question = view.findChild(Question)
    assert question is not None
    comes_to(qtbot, question)
    said = question.done_button.text().partition("   ")[0]
    typed(*keys)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    settled(qtbot, view.session)
    qtbot.waitUntil(lambda: view.findChild(Question) is None)
    come_back(qtbot, view)
    return said


def comes_to(qtbot: QtBot, dialog: QWidget) -> None:
    qtbot.waitUntil(lambda: (there := QApplication.focusWidget()) is not None and dialog.isAncestorOf(there))


def come_back(qtbot: QtBot, view: PeriodsView) -> None:
    view.window().activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is view.rows)


def texts(view: PeriodsView, first_day: str) -> tuple[str, ...]:
    return next(row.texts for row in view.model.rows if row.texts[1] == first_day and not row.is_heading)


def test_months_stand_under_their_year_with_what_is_not_posted(qtbot: QtBot, view: PeriodsView) -> None:
    tester = QAbstractItemModelTester(view.model, FATAL)
    assert view.model.rows[0].texts[0] == "2026-27"
    assert texts(view, "01-Jun-2026") == ("  \u20073  Jun", "01-Jun-2026", "30-Jun-2026", "○  Open", "1", "", "")
    typed("<F12>")
    settled(qtbot, view.session)
    del tester


def test_a_month_is_locked_unlocked_and_closed_by_key(qtbot: QtBot, view: PeriodsView, books: Books) -> None:
    go_to(view, "01-May-2026")
    assert answer(qtbot, view, "<Alt+L>") == "Lock 01-May-2026 to 31-May-2026"
    assert texts(view, "01-May-2026")[3] == "◐  Locked"
    row = view.row_here()
    assert row is not None
    assert row.texts[1] == "01-May-2026", "the cursor stays"
    assert not view.offers("lock")
    answer(qtbot, view, "<Alt+U>")
    assert texts(view, "01-May-2026")[3] == "○  Open"
    answer(qtbot, view, "<Alt+K>")
    assert texts(view, "01-May-2026")[3] == "●  Closed"
    assert [one.state for one in books.periods.periods()][:3] == ["open", "closed", "open"]


def test_the_question_says_how_many_vouchers_are_left_and_esc_leaves_all_as_it_is(
        qtbot: QtBot, view: PeriodsView, books: Books) -> None:
    go_to(view, "01-Jun-2026")
    typed("<Alt+L>")
    question = view.findChild(Question)
    assert question is not None
    comes_to(qtbot, question)
    assert "1 voucher in it is not posted" in question.word.text()
    QTest.keyClick(focus(), Qt.Key.Key_Escape)
    assert {one.state for one in books.periods.periods()} == {"open"}


def test_the_audit_lock_is_set_to_a_day_and_ended(qtbot: QtBot, view: PeriodsView, books: Books) -> None:
    answer(qtbot, view, "<Alt+D>", "30-4-2026", "<Enter>")
    assert texts(view, "01-Apr-2026")[6] == "▪ locked for audit"
    assert books.settings.all()["audit_locked_until"] == "2026-04-30"
    assert "30-Apr-2026" in view.foot.text()


def test_the_whole_organization_is_locked_and_opened(qtbot: QtBot, view: PeriodsView, books: Books) -> None:
    assert answer(qtbot, view, "<Alt+O>") == "Lock the organization"
    assert books.settings.all()["is_locked"] == "yes"
    assert "locked" in view.foot.text()
    assert answer(qtbot, view, "<Alt+O>") == "Unlock the organization"
    assert books.settings.all()["is_locked"] == "no"


def checking(qtbot: QtBot, view: PeriodsView) -> CheckListDialog:
    typed("<Alt+Y>")
    dialog = view.findChild(CheckListDialog)
    assert dialog is not None
    comes_to(qtbot, dialog)
    settled(qtbot, view.session)
    return dialog


def test_a_year_is_closed_over_its_check_list_and_reopened_with_a_reason(
        qtbot: QtBot, view: PeriodsView, books: Books) -> None:
    dialog = checking(qtbot, view)
    found = {row.key: row.texts[1:] for row in dialog.model.rows}
    last = dialog.rows.visualRect(dialog.model.index(len(dialog.model.rows) - 1, 0))
    assert last.bottom() < dialog.rows.viewport().height(), "every point is in sight"
    assert found["drafts"] == ("! look", "1")
    assert found["trial_balance"] == found["verified"] == ("✓ in order", "")
    assert "100.00" in dialog.word.text()
    QTest.keyClick(focus(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot, view.session)
    come_back(qtbot, view)
    assert view.model.rows[0].texts[3] == "●  Closed"
    assert view.model.rows[0].texts[6].startswith("YC/26-27/000001 carried 100.00 to retained earnings")
    assert [row.texts[0] for row in view.model.rows if row.is_heading] == ["2026-27", "2027-28"]
    go_to(view, "year:2026-27")
    assert answer(qtbot, view, "<Alt+Y>", "Late bill") == "Reopen 2026-27"
    assert view.model.rows[0].texts[3] == "○  Open"
    assert not books.years.years()[0].is_closed


def test_a_point_of_the_check_list_is_looked_at(qtbot: QtBot, view: PeriodsView) -> None:
    dialog = checking(qtbot, view)
    typed("<Down>")
    assert dialog.model.rows[dialog.rows.currentIndex().row()].key == "drafts"
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    window = view.window()
    assert isinstance(window, MainWindow)
    register = window.pages.current
    assert isinstance(register, RegisterView)
    assert (register.values["since"], register.values["until"]) == ("2026-04-01", "2027-03-31")
    settled(qtbot, view.session)


def test_one_key_opens_the_trial_balance_before_closing_from_question_and_page(
        qtbot: QtBot, view: PeriodsView, books: Books) -> None:
    checking(qtbot, view)
    QTest.keyClick(focus(), Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    window = view.window()
    assert isinstance(window, MainWindow)

    def shown() -> set[str]:
        settled(qtbot, view.session)
        report = window.pages.current
        assert isinstance(report, ReportView)
        assert (report.values["until"], report.values["closing"]) == ("2027-03-31", "without")
        found = {report.model.row(number).get("account", "") for number in range(report.model.rowCount())}
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        typed("<Esc>")
        return found

    before = shown()
    assert "4010" in before
    assert isinstance(books.years.close("2026-27"), Ok)
    window.opener.open_screen("periods")
    settled(qtbot, view.session)
    go_to(view, "year:2026-27")
    typed("<Alt+B>")
    assert shown() == before, "closed or not"


def test_the_next_year_is_made(qtbot: QtBot, view: PeriodsView) -> None:
    answer(qtbot, view, "<Alt+N>")
    assert [row.texts[0] for row in view.model.rows if row.is_heading] == ["2026-27", "2027-28"]


def test_the_months_of_a_nepali_year_stand_by_their_names(
        qtbot: QtBot, qapp: QApplication, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "_in_use", calendars.GREGORIAN)
    desk = desk_of(database)
    desk.create_organization(NewOrganization("SHOP", "Shop Traders", "NPR", date(2023, 7, 17), date(2024, 7, 15), "NP",
                                             settings={"calendar": "bikram_sambat"}))
    with window_on(qtbot, qapp, database) as window:
        typed("periods", "<Enter>")
        page = window.pages.current
        assert isinstance(page, PeriodsView)
        settled(qtbot, page.session)
        named = [row.texts[0].split() for row in page.model.rows if not row.is_heading]
        assert named == [[str(number), month] for number, month in enumerate((
            "Shrawan", "Bhadra", "Ashwin", "Kartik", "Mangsir", "Poush", "Magh", "Falgun", "Chaitra", "Baisakh",
            "Jestha", "Ashadh"), start=1)]
        assert page.model.rows[1].texts[1].startswith("2080-04-01")
        assert page.model.rows[1].texts[2].startswith("2080-04-32")
