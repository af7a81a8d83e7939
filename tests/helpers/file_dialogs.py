"""Dialogs that ask for a file, answered by key."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget


def name_field(view: QWidget, name: str) -> QLineEdit:
    """Where the dialog of a view asks for the file's name."""
    dialog = view.findChild(QFileDialog, name)
    assert dialog is not None
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    return field


def chosen(view: QWidget, name: str, file: Path) -> None:
    """Type a file's name into the dialog of a view."""
    field = name_field(view, name)
    field.setText(str(file))
    QTest.keyClick(field, Qt.Key.Key_Return)
