"""A stored voucher in its window: drafts go on where they were left, anything else is read.

What may be done with it stands on the bar. Nothing is done without saying what becomes of the voucher; what was
refused is said in the banner.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.schema import UiSchema
from erpdesk.domain.results import Ok, Refused
from erpdesk.services.register_pages import Tie
from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.ports import Books
from erpdesk.ui.reports.statuses import STATUSES
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.keeping import Keeping
from erpdesk.ui.voucher.sheet import VoucherSheet
from erpdesk.ui.words import say, to_say

_REJECTED = "REJECTED"
EDITABLE = ("DRAFT", _REJECTED)
_IN_BOOKS = ("POSTED", "REVERSED")
_WITH_APPROVERS = ("PENDING_APPROVAL", "APPROVED")
_TIES = {"reverses": to_say("Reverses"), "reversed_by": to_say("Reversed by"), "replaces": to_say("Replaces"),
         "replaces_of": to_say("Replaced by"), "against": to_say("Against"), "against_of": to_say("Returned by"),
         "receipt": to_say("Costs of"), "receipt_of": to_say("Costs in"), "order": to_say("Of order"),
         "order_of": to_say("Fulfilled by"), "settles": to_say("Settles")}


class ShownVoucher(Protocol):
    """A voucher window as seen from here; it is also the widget that questions lie over."""

    session: Session
    books: Books
    schema: UiSchema
    surroundings: Surroundings
    draft: Draft
    sheet: VoucherSheet
    keeping: Keeping
    is_view: bool
    key_context: str
    wants_close: Any

    def set_draft(self, draft: Draft) -> None: ...


class StoredVoucher(QObject):
    """`wants_neighbour` asks for the voucher after or before this one, `wants_instead` for one in this one's place,
    `wants_copy` for a new one that says the same, `wants_tied` for a choice among ids and what they are called,
    `wants_print` for the print of an id and what it is called."""

    wants_neighbour = Signal(bool)
    wants_instead = Signal(str)
    wants_tied = Signal(object)
    wants_copy = Signal(str)
    wants_print = Signal(str, str)
    changed = Signal()

    def __init__(self, window: ShownVoucher, over: QWidget) -> None:
        super().__init__(over)
        self._window, self._over = window, over
        self._facts: Mapping[str, Any] = {}
        self.actions: dict[str, Callable[[], object]] = {
            "previous_voucher": lambda: self.wants_neighbour.emit(False),
            "next_voucher": lambda: self.wants_neighbour.emit(True),
            "reverse": self.reverse, "correct": self.correct, "withdraw": self.withdraw, "cancel": self.cancel,
            "post_stored": self.post, "duplicate": self.duplicate, "ties": self.show_ties, "print": self.print_it}

    # What it is

    @property
    def voucher_id(self) -> str:
        """The id of the voucher in the window; nothing before it is stored."""
        return str(self._window.draft.voucher_id or "")

    @property
    def status(self) -> str:
        """Where it stands."""
        return str(self._window.draft.status or "")

    @property
    def number(self) -> str:
        """Its number, else what it is."""
        return str(self._facts.get("voucher_number") or "") or self._window.schema.label

    @property
    def ties(self) -> Sequence[Tie]:
        """The vouchers it is tied to."""
        return tuple(self._facts.get("ties") or ()) if self._is_here else ()

    @property
    def _is_here(self) -> bool:
        return bool(self.voucher_id) and str(self._facts.get("voucher_id") or "") == self.voucher_id

    def show(self, facts: Mapping[str, Any]) -> None:
        """Show a voucher that exists: a draft to go on with, anything else to be read."""
        window, sheet = self._window, self._window.sheet
        self._facts = facts
        status = str(facts.get("status") or "")
        draft = Draft.of(window.schema, facts["document"])
        draft.voucher_id, draft.row_version = facts.get("voucher_id"), facts.get("row_version")
        draft.status = status
        if facts.get("idempotency_key"):
            draft.idempotency_key = str(facts["idempotency_key"])
        may_enter = "enter" in (facts.get("rights") or ())
        window.is_view = status not in EDITABLE or not may_enter
        window.set_draft(draft)
        sheet.show_number(str(facts.get("voucher_number") or ""), is_preview=False)
        sheet.status.setText(self._standing(status))
        if status in _IN_BOOKS:
            sheet.stepper.complete()
        else:
            sheet.stepper.saved()
        if window.is_view:
            window.key_context = "stored"
            sheet.lock()
        if status == _REJECTED:
            sheet.banner.show_word(self._rejection(), tone="warning")

    def _rejection(self) -> str:
        """Who rejected it and why, as it was said to go back to who entered it."""
        decisions = [one for one in self._facts.get("approvals") or () if one.get("decision") == "rejected"]
        if not decisions:
            return ""
        who, reason = decisions[-1]["decided_by"], decisions[-1].get("comment")
        return say("Rejected by {who}: {reason}", who=who, reason=reason) if reason else \
            say("Rejected by {who}, no reason given", who=who)

    def _standing(self, status: str) -> str:
        parts = [say(STATUSES.get(status, status))]
        parts += [f"{say(_TIES.get(tie.kind, tie.kind))} {tie.voucher_number or tie.type_label}"
                  for tie in self.ties[:2]]
        if len(self.ties) > 2:
            parts.append(say("{count} more", count=len(self.ties) - 2))
        return "  ·  ".join(parts)

    def offers(self, action: str) -> bool:
        """Whether an action that is bound here can be done with this voucher now."""
        rights, status = self._facts.get("rights") or (), self.status
        offered = {
            "reverse": status == "POSTED" and "reverse" in rights,
            "correct": status == "POSTED" and {"reverse", "enter"} <= set(rights),
            "withdraw": status in _WITH_APPROVERS and "enter" in rights,
            "post_stored": status == "APPROVED" and "post" in rights,
            "cancel": status in EDITABLE and bool(self.voucher_id) and (not self._is_here or "cancel" in rights),
            "duplicate": self._is_here and "enter" in rights, "ties": bool(self.ties)}
        return offered.get(action, True)

    # What can be done with it

    def reverse(self) -> None:
        """Undo a posted voucher by one of its own, after asking for day and reason."""
        if not self.offers("reverse"):
            return
        key, voucher_id, vouchers = str(uuid.uuid4()), self.voucher_id, self._window.books.vouchers
        self._ask(say("Reverse {number}?", number=self.number),
                  say("A voucher of its own undoes it: journal and stock as they were. Both stay in the books."),
                  say("Post the reversal"), lambda day, reason: self._do(
                      lambda: vouchers.reverse(voucher_id, day or None, reason, key),
                      lambda _value: self.wants_instead.emit(voucher_id)))

    def correct(self) -> None:
        """Undo a posted voucher and go on with a copy of it, after asking for day and reason."""
        if not self.offers("correct"):
            return
        voucher_id, vouchers = self.voucher_id, self._window.books.vouchers
        self._ask(say("Correct {number}?", number=self.number),
                  say("It is reversed, and a copy of it opens as a draft to be corrected and posted."),
                  say("Reverse and open a copy"), lambda day, reason: self._do(
                      lambda: vouchers.correct(voucher_id, day or None, reason),
                      lambda value: self.wants_instead.emit(str(value.draft.voucher_id))))

    def withdraw(self) -> None:
        """Take a voucher that waits, or is approved, back to a draft."""
        if self.offers("withdraw"):
            voucher_id, approvals, seen = self.voucher_id, self._window.books.approvals, self._window.draft.row_version
            self._do(lambda: approvals.withdraw(voucher_id, row_version=seen),
                     lambda _value: self.wants_instead.emit(voucher_id))

    def post(self) -> None:
        """Post what is approved, exactly as it was approved."""
        if self.offers("post_stored"):
            voucher_id, vouchers = self.voucher_id, self._window.books.vouchers
            self._do(lambda: vouchers.post(voucher_id),  # type: ignore[arg-type]
                     lambda _value: self.wants_instead.emit(voucher_id))

    def cancel(self) -> None:
        """Cancel a draft for good, after asking."""
        window = self._window
        if not self.offers("cancel"):
            return
        voucher_id, approvals, seen = self.voucher_id, window.books.approvals, window.draft.row_version
        Question(self._over, say("Cancel this draft?"),
                 say("It stays in the registers as cancelled and can't be posted any more."), say("Cancel draft"),
                 lambda _day, reason: self._do(lambda: approvals.cancel(voucher_id, reason, row_version=seen),
                                               lambda _value: self._closed()), needs_reason=False).ask()

    def duplicate(self) -> None:
        """A new voucher that says the same."""
        if self.offers("duplicate"):
            self.wants_copy.emit(self.voucher_id)

    def print_it(self) -> None:
        """Its print, as it is stored."""
        draft = self._window.draft
        if not self.voucher_id or (draft.is_changed and not self._window.is_view):
            key = key_name("voucher", "save")
            self._window.sheet.banner.show_word(say("Save it first with {key}; what is stored is printed", key=key),
                                                tone="warning")
            return
        self.wants_print.emit(self.voucher_id, self.number)

    def show_ties(self) -> None:
        """The vouchers it is tied to, to be opened."""
        if not self.ties:
            return
        self.wants_tied.emit([(tie.voucher_id, "   ".join((
            say(_TIES.get(tie.kind, tie.kind)), tie.voucher_number or tie.type_label,
            shown_date_short(date.fromisoformat(tie.date)), say(STATUSES.get(tie.status, tie.status)))))
            for tie in self.ties])

    def _ask(self, title: str, sentence: str, button: str, do: Callable[[str, str], object]) -> None:
        window = self._window
        Question(self._over, title, sentence, button, do, surroundings=window.surroundings,
                 day=str(window.draft.header.values.get("date") or "")).ask()

    def _do(self, work: Callable[[], Ok[Any] | Refused], done: Callable[[Any], object]) -> None:
        """Do it on a worker; keys typed meanwhile are kept for what stands here afterwards."""
        window, held = self._window, HeldKeys(self._over)

        def answered(result: Ok[Any] | Refused) -> None:
            held.stop()
            if isinstance(result, Refused):
                window.sheet.banner.show_fault(result.first, len(result.faults) - 1)
            else:
                self.changed.emit()
                window.session.approval_watch.look_again()
                done(result.value)
            held.give()

        held.hold()
        self._window.session.requests.submit(self, work, answered, answered)

    def _closed(self) -> None:
        self._window.draft.is_changed = False
        self._window.keeping.forget()
        self._window.wants_close.emit()
