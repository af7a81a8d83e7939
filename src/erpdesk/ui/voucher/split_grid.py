"""The grid in which a line is split: units one under the other as they are scanned, or batches with quantities."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from erpdesk.ui.editors.unstorable import without_unstorable
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.offered_grid import OfferedGrid
from erpdesk.ui.voucher.split_model import separate_codes

_UNITS = "serials"


class SplitGrid(OfferedGrid):
    """Takes a whole column of serial numbers pasted into one cell."""

    key_context = "split"

    @override
    def perform_chord(self, chord: str) -> bool:
        return chord == "Ctrl+V" and self._paste_units()

    def _paste_units(self) -> bool:
        """Several numbers of the clipboard, a row each; False for a single one, which is text."""
        row, key = self.here()
        text = without_unstorable(QApplication.clipboard().text())
        if key != _UNITS or len(separate_codes(text)) < 2:
            return False
        if self.open_editor is not None:
            self.open_editor.set_raw(None)
        self.close_cell()
        self.lines.put(row, _UNITS, text)
        if self._offers.is_complete:
            self.finished.emit()
            return True
        blank = next(number for number, line in enumerate(self.lines.lines) if number >= row and line.is_blank)
        return self.enter(blank, _UNITS)
