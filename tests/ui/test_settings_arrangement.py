"""List, settings and preview share the page as the person wants: edges are dragged, the preview may stand alone."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from erpdesk.settings import home
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.style.theme import apply_theme, choose_size
from erpdesk.ui.window.button_bar import KeyButton
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks
from helpers.settings_pages import open_page, settled


@pytest.fixture
def page(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> SettingsPage:
    home().mkdir(parents=True, exist_ok=True)
    main_window.resize(1366, 768)
    return open_page(qtbot, main_window, books)


def test_the_preview_alone_is_drawn_at_its_full_size(qtbot: QtBot, page: SettingsPage) -> None:
    typed("<Enter>", "<Enter>", "<Alt+P>")
    picture = page.preview.picture
    assert focus() is picture
    assert not page.tabs.isVisible()
    qtbot.waitUntil(lambda: picture._scale == 1.0)


def test_esc_brings_the_settings_back_with_the_cursor_where_it_was(qtbot: QtBot, page: SettingsPage) -> None:
    typed("<Enter>", "<Enter>", "<Enter>")
    before = here()
    typed("<Alt+P>", "<Esc>")
    assert here() == before
    assert page.tabs.isVisible()
    assert page.list.isVisible()
    typed("<Alt+P>", "<Alt+P>")
    assert here() == before


def test_a_field_chosen_in_the_large_preview_leads_to_its_setting(qtbot: QtBot, page: SettingsPage) -> None:
    typed("<Alt+P>")
    picture = page.preview.picture
    qtbot.waitUntil(lambda: any(spot.place == "lines.rate" for spot in picture.spots) and picture._scale == 1.0)
    spot = next(spot for spot in picture.spots if spot.place == "lines.rate")
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=spot.area.center())
    assert page.tabs.isVisible()
    assert here() == "setting_lines.show_rate"


def test_what_is_wrong_is_in_sight_beside_the_large_preview(qtbot: QtBot, page: SettingsPage) -> None:
    typed("<Alt+P>")
    assert not page.preview.faults.isVisible()
    page.edited.set("charges[0].code", "")  # type: ignore[union-attr]
    settled(qtbot, page)
    assert page.preview.faults.isVisible()
    typed("<F6>", "<Enter>")
    assert not page.arrangement.is_large
    assert here() == "setting_code"


def test_a_dragged_edge_is_there_again_the_next_time(qtbot: QtBot, main_window: MainWindow, page: SettingsPage,
                                                    books: FakeBooks) -> None:
    splitter = page.arrangement.inner
    handle, before = splitter.handle(1), splitter.sizes()[0]
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle + QPoint(80, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle + QPoint(80, 0))
    wider = splitter.sizes()[0]
    assert wider > before
    main_window.pages.remove(page)
    again = open_page(qtbot, main_window, books)
    assert again.arrangement.inner.sizes()[0] == wider


def test_no_key_of_the_settings_is_cut_off_on_the_bar(
        qtbot: QtBot, main_window: MainWindow, page: SettingsPage) -> None:
    qtbot.waitUntil(lambda: any(key.label == "Large preview" for key in main_window.bar.keys))
    buttons = [button for button in main_window.bar.findChildren(KeyButton) if button.isVisible()]
    assert any(button.key.label == "Purchase Invoice" for button in buttons)
    assert not [button.key.label for button in buttons if button.room() < button.text_width()]


@pytest.mark.parametrize("percent", [100, 125, 150, 200])
def test_every_tab_is_in_sight_at_a_large_text(
        qtbot: QtBot, qapp: QApplication, main_window: MainWindow, page: SettingsPage, percent: int) -> None:
    main_window.look.resize(percent, "normal")
    try:
        for _ in range(4):
            QApplication.processEvents()
        rooms = [button.geometry() for button in page.bar.buttons]
        assert all(page.bar.rect().contains(room) for room in rooms)
        assert all(button.width() >= button.sizeHint().width() for button in page.bar.buttons)
        assert not [one for one, other in combinations(rooms, 2) if one.intersects(other)]
        assert len({room.top() for room in rooms}) > 1 or percent == 100, "they stand in lines where one is too short"
        last = page.bar.buttons[-1]
        QTest.mouseClick(last, Qt.MouseButton.LeftButton)
        assert page.tabs.current is page.tabs.stack.currentWidget()
        assert page.tabs.current.objectName() == "tab_access"  # type: ignore[union-attr]
    finally:
        choose_size(100, "normal")
        apply_theme(qapp, "light")


def test_the_first_letter_of_every_label_is_whole(qtbot: QtBot, page: SettingsPage) -> None:
    """A J reaches out to the left of where it begins."""
    page.list.field.clear()
    page.list.choose("JOURNAL")
    settled(qtbot, page)
    begun = [label for label in page.findChildren(QLabel) if label.isVisible() and label.text().startswith("J")]
    assert {"Journal", "JOURNAL   version 1"} <= {label.text() for label in begun}
    assert not [label.text() for label in begun
                if label.contentsMargins().left() < -QFontMetrics(label.font()).leftBearing("J")]
