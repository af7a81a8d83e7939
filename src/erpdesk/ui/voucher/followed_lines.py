"""A voucher that follows another, a return or the bill of a delivery, is filled with what is left of its lines.

Only an empty grid is filled: what the clerk typed stays. Keys typed while its lines are asked for wait, so that they
go where they would go had the answer been there. What can't be followed is marked and fills nothing, until the number
or the party is another.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.domain.money import decimal_places, plain
from erpdesk.domain.results import Fault, Refused
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.defaults import fill_defaults
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.sheet import VoucherSheet
from erpdesk.ui.words import say

_AGAINST, _PARTY = "against", "party"
_Asked = tuple[str, str]
"""What is asked about: the number typed and the party it is typed for."""


class FollowedLines(QObject):
    """Fills the lines of one window when its `against`, or the party beside it, is accepted."""

    def __init__(self, session: Session, books: Books, sheet: VoucherSheet, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._books, self._sheet = session, books, sheet
        self._held = HeldKeys(window)
        self._asked_for: _Asked | None = None
        self._said: Fault | None = None
        self._grid: LineGrid | None = next(
            (grid for grid in sheet.line_grids if not grid.is_mirror and grid.lines.grid.field("item") is not None
             and grid.lines.grid.field("quantity") is not None), None)
        if self._grid is not None and sheet.schema.header_field(_AGAINST) is not None:
            sheet.header.field_accepted.connect(self._field_accepted)

    def forget(self) -> None:
        """A new voucher has begun."""
        self._asked_for = self._said = None

    def _field_accepted(self, key: str) -> None:
        values = self._sheet.header.draft.header.values
        asked = str(values.get(_AGAINST) or ""), str(values.get(_PARTY) or "")
        if key not in (_AGAINST, _PARTY) or asked == self._asked_for:
            return
        self._asked_for = asked
        if not asked[0] or self._grid is None:
            self._take_back()
            return
        offers, kind = self._books.offers, self._sheet.schema.voucher_type
        if not self._grid.lines.counted_rows():
            self._held.hold()
        self._session.background.submit(self, lambda: offers.lines_left(asked[0], kind, asked[1]),
                                        lambda lines: self._take(asked, lines),
                                        lambda refusal: self._failed(asked, refusal))

    def _take(self, asked: _Asked, lines: Any) -> None:
        if asked == self._asked_for and self._grid is not None:
            self._sheet.header.unmark((_AGAINST,))
            self._take_back()
            if not self._grid.lines.counted_rows():
                self._fill(self._grid, asked[0], [line for line in lines if line.quantity_left > 0])
        self._held.give()

    def _fill(self, grid: LineGrid, reference: str, there: list[Any]) -> None:
        inside = grid.open_editor is not None
        grid.close_cell()
        grid.lines.replace_lines(self._filled(grid, there))
        self._sheet.header.draft.is_changed = True
        if inside:
            grid.enter_first()
        grid.lines.edited.emit(0, "")
        if not there:
            self._sheet.banner.show_word(say("Nothing is left of {voucher} to follow", voucher=reference))

    def _failed(self, asked: _Asked, refusal: Refused) -> None:
        if asked == self._asked_for and self._grid is not None:
            self._asked_for = None
            marked = {fault.field: fault for fault in refusal.faults if fault.field == _AGAINST}
            if marked or not self._grid.lines.counted_rows():
                self._sheet.header.mark_also(marked)
                self._sheet.banner.show_fault(refusal.first, len(refusal.faults) - 1)
                self._said = marked.get(_AGAINST)
        self._held.give()

    def _take_back(self) -> None:
        """What was said of the number isn't so any more."""
        if self._said is not None:
            self._sheet.header.unmark((_AGAINST,))
            if self._sheet.banner.fault == self._said:
                self._sheet.banner.clear()
            self._said = None

    def _filled(self, grid: LineGrid, there: list[Any]) -> list[Line]:
        model, header = grid.lines, self._sheet.header.draft.header
        times = Counter(line.item for line in there)
        filled = []
        for source in there:
            values = {"item": source.item, "quantity": plain(source.quantity_left), "uom": source.uom,
                      "rate": _rate(source, model.grid.field("rate")), "batch": source.batch,
                      "against_line": str(source.line_number) if times[source.item] > 1 else ""}
            if source.warehouse and source.warehouse != header.values.get("warehouse"):
                values["warehouse"] = source.warehouse
            line = Line({key: value for key, value in values.items() if value and model.grid.field(key) is not None})
            fill_defaults(model.grid.fields, line, header, model.surroundings)
            filled.append(line)
        return filled


def _rate(source: Any, field: Field | None) -> str:
    """What one unit came to after discounts, where the field can hold it; else posting finds it by itself."""
    rate = source.rate if source.amount == round(source.rate * source.quantity, 2) else (
        source.amount / source.quantity if source.quantity else Decimal(0))
    limit = field.validators.decimals if field is not None else None
    return plain(rate) if rate and (limit is None or decimal_places(rate) <= limit) else ""
