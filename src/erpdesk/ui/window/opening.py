"""A voucher being opened: what it needs is fetched on a worker, keys typed meanwhile are kept for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from erpdesk.blueprints.schema import UiSchema
from erpdesk.domain.results import ErpdeskError, Refused
from erpdesk.ui.configured_words import coded, schema_in_language
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Books, Document
from erpdesk.ui.queue.queued import QueuedVoucher
from erpdesk.ui.session import LOST, Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say


@dataclass(frozen=True, slots=True)
class Opening:
    """All that a voucher window begins with: `facts` of one that exists, `kept` or `queued` to type on."""

    schema: UiSchema
    document: Document
    number: str
    facts: dict[str, Any] | None = None
    kept: dict[str, Any] | None = None
    queued: QueuedVoucher | None = None
    copy_of: Document | None = None


def open_blank(books: Books, type_code: str, day: str = "", branch: str = "") -> Opening:
    """What a blank voucher begins with, dated on a day and for a branch if one is given. Blocks."""
    schema = books.vouchers.schema(type_code, branch=branch)
    document = dict(books.vouchers.new_document(type_code))
    if day:
        document["date"] = day
    if branch:
        document["branch"] = branch
    try:
        number = books.vouchers.next_number(type_code, document)
    except ErpdeskError:
        number = ""
    return Opening(schema_in_language(schema), document, number)


def open_kept(books: Books, type_code: str, *, kept: dict[str, Any] | None = None,
              queued: QueuedVoucher | None = None) -> Opening:
    """What a voucher is typed on with: the form that it was begun in. Blocks."""
    typed = queued.kept if queued is not None else kept or {}
    begun = typed.get("version")
    branch = str(typed.get("header", {}).get("values", {}).get("branch") or "")
    schema = schema_in_language(books.vouchers.schema(type_code, begun, branch))
    return Opening(schema, {}, "", kept=kept, queued=queued)


def open_stored(books: Books, reference: str) -> Opening:
    """What a stored voucher shows, in the form that it was entered in, with what it is tied to and may be done with
    it. Blocks."""
    facts: dict[str, Any] = books.vouchers.show(reference).as_json()
    document, registers = dict(facts["document"]), books.registers
    facts["ties"] = tuple(registers.ties(str(facts["voucher_id"])))
    facts["rights"] = registers.rights(str(document["type"]), str(facts.get("branch") or ""))
    schema = books.vouchers.schema(document["type"], facts.get("blueprint_version"), str(facts.get("branch") or ""))
    return Opening(schema_in_language(schema), document, str(facts.get("voucher_number") or ""), facts)


def open_copy(books: Books, reference: str) -> Opening:
    """A blank voucher that says what a stored one says. Blocks."""
    copied = dict(books.vouchers.show(reference).as_json()["document"])
    return replace(open_blank(books, str(copied["type"])), copy_of=copied)


class OpeningPage(QWidget):
    """Stands in the tab until the voucher is there; Esc closes it when that fails. `fallback` is taken when nobody
    answers for long."""

    key_context = "arriving"
    wants_close = Signal()

    def __init__(self, session: Session, label: str, fetch: Callable[[], Opening],
                 done: Callable[[OpeningPage, Opening], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setObjectName("openingPage")
        self.label = label
        self._word = QLabel("", self)
        self._word.setObjectName("emptyState")
        self._word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.addWidget(self._word)
        self._done = done
        self.held = HeldKeys(self)
        self._session, self._fetch = session, fetch
        self._is_fetching = self._is_there = False
        self.fallback: Opening | None = None

    def start(self) -> None:
        """Fetch; keys are held from now on."""
        if self._is_fetching:
            return
        self._is_fetching = True
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.held.hold()
        self._session.background.submit(self, self._fetch, self._arrived, self._failed)
        if self.fallback is not None:
            is_lost = self._session.state == LOST
            QTimer.singleShot(0 if is_lost else theme().time_ms("form_wait"), self, self._fall_back)

    def _arrived(self, opening: Opening) -> None:
        if not self._is_there:
            self._is_there = True
            self._done(self, opening)

    def _fall_back(self) -> None:
        if self.fallback is not None:
            self._arrived(self.fallback)

    def perform(self, action: str) -> bool:
        """Close the tab."""
        self.wants_close.emit()
        return True

    def perform_chord(self, chord: str) -> bool:
        """Esc closes, whatever else does."""
        if chord == "Esc":
            self.wants_close.emit()
        return chord == "Esc"

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            event.ignore()

    def _failed(self, refusal: Refused) -> None:
        if self.fallback is not None:
            self._fall_back()
            return
        self.held.stop()
        told = say("{key} closes this tab", key=key_name(self.key_context, "leave"))
        self._word.setText(f"{coded(refusal.first)}\n\n{told}")
