"""Texts that somebody typed, shown as typed: toolkits read markup into labels and tips that look like it."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def plain(label: QLabel) -> QLabel:
    """The label, showing its texts as they are."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def tell(widget: QWidget, text: str) -> None:
    """A tip that shows the text as it is."""
    widget.setToolTip(html.escape(text) if "<" in text else text)
