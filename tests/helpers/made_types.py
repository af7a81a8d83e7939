"""Voucher types made in the settings by hand, typed and approved, each person in the real window with a login."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Desk
from erpdesk.ui.approvals.view import InboxView
from erpdesk.ui.session import Session
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, typed
from helpers.office import Office
from helpers.started_windows import starting
from helpers.trading import CODE

PATIENCE = 30_000
OpenWindow = Callable[[str], MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, office: Office) -> Iterator[OpenWindow]:
    """Somebody's main window on the books; `program` is the admin."""
    with starting(qtbot, qapp) as started:

        def opened(who: str) -> MainWindow:
            login = office.logins.get(who, "program")
            window = started(Session(lambda _progress: Desk(office.shop.database.server(login)), CODE))
            window.resize(1366, 768)
            return window

        yield opened


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())


def press(page: QWidget, label: str) -> None:
    """Click a button by what it is called."""
    click(next(one for one in page.findChildren(QPushButton) if one.isVisible() and one.text().startswith(label)))


def turn_to(page: SettingsPage, label: str) -> None:
    """Click a tab."""
    tab = next(button for button in page.bar.buttons if button.text() == label)
    QTest.mouseClick(tab, Qt.MouseButton.LeftButton)
    assert page.tabs.current is not None
    page.tabs.current.start()


def into(page: SettingsPage, column: str) -> None:
    """The cursor into a setting of the tab in sight."""
    tab = page.tabs.stack.currentWidget()
    assert tab is not None
    editor = next(one for one in tab.findChildren(QWidget, f"setting_{column}")
                  if not one.isHidden())
    editor.setFocus(Qt.FocusReason.TabFocusReason)
    assert focus() is editor or editor.isAncestorOf(focus())


def settle(qtbot: QtBot, page: SettingsPage) -> None:
    qtbot.waitUntil(lambda: page.checking.is_settled and not page.session.browsing.is_busy, timeout=PATIENCE)
    assert page.edited is not None
    assert page.edited.faults == ()


def settings_of(qtbot: QtBot, window: MainWindow) -> SettingsPage:
    """The settings of voucher types, opened from the gateway."""
    typed("voucher types", "<Enter>")
    page = window.pages.current
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: page.edited is not None, timeout=PATIENCE)
    return page


def save_type(qtbot: QtBot, window: MainWindow, page: SettingsPage, code: str) -> None:
    """Save what was made; the window knows the type then."""
    settle(qtbot, page)
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: code in {one.code for one in window.session.types}, timeout=PATIENCE)
    window.close()


def begin_voucher(qtbot: QtBot, window: MainWindow, words: str) -> VoucherWindow:
    """A voucher of the type that the words find on the gateway."""
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=PATIENCE) as signal:
        typed(words, "<Enter>")
    voucher: VoucherWindow = signal.args[0]
    return voucher


def accept(qtbot: QtBot, voucher: VoucherWindow) -> str:
    """Ctrl+A; what is said then."""
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: not voucher.submission.is_running and bool(voucher.sheet.banner.text), timeout=PATIENCE)
    return voucher.sheet.banner.text


def approve_first(qtbot: QtBot, window: MainWindow) -> str:
    """Approve the first voucher that waits; the amount that stood there."""
    typed("approvals", "<Enter>")
    view = window.pages.current
    assert isinstance(view, InboxView)
    qtbot.waitUntil(lambda: bool(view.model.rows), timeout=PATIENCE)
    qtbot.waitUntil(lambda: focus() is view.rows)
    amount = view.model.rows[0].amount
    typed("<Alt+A>")
    question = view.findChild(Question)
    assert question is not None
    qtbot.waitUntil(lambda: question.isAncestorOf(focus()))
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not (view.session.requests.is_busy or view.session.browsing.is_busy), timeout=PATIENCE)
    return str(amount)
