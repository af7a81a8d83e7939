"""The panel in which a master is made or altered: a form over the window, generated from the fields of its kind.

While it is there it has the keyboard to itself: nothing typed reaches what lies under it. Over a list of masters it
shows the lists that hang on the master too, and goes on to the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from erpdesk.blueprints.master_forms import MasterForm
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.blueprints.vocabulary import Category, GridKind
from erpdesk.domain.results import Fault
from erpdesk.ui.configured_words import coded, schema_in_language
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.keys.profile import keyed
from erpdesk.ui.plain_words import plain, tell
from erpdesk.ui.shade import Shade
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.voucher.accept_button import AcceptButton
from erpdesk.ui.voucher.draft import Draft, Line
from erpdesk.ui.voucher.entry_path import EntryPath
from erpdesk.ui.voucher.header_form import COLUMNS, HeaderForm
from erpdesk.ui.voucher.line_model import LineModel
from erpdesk.ui.voucher.masters.part_grid import PartGrid, grid_of
from erpdesk.ui.voucher.masters.part_search import PartSearch
from erpdesk.ui.words import say

_LACKS = "IMP-012"
_IN_PART = re.compile(r"(?P<part>\w+)\[(?P<row>\d+)\](?:\.(?P<key>\w+))?")


def panel_draft(kind: str, form: MasterForm, values: Mapping[str, Any], *, is_new: bool,
                with_parts: bool = False) -> Draft:
    """What a panel types on, without a widget: a worker makes it where a list is long."""
    grids = tuple(grid_of(part) for part in form.parts) if with_parts else ()
    schema = schema_in_language(UiSchema(kind, form.label, 1, Category.ACCOUNTING, GridKind.LEDGER_DR_CR, form.fields,
                                         grids))
    return Draft.blank(schema, values) if is_new else Draft.of(schema, values)


class MasterPanel(Shade):
    """`wants_save` carries the values typed; `cancelled` that nothing is to change; `turned` that the master before
    (-1) or after (1) is wanted."""

    key_context = "master"
    wants_save = Signal(object)
    cancelled = Signal()
    turned = Signal(int)

    def __init__(self, kind: str, form: MasterForm, values: Mapping[str, Any], surroundings: Surroundings,
                 over: QWidget, *, is_new: bool, with_parts: bool = False, draft: Draft | None = None) -> None:
        super().__init__(over)
        self.kind, self.is_new, self.fields = kind, is_new, form
        self.setObjectName("masterPanel")
        self._surroundings, self._parts = surroundings, form.parts if with_parts else ()
        self.draft = draft or panel_draft(kind, form, values, is_new=is_new, with_parts=with_parts)
        schema = self.draft.schema
        title = schema.label if form.is_kept else say("New {kind}" if is_new else "Alter {kind}",
                                                      kind=schema.label.lower())
        self.setAccessibleName(title)
        self.form = self._make_form(schema)
        self.save_button = AcceptButton(keyed(say("Save"), self.key_context, "save_master"), self)
        self.save_button.setObjectName("masterSaveButton")
        self._fault = QLabel(self)
        self.searches: dict[str, PartSearch] = {}
        self.grids = {grid.key: self._grid(grid) for grid in schema.grids}
        self._lay_out(title)
        self.form.not_accepted.connect(self.say_fault)
        self.form.field_accepted.connect(lambda _key: self.say_fault(""))
        self.save_button.clicked.connect(self.save)
        self.path = EntryPath([self.form, *self.grids.values(), self.save_button], self)
        if form.is_kept:
            self.form.lock()
            self.save_button.hide()
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _make_form(self, schema: UiSchema) -> HeaderForm:
        """In as many columns as there is room for beside each other."""
        for columns in range(COLUMNS, 0, -1):
            form = HeaderForm(schema, self.draft, self._surroundings, self, has_context=False, columns=columns)
            form.ensurePolished()
            if form.minimumSizeHint().width() <= self.room_inside() or columns == 1:
                break
            form.setParent(None)
            form.deleteLater()
        form.setObjectName("masterForm")
        return form

    def _lay_out(self, title: str) -> None:
        inside = self.card()
        heading = self._heading = plain(QLabel(title, self))
        heading.setProperty("role", "title")
        heading.setFont(figures_font(theme().text("title_points"), semibold=True))
        self._fault.setObjectName("masterFault")
        self._fault.setWordWrap(True)
        self._fault.setFixedHeight(theme().size("banner_height"))
        cancel = QPushButton(keyed(say("Cancel"), self.key_context, "cancel_master"), self)
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
        for grid in self.grids.values():
            inside.addWidget(self._framed(grid))
        inside.addLayout(last)

    def call(self, what: str) -> None:
        """Name it by what it does: its title, and the button that does it."""
        self.setAccessibleName(what)
        self._heading.setText(what)
        self.call_button(what)

    def call_button(self, what: str) -> None:
        """Name what its button and key do."""
        print_key(self.save_button, what, self.key_context, "save_master")

    def _grid(self, grid: Grid) -> PartGrid:
        model = LineModel(grid, self.draft.rows.setdefault(grid.key, []), Line(), self._surroundings, self)
        made = PartGrid(model, self)
        made.not_accepted.connect(self.say_fault)
        made.said.connect(lambda word: self.say_fault(word, tone="good"))
        model.edited.connect(lambda _row, _key: self._changed())
        return made

    def _framed(self, grid: PartGrid) -> QWidget:
        frame = QFrame(self)
        frame.setProperty("role", "gridFrame")
        rows = QVBoxLayout(frame)
        rows.setContentsMargins(*(theme().space("hair"),) * 4)
        rows.addWidget(grid)
        row, edge = theme().size("row"), 2 * theme().space("tiny")
        frame.setMinimumHeight(theme().size("part_least_rows") * row + edge)
        frame.setMaximumHeight(theme().size("part_rows") * row + edge)
        whole = QWidget(self)
        inside = QVBoxLayout(whole)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(theme().space("tiny"))
        key = grid.lines.grid.key
        self.searches[key] = PartSearch(grid, self.draft.rows[key], whole)
        inside.addWidget(self.searches[key])
        inside.addWidget(frame)
        return whole

    def _changed(self) -> None:
        self.draft.is_changed = True
        self.say_fault("")

    def begin(self, key: str = "") -> None:
        """Come in, at a field or at the first one, what stands there selected."""
        self.show()
        self.raise_()
        if self.fields.is_kept:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not (key and self.form.enter(key)):
            self.path.start()

    def come_back(self) -> None:
        """The cursor was elsewhere in between."""
        focus = self if self.fields.is_kept else self.form.focusWidget()
        if focus is not None and (focus is self or self.isAncestorOf(focus)):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.path.start()

    def save(self) -> None:
        """Everything that stands in an editor is to be saved."""
        if self.fields.is_kept:
            return
        self.settle()
        document = self.draft.document()
        values = {field.key: document.get(field.key) for field in self.fields.fields}
        for part in self._parts:
            if (rows := document.get(part.key, [])) or not self.is_new:
                values[part.key] = rows
        self.wants_save.emit(values)

    def settle(self) -> None:
        """What stands in an editor counts."""
        self.form.take_all()
        for grid in self.grids.values():
            grid.close_cell()
        for search in self.searches.values():
            search.gather()

    def show_faults(self, faults: Iterable[Fault]) -> None:
        """Mark every fault at its field, say the first, put the cursor there."""
        by_field: dict[str, Fault] = {}
        for fault in faults:
            by_field.setdefault(fault.field or "", self._worded(fault))
        first = next(iter(by_field.values()))
        self.say_fault(coded(first))
        self.form.mark({key: fault for key, fault in by_field.items() if key})
        in_parts = [self._mark(grid, by_field) for grid in self.grids.values()]
        if not any(self.form.enter(field.key) for field in self.fields.fields if field.key in by_field) \
                and not any(in_parts):
            self.come_back()

    def _mark(self, grid: PartGrid, by_field: Mapping[str, Fault]) -> bool:
        """Mark the cells of a list, go to the first; whether there is one."""
        model, faults = grid.lines, dict[tuple[int, str], Fault]()
        if any(path.startswith(f"{model.grid.key}[") for path in by_field):
            self.searches[model.grid.key].end()
        counted = model.counted_rows()
        for path, fault in by_field.items():
            found = _IN_PART.fullmatch(path)
            if found and found["part"] == model.grid.key and int(found["row"]) < len(counted):
                key = found["key"] if found["key"] in model.column_of else model.columns[0].key
                faults[counted[int(found["row"])], key] = fault
        model.mark(faults)
        return bool(faults) and grid.enter(*min(faults))

    def _worded(self, fault: Fault) -> Fault:
        """The fault with fields and rows as they are called here, not as documents do."""
        found = _IN_PART.fullmatch(fault.field or "")
        grid = self.grids.get(found["part"]) if found else None
        key = found["key"] if found else fault.field
        label = next((one.label for one in (grid.lines.columns if grid else self.fields.fields) if one.key == key), "")
        if fault.code == _LACKS and label:
            lacks = say("{field} must be given", field=say(label))
            line = int(found["row"]) + 1 if found else 0
            return replace(fault, message=say("Line {line}: {problem}", line=line, problem=lacks) if line else lacks)
        message = fault.message
        for part in self.grids:
            message = re.sub(rf"\b{part}\[(\d+)\]", lambda row: say("line {number}", number=int(row[1]) + 1), message)
        return replace(fault, message=message)

    def say_fault(self, sentence: str, tone: str = "") -> None:
        """A word about what can't be taken, in its own line; `good` about what was done."""
        if self._fault.property("tone") != tone:
            self._fault.setProperty("tone", tone)
            self._fault.style().unpolish(self._fault)
            self._fault.style().polish(self._fault)
        self._fault.setText(sentence)
        tell(self._fault, sentence)

    # Keys

    def offers(self, action: str) -> bool:
        """Whether an action means anything here: there is nothing to find in where no list hangs on the master."""
        return action != "find" or bool(self.searches)

    def perform(self, action: str) -> bool:
        """Do an action of the panel's context."""
        if action == "save_master":
            self.save()
        elif action == "cancel_master":
            if not any(search.end() for search in self.searches.values()):
                self.cancelled.emit()
        elif action == "find":
            self._find()
        elif action in ("next_master", "previous_master"):
            self.turned.emit(1 if action == "next_master" else -1)
        elif action in ("next_field", "previous_field"):
            self.form.step_aside(1 if action == "next_field" else -1)
        return True

    def _find(self) -> None:
        """Search the list that the cursor is in, or the first one."""
        focus = self.focusWidget()
        here = next((key for key, grid in self.grids.items() if focus is grid or (focus and grid.isAncestorOf(focus))),
                    None)
        search = self.searches.get(here or next(iter(self.searches), ""))
        if search is not None:
            search.start()

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile; what edits text is the editor's, and no key goes on to what lies under."""
        return False
