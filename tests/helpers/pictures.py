"""Pictures of the window, kept where ERPDESK_PICTURES names a folder: what a test does is what its pictures show."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget


def picture(widget: QWidget, name: str) -> None:
    """Keep how the window of `widget` looks now, as `name`.png; nothing where no pictures are wanted."""
    folder = os.environ.get("ERPDESK_PICTURES", "")
    if folder:
        QApplication.processEvents()
        assert widget.window().grab().save(str(Path(folder) / f"{name}.png"))
