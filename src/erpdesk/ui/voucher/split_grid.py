"""The grid in which a line is split: units one under the other as they are scanned, or batches with quantities."""

from __future__ import annotations

from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.editors.registry import Editor
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.offered_grid import OfferedGrid

_LONGEST_PASTE = 1_000_000


class SplitGrid(OfferedGrid):
    """Takes a whole column of numbers pasted into one cell."""

    key_context = "split"

    @override
    def adopt(self, editor: Editor) -> None:
        super().adopt(editor)
        if isinstance(editor, FieldEditor):
            editor.setMaxLength(_LONGEST_PASTE)

    @override
    def perform_chord(self, chord: str) -> bool:
        if chord == "Ctrl+V" and isinstance(self.open_editor, FieldEditor):
            self.open_editor.paste()
            return True
        return False

    @override
    def step_forward(self) -> None:
        """After a paste the cursor goes on behind the last number."""
        row, _ = self.here()
        self.commit()
        filled = self.lines.counted_rows()
        if self.lines.column_of.get("serials") == 0 and row in filled and len(filled) > row + 1 and \
                filled == list(range(len(filled))) and self.lines.lines[len(filled)].is_blank and not \
                self._offers.is_complete:
            self.enter(len(filled), "serials")
            return
        super().step_forward()
