"""A grid of offered lines: Enter takes the whole of a line or what is left, typing changes it, Down passes it by.

A proposal stands selected in the cell and is taken only by accepting it, or the voucher. Once nothing is left to
take, the grid is done and the cursor goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.ui.editors.registry import Editor
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.offered_model import OfferedModel


class OfferedGrid(LineGrid):
    """The grid of an OfferedModel."""

    def __init__(self, model: OfferedModel, object_name: str, parent: QWidget | None = None) -> None:
        self._offers = model
        self._proposed: Editor | None = None
        super().__init__(model, object_name, parent)

    @override
    def enter(self, row: int, key: str) -> bool:
        self.withdraw()
        entered = super().enter(row, key)
        if entered:
            self._propose()
        return entered

    def _propose(self) -> None:
        row, key = self.here()
        editor, proposal = self.open_editor, self._offers.proposal(row, key)
        if editor is not None and proposal is not None:
            editor.set_raw(proposal)
            editor.selectAll()
            self._proposed = editor

    def withdraw(self) -> None:
        """A proposal that nobody took is no amount."""
        editor, self._proposed = self._proposed, None
        row, key = self.here()
        if editor is not None and editor is self.open_editor and not editor.isModified() and row >= 0 and \
                key not in self._offers.lines[row].values:
            editor.set_raw(None)

    @override
    def dataChanged(self, top_left: Any, bottom_right: Any, roles: Sequence[int] = ()) -> None:
        super().dataChanged(top_left, bottom_right, list(roles))
        if self._proposed is not None and self._proposed is self.open_editor and self._proposed.raw is None:
            self._propose()

    @override
    def editor_left(self, editor: QWidget) -> None:
        if editor is self.open_editor:
            self.withdraw()
        super().editor_left(editor)

    @override
    def step_forward(self) -> None:
        row, key = self.here()
        self.commit()
        line = self._offers.lines[row]
        stops = self._stops_around(row, key)
        if self._offers.is_complete and not line.is_blank and stops[-1] == key:
            self.finished.emit()
        elif line.is_blank and self._offers.is_offered(line):
            self._pass_by(row)
        else:
            super().step_forward()

    def _pass_by(self, row: int) -> None:
        """On from a line that is left untaken."""
        for following in range(row + 1, len(self._offers.lines)):
            if not self._offers.is_complete and (stops := self.stops(following)):
                self.enter(following, stops[0])
                return
        self.finished.emit()

    @override
    def step_back(self) -> None:
        self.withdraw()
        super().step_back()

    @override
    def _move_rows(self, by: int) -> bool:
        self.withdraw()
        return super()._move_rows(by)
