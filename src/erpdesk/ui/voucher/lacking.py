"""What a voucher plainly lacks, seen without the server: said before it is accepted, while it is still in sight.

Fields that must be given, lines, sides that agree. Whether masters exist, days are open and stock is there is for
posting to say.
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
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.sheet import VoucherSheet

Faults = tuple[Fault, ...]


class LackingWindow(Protocol):
    """What is needed of the window of a voucher."""

    schema: UiSchema
    draft: Draft
    sheet: VoucherSheet

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
    """Says it at Ctrl+A, the cursor at the first of it; what is given since is said no more."""

    def __init__(self, window: LackingWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._said: Faults = ()

    def says(self, totals: Any) -> bool:
        """Whether anything is lacking; said, and marked in its place."""
        window = self._window
        self._said = lacking(window.schema, window.draft.document(), totals)
        if self._said:
            window.show_faults(self._said)
        return bool(self._said)

    def look_again(self, totals: Any) -> None:
        """Say what is left of it, in its present figures, unless something else is told meanwhile."""
        window = self._window
        banner = window.sheet.banner
        if not self._said or banner.fault not in self._said:
            return
        places = {(fault.code, fault.field) for fault in self._said}
        self._said = tuple(fault for fault in lacking(window.schema, window.draft.document(), totals)
                           if (fault.code, fault.field) in places)
        if self._said:
            banner.show_fault(self._said[0], len(self._said) - 1)
        else:
            banner.clear()
