"""The theme: palette, interface font and style sheet of the program, made from the tokens of one scheme.

`theme()` answers with the tokens in use; painters ask it each time, so that a switch shows at once.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from erpdesk.settings import RESOURCES
from erpdesk.ui.style.scripts import with_devanagari
from erpdesk.ui.style.tokens import Density, Scheme, Tokens, tokens

_current: list[Tokens] = []
_size: tuple[int, Density] = (100, "normal")
_NAME = re.compile(r"@([a-z_]+)")
_ROLES = {
    QPalette.ColorRole.Window: "window", QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface", QPalette.ColorRole.AlternateBase: "raised",
    QPalette.ColorRole.Text: "text", QPalette.ColorRole.PlaceholderText: "text_faint",
    QPalette.ColorRole.Button: "raised", QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "selection", QPalette.ColorRole.HighlightedText: "selection_text",
    QPalette.ColorRole.ToolTipBase: "raised", QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Mid: "border", QPalette.ColorRole.Link: "accent",
}


def theme() -> Tokens:
    """The tokens in use; light before a theme has been applied."""
    return _current[0] if _current else tokens("light")


@cache
def _sheet() -> str:
    return (RESOURCES / "styles" / "window.qss").read_text(encoding="utf-8")


def style_sheet(chosen: Tokens) -> str:
    """The style sheet with its `@names` replaced by tokens."""
    values = chosen.flat()
    return _NAME.sub(lambda found: values[found.group(1)], _sheet())


def preferred_scheme(application: QApplication) -> Scheme:
    """What the desktop asks for."""
    return "dark" if application.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def look_size() -> tuple[int, Density]:
    """Text size in per cent, and how dense rows are."""
    return _size


def choose_size(percent: int, density: Density) -> None:
    """The text size and density that the theme has from the next `apply_theme` on."""
    global _size
    _size = (percent, density)


def apply_theme(application: QApplication, scheme: Scheme) -> None:
    """Dress the whole program; may be called again at any time."""
    chosen = tokens(scheme, *_size)
    _current[:] = [chosen]
    colour.cache_clear()
    if not application.property("erpdeskStyle"):
        application.setProperty("erpdeskStyle", True)
        application.setStyle(QStyleFactory.create("Fusion"))
        application.setFont(with_devanagari(application.font()))
    application.setFont(figures_font(chosen.text("base_points")))
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(chosen.colour(name)))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(chosen.colour("text_faint")))
    application.setPalette(palette)
    application.setStyleSheet(style_sheet(chosen))


@cache
def colour(name: str) -> QColor:
    """A colour of the theme in use."""
    return QColor(theme().colour(name))


def figures_font(points: int, *, semibold: bool = False) -> QFont:
    """The interface font at a size, its figures all of one width."""
    font = QFont(QApplication.font())
    font.setPointSizeF(points * theme().text("scale_percent") / 100)
    if semibold:
        font.setWeight(QFont.Weight.DemiBold)
    tag: Any = QFont.Tag("tnum")
    font.setFeature(tag, 1)
    return font
