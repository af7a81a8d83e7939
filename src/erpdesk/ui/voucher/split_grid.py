"""The grid in which a line is split: units one under the other as they are scanned, or batches with quantities."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from erpdesk.domain.keys import key_of
from erpdesk.domain.money import plain
from erpdesk.ui.editors.unstorable import without_unstorable
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.draft import LineState
from erpdesk.ui.voucher.offered_grid import OfferedGrid
from erpdesk.ui.voucher.offered_model import OfferedModel
from erpdesk.ui.voucher.split_model import SplitModel, separate_codes
from erpdesk.ui.voucher.split_steps import SplitSteps, first_that_differs
from erpdesk.ui.words import say, to_say

_UNITS = "serials"
_NUMBERS = (_UNITS, "engine_no", "chassis_no")
NOTHING_MORE = to_say("There is nothing more to undo here")


class SplitGrid(OfferedGrid):
    """Takes a whole column of serial numbers pasted into one cell. `told` says what is no fault."""

    key_context = "split"
    told = Signal(str)

    def __init__(self, model: OfferedModel, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(model, object_name, parent)
        self._steps = SplitSteps(model)
        self.cell_entered.connect(lambda _row, _key: self._steps.settle())

    @override
    def perform(self, action: str) -> bool:
        if action == "paste":
            return self._paste_units() or self.actions_on_cells.paste_text()
        return super().perform(action)

    @override
    def _accepted(self) -> None:
        if not self.refuses():
            super()._accepted()

    @override
    def step_back(self) -> None:
        if not self.refuses():
            super().step_back()

    @override
    def _move_rows(self, by: int) -> bool:
        return self.refuses() or super()._move_rows(by)

    def refuses(self) -> bool:
        """Whether the number in the open editor can't stand here, which is said."""
        row, key = self.here()
        editor = self.open_editor
        number = str(editor.raw or "") if editor is not None and key in _NUMBERS else ""
        why = self._refusal(row, key, separate_codes(number) if key == _UNITS else [number]) if number else ""
        if editor is None or not why:
            return False
        self.not_accepted.emit(why)
        editor.set_raw(self.lines.lines[row].values.get(key))
        editor.selectAll()
        return True

    def _refusal(self, row: int, key: str, numbers: Sequence[str]) -> str:
        """A unit is one: why numbers can't stand from this row on, one of them standing in another row already, or
        being one more than there are units."""
        named = {key_of(str(line.values[key])): other for other, line in enumerate(self.lines.lines)
                 if other != row and line.values.get(key)}
        for place, number in enumerate(numbers, start=row):
            if (above := named.setdefault(key_of(number), place)) != place:
                return say("{number} stands in line {line} of the split already", number=number, line=above + 1)
        model, line = self._offers, self.lines.lines[row]
        if isinstance(model, SplitModel) and model.needs.by_unit:
            room = model.left(line)
            if len(numbers) > max(room, 0 if line.is_blank else 1):
                return say("That would be {named} units for a quantity of {quantity} — change the quantity first",
                           named=plain(model.whole - room + len(numbers)), quantity=plain(model.whole))
        return ""

    def _paste_units(self) -> bool:
        """Several numbers of the clipboard, a row each; False for a single one, which is text."""
        row, key = self.here()
        text = without_unstorable(QApplication.clipboard().text())
        if key != _UNITS or len(codes := separate_codes(text)) < 2:
            return False
        if why := self._refusal(row, key, codes):
            self.not_accepted.emit(why)
            return True
        if self.open_editor is not None:
            self.open_editor.set_raw(None)
        self.close_cell()
        self.lines.put(row, _UNITS, text)
        if self._offers.is_complete:
            self.finished.emit()
            return True
        blank = next(number for number, line in enumerate(self.lines.lines) if number >= row and line.is_blank)
        return self.enter(blank, _UNITS)

    def begin_steps(self) -> None:
        """What stands here now can't be undone here."""
        self._steps.begin()

    def undo_part(self) -> bool:
        """Take back what stands in the cell, else the last step since the split was opened."""
        row, key = self.here()
        editor = self.open_editor
        if editor is not None and editor.isModified():
            editor.set_raw(self.lines.lines[row].values.get(key))
            return True
        self.withdraw()
        self.close_cell()
        self._steps.settle()
        now = tuple(LineState.of(line) for line in self.lines.lines)
        before = self._steps.back()
        if before is None:
            self.told.emit(say(NOTHING_MORE))
            return self.enter(row, key)
        self.lines.stand(before)
        self.lines.refresh()
        changed = min(first_that_differs(before, now), len(self.lines.lines) - 1)
        self.lines.edited.emit(changed, "")
        stops = self.stops(changed)
        return self.enter(changed, stops[0] if stops else key)
