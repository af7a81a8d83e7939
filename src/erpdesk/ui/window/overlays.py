"""What may lie over the window for a moment: the list to go anywhere, and help on a fault, a field or keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.domain.results import Fault
from erpdesk.services.error_catalogue import catalogue
from erpdesk.ui.configured_words import coded, say_fault
from erpdesk.ui.editors.base import lend_cursor
from erpdesk.ui.keys.profile import with_own_keys
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.window.destinations import Destination
from erpdesk.ui.window.pick_list import PickList
from erpdesk.ui.words import say


class GoTo(PickList):
    """Go to anything by typing its name; Esc goes back to where the cursor was."""

    key_context = "goto"
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(say("Go to a voucher type, a report, or a voucher by its number"), parent)
        self.setObjectName("goTo")
        self.field.setObjectName("goToFilter")
        self._window = parent
        space = theme().space("medium")
        self.setContentsMargins(space, space, space, space)
        self.chosen.connect(self._leave)
        self.hide()

    def open_with(self, places: Sequence[Destination],
                  search: Callable[[str], list[Destination]] | None = None, *, asks: str = "") -> None:
        """Show over the middle of the window; `search` finds more than these places, `asks` says what is wanted."""
        self.search = search
        self.ask(asks or say("Go to a voucher type, a report, or a voucher by its number") if search is None
                 else say("Type any name, or a voucher number"))
        self.show_places(places)
        self.field.clear()
        window = self._window
        width, height = theme().size("gateway_width") * 2 // 3, window.height() * 2 // 3
        if search is None:
            height = min(height, self._height_of_all())
        self.setGeometry((window.width() - width) // 2, window.height() // 8, width, height)
        self.show()
        self.raise_()
        lend_cursor(self.field)

    def _height_of_all(self) -> int:
        """As high as the places that there are, and the field."""
        margins = self.contentsMargins()
        return (self.field.height() + theme().space("small") + len(self.model.rows) * theme().size("row")
                + 2 * theme().space("small") + margins.top() + margins.bottom())

    def perform(self, action: str) -> bool:
        """Go to the place that is chosen, or back."""
        (self.go if action == "choose" else self.close_list)()
        return True

    def perform_chord(self, chord: str) -> bool:
        """Esc closes, whatever else does."""
        if chord == "Esc":
            self.close_list()
            return True
        return False

    def close_list(self) -> None:
        """Close without going anywhere; `closed` has the cursor put back, before a hidden field could leak it."""
        self.closed.emit()
        self.hide()

    def _leave(self) -> None:
        self._window.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()


class HelpPanel(QFrame):
    """Why and what to do, in a corner of the window; it never takes the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("helpPanel")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window = parent
        self._title, self._text = QLabel(self), QLabel(self)
        self._title.setFont(figures_font(theme().text("base_points"), semibold=True))
        self._title.setWordWrap(True)
        self._text.setWordWrap(True)
        self._text.setObjectName("helpText")
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme().space("large"),) * 4)
        layout.setSpacing(theme().space("small"))
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        self.hide()

    @property
    def text(self) -> str:
        """Title and text."""
        return f"{self._title.text()}\n{self._text.text()}"

    def explain(self, fault: Fault | None, field: Field | None) -> None:
        """The catalogue's words on a fault, else the rule of a field."""
        if fault is not None:
            self._explain_fault(fault)
        elif field is not None:
            self._open(field.label, _field_rules(field))

    def _explain_fault(self, fault: Fault) -> None:
        entry = catalogue().get(fault.code)
        if entry is None:
            self._open(coded(fault), say("Nothing was changed; what was typed stands as it is."))
            return
        self._open(f"{fault.code}  {say(entry.title)}", "\n\n".join((
            say_fault(fault), say("Why: {cause}", cause=with_own_keys(say(entry.cause))),
            say("What to do: {cure}", cure=with_own_keys(say(entry.cure))))))

    def _open(self, title: str, text: str) -> None:
        self._title.setText(title)
        self._text.setText(text)
        window, width = self._window, theme().size("help_width")
        self.setFixedWidth(width)
        height = min(self._layout.heightForWidth(width), window.height() - theme().space("huge"))
        bottom = window.height() - theme().size("banner_height") - theme().size("queue_height")
        self.setGeometry(theme().space("huge"), max(0, bottom - height - theme().space("medium")), width, height)
        self.show()
        self.raise_()


def _field_rules(field: Field) -> str:
    rules = field.validators
    parts = [with_own_keys(field.ui.help) or say("No more is known of this field.")]
    if field.required:
        parts.append(say("It must be given."))
    if rules.min is not None:
        parts.append(say("Not less than {limit}.", limit=rules.min))
    if rules.max is not None:
        parts.append(say("Not more than {limit}.", limit=rules.max))
    if rules.max_length is not None:
        parts.append(say("At most {count} characters.", count=rules.max_length))
    return "\n".join(parts)
