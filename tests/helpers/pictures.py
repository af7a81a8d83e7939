"""Pictures of the window, kept where ERPDESK_PICTURES names a folder: what a test does is what its pictures show."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from erpdesk.ui.small_pictures import with_few_colours
from erpdesk.ui.window.button_bar import ButtonBar


def picture(widget: QWidget, name: str) -> None:
    """Keep how the window of `widget` looks now, as `name`.png; nothing where no pictures are wanted."""
    folder = os.environ.get("ERPDESK_PICTURES", "")
    if folder:
        bar = widget.window().findChild(ButtonBar)
        assert bar is None or bar.keys, "a bar shows the keys there are"
        QApplication.processEvents()
        seen = with_few_colours(widget.window().grab().toImage())
        assert seen.save(str(Path(folder) / f"{name}.png"), "PNG", 0)  # type: ignore[call-overload]  # as stubs want it
