"""The header of a voucher: labelled editors in aligned columns, the details folded away until wanted.

Reading order is the order of the key path. Fields under conditional rules appear and vanish as the rules say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from erpdesk.blueprints.fields import Field, FieldType, Section
from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.states import field_state, header_reader
from erpdesk.domain.results import Fault
from erpdesk.ui.date_room import date_field_width
from erpdesk.ui.editors.base import keeps_cursor
from erpdesk.ui.editors.registry import Editor, is_taken_at, make_editor
from erpdesk.ui.editors.several import SeveralEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.profile import key_profile
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.context_label import STANDING_KINDS, ContextLabel
from erpdesk.ui.voucher.defaults import fill_defaults
from erpdesk.ui.voucher.details_area import DetailsArea
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.marking import mark_editor
from erpdesk.ui.words import say

COLUMNS = 3
_WIDE = 40


class HeaderForm(QWidget):
    """Editors of the header, each named `field_<key>`. `finished` and `left_back` hand the cursor on."""

    finished = Signal()
    left_back = Signal()
    field_accepted = Signal(str)
    field_entered = Signal(str)
    not_accepted = Signal(str)

    def __init__(self, schema: UiSchema, draft: Draft, surroundings: Surroundings,
                 parent: QWidget | None = None, *, has_context: bool = True, columns: int = COLUMNS) -> None:
        super().__init__(parent)
        self.setObjectName("headerForm")
        self._keeps_room, self._columns = has_context, columns
        self.schema, self.draft, self.surroundings = schema, draft, surroundings
        self.editors: dict[str, Editor] = {}
        self._labels: dict[str, QLabel] = {}
        self.context: dict[str, ContextLabel] = {}
        self._faults: dict[str, Fault] = {}
        self.goes_back: Callable[[str, bool], bool] = lambda _key, _is_done: False
        self._order = _path_order(field for field in schema.header if field.may_be_seen
                                  and field.ui.section is not Section.NARRATION)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().space("tiny"))
        layout.addWidget(self._panel(Section.MAIN))
        self._details_button = self._make_details_button()
        self._details = DetailsArea(self._panel(Section.DETAILS), self)
        layout.addWidget(self._details_button)
        layout.addWidget(self._details)
        self.apply_rules()
        self.show_values()

    # Building

    def _panel(self, section: Section) -> QWidget:
        panel = QWidget(self)
        grid = QGridLayout(panel)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme().space("small"))
        grid.setVerticalSpacing(theme().space("tiny"))
        row = column = 0
        for field in self._order:
            if field.ui.section is not section:
                continue
            wide = field.ui.width >= _WIDE or field.field_type is FieldType.TEXTAREA or self._has_context(field)
            span = min(2 if wide else 1, self._columns)
            if column + span > self._columns:
                row, column = row + 1, 0
            self._add(grid, field, row, column, span)
            column += span
        for number in range(self._columns):
            grid.setColumnMinimumWidth(3 * number, theme().size("label_width"))
            grid.setColumnStretch(3 * number + 1, 1)
            grid.setColumnMinimumWidth(3 * number + 2, theme().space("medium") if number + 1 < self._columns else 0)
        return panel

    def _add(self, grid: QGridLayout, field: Field, row: int, column: int, span: int) -> None:
        label = plain(QLabel(field.label, self))
        label.setProperty("role", "fieldLabel")
        editor = make_editor(field, self.surroundings, self)
        editor.setObjectName(f"field_{field.key}")
        editor.beside = self.draft.header.values.get
        editor.setFixedHeight(theme().size("field"))
        width = field.ui.width * theme().size("character") + theme().size("column_padding")
        if field.field_type is FieldType.DATE:
            width = date_field_width(field.ui.width, editor.fontMetrics())
        editor.setMinimumWidth(theme().size("label_width"))
        editor.setMaximumWidth(max(width, theme().size("label_width")))
        if field.ui.readonly:
            editor.setReadOnly(True)
            editor.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        label.setBuddy(editor)
        grid.addWidget(label, row, 3 * column)
        room = QHBoxLayout()
        room.addWidget(editor, 1)
        if self._has_context(field):
            self._keep_room_beside(field, room)
        else:
            room.addStretch(0)
        grid.addLayout(room, row, 3 * column + 1, 1, 3 * span - 2)
        self.editors[field.key], self._labels[field.key] = editor, label
        editor.accepted.connect(lambda key=field.key: self._accepted(key))
        editor.settled.connect(lambda key=field.key: self._settled(key))
        editor.went_back.connect(lambda key=field.key: self._step_back(key))
        editor.not_accepted.connect(self.not_accepted)
        if isinstance(editor, SeveralEditor):
            editor.turned.connect(lambda key=field.key: self.take(key))
        editor.installEventFilter(self)

    def _keep_room_beside(self, field: Field, room: QHBoxLayout) -> None:
        """Room for live context at the right of an editor."""
        self.context[field.key] = ContextLabel(f"context_{field.key}", field.label, self)
        room.setSpacing(theme().space("medium"))
        room.addWidget(self.context[field.key], 1)

    def _has_context(self, field: Field) -> bool:
        """Whether something is known of the master in a field of the main part: what it stands at."""
        return (self._keeps_room and field.ui.section is Section.MAIN and field.lookup is not None
                and str(field.lookup.kind) in STANDING_KINDS)

    def _make_details_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("detailsButton")
        button.setText(_folded(True))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self.toggle_details)
        button.setVisible(any(field.ui.section is Section.DETAILS for field in self._order))
        return button

    # The path

    @property
    def details_are_open(self) -> bool:
        """Whether the details are unfolded."""
        return not self._details.isHidden()

    def toggle_details(self) -> None:
        """Unfold the details and go to the first of them, or fold them away."""
        opening = not self.details_are_open
        if keeps_cursor(self._details_button):
            return
        inside = self.focusWidget() is not None and self._details.isAncestorOf(self.focusWidget())
        if not opening and inside:
            self.enter_first()
        self._unfold(opening)
        if opening:
            first = next((key for key in self.stops() if self._section(key) is Section.DETAILS), "")
            self.enter(first)

    def _unfold(self, opening: bool) -> None:
        self._details.setVisible(opening)
        self._details_button.setText(_folded(not opening))

    def _open_what_is_needed(self) -> bool:
        """Unfold the details by themselves where one of them must be given and is not."""
        if self.details_are_open:
            return False
        read = header_reader(self.schema, self.draft.document())
        needed = next((field.key for field in self._order if field.ui.section is Section.DETAILS
                       and self.draft.header.values.get(field.key) in (None, "")
                       and field_state(field, read).required), "")
        return bool(needed) and self.enter(needed)

    def _fold_when_left(self) -> None:
        focus = self.focusWidget()
        if self.details_are_open and not (focus is not None and focus.hasFocus()
                                          and self._details.isAncestorOf(focus)):
            self._unfold(False)

    def stops(self) -> list[str]:
        """The keys of the fields where the cursor stops, in order."""
        return [field.key for field in self._order if self._is_stop(field)]

    def _is_stop(self, field: Field) -> bool:
        editor = self.editors[field.key]
        if editor.isReadOnly() or not field.ui.tab_stop or editor.isHidden():
            return False
        if field.ui.section is Section.DETAILS and not self.details_are_open:
            return False
        header = self.draft.header
        certain = field.key_path.skip_when_certain and (
            field.key in header.certain or (not field.required and field.key not in header.values))
        return not certain or field.key in self._faults

    def enter(self, key: str) -> bool:
        """Put the cursor into a field, unfolding the details if it is there."""
        editor = self.editors.get(key)
        if editor is None or editor.isReadOnly():
            return False
        if keeps_cursor(editor):
            return True
        if self._section(key) is Section.DETAILS and not self.details_are_open:
            self._unfold(True)
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        if self._section(key) is Section.DETAILS:
            self._details.bring_into_sight(editor, (one for field_key, one in self.editors.items()
                                                    if self._section(field_key) is Section.DETAILS))
        return True

    def step_aside(self, by: int) -> bool:
        """To the next field that can be typed into, a stop or not; back from the lines to the last of the header."""
        open_fields = [field.key for field in self._order
                       if not self.editors[field.key].isReadOnly() and not self.editors[field.key].isHidden()
                       and (field.ui.section is not Section.DETAILS or self.details_are_open)]
        focus = self.focusWidget()
        here = str(focus.property("fieldKey")) if focus is not None and focus.hasFocus() else ""
        if here not in open_fields and by > 0:
            return False
        place = open_fields.index(here) + by if here in open_fields else len(open_fields) - 1
        return 0 <= place < len(open_fields) and self.enter(open_fields[place])

    def enter_first(self) -> bool:
        """Come in from before."""
        stops = self.stops()
        return bool(stops) and self.enter(stops[0])

    def enter_last(self) -> bool:
        """Come in from behind."""
        stops = self.stops()
        return bool(stops) and self.enter(stops[-1])

    def _around(self, key: str) -> tuple[list[str], list[str]]:
        order = [field.key for field in self._order]
        place, stops = order.index(key), set(self.stops())
        return ([one for one in order[:place] if one in stops],
                [one for one in order[place + 1:] if one in stops])

    def _accepted(self, key: str) -> None:
        self.take(key)
        self.field_accepted.emit(key)
        _, later = self._around(key)
        if self.goes_back(key, False):
            self._fold_when_left()
        elif not (later and self.enter(later[0])) and not self._open_what_is_needed():
            if not self.goes_back(key, True):
                self.finished.emit()
            self._fold_when_left()

    def _settled(self, key: str) -> None:
        if self.editors[key].raw != self.draft.header.values.get(key):
            self.take(key)
            self.field_accepted.emit(key)

    def _step_back(self, key: str) -> None:
        earlier, _ = self._around(key)
        if not (earlier and self.enter(earlier[-1])):
            self.left_back.emit()

    # Values

    def take(self, key: str) -> None:
        """What stands in an editor becomes the draft's; other fields follow from it."""
        editor, header = self.editors[key], self.draft.header
        raw = editor.raw
        if raw != header.values.get(key):
            header.put(key, raw)
            self.draft.is_changed = True
            self._faults.pop(key, None)
            mark_editor(editor, None)
            for changed in fill_defaults(self.schema.header, header, header, self.surroundings):
                if changed in self.editors:
                    self.editors[changed].set_raw(header.values.get(changed))
            self.apply_rules()

    def take_all(self) -> None:
        """Take what stands in every editor that was typed into, the one with the cursor among them."""
        for key, editor in self.editors.items():
            if editor.isModified() or editor.hasFocus():
                self.take(key)

    def show_values(self) -> None:
        """Every editor shows the draft's value."""
        for key, editor in self.editors.items():
            editor.set_raw(self.draft.header.values.get(key))

    def set_draft(self, draft: Draft) -> None:
        """Go on with another draft in the same editors."""
        self.draft = draft
        for editor in self.editors.values():
            editor.beside = draft.header.values.get
        self.mark({})
        self.apply_rules()
        self.show_values()

    def apply_rules(self) -> None:
        """Show, hide and lock the fields that stand under conditions."""
        ruled = [field for field in self._order if field.rules]
        if not ruled:
            return
        read = header_reader(self.schema, self.draft.document())
        for field in ruled:
            state = field_state(field, read)
            self.editors[field.key].setVisible(state.visible)
            self._labels[field.key].setVisible(state.visible)
            self.editors[field.key].setReadOnly(state.readonly)

    def mark(self, faults: Mapping[str, Fault]) -> None:
        """Mark exactly these fields."""
        self._faults = dict(faults)
        for key, editor in self.editors.items():
            mark_editor(editor, faults.get(key))

    def mark_also(self, faults: Mapping[str, Fault]) -> None:
        """Mark these fields, too."""
        self.mark({**self._faults, **faults})

    def unmark(self, keys: Iterable[str]) -> None:
        """These fields are good."""
        for key in keys:
            if self._faults.pop(key, None) is not None:
                mark_editor(self.editors[key], None)

    def lock(self) -> None:
        """Nothing can be typed any more."""
        for editor in self.editors.values():
            editor.setReadOnly(True)

    def _section(self, key: str) -> Section:
        return self.editors[key].field.ui.section if key in self.editors else Section.MAIN

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.FocusIn:
            self.field_entered.emit(str(watched.property("fieldKey")))
        elif kind == QEvent.Type.FocusOut and isinstance(watched, QWidget):
            key = str(watched.property("fieldKey"))
            if is_taken_at(event, self.editors[key]):
                self.take(key)
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = self.focusWidget()
        key = str(focus.property("fieldKey")) if focus is not None else ""
        if key in self.editors and event.key() == Qt.Key.Key_Down:
            self._accepted_if_good(key)
        elif key in self.editors and event.key() == Qt.Key.Key_Up:
            if self.editors[key].accept_typed():
                self._step_back(key)
        else:
            event.ignore()

    def _accepted_if_good(self, key: str) -> None:
        if self.editors[key].accept_typed():
            self._accepted(key)


def _path_order(fields: Iterable[Field]) -> list[Field]:
    numbered = list(enumerate(fields))
    ordered = sorted(numbered, key=lambda pair: (pair[1].ui.section is Section.DETAILS,
                                                 pair[1].key_path.tab_order, pair[0]))
    return [field for _, field in ordered]


def _folded(is_folded: bool) -> str:
    """What the button of the details says."""
    return f"{'▸' if is_folded else '▾'}  {say('More details')}    {key_profile().chord_of('voucher', 'details')}"
