"""Text size, row height and scheme change while the window is open, and nothing is clipped or laid over anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from erpdesk.ui.style.theme import apply_theme, choose_size, look_size, theme
from erpdesk.ui.voucher.masters.panel import MasterPanel
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.remembered import Remembered
from helpers.clerk import focus, here, typed
from helpers.fake_desk import Row
from helpers.layout_facts import clipped, out_of_sight, overlapping

SIZES = (80, 100, 125, 150, 200)


@pytest.fixture(autouse=True)
def _as_shipped(qapp: QApplication) -> Iterator[None]:
    yield
    choose_size(100, "normal")
    apply_theme(qapp, "light")


def opened(qtbot: QtBot, window: MainWindow, do: Callable[[], object]) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        do()
    return signal.args[0]


def faults(window: MainWindow) -> list[str]:
    for _ in range(3):  # layouts inside of scroll areas settle one after the other
        QApplication.processEvents()
    return [*clipped(window), *overlapping(window), *out_of_sight(window)]


def scrolls(window: MainWindow) -> bool:
    return window.pages.room.viewport().size() != window.pages.stack.size()


@pytest.mark.parametrize("percent", SIZES)
def test_nothing_is_clipped_at_any_text_size(qtbot: QtBot, main_window: MainWindow, percent: int) -> None:
    window = opened(qtbot, main_window, lambda: typed("<F8>"))
    typed("asha", "<Enter>", "sun 5", "<Enter>")
    main_window.look.resize(percent, "normal")
    QApplication.processEvents()
    assert scrolls(main_window) == (percent > 150)
    assert faults(main_window) == []
    assert here() == "cell_quantity", "the cursor stays"
    assert window.sheet.line_grids[0].rowHeight(0) == theme().size("row")
    assert window.draft.document()["lines"][0]["item"] == "OIL5"
    main_window.pages.show_page(main_window.gateway)
    assert faults(main_window) == []
    main_window.opener.open_report("day-book")
    qtbot.waitUntil(lambda: not main_window.pages.current.model.is_empty)
    assert faults(main_window) == []


def test_up_and_down_again_ends_where_it_began(qtbot: QtBot, main_window: MainWindow) -> None:
    window = opened(qtbot, main_window, lambda: typed("<F8>"))

    def measures() -> list[object]:
        editor = window.sheet.header.editors["party"]
        return [editor.size(), main_window.bar.width(), main_window.strip.height(), editor.font().pointSizeF(),
                window.sheet.number.font().pointSizeF(), window.sheet.line_grids[0].columnWidth(1),
                window.sheet.line_grids[0].verticalHeader().defaultSectionSize()]

    def columns() -> list[int]:
        return [grid.columnWidth(number) for grid in window.sheet.grids.values()
                for number in range(grid.model().columnCount())]

    before, widths = measures(), columns()
    for keys in (4 * ["<Ctrl++>"], 3 * ["<Ctrl+->"], 2 * ["<Ctrl+=>"]):
        typed(*keys)
        assert measures() != before
    typed("<Ctrl+0>")
    QApplication.processEvents()
    assert measures() == before
    assert columns() == widths
    assert all(not grid.columns.layout.widths for grid in window.sheet.grids.values()), "no clerk set any of them"
    assert look_size() == (100, "normal")


def test_columns_of_a_report_grow_with_its_text_and_come_back(qtbot: QtBot, main_window: MainWindow) -> None:
    main_window.opener.open_report("trial-balance")
    settle(qtbot, main_window)
    rows = main_window.pages.current.findChild(QTableView, "reportRows")
    assert rows is not None

    def widths() -> list[int]:
        return [rows.columnWidth(number) for number in range(rows.model().columnCount())]

    qtbot.waitUntil(lambda: len(set(widths())) > 1)
    before = widths()
    typed(*3 * ["<Ctrl++>"])
    larger = widths()
    assert len(set(larger)) > 1, "each its own width"
    assert faults(main_window) == []
    typed("<Ctrl+0>")
    QApplication.processEvents()
    assert widths() == before


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not (window.session.background.is_busy or window.session.browsing.is_busy))


def test_rows_are_as_high_as_their_density(qtbot: QtBot, main_window: MainWindow) -> None:
    window = opened(qtbot, main_window, lambda: typed("<F8>"))
    grid = window.sheet.line_grids[0]
    heights = []
    for _ in range(3):
        typed("<Ctrl+Shift+R>")
        heights.append(grid.rowHeight(0))
        assert faults(main_window) == []
    assert heights == [32, 22, 26]


def test_the_scheme_goes_around_and_follows_the_desktop(main_window: MainWindow) -> None:
    assert main_window.look.scheme == "light"
    typed("<Ctrl+Shift+D>")
    assert theme().scheme == "dark"
    typed("<Ctrl+Shift+D>")
    assert (main_window.look.scheme, theme().scheme) == ("system", "light")
    assert focus().isVisible()


def test_the_look_is_remembered(main_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERPDESK_HOME", str(tmp_path))
    assert (Remembered().scheme, Remembered().text("text_percent")) == ("system", "")
    main_window.look.choose_scheme("dark")
    main_window.look.resize(125, "compact")
    Remembered().keep(main_window)
    choose_size(100, "normal")
    again = Remembered()
    again.choose_sizes()
    assert (again.scheme, look_size(), again.text("organization")) == ("dark", (125, "compact"), "ACME")
    (tmp_path / "window.ini").write_text("[General]\nscheme=pink\ntext_percent=9000\ndensity=7\n")
    again = Remembered()
    again.choose_sizes()
    assert (again.scheme, look_size()) == ("system", (100, "normal")), "what makes no sense is as shipped"


def test_the_cell_that_is_typed_into_and_its_list_stay_in_sight_at_another_size(
        qtbot: QtBot, main_window: MainWindow) -> None:
    window = opened(qtbot, main_window, lambda: typed("<F8>"))
    grid = window.sheet.line_grids[0]
    assert grid.enter_first()
    typed(*14 * ["<Ctrl+I>"])
    assert grid.enter(14, grid.stops(14)[0])
    room = main_window.pages.room.viewport()
    for chord in (*4 * ["<Ctrl++>"], "<Ctrl+0>"):
        typed(chord)
        QApplication.processEvents()
        editor = focus()
        place = QRect(editor.mapTo(room, QPoint(0, 0)), editor.size())
        assert room.rect().contains(place.center()), (chord, place)
        assert not editor.visibleRegion().isEmpty(), "nor scrolled away within the grid"
    typed(*4 * ["<Ctrl++>"], "r")
    qtbot.waitUntil(window.popup.isVisible)
    listed = QRect(window.popup.mapTo(room, QPoint(0, 0)), window.popup.size())
    assert room.rect().adjusted(0, -1, 0, 1).top() <= listed.top()
    assert listed.bottom() <= room.rect().bottom() + 1
    typed("<Ctrl+0>")


@pytest.mark.parametrize("larger", [2, 4])
def test_the_form_of_a_master_has_room_for_all_its_fields_at_a_large_text(
        qtbot: QtBot, main_window: MainWindow, larger: int) -> None:
    main_window.resize(1366, 768)
    window = opened(qtbot, main_window, lambda: typed("<F8>"))
    typed(*larger * ["<Ctrl++>"])
    assert window.sheet.line_grids[0].enter_first()
    low = window.minimumHeight()
    typed("<Alt+C>")
    qtbot.waitUntil(lambda: window.findChild(MasterPanel) is not None)
    panel = window.findChild(MasterPanel)
    assert panel is not None
    assert faults(main_window) == []
    typed("<Esc>")
    assert window.minimumHeight() == low, "the page is as it was"
    typed("<Ctrl+0>")


def test_a_list_without_a_best_match_opens_at_its_beginning(qtbot: QtBot, main_window: MainWindow) -> None:
    window = opened(qtbot, main_window, lambda: typed("<F8>"))
    popup, editor = window.popup, window.sheet.header.editors["party"]
    rows = [Row(f"C{number}", f"Customer {number}") for number in range(40)]
    popup.open_for(editor, rows, "C39", preselect=False)  # type: ignore[arg-type]
    assert popup.list.verticalScrollBar().value() > 0
    popup.open_for(editor, rows, None, preselect=False)  # type: ignore[arg-type]
    assert popup.list.verticalScrollBar().value() == 0
