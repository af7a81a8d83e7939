"""What can be done with everything that was typed into a voucher: undo and redo it, repeat a narration.

A step is an accepted field or an action on lines; the cursor goes along. What is being typed into a field is taken
back first. A voucher that was saved as posted begins a history of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from erpdesk.blueprints.schema import UiSchema
from erpdesk.ui.editors.area import TextAreaEditor
from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.history import History, Place, State
from erpdesk.ui.voucher.last_narrations import LastNarrations
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.sheet import VoucherSheet
from erpdesk.ui.words import say

PARTY = "party"


class WindowOfTyping(Protocol):
    """What the actions need of the window that they act in."""

    sheet: VoucherSheet
    draft: Draft
    schema: UiSchema
    books: Books
    session: Session
    is_view: bool

    def recalculate(self) -> None: ...


class TypingActions(QObject):
    """The actions of one voucher window, by the names that key profiles use."""

    def __init__(self, window: WindowOfTyping) -> None:
        super().__init__(window.sheet)
        self._window = window
        self._history = History(window.draft)
        self._place = Place()
        self._restoring = False
        self.actions: dict[str, Callable[[], object]] = {
            "undo": self.undo, "redo": self.redo, "change_mode": self.change_mode,
            "repeat_narration": self.repeat_narration, "repeat_party_narration": self.repeat_party_narration}
        self._narrations = LastNarrations(window.books.narrations, window.session.background, self)
        self._ask_narrations()
        window.sheet.header.field_accepted.connect(lambda _key: self._ask_narrations())
        for part in (window.sheet.header, window.sheet.narration):
            part.field_entered.connect(lambda key: self._arrived(Place("", -1, key)))
        for name, grid in window.sheet.grids.items():
            grid.cell_entered.connect(lambda row, key, here=name: self._arrived(Place(here, row, key)))
            grid.settled.connect(self.settle)
            grid.said.connect(lambda word: window.sheet.banner.show_word(word, tone="good"))

    @property
    def _current(self) -> History:
        """The history of the draft in the window."""
        if self._history.draft is not self._window.draft:
            self._note_narration(self._history.draft)
            self._history = History(self._window.draft)
        return self._history

    def _arrived(self, place: Place) -> None:
        if not self._restoring:
            self._current.settle(self._place, place)
            self._place = place

    def settle(self) -> None:
        """Keep what has changed so far as a step."""
        self._current.settle(self._place, self._place)

    def undo(self) -> None:
        """Take back what is being typed; else the last step."""
        if not self._window.is_view and not self._forget_typing():
            self.settle()
            self._restore(self._current.back(), say("There is nothing more to undo"))

    def redo(self) -> None:
        """Do again what was taken back."""
        if not self._window.is_view and not self._forget_typing():
            self.settle()
            self._restore(self._current.forth(), say("There is nothing to do again"))

    def _forget_typing(self) -> bool:
        sheet, focus = self._window.sheet, QApplication.focusWidget()
        for grid in sheet.grids.values():
            if grid.open_editor is not None and grid.open_editor is focus:
                return grid.forget_typing()
        typed = isinstance(focus, FieldEditor | TextAreaEditor) and focus.isModified()
        if typed and isinstance(focus, FieldEditor | TextAreaEditor):
            focus.set_raw(self._window.draft.header.values.get(focus.field.key))
            focus.selectAll()
        return typed

    def _restore(self, found: tuple[State, Place] | None, otherwise: str) -> None:
        sheet, draft = self._window.sheet, self._window.draft
        if found is None:
            sheet.banner.show_word(otherwise, tone="warning")
            return
        state, place = found
        self._restoring = True
        try:
            for grid in sheet.grids.values():
                grid.forget_typing()
                grid.close_cell()
            draft.header.become(state.header.values, state.header.certain)
            draft.is_changed = True
            for key, states in state.rows.items():
                if key in sheet.models:
                    sheet.models[key].stand(states)
                    sheet.models[key].refresh()
            sheet.header.show_values()
            sheet.header.apply_rules()
            sheet.narration.show_values()
            self._go(place)
        finally:
            self._restoring = False
        self._window.recalculate()

    def _go(self, place: Place) -> None:
        sheet = self._window.sheet
        grid: LineGrid | None = sheet.grids.get(place.grid)
        if grid is not None:
            grid.enter(max(0, min(place.row, len(grid.lines.lines) - 1)), place.key)
        elif not sheet.header.enter(place.key):
            sheet.narration.enter(place.key)
        self._place = place

    # Narrations

    def repeat_narration(self) -> None:
        """The last narration of the type stands in this voucher, too."""
        self._put_narration(self._narrations.of_type(self._window.schema.voucher_type),
                            say("No {voucher} has a narration yet", voucher=self._window.schema.label))

    def repeat_party_narration(self) -> None:
        """The last narration of the voucher's party stands in this one, too."""
        party = self._party(self._window.draft)
        if not party:
            self._window.sheet.banner.show_word(say("There is no party in the header yet"), tone="warning")
            return
        self._put_narration(self._narrations.of_party(party),
                            say("No voucher of {party} has a narration yet", party=party))

    def _put_narration(self, text: str | None, otherwise: str) -> None:
        narration, header = self._window.sheet.narration, self._window.draft.header
        key = next(iter(narration.editors), "")
        if self._window.is_view or not key:
            return
        if not text:
            word = otherwise if text is not None else say("The last narration is still being read")
            self._window.sheet.banner.show_word(word, tone="warning")
            return
        narration.take_all()
        self.settle()
        header.put(key, text)
        self._window.draft.is_changed = True
        narration.show_values()
        self.settle()

    def _ask_narrations(self) -> None:
        """Have them at hand before anybody asks."""
        self._narrations.of_type(self._window.schema.voucher_type)
        if party := self._party(self._window.draft):
            self._narrations.of_party(party)

    def _note_narration(self, draft: Draft) -> None:
        key = next(iter(self._window.sheet.narration.editors), "")
        self._narrations.note(draft.schema.voucher_type, self._party(draft), str(draft.header.values.get(key) or ""))

    @staticmethod
    def _party(draft: Draft) -> str:
        return str(draft.header.values.get(PARTY) or "")

    def change_mode(self) -> None:
        """Another way of typing, where the type has one."""
        self._window.sheet.banner.show_word(
            say("{voucher} is typed in this one way only", voucher=self._window.schema.label), tone="warning")
