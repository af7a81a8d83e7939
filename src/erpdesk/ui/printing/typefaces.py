"""The typefaces of the paper, which the program brings along: one for Latin, one for Devanagari letters.

What the first hasn't, the second has. Both stand equally high on the line, so that names and figures of a row are
level (`resources/fonts/README.txt`).
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QFont, QFontDatabase

from erpdesk.settings import RESOURCES


@cache
def paper() -> dict[str, Any]:
    """`resources/print/paper.json`."""
    content: dict[str, Any] = json.loads((RESOURCES / "print" / "paper.json").read_text(encoding="utf-8"))
    return content


@cache
def _families() -> tuple[str, str]:
    """The names of the typefaces for Latin and Devanagari, made known to Qt once. That the first has no Devanagari is
    what the second is for; Qt needn't warn of it."""
    QLoggingCategory.setFilterRules("qt.text.font.db=false")
    font = paper()["font"]
    for name in font["files"]:
        QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / name))
    return font["latin"], font["devanagari"]


def paper_font(points: float, *, bold: bool = False) -> QFont:
    """The typeface of the paper."""
    font = QFont()
    font.setFamilies(list(_families()))
    font.setPointSizeF(points)
    font.setBold(bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
