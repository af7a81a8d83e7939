"""The charges of a voucher as a table: one row a configured charge, figures computed, typed where allowed.

A row enters the document only when the clerk typed its rate or amount; others apply as configured.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject, Qt

from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.rows import ChargeSetup
from erpdesk.blueprints.schema import Grid
from erpdesk.domain.money import parse_decimal
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_model import AnyIndex, LineModel


class ChargesModel(LineModel):
    """Rows in the order of the charges; the code is certain, so that an untouched row counts as blank."""

    def __init__(self, grid: Grid, charges: tuple[ChargeSetup, ...], lines: list[Line], header: Line,
                 surroundings: Surroundings, parent: QObject | None = None) -> None:
        self.charges = charges
        lines[:] = charge_lines(charges, lines)
        super().__init__(grid, lines, header, surroundings, parent, grows=False)

    @override
    def may_type(self, row: int, field: Field) -> bool:
        charge = self.charges[row]
        return charge.can_edit and field.key == str(charge.calculation_type)

    @override
    def whole_of(self, row: int, field: Field) -> Decimal | None:
        return parse_decimal(self.lines[row].shown.get("base", "")) if field.key == "amount" else None

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role == Qt.ItemDataRole.EditRole:
            line, key = self.lines[index.row()], self.columns[index.column()].key
            return line.values.get(key, line.shown.get(key))
        return super().data(index, role)

    @override
    def text(self, row: int, field: Field) -> str:
        charge, line = self.charges[row], self.lines[row]
        if field.key == "code":
            return charge.label
        raw = line.shown.get(field.key) or line.values.get(field.key)
        shown = super().text(row, field) if raw is None else self._figure(field, str(raw))
        deducts = field.key == "amount" and charge.direction == "deduct" and shown
        return f"−{shown}" if deducts else f"{shown} %" if field.key == "rate" and shown else shown

    @override
    def put(self, row: int, key: str, raw: Any) -> None:
        line = self.lines[row]
        shown = line.shown.get(key)
        if raw == shown and key not in line.values:
            return
        super().put(row, key, raw)

    @override
    def replace_lines(self, lines: Any) -> None:
        self.beginResetModel()
        self.lines[:] = charge_lines(self.charges, list(lines))
        self.endResetModel()

    def show_charges(self, rates: dict[str, str], amounts: dict[str, str], bases: dict[str, str]) -> None:
        """Computed figures by charge code."""
        for row, charge in enumerate(self.charges):
            line = self.lines[row]
            shown = {"rate": rates.get(charge.code, ""), "amount": amounts.get(charge.code, ""),
                     "base": bases.get(charge.code, "")}
            if line.shown != shown:
                line.shown = shown
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def _figure(self, field: Field, raw: str) -> str:
        from erpdesk.ui.voucher.showing import cell_text

        return cell_text(field, raw, self.surroundings)


def charge_lines(charges: tuple[ChargeSetup, ...], typed: list[Line]) -> list[Line]:
    """One line a charge, what was typed in place."""
    by_code = {line.values.get("code"): line for line in typed}
    lines = []
    for charge in charges:
        line = by_code.get(charge.code) or Line()
        line.hold("code", charge.code)
        lines.append(line)
    return lines
