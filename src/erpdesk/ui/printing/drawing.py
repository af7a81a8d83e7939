"""Drawing without a window: pages as a PDF file, whether there is a display or not."""

from __future__ import annotations

import os

from PySide6.QtGui import QGuiApplication

from erpdesk.services.printing import PrintPage
from erpdesk.ui.printing.paper import Sheets, pdf_of


def draw_pdf(pages: tuple[PrintPage, ...]) -> bytes:
    """Pages as a PDF file. Blocks; on the main thread of a program without a window."""
    application = QGuiApplication.instance()
    if application is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        application = QGuiApplication([])
    return pdf_of([Sheets(page) for page in pages])
