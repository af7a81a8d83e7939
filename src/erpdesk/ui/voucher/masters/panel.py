"""The panel in which a master is made or altered: a form over the window, generated from the fields of its kind.

While it is there it has the keyboard to itself: nothing typed reaches what lies under it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from erpdesk.blueprints.master_forms import MasterForm
from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.vocabulary import Category, GridKind
from erpdesk.domain.results import Fault
from erpdesk.ui.configured_words import say_fault, schema_in_language
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain, tell
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.voucher.accept_button import AcceptButton
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.entry_path import EntryPath
from erpdesk.ui.voucher.header_form import HeaderForm
from erpdesk.ui.words import say


class MasterPanel(QWidget):
    """`wants_save` carries the values typed; `cancelled` that nothing is to change."""

    key_context = "master"
    keeps_keyboard = True
    wants_save = Signal(object)
    cancelled = Signal()

    def __init__(self, kind: str, form: MasterForm, values: Mapping[str, Any], surroundings: Surroundings,
                 over: QWidget, *, is_new: bool) -> None:
        super().__init__(over)
        self.kind, self.is_new, self._over, self._fields = kind, is_new, over, form
        self.setObjectName("masterPanel")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        schema = schema_in_language(UiSchema(kind, form.label, 1, Category.ACCOUNTING, GridKind.LEDGER_DR_CR,
                                             form.fields, ()))
        self.draft = Draft.blank(schema, values) if is_new else Draft.of(schema, values)
        title = say("New {kind}" if is_new else "Alter {kind}", kind=schema.label.lower())
        self.setAccessibleName(title)
        self.form = HeaderForm(schema, self.draft, surroundings, self)
        self.form.setObjectName("masterForm")
        self.save_button = AcceptButton(f"{say('Save')}   Ctrl+A", self)
        self.save_button.setObjectName("masterSaveButton")
        self._fault = QLabel(self)
        self._lay_out(title)
        self.form.not_accepted.connect(self.say_fault)
        self.form.field_accepted.connect(lambda _key: self.say_fault(""))
        self.save_button.clicked.connect(self.save)
        self.path = EntryPath([self.form, self.save_button], self)
        over.installEventFilter(self)
        self.setGeometry(over.rect())

    def _lay_out(self, title: str) -> None:
        space = theme().space
        card = QFrame(self)
        card.setObjectName("masterCard")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(*(space("large"),) * 4)
        inside.setSpacing(space("medium"))
        heading = plain(QLabel(title, card))
        heading.setProperty("role", "title")
        heading.setFont(figures_font(theme().text("title_points"), semibold=True))
        self._fault.setObjectName("masterFault")
        self._fault.setWordWrap(True)
        self._fault.setFixedHeight(theme().size("banner_height"))
        cancel = QPushButton(f"{say('Cancel')}   Esc", card)
        cancel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cancel.clicked.connect(self.cancelled)
        self.save_button.setProperty("role", "primary")
        last = QHBoxLayout()
        last.addWidget(self._fault, 1)
        for button in (cancel, self.save_button):
            button.setFixedHeight(theme().size("banner_height"))
            last.addWidget(button)
        inside.addWidget(heading)
        inside.addWidget(self.form)
        inside.addLayout(last)
        around = QVBoxLayout(self)
        around.setContentsMargins(*(space("huge"),) * 4)
        around.addStretch(1)
        around.addWidget(card)
        around.addStretch(2)

    def begin(self, key: str = "") -> None:
        """Come in, at a field or at the first one, what stands there selected."""
        self.show()
        self.raise_()
        if not (key and self.form.enter(key)):
            self.path.start()

    def come_back(self) -> None:
        """The cursor was elsewhere in between."""
        focus = self.form.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.path.start()

    def save(self) -> None:
        """Everything that stands in an editor is to be saved."""
        self.form.take_all()
        document = self.draft.document()
        self.wants_save.emit({field.key: document.get(field.key) for field in self._fields.fields})

    def show_faults(self, faults: Iterable[Fault]) -> None:
        """Mark every fault at its field, say the first, put the cursor there."""
        by_field: dict[str, Fault] = {}
        for fault in faults:
            by_field.setdefault(fault.field or "", fault)
        first = next(iter(by_field.values()))
        self.say_fault(f"{first.code}  {say_fault(first)}")
        self.form.mark({key: fault for key, fault in by_field.items() if key})
        if not any(self.form.enter(field.key) for field in self._fields.fields if field.key in by_field):
            self.come_back()

    def say_fault(self, sentence: str) -> None:
        """A word about what can't be taken, in its own line."""
        self._fault.setText(sentence)
        tell(self._fault, sentence)

    # Keys

    def perform(self, action: str) -> bool:
        """Do an action of the panel's context."""
        if action == "save_master":
            self.save()
        elif action == "cancel_master":
            self.cancelled.emit()
        elif action in ("next_field", "previous_field"):
            self.form.step_aside(1 if action == "next_field" else -1)
        return True

    def perform_chord(self, chord: str) -> bool:
        """No key goes on to what lies under the panel."""
        return True

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        route_key(self, event)
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        shade = colour("strip")
        shade.setAlphaF(theme().size("shade_percent") / 100)
        painter = QPainter(self)
        painter.fillRect(self.rect(), shade)
        painter.end()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self.setGeometry(self._over.rect())
        return False
