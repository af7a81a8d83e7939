"""A voucher that follows another, a return or the bill of a delivery, is filled with what is left of its lines.

Only an empty grid is filled: what the clerk typed stays. Keys typed while the lines are asked for wait, so that they
go where they would go had the answer been there.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.domain.keys import code_and_name, key_of
from erpdesk.domain.money import decimal_places, plain
from erpdesk.domain.results import Refused
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.defaults import fill_defaults
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.sheet import VoucherSheet
from erpdesk.ui.words import say

_AGAINST = "against"


class FollowedLines(QObject):
    """Fills the lines of one window when its `against` is accepted."""

    def __init__(self, session: Session, books: Books, sheet: VoucherSheet, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._books, self._sheet = session, books, sheet
        self._held = HeldKeys(window)
        self._asked_for = ""
        self._grid: LineGrid | None = next(
            (grid for grid in sheet.line_grids if not grid.is_mirror and grid.lines.grid.field("item") is not None
             and grid.lines.grid.field("quantity") is not None), None)
        if self._grid is not None and sheet.schema.header_field(_AGAINST) is not None:
            sheet.header.field_accepted.connect(self._field_accepted)

    def forget(self) -> None:
        """A new voucher has begun."""
        self._asked_for = ""

    def _field_accepted(self, key: str) -> None:
        reference = str(self._sheet.header.draft.header.values.get(_AGAINST) or "")
        if key != _AGAINST or reference == self._asked_for:
            return
        self._asked_for = reference
        if not reference or self._grid is None or self._grid.lines.counted_rows():
            return
        offers, kind = self._books.offers, self._sheet.schema.voucher_type
        self._held.hold()
        self._session.background.submit(self, lambda: offers.lines_left(reference, kind),
                                        lambda lines: self._take(reference, lines), self._failed)

    def _take(self, reference: str, lines: Any) -> None:
        grid = self._grid
        there = [line for line in lines if line.quantity_left > 0]
        if grid is not None and reference == self._asked_for and not grid.lines.counted_rows():
            inside = grid.open_editor is not None
            grid.close_cell()
            grid.lines.replace_lines(self._filled(grid, there))
            self._sheet.header.draft.is_changed = True
            if inside:
                grid.enter_first()
            grid.lines.edited.emit(0, "")
            if not there:
                self._sheet.banner.show_word(say("Nothing is left of {voucher} to follow", voucher=reference))
            elif whose := self._of_another_party(reference):
                self._sheet.banner.show_word(say("{voucher} is of {party}", voucher=reference, party=whose),
                                             tone="warning")
        self._held.give()

    def _of_another_party(self, reference: str) -> str:
        """The party of the source, where it is known and another than the voucher's."""
        lookups, party = self._session.lookups, str(self._sheet.header.draft.header.values.get("party") or "")
        source = lookups.row("voucher", reference)
        whose = str(source.attributes.get("party") or "") if source is not None else ""
        if not party or not whose or key_of(party) == key_of(whose):
            return ""
        row = lookups.row("party", whose)
        return code_and_name(row.code, row.name) if row is not None else whose

    def _failed(self, refusal: Refused) -> None:
        self._asked_for = ""
        self._sheet.header.mark_also({fault.field: fault for fault in refusal.faults if fault.field == _AGAINST})
        self._sheet.banner.show_fault(refusal.first, len(refusal.faults) - 1)
        self._held.give()

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
