"""Columns are set by mouse and keys, remembered for each user and voucher type, frozen, and set back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.grid_columns import ColumnLayout
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed

Open = Callable[[str], VoucherWindow]


@pytest.fixture
def remembering(home: Path) -> Path:
    """A home where things can be kept."""
    home.mkdir()
    return home


def grid_of(window: VoucherWindow) -> LineGrid:
    return window.sheet.grids["lineGrid"]


def widths(grid: LineGrid) -> dict[str, int]:
    return {field.key: grid.columnWidth(number) for number, field in enumerate(grid.lines.columns)}


def order(grid: LineGrid) -> list[str]:
    return [grid.lines.columns[column].key for column in grid.columns.in_sight]


def drag(grid: LineGrid, start: int, end: int) -> None:
    """Drag with the mouse along the headings."""
    header = grid.horizontalHeader().viewport()
    middle = header.height() // 2
    QTest.mousePress(header, Qt.MouseButton.LeftButton, pos=QPoint(start, middle))
    for part in range(1, 5):
        QTest.mouseMove(header, QPoint(start + (end - start) * part // 4, middle))
        QApplication.processEvents()
    QTest.mouseRelease(header, Qt.MouseButton.LeftButton, pos=QPoint(end, middle))


def edge(grid: LineGrid, key: str) -> int:
    column = grid.lines.column_of[key]
    return grid.columnViewportPosition(column) + grid.columnWidth(column)


def test_keys_widen_and_narrow_the_column_of_the_cursor(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "rice", "<Enter>")
    grid, before = grid_of(window), widths(grid_of(window))
    typed("<Alt+Shift+Right>", "<Alt+Shift+Right>")
    QApplication.processEvents()
    after = widths(grid)
    assert after["quantity"] > before["quantity"]
    assert here() == "cell_quantity"
    assert focus().width() == after["quantity"], "the editor stays as wide as its cell"
    typed("<Alt+Shift+Left>")
    assert before["quantity"] < widths(grid)["quantity"] < after["quantity"]
    typed(*(40 * ["<Alt+Shift+Left>"]))
    assert widths(grid)["quantity"] == grid.horizontalHeader().minimumSectionSize()
    typed("7", "<Enter>")
    assert window.draft.document()["lines"][0]["quantity"] == "7"


def test_the_mouse_resizes_and_moves_columns_and_the_path_stays(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>")
    grid = grid_of(window)
    before = widths(grid)["quantity"]
    drag(grid, edge(grid, "quantity") - 1, edge(grid, "quantity") + 39)
    assert widths(grid)["quantity"] == before + 40
    first = order(grid)
    quantity = grid.columnViewportPosition(grid.lines.column_of["quantity"])
    drag(grid, quantity + 30, 10)
    assert order(grid)[:2] == ["quantity", "item"]
    assert sorted(order(grid)) == sorted(first)
    assert here() == "cell_item"
    assert typed("rice", "<Enter>", "<Tab>")[1:] == ["cell_quantity", "cell_rate"], "the key path is configuration"


def test_columns_are_as_the_clerk_left_them_for_this_user_and_type(remembering: Path, open_voucher: Open,
                                                                   session: Session) -> None:
    grid = grid_of(open_voucher("SALES_INVOICE"))
    grid.columns.widen(grid.lines.column_of["quantity"], 5)
    grid.horizontalHeader().moveSection(0, 2)
    grid.columns.freeze(grid.columns.in_sight[0])
    again = grid_of(open_voucher("SALES_INVOICE"))
    assert widths(again)["quantity"] == widths(grid)["quantity"]
    assert order(again) == order(grid)
    assert again.columns.layout.frozen == 1
    other = grid_of(open_voucher("SALES_ORDER"))
    assert other.columns.layout == ColumnLayout()
    assert session.desk is not None
    session.desk.user = "bina/../x"  # type: ignore[misc]
    assert grid_of(open_voucher("SALES_INVOICE")).columns.layout == ColumnLayout()
    assert (remembering / "window.ini").is_file() or again.columns.layout.widths


def test_reset_gives_the_columns_of_the_voucher_type(remembering: Path, open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    grid = grid_of(window)
    before = (widths(grid), order(grid))
    typed("asha", "<Enter>", "<Alt+Shift+Right>")
    grid.horizontalHeader().moveSection(0, 2)
    typed("<Ctrl+Shift+F>", "<Ctrl+Shift+W>")
    assert (widths(grid), order(grid), grid.columns.layout.as_json()) == (*before, {})
    assert grid_of(open_voucher("SALES_INVOICE")).columns.layout.as_json() == {}


@pytest.mark.parametrize("kept", ['{"widths": {"item": -5, "gone": 9, "rate": "x"}, "order": 7, "frozen": "2"}',
                                  "[", "[1]", "null", '{"order": ["gone", "rate"], "frozen": 99}'])
def test_what_was_kept_wrongly_harms_nobody(remembering: Path, open_voucher: Open, kept: str) -> None:
    from PySide6.QtCore import QSettings

    settings = QSettings(str(remembering / "window.ini"), QSettings.Format.IniFormat)
    settings.setValue("columns/asha/SALES_INVOICE/lineGrid", kept)
    settings.sync()
    grid = grid_of(open_voucher("SALES_INVOICE"))
    assert sorted(order(grid)) == sorted(grid.lines.column_of)
    assert min(widths(grid).values()) >= grid.horizontalHeader().minimumSectionSize()
    typed("asha", "<Enter>")
    assert here() == "cell_item"


@pytest.fixture
def wide(open_voucher: Open) -> LineGrid:
    """A sale whose columns are much wider than the window, with lines, item and warehouse frozen."""
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "rice", "<Enter>", "3", "<Enter>", "5", "<Enter>")
    grid = grid_of(window)
    for column in range(len(grid.lines.columns)):
        grid.columns.widen(column, 20 if column else 0)
    assert grid.columns.freeze(grid.lines.column_of["item"])
    QApplication.processEvents()
    return grid


def test_frozen_columns_stay_while_the_others_scroll(wide: LineGrid) -> None:
    assert wide.horizontalScrollBar().maximum() > 0
    last = wide.lines.columns[-2].key
    wide.enter(0, last)
    assert wide.horizontalScrollBar().value() > 0
    assert wide.frozen.isVisible()
    assert wide.frozen.width() == wide.columnWidth(0)
    assert wide.frozen.header.isVisible()
    assert wide.columnViewportPosition(wide.lines.column_of[last]) >= wide.frozen.width(), "not under the frozen ones"
    image = wide.frozen.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(2, 24)}
    assert len(colours) > 2, "the item stands there"


def test_a_frozen_cell_is_typed_where_it_is_seen(wide: LineGrid) -> None:
    wide.enter(0, wide.lines.columns[-2].key)
    scrolled = wide.horizontalScrollBar().value()
    wide.enter(0, "item")
    assert wide.horizontalScrollBar().value() == scrolled, "nothing moves"
    assert focus().geometry().left() == 0
    assert focus().geometry().width() == wide.columnWidth(0)
    place = focus().geometry().center()
    assert wide.viewport().childAt(place) in (focus(), *focus().findChildren(QWidget))
    typed("soap", "<Enter>")
    assert wide.lines.lines[0].values["item"] == "SOAP"
    QTest.mouseClick(wide.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, wide.rowViewportPosition(1) + 8))
    assert wide.here() == (1, "item")


def test_freezing_needs_room_and_ends_by_the_same_key(wide: LineGrid) -> None:
    wide.enter(0, "item")
    typed("<Ctrl+Shift+F>")
    assert wide.columns.layout.frozen == 0
    assert not wide.frozen.isVisible()
    wide.enter(0, wide.lines.columns[-2].key)
    said: list[str] = []
    wide.not_accepted.connect(said.append)
    typed("<Ctrl+Shift+F>")
    assert wide.columns.layout.frozen == 0
    assert "no room" in said[0]


@pytest.mark.parametrize("kind", ["STOCK_JOURNAL", "STOCK_TRANSFER", "PURCHASE_INVOICE"])
def test_names_of_goods_have_room_where_columns_are_many(open_voucher: Open, kind: str) -> None:
    grids = open_voucher(kind).sheet.line_grids
    for grid in grids:
        name = grid.fontMetrics().horizontalAdvance("Digital weighing scale 30 kg") + theme().size("column_padding")
        assert widths(grid)["item"] >= name, (grid.objectName(), widths(grid))
        assert sum(widths(grid).values()) <= grid.viewport().width(), "and none lies out of sight"


def test_figures_and_what_the_clerk_has_set_give_no_room_away(open_voucher: Open) -> None:
    grid = open_voucher("STOCK_JOURNAL").sheet.grids["targetGrid"]
    quantity = widths(grid)["quantity"]
    grid.columns.use(ColumnLayout(widths={"warehouse": 200}))
    assert (widths(grid)["warehouse"], widths(grid)["quantity"]) == (200, quantity)
    heading = grid.lines.columns[grid.lines.column_of["quantity"]]
    assert quantity == heading.ui.width * theme().size("character") + theme().size("column_padding")


def test_the_headings_have_a_menu(open_voucher: Open) -> None:
    grid = grid_of(open_voucher("SALES_INVOICE"))
    freeze, reset = grid.actions_on_columns.menu(0).actions()
    assert "Ctrl+Shift+F" in freeze.text()
    freeze.trigger()
    assert grid.columns.layout.frozen == 1
    reset.trigger()
    assert grid.columns.layout.frozen == 0
