"""The way back from the header: whoever went up there from a line or the narration comes back to that place.

At the end of the header Enter leads back to where the cursor came from; after a jump to one field (the date, by its
key) as soon as that is accepted. A blank voucher begins without a way back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.sheet import VoucherSheet

Back = Callable[[], bool]


class WindowWithHeader(Protocol):
    """What is needed of the window of a voucher."""

    sheet: VoucherSheet
    draft: Draft


class WayBack(QObject):
    """Hears where the cursor is; the header asks it before going on."""

    def __init__(self, window: WindowWithHeader, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._outside: tuple[Draft, Back] | None = None
        self._back: Back | None = None
        self._jumped_to = ""
        sheet = window.sheet
        sheet.header.field_entered.connect(self._header_entered)
        sheet.header.goes_back = self._goes_back
        sheet.narration.field_entered.connect(lambda key: self._entered(lambda: sheet.narration.enter(key)))
        for grid in sheet.grids.values():
            grid.cell_entered.connect(lambda row, key, one=grid: self._entered(lambda: one.enter(row, key)))

    def jump(self, key: str) -> None:
        """Go to a field of the header, and back once it is accepted."""
        self._window.sheet.header.enter(key)
        self._jumped_to = key if self._back is not None else ""

    def _entered(self, again: Back) -> None:
        self._outside, self._back, self._jumped_to = (self._window.draft, again), None, ""

    def _header_entered(self, key: str) -> None:
        if self._outside is not None:
            draft, again = self._outside
            self._outside, self._back = None, again if draft is self._window.draft else None
        if key != self._jumped_to:
            self._jumped_to = ""

    def _goes_back(self, key: str, is_done: bool) -> bool:
        """Whether the cursor went back instead of on from a field; `is_done` that it was the last of the header."""
        back = self._back if is_done or key == self._jumped_to else None
        return back is not None and back()
