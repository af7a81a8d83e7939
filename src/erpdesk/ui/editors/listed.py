"""Editors with a list: lookups of masters, choices, and texts with suggestions.

The list is open while the field has the focus and filters at once; what is highlighted is taken by Enter.
With nothing typed and nothing highlighted Enter accepts the empty field. A lookup takes only listed rows; a
typeahead keeps what was typed unless a row is highlighted on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field, LookupKind
from erpdesk.blueprints.master_forms import master_forms
from erpdesk.domain.keys import code_and_name
from erpdesk.ui.editors.base import FieldEditor, NotAccepted
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.lookups.index import PLACE, LookupIndex, label_of
from erpdesk.ui.lookups.words import folded
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import LookupRow
from erpdesk.ui.words import say

SHORTEST_NAME = 12
"""Names up to this many characters fit into the narrowest field."""
CREATE, ALTER = "create_master", "alter_master"
_ON_MASTERS = (CREATE, ALTER)
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of a list that comes from the field itself."""

    code: str
    name: str
    alias: str = ""
    active: bool = True
    attributes: Mapping[str, Any] = field(default_factory=dict)


class ListedEditor(FieldEditor):
    """The common part: the list, its filter, its keys."""

    takes_only_listed = True

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(field, surroundings, parent)
        self._chosen_by_hand = self._shut_by_hand = False
        self.textEdited.connect(self._filter)

    def index(self) -> LookupIndex:
        """All rows that may be meant; each editor has its own."""
        return LookupIndex()

    def rows(self, typed: str) -> Sequence[LookupRow]:
        """The rows to show for what was typed."""
        return self.index().matches(typed)

    def named(self, typed: str) -> LookupRow | None:
        """The one row whose code or whole name was typed."""
        return self.index().named(typed)

    def why_nothing(self, typed: str) -> str:
        """What is said where it is known why nothing was found; a master that is not active is called so."""
        row = self.index().inactive(typed)
        if row is None:
            return ""
        return say("{name} is not active", name=code_and_name(row.code, row.name))

    @override
    def write(self, raw: Any) -> str:
        if raw is None:
            return ""
        row = self.index().find(str(raw))
        label = label_of(row) if row else str(raw)
        return label if len(label) <= max(self.field.ui.width, SHORTEST_NAME) else str(raw)

    @override
    def read(self, typed: str) -> Any:
        if not typed.strip():
            return None
        row = self.named(typed)
        if row is not None:
            return row.code
        found = self.rows(typed)
        if self.takes_only_listed:
            if not found:
                raise NotAccepted(self.why_nothing(typed)
                                  or say("Nothing found for “{typed}”", typed=typed.strip()[:40]))
            return found[0].code
        return typed.strip()

    @property
    @override
    def is_half_typed(self) -> bool:
        """Enter takes the best of the rows that part of a name means; nobody has taken it yet."""
        is_part = self.takes_only_listed and self.isModified() and bool(self.text().strip()) and \
            self.named(self.text()) is None
        return is_part or self.is_unreadable

    @override
    def accept_typed(self) -> bool:
        popup = self.surroundings.popup
        row = popup.highlighted() if popup.serves(self) else None
        best_meant = self.isModified() and self.takes_only_listed and bool(self.text().strip())
        if row is not None and (self._chosen_by_hand or best_meant):
            self._raw = row.code
            self._refresh_text()
        accepted = super().accept_typed()
        if accepted:
            self.close_list()
        return accepted

    @override
    def take_key(self, event: QKeyEvent) -> bool:
        popup = self.surroundings.popup
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if plain and popup.serves(self) and self._moves(Qt.Key(event.key())):
            popup.move_highlight(_MOVES[Qt.Key(event.key())])
            self._chosen_by_hand = popup.highlighted() is not None
            return True
        if plain and popup.serves(self) and event.key() == Qt.Key.Key_Escape:
            if not self._lies_over_all():
                self._shut_by_hand = True
                self.close_list()
                if self.isModified() and self.takes_only_listed:
                    self.take_back()
            return True
        return super().take_key(event)

    def _moves(self, key: Qt.Key) -> bool:
        """Down goes into the list. Up and pages move there once it is being used, else they lead out of the field and
        turn the vouchers."""
        return key == Qt.Key.Key_Down or (key in _MOVES and (self.isModified() or self._chosen_by_hand))

    def open_list(self) -> None:
        """Show the list; the row of the present value is highlighted."""
        self._chosen_by_hand = self._shut_by_hand = False
        typed = self.text() if self.isModified() else ""
        rows = self.rows(typed)
        self.surroundings.popup.open_for(self, rows, self._raw if not typed else None,
                                         preselect=bool(typed.strip()), why=self._why(rows, typed))

    def close_list(self) -> None:
        """Hide the list if it is this editor's."""
        if self.surroundings.popup.serves(self):
            self.surroundings.popup.close_list()

    def take(self, row: LookupRow) -> None:
        """A row clicked in the list."""
        self._raw = row.code
        self._refresh_text()
        self.close_list()
        self.accepted.emit()

    def _filter(self, typed: str) -> None:
        self._chosen_by_hand = False
        rows = self.rows(typed)
        self.surroundings.popup.open_for(self, rows, None, preselect=bool(typed.strip()), why=self._why(rows, typed))

    def _why(self, rows: Sequence[LookupRow], typed: str) -> str:
        return self.why_nothing(typed) if not rows else ""

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.isReadOnly() and self.field.key_path.open_on_focus:
            self.open_list()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_list()
        super().focusOutEvent(event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self.close_list()
        super().hideEvent(event)


class LookupEditor(ListedEditor):
    """A master of one kind; rows of the field's own kinds come first."""

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(field, surroundings, parent)
        self.kind = str(field.lookup.kind) if field.lookup else ""
        self.preferred = field.lookup.filter if field.lookup else ()
        form = master_forms().get(self.kind)
        self.key_context = "lookup" if form is not None and not form.is_kept else ""
        surroundings.lookups.arrived.connect(self._arrived)

    @override
    def index(self) -> LookupIndex:
        return self.surroundings.lookups.index(self.kind)

    @override
    def rows(self, typed: str) -> Sequence[LookupRow]:
        place = self.place
        owners = {PLACE: place} if place else self.surroundings.owners(self.beside)
        found = self.index().belonging(owners).matches(typed, self.preferred)
        if self.kind == LookupKind.VOUCHER and any(char.isdigit() for char in typed):
            found = tuple(row for row in found if folded(typed.strip()) in folded(row.code))
        return self.surroundings.offered(found, self.beside)

    @property
    def place(self) -> str:
        """The warehouse whose bins are meant; empty where none is said, and for other masters."""
        return self.surroundings.place_of(self.field.key, self.beside) if self.kind == LookupKind.BIN else ""

    @override
    def named(self, typed: str) -> LookupRow | None:
        """A bin is meant in its warehouse: others may have bins of the same code."""
        place = self.place
        return self.index().named_within(typed, PLACE, place) if place else super().named(typed)

    @override
    def why_nothing(self, typed: str) -> str:
        """A bin that only another warehouse has is called so."""
        place, row = self.place, super().named(typed)
        if not place or row is None:
            return super().why_nothing(typed)
        return say("{bin} is a bin of {other}; take one of {warehouse}, or change the warehouse", bin=row.code,
                   other=row.attributes.get(PLACE), warehouse=place)

    @override
    def read(self, typed: str) -> Any:
        """A voucher may be newer than the list, or too old for it: its number is taken as it is typed."""
        if self.kind == LookupKind.VOUCHER and self.named(typed) is None and not self.rows(typed):
            return typed.strip() or None
        if self.field.many:
            return [part for part in (word.strip() for word in typed.split(",")) if part] or None
        return super().read(typed)

    @property
    @override
    def is_half_typed(self) -> bool:
        as_typed = self.kind == LookupKind.VOUCHER and not self.rows(self.text())
        return super().is_half_typed and not as_typed

    @override
    def write(self, raw: Any) -> str:
        return ", ".join(str(part) for part in raw) if isinstance(raw, list | tuple) else super().write(raw)

    @property
    def standing(self) -> Any:
        """The code that was accepted last, whatever is being typed."""
        return self._raw

    def lay_aside(self) -> str:
        """Take back what is being typed, and close the list; what it was."""
        typed = self.text() if self.isModified() else ""
        self._refresh_text()
        self.close_list()
        return typed

    def type_again(self, typed: str) -> None:
        """Go on with what was laid aside."""
        self.setText(typed)
        self.setModified(True)
        self._filter(typed)

    def offers(self, action: str) -> bool:
        """Whether masters can be made here at all."""
        return action not in _ON_MASTERS or self.surroundings.edit_master is not None

    def perform(self, action: str) -> bool:
        """Make or alter a master right here."""
        edit = self.surroundings.edit_master
        if edit is None or self.isReadOnly() or not self.key_context or action not in _ON_MASTERS:
            return False
        edit(self, action == ALTER)
        return True

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile."""
        return False

    def _arrived(self, kind: str) -> None:
        if kind == self.kind:
            if not self.isModified():
                self._refresh_text()
            if self.surroundings.popup.serves(self):
                self.surroundings.popup.renew_rows(self.rows(self.text() if self.isModified() else ""))
            elif self.hasFocus() and not self._shut_by_hand:
                self.open_list()


class TypeaheadEditor(LookupEditor):
    """Free text with suggestions."""

    takes_only_listed = False


class SelectEditor(ListedEditor):
    """One of the field's options."""

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(field, surroundings, parent)
        self._index = LookupIndex(Choice(option.value, option.label) for option in field.options)

    @override
    def index(self) -> LookupIndex:
        return self._index
