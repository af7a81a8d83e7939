"""A tab of settings: a part of the voucher type being edited, with the cursor's way through it.

A tab reads and writes `edited` alone; it never asks a service on the window's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.settings.edited import EditedType


@dataclass(frozen=True, slots=True)
class Bench:
    """What every tab works with: the session's workers, the books, what editors know of their surroundings; and, by
    kind, code and name of masters that no lookup offers."""

    session: Session
    books: Books
    surroundings: Surroundings
    choices: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


class SettingsTab(QWidget):
    """The base of the tabs. `said` is a word about what can't be taken, `left` asks for the next tab (1) or the one
    before (-1), `keys_changed` says that other keys may be valid."""

    said = Signal(str)
    left = Signal(int)
    keys_changed = Signal()

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edited, self.bench = edited, bench
        edited.changed.connect(self.refresh)
        edited.checked.connect(self.show_faults)

    def start(self) -> None:
        """The cursor to where the tab begins."""
        self.setFocus()

    def end(self) -> None:
        """The cursor to where the tab ends: in from behind."""
        self.start()

    def refresh(self, path: str = "") -> None:
        """Something changed at a path, or everything; show what stands there now, the cursor where it is."""

    def show_faults(self) -> None:
        """Mark what `edited.faults` names."""

    def holds(self, path: str) -> bool:
        """Whether what stands at a path (of a fault, of a field in the preview) is set here."""
        return False

    def go_to(self, path: str) -> bool:
        """The cursor to what is set at a path that is held here; False when it can't be typed into."""
        return False

    def commit(self) -> None:
        """Take what stands in the editors."""
