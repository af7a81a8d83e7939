"""Pictures of the window, kept where ERPDESK_PICTURES names a folder: what a test does is what its pictures show."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget


def picture(widget: QWidget, name: str) -> None:
    """Keep how the window of `widget` looks now, as `name`.png; nothing where no pictures are wanted."""
    folder = os.environ.get("ERPDESK_PICTURES", "")
    if folder:
        QApplication.processEvents()
        seen = widget.window().grab().toImage().convertToFormat(QImage.Format.Format_Indexed8)
        assert seen.save(str(Path(folder) / f"{name}.png"))
