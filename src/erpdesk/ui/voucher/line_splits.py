"""Sub-screens of lines open by themselves when a line needs them, and by their key; stock is offered on arrival.

Keys typed while the stock is asked for wait, so that the same keys take the same batches however long it takes.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from erpdesk.ui.editors.base import can_be_taken
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.cost_split import AMOUNTS, CostNeeds, costs_of
from erpdesk.ui.voucher.line_details import LineDetails, of_line
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.line_needs import LineNeeds
from erpdesk.ui.voucher.sheet import VoucherSheet
from erpdesk.ui.voucher.split_model import SplitModel

_ASKING = ("quantity", "counted_quantity", "free_quantity", "uom")


class LineSplits(QObject):
    """Opens the sub-screens of one voucher window, one at a time."""

    def __init__(self, session: Session, books: Books, sheet: VoucherSheet, surroundings: Surroundings,
                 window: QWidget) -> None:
        super().__init__(window)
        self._session, self._books, self._surroundings, self._window = session, books, surroundings, window
        self._held = HeldKeys(window)
        self.open_one: LineDetails | None = None
        for grid in sheet.grids.values():
            if not grid.is_mirror and (grid.lines.grid.details or grid.lines.grid.goods):
                grid.opens_details = partial(self._accepted, grid)
                grid.details_wanted.connect(partial(self.open, grid, whole=True))
        self._not_accepted = sheet.banner.show_word
        self._told = lambda word: sheet.banner.show_word(word, tone="warning")

    def _accepted(self, grid: LineGrid, row: int, key: str) -> bool:
        """Whether the line that was typed so far wants its sub-screen."""
        asking: LineNeeds | CostNeeds | None = of_line(grid.lines, row) if key in _ASKING else None
        if asking is None and key in AMOUNTS:
            asking = costs_of(grid.lines, row)
        if asking is None or not asking.is_open:
            return False
        self.open(grid, row, whole=False)
        return True

    def open(self, grid: LineGrid, row: int, *, whole: bool) -> None:
        """Open the sub-screen of a line; `whole` shows its other fields too."""
        if not can_be_taken(grid.open_editor):
            return
        grid.commit()
        if not 0 <= row < len(grid.lines.lines) or grid.lines.lines[row].is_blank or self.open_one is not None:
            return
        _, key = grid.here()
        needs = of_line(grid.lines, row)
        if needs is None and not grid.lines.grid.details:
            return
        grid.close_cell()
        grid.settle()
        details = LineDetails(grid, row, needs, self._surroundings, self._window, whole=whole,
                              costs=costs_of(grid.lines, row))
        self.open_one = details
        details.gone.connect(self._gone)
        details.not_accepted.connect(self._not_accepted)
        details.told.connect(self._told)
        details.closed.connect(lambda completed: self._closed(grid, row, key, completed and not whole))
        self._ask_stock(details)
        details.start()

    def take(self) -> None:
        """What stands in an open sub-screen goes into its line."""
        if self.open_one is not None:
            self.open_one.take()

    def _gone(self) -> None:
        self.open_one = None

    def _closed(self, grid: LineGrid, row: int, key: str, goes_on: bool) -> None:
        grid.enter(row, key)
        if goes_on:
            grid.step_forward()

    def _ask_stock(self, details: LineDetails) -> None:
        needs, split = details.needs, details.split
        if needs is None or split is None or needs.goods.brings_in or needs.by_unit:
            return
        item, policy = needs.item.code, needs.goods.batch_policy
        header, line = needs.header.values, needs.line.values
        warehouse = str(line.get("warehouse") or header.get("warehouse") or header.get("from_warehouse") or "")
        everywhere = any(field.key == "warehouse" for field in split.lines.columns)
        offers, day = self._books.offers, str(header.get("date") or "")
        awaited = [True]

        def answered() -> None:
            awaited.clear()
            self._held.give()

        def take(parts: Any) -> None:
            if self.open_one is not details:
                answered()
                return
            model, inside = split.lines, split.open_editor is not None
            split.close_cell()
            if isinstance(model, SplitModel):
                first = [part for part in parts if part.warehouse == warehouse]
                others = [part for part in parts if part.warehouse != warehouse] if everywhere else []
                model.offer_stock([*first, *others], day)
                split.begin_steps()
                details.show_unit()
            if inside:
                details.enter_split()
            answered()

        split.cell_entered.connect(lambda _row, _key: self._held.hold() if awaited else None)
        self._session.background.submit(
            self, lambda: offers.stock(item, "" if everywhere else warehouse, policy), take,
            lambda _refusal: answered())
