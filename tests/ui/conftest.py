"""Fixtures of the window: an offscreen application, a desk in memory, vouchers opened and typed into.

A warning of Qt fails the test that caused it.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.keys.profile import key_profile
from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.fake_desk import FakeBooks, FakeDesk, schema_of, slowly
from helpers.started_windows import show
from helpers.trading_fixtures import shop, shop_template

__all__ = ["shop", "shop_template"]


@pytest.fixture(autouse=True)
def _no_warnings(qtlog: object) -> Iterator[None]:
    yield
    said = [record.message for record in qtlog.records if "propagateSizeHints" not in record.message]  # type: ignore[attr-defined]
    assert not said, f"Qt warned: {said}"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody's own keys and window are met by a test."""
    monkeypatch.setenv("ERPDESK_HOME", str(tmp_path / "home"))
    key_profile.cache_clear()
    yield
    key_profile.cache_clear()


@pytest.fixture
def books() -> FakeBooks:
    """Books in memory."""
    return FakeBooks()


@pytest.fixture
def session(qtbot: QtBot, books: FakeBooks) -> Iterator[Session]:
    """A session on the desk in memory, its masters at hand."""
    made = Session(slowly(FakeDesk(books), 0))
    made.open()
    qtbot.waitUntil(lambda: made.state == CONNECTED)
    qtbot.waitUntil(lambda: not made.background.is_busy)
    yield made
    made.close()


@pytest.fixture
def open_voucher(qtbot: QtBot, qapp: QApplication, session: Session,
                 books: FakeBooks) -> Callable[[str], VoucherWindow]:
    """Opens a blank voucher of a type, the cursor at its first stop."""
    apply_theme(qapp, "light")

    def opened(type_code: str) -> VoucherWindow:
        window = VoucherWindow(session, books, schema_of(type_code), {"date": "2026-11-20"}, "XX/26-27/000001")
        qtbot.addWidget(window)
        window.resize(1180, 700)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.start()
        return window

    return opened


@pytest.fixture
def main_window(qtbot: QtBot, qapp: QApplication, session: Session) -> MainWindow:
    """The main window on the desk in memory."""
    apply_theme(qapp, "light")
    window = MainWindow(session)
    show(qtbot, window)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return window
