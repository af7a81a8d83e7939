"""The room that a date field needs: months have longer names in one language than in another."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics

from erpdesk.ui.calendars import date_width, names_in_dates
from erpdesk.ui.style.theme import theme


def date_field_width(characters: int, metrics: QFontMetrics) -> int:
    """As wide as that many characters, or as the calendar in use asks for; never less than its longest day takes."""
    usual = max(characters, date_width()) * theme().size("character") + theme().size("column_padding")
    widest = sum(max(map(metrics.horizontalAdvance, names)) for names in names_in_dates())
    around = theme().size("column_padding") - theme().space("tiny")
    return max(usual, widest + metrics.horizontalAdvance(" 28--2088") + around)
