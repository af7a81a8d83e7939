"""What a voucher plainly lacks, seen without the server: said before it is accepted, while it is still in sight.

Fields that must be given, lines, sides that agree, a day that is open. What is wrong in the header by itself is said as
soon as it is typed. Whether masters exist and stock is there is for posting to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtCore import QObject

from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.validate import REQUIRED, validate_document
from erpdesk.blueprints.vocabulary import GridKind
from erpdesk.domain.journal import no_line_counts
from erpdesk.domain.results import Fault
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.plainly_wrong import DAY, concerns, plainly_wrong
from erpdesk.ui.voucher.sheet import VoucherSheet
from erpdesk.ui.words import say

Faults = tuple[Fault, ...]


class LackingWindow(Protocol):
    """What is needed of the window of a voucher."""

    schema: UiSchema
    draft: Draft
    sheet: VoucherSheet
    session: Session
    is_view: bool

    def show_faults(self, faults: Faults) -> None: ...


def lacking(schema: UiSchema, document: Mapping[str, Any], totals: Any) -> Faults:
    """Why it could only be refused; empty when nothing is seen from here."""
    faults = tuple(fault for fault in validate_document(schema, document) if fault.details.get("rule") == REQUIRED)
    if faults:
        return faults
    if _has_no_line(schema, document):
        return (no_line_counts(),)
    imbalance = getattr(totals, "imbalance", None)
    return (imbalance,) if imbalance is not None else ()


def _has_no_line(schema: UiSchema, document: Mapping[str, Any]) -> bool:
    """Whether every grid is empty; what settles bills may stand on account without a line."""
    return schema.grid_kind is not GridKind.ALLOCATION and not any(document.get(grid.key) for grid in schema.grids)


class Lacking(QObject):
    """Says it at Ctrl+A, the cursor at the first of it, and what is wrong in the header when it is typed, the cursor
    going on; what is given since is said no more."""

    def __init__(self, window: LackingWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._said: Faults = ()
        self._totals: Any = None
        self._days = window.session.place.days
        self._days.changed.connect(self._days_changed)
        window.sheet.header.field_accepted.connect(self._field_accepted)

    def _days_changed(self) -> None:
        self.look_again(self._totals)

    def _found(self) -> Faults:
        """What only can be refused: all that is wrong in the header and not given; else what lacks as a whole."""
        document = self._window.draft.document()
        return self._wrong(document) or lacking(self._window.schema, document, self._totals)

    def _wrong(self, document: Mapping[str, Any]) -> Faults:
        window = self._window
        return plainly_wrong(window.schema, document, self._days, window.session.lookups)

    def _ask_for_days(self) -> None:
        """A day that isn't open here may be open by now."""
        if any(fault.field == DAY for fault in self._said):
            self._days.read()

    def _field_accepted(self, key: str) -> None:
        """Say what is wrong with it at once."""
        window = self._window
        wrong = concerns(self._wrong(window.draft.document()), key)
        if wrong and not window.is_view:
            self._said = wrong
            window.sheet.header.mark_also({fault.field: fault for fault in wrong})
            window.sheet.banner.show_fault(wrong[0])
            self._ask_for_days()

    def says(self, totals: Any) -> bool:
        """Whether anything is lacking, the right to post it too; said, and marked in its place."""
        window = self._window
        self._totals = totals
        self._said = self._found()
        if self._said:
            window.show_faults(self._said)
            self._ask_for_days()
        return bool(self._said) or self._says_no_right()

    def _says_no_right(self) -> bool:
        """Whether a post could only be refused to this person, nobody else being asked; a right given meanwhile is
        known at the next try."""
        window = self._window
        kind = window.session.type_info(window.schema.voucher_type)
        if kind is None or kind.may_hand_in:
            return False
        window.sheet.banner.show_word(say("You may not post {voucher} — {key} saves it as a draft for somebody who may",
                                          voucher=window.schema.label, key=key_name("voucher", "save")))
        window.session.place.read_types()
        return True

    def look_again(self, totals: Any) -> None:
        """Say what is left of it, in its present figures, unless something else is told meanwhile."""
        window = self._window
        banner = window.sheet.banner
        self._totals = totals
        if not self._said or banner.fault not in self._said:
            return
        before, places = self._said, {(fault.code, fault.field) for fault in self._said}
        self._said = tuple(fault for fault in self._found() if (fault.code, fault.field) in places)
        gone = {fault.field for fault in before} - {fault.field for fault in self._said}
        window.sheet.header.unmark(gone)
        if self._said:
            banner.show_fault(self._said[0], len(self._said) - 1)
        else:
            banner.clear()
