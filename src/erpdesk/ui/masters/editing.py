"""One master over its list: opened, typed, saved on a worker, turned to its neighbours, deleted or made inactive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.master_forms import ACTIVE
from erpdesk.domain.results import Fault, Refused
from erpdesk.services.master_pages import MasterRow
from erpdesk.ui.configured_words import coded, say_fault
from erpdesk.ui.deciding import Decision
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.keys.profile import key_name, key_profile
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.masters.panel import MasterPanel, panel_draft
from erpdesk.ui.words import say

_CHANGED_MEANWHILE = "MST-008"
Name = tuple[str, str]


class MasterEditing(QObject):
    """`changed` names the master that was saved or deleted; `closed` says that the list has the keyboard again;
    `wants_neighbour` asks for the master before or after one."""

    changed = Signal(object)
    closed = Signal()
    said = Signal(str)
    wants_neighbour = Signal(object, int)

    def __init__(self, kind: str, session: Session, books: Books, surroundings: Surroundings, over: QWidget) -> None:
        super().__init__(over)
        self.kind, self._session, self._books = kind, session, books
        self._surroundings, self._over = surroundings, over
        self._held = HeldKeys(over, (key_profile().chord_of("master", "save_master"), "Return"))
        self.panel: MasterPanel | None = None
        self._seen: Mapping[str, Any] | None = None
        self._name: Name = ("", "")

    # Opening

    def open(self, row: MasterRow | None, proposed: Mapping[str, Any] | None = None) -> None:
        """The master of a row, or a new one."""
        if self._held.is_holding:
            return
        forms, kind = self._books.master_forms, self.kind
        self._name = row.name if row is not None else ("", "")
        code, owner = self._name
        self._held.hold()

        def work() -> tuple[Any, Draft | None]:
            opened = forms.open(kind, code, owner)
            if opened.values is None:
                return opened, None
            return opened, panel_draft(kind, opened.form, opened.values, is_new=False, with_parts=True)

        self._session.background.submit(self, work, lambda found: self._show(*found, proposed or {}), self._not_opened)

    def _show(self, opened: Any, draft: Draft | None, proposed: Mapping[str, Any]) -> None:
        self._drop()
        is_new = opened.values is None
        self._seen = opened.values
        panel = MasterPanel(self.kind, opened.form, proposed if is_new else opened.values, self._surroundings,
                            self._over, is_new=is_new, with_parts=True, draft=draft)
        panel.wants_save.connect(self._save)
        panel.cancelled.connect(lambda: self._unless_typed(self.close))
        panel.turned.connect(self._turn)
        self.panel = panel
        panel.begin()
        self._held.give()

    def _not_opened(self, refusal: Refused) -> None:
        self.said.emit(_told(refusal.faults))
        self._held.give()

    def come_back(self) -> bool:
        """Put the cursor back into the form; False when there is none."""
        if self.panel is not None:
            self.panel.come_back()
        return self.panel is not None

    def _turn(self, by: int) -> None:
        if self.panel is not None and not self.panel.is_new:
            self._unless_typed(lambda: self.wants_neighbour.emit(self._name, by))

    def _unless_typed(self, then: Callable[[], object]) -> None:
        """Ask before what was typed is lost."""
        panel = self.panel
        if panel is None or self._held.is_holding:
            return
        panel.settle()
        if not panel.draft.is_changed:
            then()
            return
        Decision(panel, say("What was typed isn't saved"),
                 say("{key} saves it. Leaving now loses it.", key=key_name("master", "save_master")),
                 ((say("Throw away what was typed"), then),), say("Go on typing")).ask()

    def close(self) -> None:
        """Back to the list."""
        self._drop()
        self.closed.emit()

    def _drop(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            panel.hide()
            panel.deleteLater()

    # Saving

    def _save(self, values: Mapping[str, Any]) -> None:
        panel = self.panel
        if panel is None or self._held.is_holding:
            return
        self._held.hold()
        forms, seen, kind, is_new = self._books.master_forms, self._seen, self.kind, panel.is_new
        self._session.background.submit(
            self, lambda: forms.save(kind, values, is_new=is_new, seen=seen),
            lambda faults: self._saved(values, tuple(faults)), self._refused)

    def _saved(self, values: Mapping[str, Any], faults: tuple[Fault, ...]) -> None:
        panel = self.panel
        if panel is None:
            self._held.give()
            return
        if faults:
            self._held.stop()
            panel.show_faults(faults)
            self._held.give()
            return
        form = panel.fields
        name = str(values[form.code_key]), str(values.get(form.owner) or "") if form.owner else ""
        self.said.emit(say("{name} saved", name=str(values.get("name") or name[0])))
        self._session.freshness.read_again(self.kind)
        self.close()
        self.changed.emit(name)
        self._held.give()

    def _refused(self, refusal: Refused) -> None:
        """What somebody else changed meanwhile is shown if wanted; what was typed stays until then."""
        self._held.stop()
        panel = self.panel
        if panel is not None:
            panel.show_faults(refusal.faults)
            if refusal.first.code == _CHANGED_MEANWHILE:
                row = MasterRow(*self._name, True, {}, ("", ""))
                Decision(panel, say("Somebody else changed the master"),
                         say("{what} What you typed isn't saved.", what=say_fault(refusal.first)),
                         ((say("Show what is there now"), lambda: self.open(row)),), say("Go on typing")).ask()
        self._held.give()

    # Deleting

    def delete(self, row: MasterRow) -> None:
        """Ask who uses a master, then whether it is to be deleted or only made inactive."""
        lists, kind = self._books.master_lists, self.kind
        self._session.background.submit(self, lambda: lists.users(kind, *row.name),
                                        lambda users: self._ask(row, tuple(users)),
                                        lambda refusal: self.said.emit(_told(refusal.faults)))

    def _ask(self, row: MasterRow, users: Sequence[str]) -> None:
        name = str(row.values.get("name") or row.code)
        inactive = ((say("Make it inactive"), lambda: self._make_inactive(row)),) if row.is_active else ()
        if users:
            told = ", ".join(say(user) for user in users)
            Decision(self._over, say("{name} can't be deleted", name=name),
                     say("It is used by {users}. Inactive, it is offered nowhere any more.", users=told)
                     if row.is_active else say("It is used by {users}. It is inactive already.", users=told),
                     inactive, say("Keep it")).ask()
        else:
            Decision(self._over, say("Delete {name}?", name=name),
                     say("Nothing uses it. Deleted, it is gone for good."),
                     ((say("Delete for good"), lambda: self._delete(row)), *inactive), say("Keep it")).ask()

    def _make_inactive(self, row: MasterRow) -> None:
        lists, kind = self._books.master_lists, self.kind
        self._session.background.submit(
            self, lambda: lists.change_many(kind, [row.name], ACTIVE, False),
            lambda done: self._done(row, _told([fault for one in done.refused for fault in one.faults]) if done.refused
                                    else say("{name} is inactive", name=row.code)),
            lambda refusal: self.said.emit(_told(refusal.faults)))

    def _delete(self, row: MasterRow) -> None:
        lists, kind = self._books.master_lists, self.kind
        self._session.background.submit(self, lambda: lists.delete(kind, *row.name),
                                        lambda _none: self._done(row, say("{name} is deleted", name=row.code)),
                                        lambda refusal: self.said.emit(_told(refusal.faults)))

    def _done(self, row: MasterRow, word: str) -> None:
        self.said.emit(word)
        self._session.freshness.read_again(self.kind)
        self.changed.emit(row.name)


def _told(faults: Sequence[Fault]) -> str:
    return "   ".join(coded(fault) for fault in faults[:3])
