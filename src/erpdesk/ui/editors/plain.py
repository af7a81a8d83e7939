"""Editors of texts, figures, days, times and truth values."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.domain.money import HUNDRED, decimal_places, money, parse_decimal, plain, rounded
from erpdesk.ui.calendars import numeric_date, other_date, shown_date
from erpdesk.ui.editors.arithmetic import NotArithmetic, compute
from erpdesk.ui.editors.base import FieldEditor, NotAccepted
from erpdesk.ui.editors.calculator import CalculatorStrip
from erpdesk.ui.editors.date_shorthand import NotADate, read_date
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.figures import shown_text
from erpdesk.ui.keys.routing import route_chord
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.words import say


class TextEditor(FieldEditor):
    """Any text on one line."""

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(field, surroundings, parent)
        if field.validators.max_length is not None:
            self.setMaxLength(field.validators.max_length)

    @override
    def read(self, typed: str) -> Any:
        text = typed.strip().replace("\x00", "")
        shortest = self.field.validators.min_length
        if text and shortest is not None and len(text) < shortest:
            raise NotAccepted(say("{field} needs at least {count} characters", field=self.field.label, count=shortest))
        return text or None


class NumberEditor(FieldEditor):
    """Every kind of figure; arithmetic may be typed. The document holds plain decimal text.

    `whole` is what a typed percentage is taken of, such as `5%` of what a discount comes off; None: there is none.
    """

    key_context = "number"
    whole: Decimal | None = None

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(field, surroundings, parent)
        self.setFont(figures_font(theme().text("base_points")))
        self._strip: CalculatorStrip | None = None

    @override
    def read(self, typed: str) -> Any:
        if not typed.strip():
            return None
        if self.field.many:
            return [self._figure(part) for part in typed.replace(",", " ").split()]
        return self._figure(typed)

    def _figure(self, typed: str) -> str:
        try:
            figure = self._part(typed) if typed.strip().endswith("%") else compute(typed)
        except NotArithmetic as problem:
            raise NotAccepted(str(problem)) from None
        return plain(self._checked(figure, typed))

    def _part(self, typed: str) -> Decimal:
        if self.whole is None:
            raise NotArithmetic(say("A percentage means nothing here"))
        percent = compute(typed.strip().removesuffix("%"))
        return money(self.whole * percent / HUNDRED, self.surroundings.money_decimals)

    def _checked(self, figure: Decimal, typed: str) -> Decimal:
        rules, label = self.field.validators, self.field.label
        decimals = self.surroundings.entry_decimals(self.field, self.beside)
        if decimals is not None and decimal_places(figure) > decimals:
            if parse_decimal(typed.replace(",", "")) is not None:
                raise NotAccepted(say("{field} takes {count} decimals", field=label, count=decimals) if decimals
                                  else say("{field} takes no decimals", field=label))
            figure = rounded(figure, decimals)
        if rules.min is not None and figure < rules.min:
            raise NotAccepted(say("{field} can't be less than {limit}", field=label, limit=plain(rules.min)))
        if rules.max is not None and figure > rules.max:
            raise NotAccepted(say("{field} can't be more than {limit}", field=label, limit=plain(rules.max)))
        return figure

    @override
    def write(self, raw: Any) -> str:
        if raw is None:
            return ""
        if isinstance(raw, list | tuple):
            return ", ".join(str(part) for part in raw)
        return shown_text(str(raw), self.surroundings.decimals(self.field, self.beside),
                          self.surroundings.grouping)

    def perform(self, action: str) -> bool:
        """Open the calculator strip, or put it away."""
        if action != "calculator" or self.isReadOnly():
            return False
        if self._strip is None:
            self._strip = CalculatorStrip(self)
        self._strip.turn()
        return True

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile."""
        return False

    @override
    def take_key(self, event: QKeyEvent) -> bool:
        """Space in an untouched figure is for the line around it, which may turn its side."""
        untouched = not self.text() or self.selectedText() == self.text()
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            if untouched:
                route_chord(self.parentWidget(), "Space")
            return True
        return (self._strip is not None and self._strip.take_key(event)) or super().take_key(event)


class DateEditor(FieldEditor):
    """A day, typed short; shown with its weekday."""

    @override
    def read(self, typed: str) -> Any:
        if not typed.strip():
            return None
        near = _day(self._raw) or self.surroundings.working_date
        try:
            return read_date(typed, near, self.surroundings.today).isoformat()
        except NotADate as problem:
            raise NotAccepted(str(problem)) from None

    @override
    def write(self, raw: Any) -> str:
        day = _day(raw)
        return shown_date(day) if day else "" if raw is None else str(raw)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Where another calendar is in use, the Gregorian day stands faintly at the right, if there is room."""
        super().paintEvent(event)
        day = None if self.isModified() else _day(self._raw)
        hint = other_date(day) if day else ""
        if not hint:
            return
        painter = QPainter(self)
        painter.setFont(figures_font(theme().text("small_points")))
        painter.setPen(colour("text_muted"))
        room = self.rect().adjusted(self.fontMetrics().horizontalAdvance(self.text()) + 2 * theme().space("medium"),
                                    0, -theme().space("small"), 0)
        if painter.fontMetrics().horizontalAdvance(hint) <= room.width():
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, hint)
        painter.end()


class TimeEditor(FieldEditor):
    """A time of day: `9`, `930`, `9:30`, `14.30`."""

    @override
    def read(self, typed: str) -> Any:
        if not typed.strip():
            return None
        return _time(typed).isoformat("minutes")


class DateTimeEditor(DateEditor):
    """A day and, after a blank, a time of day."""

    @override
    def read(self, typed: str) -> Any:
        if not typed.strip():
            return None
        day, _, hour = typed.strip().rpartition(" ")
        if not day:
            day, hour = hour, "0"
        return f"{super().read(day)}T{_time(hour).isoformat('minutes')}"

    @override
    def write(self, raw: Any) -> str:
        try:
            moment = datetime.fromisoformat(str(raw))
        except ValueError:
            return "" if raw is None else str(raw)
        return f"{numeric_date(moment.date())} {moment:%H:%M}"


class BooleanEditor(FieldEditor):
    """Yes or no: Y, N, or Space to turn it over."""

    @override
    def read(self, typed: str) -> Any:
        word = typed.strip().lower()
        if word in ("y", "yes", "1", "true", say("Yes").lower()):
            return True
        if word in ("n", "no", "0", "false", "", say("No").lower()):
            return False
        raise NotAccepted(say("Yes or no is needed here"))

    @override
    def write(self, raw: Any) -> str:
        return say("Yes") if raw is True else say("No")

    @override
    def take_key(self, event: QKeyEvent) -> bool:
        turned = {Qt.Key.Key_Y: True, Qt.Key.Key_N: False, Qt.Key.Key_Space: self.raw is not True}
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and Qt.Key(event.key()) in turned:
            self.setText(say("Yes") if turned[Qt.Key(event.key())] else say("No"))
            self.setModified(True)
            return True
        return super().take_key(event)


class ShownValue(FieldEditor):
    """A label: shown, never typed."""

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(field, surroundings, parent)
        self.setReadOnly(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class ShownFigure(ShownValue):
    """A computed figure: shown, never typed."""

    @override
    def write(self, raw: Any) -> str:
        return "" if raw is None else shown_text(str(raw), self.surroundings.decimals(self.field),
                                                 self.surroundings.grouping)


def _day(raw: Any) -> date | None:
    try:
        return date.fromisoformat(str(raw)) if raw else None
    except ValueError:
        return None


def _time(typed: str) -> time:
    digits = typed.strip().replace(":", "").replace(".", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= 4:
        hour, minute = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
        if int(hour) < 24 and int(minute) < 60:
            return time(int(hour), int(minute))
    raise NotAccepted(say("A time is needed here, like 14:30"))
