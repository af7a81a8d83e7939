"""The settings page on voucher types in memory, opened and waited for."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.tabs import TABS
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks


def open_page(qtbot: QtBot, window: MainWindow, books: FakeBooks) -> SettingsPage:
    """The page in a tab of the window, the sales invoice in sight, the cursor in the list."""
    made = SettingsPage(window.session, books, window.pages)
    made.wants_close.connect(lambda: window.pages.remove(made))
    window.pages.add(made, "types")
    made.start()
    qtbot.waitUntil(lambda: made.edited is not None)
    typed("sales inv")
    settled(qtbot, made)
    return made


def settled(qtbot: QtBot, page: SettingsPage) -> None:
    """Everything that was typed is checked, saved and drawn."""
    qtbot.waitUntil(lambda: page.checking.is_settled and not page.types.is_saving
                    and not page.session.browsing.is_busy)
    qtbot.wait(0)


def edited(page: SettingsPage) -> EditedType:
    """The type in sight."""
    assert page.edited is not None
    return page.edited


def show_tab(page: SettingsPage, code: str) -> Any:
    """A tab brought to the front, the cursor where it begins."""
    page.tabs.bar.choose([row.code for row in TABS].index(code))
    page.tabs.start()
    return page.tabs.current
