"""At a large text, on a small screen: pages fit, what opens over a voucher fits into what is in sight of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.ui.style.theme import apply_theme, choose_size, theme
from erpdesk.ui.voucher.grid_frame import GridFrame
from erpdesk.ui.voucher.line_details import LineDetails
from erpdesk.ui.voucher.masters.panel import MasterPanel
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import ALL_TYPES
from helpers.layout_facts import clipped, out_of_sight, overlapping

Open = Callable[[str, int], VoucherWindow]


@pytest.fixture(autouse=True)
def _as_shipped(qapp: QApplication) -> Iterator[None]:
    yield
    choose_size(100, "normal")
    apply_theme(qapp, "light")


@pytest.fixture
def opened(qtbot: QtBot, main_window: MainWindow) -> Open:
    main_window.resize(1366, 768)

    def voucher(type_code: str, percent: int) -> VoucherWindow:
        main_window.look.resize(percent, "normal")
        with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
            main_window.opener.open_type(type_code, type_code)
        settle()
        found: VoucherWindow = signal.args[0]
        return found

    return voucher


def settle() -> None:
    for _ in range(3):  # layouts inside of scroll areas settle one after the other
        QApplication.processEvents()


def faults(window: MainWindow) -> list[str]:
    settle()
    return [*clipped(window), *overlapping(window), *out_of_sight(window)]


def scrolled(window: MainWindow) -> tuple[int, int]:
    return window.pages.room.horizontalScrollBar().value(), window.pages.room.verticalScrollBar().value()


def is_in_sight(window: MainWindow, widget: QWidget) -> bool:
    room = window.pages.room.viewport()
    return room.rect().contains(QRect(widget.mapTo(room, QPoint(0, 0)), widget.size()))


@pytest.mark.parametrize("type_code", ALL_TYPES)
def test_no_voucher_scrolls_at_half_as_large_again(main_window: MainWindow, opened: Open, type_code: str) -> None:
    window = opened(type_code, 150)
    room = main_window.pages.room
    assert (room.horizontalScrollBar().maximum(), room.verticalScrollBar().maximum()) == (0, 0)
    for frame in window.findChildren(GridFrame):
        grid = frame._grid
        assert grid.viewport().height() >= theme().size("row"), "a row is in sight"
    assert faults(main_window) == []


def test_nor_does_one_that_says_its_amount_in_words(main_window: MainWindow, opened: Open) -> None:
    window = opened("SALES_INVOICE", 150)
    typed("asha", "<Enter>", "soap", "<Enter>", "3", "<Enter>", "1234567.89", "<Enter>")
    settle()
    words = window.findChild(QLabel, "amountInWords")
    assert words is not None
    assert words.text()
    main_window.resize(1366, 767)  # whatever has the page laid out anew
    main_window.resize(1366, 768)
    settle()
    room = main_window.pages.room
    assert (room.horizontalScrollBar().maximum(), room.verticalScrollBar().maximum()) == (0, 0)
    assert here() == "cell_item"
    assert is_in_sight(main_window, focus())


def test_figures_of_the_totals_are_whole_in_the_smallest_window(main_window: MainWindow, opened: Open) -> None:
    window = opened("SALES_INVOICE", 100)
    main_window.resize(main_window.minimumSize())
    typed("asha", "<Enter>", "soap", "<Enter>", "3", "<Enter>", "12345678.5", "<Enter>")
    settle()
    assert not clipped(window.sheet.totals)
    room = main_window.pages.room
    assert (room.horizontalScrollBar().maximum(), room.verticalScrollBar().maximum()) == (0, 0)


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_a_line_s_sub_screen_fits_into_what_is_in_sight(qtbot: QtBot, main_window: MainWindow, opened: Open,
                                                        percent: int) -> None:
    window = opened("SALES_INVOICE", percent)
    typed("asha", "<Enter>", "vials", "<Enter>", "8", "<Enter>")
    qtbot.waitUntil(lambda: here() == "cell_quantity" and focus().text() == "6")  # type: ignore[attr-defined]
    details = window.findChild(LineDetails)
    assert details is not None
    settle()
    assert is_in_sight(main_window, details)
    assert is_in_sight(main_window, focus()), "and so is the cell with the cursor"
    typed("<Esc>", "<Alt+L>")
    qtbot.waitUntil(lambda: not main_window.session.background.is_busy)
    details = window._splits.open_one
    assert details is not None
    at_first = scrolled(main_window)
    for _ in details.form.editors:  # type: ignore[union-attr]
        settle()
        assert is_in_sight(main_window, details)
        assert is_in_sight(main_window, focus())
        assert focus().visibleRegion().boundingRect().size() == focus().size(), "nor is it scrolled away inside"
        typed("<Enter>")
    assert scrolled(main_window) == at_first, "the page stays where it is"
    assert not clipped(details)
    assert not overlapping(details)


def test_a_sub_screen_follows_another_text_size_and_another_window(qtbot: QtBot, main_window: MainWindow,
                                                                   opened: Open) -> None:
    window = opened("PURCHASE_INVOICE", 100)
    typed("terai", "<Enter>", "B-1", "<Enter>", "phone", "<Enter>", "3", "<Enter>", "S1", "<Enter>")
    details = window._splits.open_one
    assert details is not None
    for percent in (200, 100, 150):
        main_window.look.resize(percent, "normal")
        settle()
        assert is_in_sight(main_window, details), percent
        assert here() == "cell_serials"
    main_window.resize(1366, 640)
    settle()
    assert is_in_sight(main_window, details)


@pytest.mark.parametrize("percent", [150, 200])
def test_a_master_s_form_is_as_wide_as_what_is_in_sight(qtbot: QtBot, main_window: MainWindow, opened: Open,
                                                        percent: int) -> None:
    window = opened("SALES_INVOICE", percent)
    typed("asha", "<Enter>", "zzz", "<Alt+C>")
    qtbot.waitUntil(lambda: window.findChild(MasterPanel) is not None)
    panel = window.findChild(MasterPanel)
    assert panel is not None
    assert faults(main_window) == []
    room = main_window.pages.room.viewport()
    for editor in panel.form.editors.values():
        if not editor.isHidden():
            assert editor.mapTo(room, QPoint(editor.width(), 0)).x() <= room.width(), editor.objectName()
    assert scrolled(main_window)[0] == 0


def test_the_preview_shows_as_many_rows_as_have_room(qtbot: QtBot, main_window: MainWindow, opened: Open) -> None:
    window = opened("SALES_INVOICE", 200)
    typed("asha", "<Enter>", "soap", "<Enter>", "2", "<Enter>", "3", "<Enter>", "<Alt+V>")
    qtbot.waitUntil(window.posting_preview.isVisible)
    settle()
    preview = window.posting_preview
    assert not [one for one in clipped(preview) if "Heading" not in one]
    rows = [label for label in preview.findChildren(QLabel) if label.isVisible()]
    tops = sorted({label.mapTo(preview, QPoint(0, 0)).y() for label in rows})
    least = min(label.sizeHint().height() for label in rows)
    assert all(below - above >= least for above, below in pairwise(tops)), "rows don't lie in others"
    assert any(text.startswith("and 1") for text in preview.texts()), "and says how many more there are"


def test_the_page_goes_back_to_its_beginning_when_the_cursor_is_seen_from_there(
        main_window: MainWindow, opened: Open) -> None:
    window = opened("SALES_INVOICE", 200)
    grid = window.sheet.line_grids[0]
    typed("asha", "<Enter>", "soap", "<Enter>")
    settle()
    grid.enter(0, "rate")
    settle()
    assert scrolled(main_window)[0] > 0
    grid.enter(0, "item")
    settle()
    assert scrolled(main_window)[0] == 0


def test_the_empty_queue_says_all_of_its_sentence(main_window: MainWindow, opened: Open) -> None:
    opened("SALES_INVOICE", 200)
    typed("<Alt+Q>")
    settle()
    assert main_window.queue_list.isVisible()
    assert not [one for one in clipped(main_window.queue_list) if "QLabel" in one]


def test_rows_of_the_grids_are_never_cut_at_the_bottom(main_window: MainWindow, opened: Open) -> None:
    for type_code in ("AR_RECEIPT", "SALES_INVOICE", "STOCK_JOURNAL"):
        window = opened(type_code, 100)
        for height in (768, 760, 751, 700):
            main_window.resize(1366, height)
            settle()
            for grid in window.sheet.grids.values():
                model, row = grid.model(), theme().size("row")
                room = grid.viewport().height()
                assert model.rowCount() * row <= room or room % row == 0, (type_code, grid.objectName(), height)
    assert window.findChild(QScrollArea) is not None
