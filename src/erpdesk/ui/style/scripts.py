"""Devanagari beside Latin: the typeface that the program brings along for it, level with the interface font.

A desktop may have no Devanagari at all, or one whose letters float above the Latin ones on the same line
(`resources/fonts/README.txt`).
"""

from __future__ import annotations

from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from erpdesk.settings import RESOURCES

DEVANAGARI = "Noto Sans Devanagari Level"
_FILES = ("NotoSansDevanagariLevel-Regular.ttf", "NotoSansDevanagariLevel-Bold.ttf")


def with_devanagari(font: QFont) -> QFont:
    """The interface font, its Devanagari letters from the program's own typeface. That the first has none is what the
    second is for; Qt needn't warn of it."""
    if DEVANAGARI in font.families():
        return font
    QLoggingCategory.setFilterRules("qt.text.font.db=false")
    for name in _FILES:
        QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / name))
    made = QFont(font)
    made.setFamilies([QFontInfo(font).family(), DEVANAGARI])
    return made
