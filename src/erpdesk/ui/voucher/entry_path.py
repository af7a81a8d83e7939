"""The entry path: header, grids, charges, narration, the button that accepts; the cursor goes along it.

A part with nothing to stop at is passed over, both ways.
"""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QObject


class PathPart(Protocol):
    """A part of the window that the cursor passes; `finished` and `left_back` are its signals."""

    finished: Any
    left_back: Any

    def enter_first(self) -> bool:
        """Come in from before; False when there is nothing to stop at."""
        ...

    def enter_last(self) -> bool:
        """Come in from behind."""
        ...


class EntryPath(QObject):
    """The parts in order."""

    def __init__(self, parts: list[PathPart], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        for number, part in enumerate(parts):
            part.finished.connect(lambda here=number: self._forward(here + 1))
            part.left_back.connect(lambda here=number: self._back(here - 1))

    def start(self) -> None:
        """The first stop of all."""
        self._forward(0)

    def _forward(self, number: int) -> None:
        for part in self._parts[number:]:
            if part.enter_first():
                return

    def _back(self, number: int) -> None:
        for part in reversed(self._parts[:number + 1]):
            if part.enter_last():
                return
        self.start()
