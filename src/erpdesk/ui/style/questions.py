"""Questions asked in a box of the desktop, dressed like the rest: the text begins where the buttons do, with room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QMessageBox, QWidget

from erpdesk.ui.style.theme import theme


def question_box(over: QWidget, name: str, title: str, text: str) -> QMessageBox:
    """A question without buttons yet; its text is plain."""
    box = QMessageBox(over)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setObjectName(name)
    box.setWindowTitle(title)
    box.setText(text)
    space, inside = theme().space, box.layout()
    if isinstance(inside, QGridLayout):
        for number in range(inside.count()):
            item = inside.itemAt(number)
            spacer = item.spacerItem() if item is not None else None
            if spacer is not None:
                spacer.changeSize(0, 0)
        inside.setContentsMargins(space("large"), space("large"), space("large"), space("large"))
        inside.setHorizontalSpacing(0)
        inside.setColumnStretch(inside.columnCount() - 1, 1)
        inside.setVerticalSpacing(space("large"))
    return box
