"""The button bar: the keys valid right now, printed on buttons that press them.

Which they are follows the focus: the contexts of the widgets around it, innermost first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from erpdesk.ui.keys.keyed_button import printed_words
from erpdesk.ui.keys.profile import key_profile, printed
from erpdesk.ui.keys.routing import takes_keys
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import tell
from erpdesk.ui.style.lines import draw_line
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.words import say

_LINE = "line"
_SOON_MS = 40


@dataclass(frozen=True, slots=True)
class Key:
    """A key to print; `marked` is where one is, `primary` what finishes the work. No chord: a thin line."""

    chord: str
    label: str
    primary: bool = False
    marked: bool = False


class KeyButton(QAbstractButton):
    """The key at the left, what it does beside it. `pressed_key` carries the chord that it prints."""

    pressed_key = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = Key("", "")
        self._key_width = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._press)

    def print_key(self, key: Key, key_width: int) -> None:
        """Print this key from now on, the chord in a column of that width."""
        self.setFixedHeight(theme().size("row"))
        if key == self.key and key_width == self._key_width:
            return
        self.key, self._key_width = key, key_width
        self.setText(f"{key.label} ({key.chord})")
        tell(self, f"{key.label}   {key.chord}")
        self.setAccessibleName(f"{key.label}, {key.chord}")
        self.update()

    def _press(self) -> None:
        self.pressed_key.emit(self.key.chord)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().size("bar_width"), theme().size("row"))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, theme().size("row"))

    def room(self) -> int:
        """The width there is for the label."""
        return self._line_width() - self._label_left()

    def _line_width(self) -> int:
        space = theme().space
        return self.width() - space("medium") - space("tiny")

    def _label_left(self) -> int:
        """Where the label begins: beside the longest chord of all, nearer to its own where it needs the room."""
        chords = QFontMetrics(figures_font(theme().text("small_points"), semibold=True))
        own = chords.horizontalAdvance(printed(self.key.chord))
        return theme().space("small") + max(own, min(
            self._key_width, self._line_width() - theme().space("small") - self.text_width()))

    def text_width(self) -> int:
        """The width that the label takes."""
        font = figures_font(theme().text("base_points"), semibold=self.key.primary)
        return QFontMetrics(font, self).horizontalAdvance(self.key.label) + theme().space("ring")

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = self.rect()
        if self.key.marked or self.underMouse() or self.isDown():
            painter.fillRect(rect, colour("selection" if self.key.marked else "hover"))
        if self.key.marked:
            bar = self.rect()
            bar.setWidth(theme().space("ring") + theme().space("hair"))
            painter.fillRect(bar, colour("accent"))
        inner = rect.adjusted(theme().space("medium"), 0, -theme().space("tiny"), 0)
        painter.setFont(figures_font(theme().text("small_points"), semibold=True))
        painter.setPen(colour("accent" if self.key.primary else "key"))
        draw_line(painter, inner, printed(self.key.chord))
        left = self._label_left()
        painter.setFont(figures_font(theme().text("base_points"), semibold=self.key.primary))
        painter.setPen(colour("accent" if self.key.primary else "text"))
        label = inner.adjusted(left, 0, 0, 0)
        draw_line(painter, label, painter.fontMetrics().elidedText(
            self.key.label, Qt.TextElideMode.ElideRight, label.width()))
        painter.end()


class ButtonBar(QScrollArea):
    """`pressed` carries the chord of a button that was clicked."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("buttonBar")
        self.setAccessibleName(say("Keys"))
        self.setFixedWidth(theme().size("bar_width"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._keys: list[Key] = []
        self._buttons: list[KeyButton] = []
        self._lines: list[QWidget] = []
        self._ask: Callable[[], None] = lambda: None
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(_SOON_MS)
        self._due.timeout.connect(self._ask_now)
        self._inside = QWidget(self)
        self._inside.setObjectName("buttonBarInside")
        self._layout = QVBoxLayout(self._inside)
        self._layout.setContentsMargins(0, theme().space("tiny"), 0, theme().space("tiny"))
        self._layout.setSpacing(0)
        self._layout.addStretch(1)
        self.setWidget(self._inside)

    def follow(self, ask: Callable[[], None]) -> None:
        """Have `ask` show the keys whenever they may be others."""
        self._ask = ask

    def ask_soon(self, *_why: object) -> None:
        """Ask for the keys once what is going on is over: between two cells the focus goes by way of the grid, and
        keys that are pressed don't wait for those that are printed."""
        if not self._due.isActive():
            self._due.start()

    def _ask_now(self) -> None:
        self._due.stop()
        self._ask()

    @property
    def is_settled(self) -> bool:
        """Whether it shows the keys of where the cursor is."""
        return not self._due.isActive()

    @property
    def keys(self) -> list[Key]:
        """The keys shown, without the lines between."""
        if self._due.isActive():
            self._ask_now()
        return [key for key in self._keys if key.chord]

    def look_changed(self) -> None:
        """Keys take another width at another text size."""
        keys, self._keys = self._keys, []
        self._show(keys)

    def show_keys(self, groups: Sequence[Sequence[Key]]) -> None:
        """Show groups of keys, a line between them; nothing is done when they are the ones shown."""
        keys: list[Key] = []
        for group in groups:
            if group and keys:
                keys.append(Key("", _LINE))
            keys.extend(group)
        if keys != self._keys:
            self._show(keys)

    def _show(self, keys: list[Key]) -> None:
        """Print the keys on the buttons there are; only what is wanting is made, what is left over is hidden."""
        self._keys = keys
        metrics = QFontMetrics(figures_font(theme().text("small_points"), semibold=True))
        step = theme().space("tiny")
        width = -(-max((metrics.horizontalAdvance(printed(key.chord)) for key in keys), default=0) // step) * step
        buttons, lines = iter(self._buttons), iter(self._lines)
        for number, key in enumerate(keys):
            if key.chord:
                button = next(buttons, None) or self._made_button()
                button.print_key(key, width)
                self._place(number, button)
            else:
                line = next(lines, None) or self._made_line()
                line.setFixedHeight(theme().space("hair") + theme().space("small"))
                self._place(number, line)
        for unused in (*buttons, *lines):
            unused.hide()

    def _place(self, number: int, widget: QWidget) -> None:
        there = self._layout.itemAt(number)
        if there is None or there.widget() is not widget:
            self._layout.removeWidget(widget)
            self._layout.insertWidget(number, widget)
        widget.show()

    def _made_line(self) -> QWidget:
        line = QFrame(self._inside)
        line.setProperty("role", "barLine")
        self._lines.append(line)
        return line

    def _made_button(self) -> KeyButton:
        button = KeyButton(self._inside)
        button.pressed_key.connect(self.pressed)
        self._buttons.append(button)
        return button


def keys_around(focus: QWidget | None) -> list[Key]:
    """The keys on the bar for a focus: contexts innermost first, each chord once, and only what the widgets of the
    contexts can do now, by what buttons say of it. What keeps the keyboard to itself is the outermost."""
    profile, seen, keys = key_profile(), set(), []
    contexts: list[str] = []
    offering: dict[str, Callable[[str], bool] | None] = {}
    words: dict[tuple[str, str], str] = {}
    widget = focus
    while widget is not None:
        here = widget
        if takes_keys(widget):
            contexts.append(widget.key_context)
            offering.setdefault(widget.key_context, getattr(widget, "offers", None))
            if getattr(widget, "keeps_keyboard", False) or getattr(widget, "says_on_buttons", False):
                context = widget.key_context
                words |= {(context, action): word for action, word in printed_words(here, context).items()}
        widget = None if getattr(widget, "keeps_keyboard", False) else widget.parentWidget()
    for context in _outer_last(contexts):
        for binding in profile.context(context):
            offers = offering[context]
            if binding.bar and binding.chord not in seen and (offers is None or offers(binding.action)):
                seen.add(binding.chord)
                word = words.get((context, binding.action)) or say(binding.label)
                keys.append(Key(binding.chord, word, binding.primary))
    return keys


def _outer_last(contexts: list[str]) -> list[str]:
    """The page's own keys first, then the grid's, then the window's."""
    page = [one for one in contexts if one not in ("grid", "window")]
    return [*page, *(one for one in contexts if one == "grid"), *(one for one in contexts if one == "window")]
