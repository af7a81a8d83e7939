"""What a key paints: the cells it touches, not the grid, however long the voucher is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.fields import Field
from erpdesk.posting import recalculation
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.line_model import LineModel
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed

Open = Callable[[str], VoucherWindow]
LINES = 60


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Grid and row of each cell whose text was asked for."""
    asked: list[tuple[str, int]] = []
    text = LineModel.text

    def noted(self: LineModel, row: int, field: Field) -> str:
        asked.append((self.grid.key, row))
        return text(self, row, field)

    monkeypatch.setattr(LineModel, "text", noted)
    return asked


def rows_painted_by(key: str, painted: list[tuple[str, int]], window: VoucherWindow, qtbot: QtBot) -> set[int]:
    """What else there is to paint (names that arrive) is let pass first."""
    qtbot.waitUntil(lambda: not window.session.background.is_busy)
    is_quiet = False
    while not is_quiet:
        painted.clear()
        qtbot.wait(30)
        is_quiet = not painted
    typed(key)
    QApplication.processEvents()
    return {row for grid, row in painted if grid == "lines"}


def long_sale(open_voucher: Open) -> VoucherWindow:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>")
    keys = [field.key for field in window.sheet.models["lines"].columns]
    cells = {"item": "RICE", "quantity": "2", "rate": "15"}
    QApplication.clipboard().setText("\n".join(["\t".join(cells.get(key, "") for key in keys)] * LINES))
    typed("<Ctrl+V>")
    return window


def test_a_letter_paints_no_line_but_its_own(
        qtbot: QtBot, open_voucher: Open, painted: list[tuple[str, int]]) -> None:
    window = long_sale(open_voucher)
    grid = window.sheet.grids["lineGrid"]
    grid.enter(30, "quantity")
    assert rows_painted_by("7", painted, window, qtbot) <= {30}


def test_going_on_to_the_next_row_moves_what_is_painted(
        qtbot: QtBot, open_voucher: Open, painted: list[tuple[str, int]]) -> None:
    window = long_sale(open_voucher)
    grid = window.sheet.grids["lineGrid"]
    grid.enter(30, "rate")
    grid.enter(31, "rate")  # the last one in sight by now
    before = grid.verticalScrollBar().value()
    rows = rows_painted_by("<Enter>", painted, window, qtbot)
    assert (here(), grid.here()[0]) == ("cell_item", 32)
    assert grid.verticalScrollBar().value() > before, "a row must have come into sight for this to show anything"
    assert rows <= {31, 32, 33, 34}


class Painted(QObject):
    """The rows of pixels that each widget was painted on, by widget."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: dict[QObject, int] = {}

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.heights[watched] = self.heights.get(watched, 0) + event.region().boundingRect().height()
        return False


def test_the_list_over_a_voucher_does_not_paint_what_it_covers(qtbot: QtBot, open_voucher: Open) -> None:
    window = long_sale(open_voucher)
    grid, numbers = window.sheet.grids["lineGrid"], window.sheet.grids["lineGrid"].verticalHeader().viewport()
    covered = [window.sheet.narration, *window.sheet.narration.findChildren(QWidget)]
    grid.enter(31, "rate")
    qtbot.wait(100)
    painted, application = Painted(), QApplication.instance()
    assert isinstance(application, QApplication)
    application.installEventFilter(painted)
    typed("<Enter>")
    application.processEvents()
    application.removeEventFilter(painted)
    popup = window.surroundings.popup
    assert popup.isVisible()
    assert popup in painted.heights
    foot = window.sheet.narration
    assert popup.geometry().bottom() > foot.mapTo(window, foot.rect().topLeft()).y(), "it covers nothing here"
    assert not {widget for widget in covered if widget in painted.heights}
    assert grid.horizontalHeader().viewport() not in painted.heights
    assert painted.heights[numbers] <= 2 * grid.rowHeight(0), "the numbers move with the lines"


def test_a_key_writes_and_reckons_its_own_line_anew_and_no_other(
        qtbot: QtBot, open_voucher: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    window = long_sale(open_voucher)
    grid = window.sheet.grids["lineGrid"]
    grid.enter(30, "quantity")
    reckoned: list[str] = []
    line_of = recalculation._line_of
    monkeypatch.setattr(recalculation, "_line_of",
                        lambda row, *rest: reckoned.append(row["quantity"]) or line_of(row, *rest))
    before = window.draft.document()["lines"]
    typed("7", "<Enter>")
    after = window.draft.document()["lines"]
    assert [number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old is not new] == [30]
    assert (reckoned, before[30]["quantity"], after[30]["quantity"]) == (["7"], "2", "7")
    typed("<Ctrl+Z>")
    assert window.draft.document()["lines"] == before, "what was written before has not changed under it"
