"""Masters in place: a lookup's master is made or altered over the voucher, which goes on where it was left.

What was typed is proposed as name and code. Keys typed while the form is fetched or saved are kept for what comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.master_forms import MasterForm, master_forms
from erpdesk.domain.results import Fault, Refused
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.editors.listed import Choice, LookupEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.keys.profile import key_profile
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.masters.panel import MasterPanel
from erpdesk.ui.voucher.masters.spot import Spot
from erpdesk.ui.words import say


class MastersInPlace(QObject):
    """One window's; `saved` says that a master was made or altered.

    A master may be made while another is: the panels lie over each other.
    """

    saved = Signal()

    def __init__(self, session: Session, books: Books, surroundings: Surroundings, over: QWidget) -> None:
        super().__init__(over)
        self._session, self._books, self._surroundings, self._over = session, books, surroundings, over
        self._held = HeldKeys(over, (key_profile().chord_of("master", "save_master"), "Return"))
        self._panels: list[tuple[MasterPanel, Spot]] = []

    @property
    def panel(self) -> MasterPanel | None:
        """The panel that has the keyboard."""
        return self._panels[-1][0] if self._panels else None

    def open_for(self, editor: LookupEditor, *, alter: bool) -> None:
        """Make a master for a lookup, or alter the one that is highlighted or stands there."""
        if self._held.is_holding:
            return
        highlighted = self._surroundings.popup.highlighted() if self._surroundings.popup.serves(editor) else None
        code = (highlighted.code if highlighted is not None else str(editor.standing or "")) if alter else ""
        if alter and not code:
            editor.not_accepted.emit(say("Choose what to alter first"))
            return
        spot, forms = Spot(editor), self._books.master_forms
        row = highlighted if alter and highlighted is not None else self._surroundings.lookups.row(spot.kind, code)
        belongs_to = master_forms()[spot.kind].owner
        owner = spot.owner(belongs_to)
        if row is not None and (row is highlighted or not owner):
            owner = str(row.attributes.get(belongs_to) or owner)
        self._held.hold()
        self._session.background.submit(
            self, lambda: forms.open(spot.kind, code, owner), lambda opened: self._open(spot, opened),
            lambda refusal: self._not_opened(spot, refusal))

    def come_back(self) -> bool:
        """Put the cursor back into the panel; False when there is none."""
        if self.panel is not None:
            self.panel.come_back()
        return self.panel is not None

    def _open(self, spot: Spot, opened: Any) -> None:
        is_new = opened.values is None
        values = _proposed(spot, opened.form) if is_new else opened.values
        panel = MasterPanel(opened.kind, opened.form, values, self._surroundings, self._over, is_new=is_new)
        seen = None if is_new else opened.values
        panel.wants_save.connect(lambda typed: self._save(panel, typed, seen))
        panel.cancelled.connect(lambda: self._leave(spot))
        self._panels.append((panel, spot))
        panel.begin()
        self._held.give()

    def _not_opened(self, spot: Spot, refusal: Refused) -> None:
        spot.take_up().not_accepted.emit(say_fault(refusal.first))
        self._held.give()

    def _leave(self, spot: Spot) -> None:
        self._close()
        spot.take_up()

    def _close(self) -> None:
        panel, _ = self._panels.pop()
        panel.hide()
        panel.deleteLater()

    # Saving

    def _save(self, panel: MasterPanel, values: Mapping[str, Any], seen: Mapping[str, Any] | None) -> None:
        if self._held.is_holding:
            return
        self._held.hold()
        forms = self._books.master_forms
        self._session.background.submit(
            self, lambda: forms.save(panel.kind, values, is_new=panel.is_new, seen=seen),
            lambda faults: self._saved(panel, values, tuple(faults)),
            lambda refusal: self._saved(panel, values, refusal.faults))

    def _saved(self, panel: MasterPanel, values: Mapping[str, Any], faults: tuple[Fault, ...]) -> None:
        if faults:
            self._held.stop()
            panel.show_faults(faults)
            self._held.give()
            return
        _, spot = self._panels[-1]
        self._close()
        code = str(values[master_forms()[spot.kind].code_key])
        row = Choice(code, str(values.get("name") or code), str(values.get("alias") or ""), attributes={
            key: raw for key, raw in values.items() if raw is not None})
        self._surroundings.lookups.adopt(spot.kind, row)
        if self._surroundings.lookups is self._session.lookups:
            self._session.freshness.read_again(spot.kind)
        self.saved.emit()
        spot.come_back().take(row)
        self._held.give()


def _proposed(spot: Spot, form: MasterForm) -> dict[str, Any]:
    """What was typed as name and code; kind and owner as the field has them."""
    typed, values = spot.typed.strip(), dict[str, Any]()
    if typed:
        is_code = any(char.isdigit() for char in typed) and " " not in typed
        values[form.code_key] = typed if is_code else "-".join(typed.upper().split())
        if form.field("name") is not None and not is_code:
            values["name"] = typed
    kind = form.field("kind")
    if kind is not None and spot.preferred and spot.preferred[0] in {option.value for option in kind.options}:
        values["kind"] = spot.preferred[0]
    if owner := spot.owner(form.owner):
        values[form.owner] = owner
    return values
