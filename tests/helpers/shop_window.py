"""A new shop, and the administrator's window on it: fixtures for tests of the window on real books."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_books import begun_books, books_of
from helpers.database import Database
from helpers.real_window import window_on


@pytest.fixture
def books(database: Database) -> Books:
    """The books, as another desk has them."""
    return books_of(database)


database_template = begun_books()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, database: Database, books: Books) -> Iterator[MainWindow]:
    """The main window on the same books, at the gateway."""
    with window_on(qtbot, qapp, database) as made:
        yield made
