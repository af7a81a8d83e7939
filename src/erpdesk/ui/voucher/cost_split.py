"""A line of the ledger as the rows of its cost-centre split, and back: who bears it, in percent or by amount.

A percentage gives the amount; an amount typed takes the percentage away; what is left is proposed for the next row, so
that Enter balances the split into it. Several parts stand in the line's `cost_centres`, one in its `cost_centre`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject

from erpdesk.blueprints.cost_splits import COST_CENTRE, COST_CENTRES
from erpdesk.blueprints.fields import (
    Align,
    Field,
    FieldType,
    FieldUi,
    KeyPath,
    Lookup,
    LookupKind,
    Validators,
)
from erpdesk.blueprints.schema import Grid
from erpdesk.domain.money import HUNDRED, ZERO, money, money_text, parse_decimal, plain
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_model import LineModel
from erpdesk.ui.voucher.offered_model import OfferedModel
from erpdesk.ui.words import say

AMOUNT, PERCENT = "amount", "percent"
AMOUNTS = ("debit", "credit", AMOUNT)
"""The fields of a line whose change may leave its split open."""


@dataclass(frozen=True, slots=True)
class CostNeeds:
    """A line that can be split over cost centres; `decimals` are those of its currency. `is_wanted`: one must be given,
    and no column asks for it."""

    line: Line
    decimals: int
    is_wanted: bool = False

    @property
    def amount(self) -> Decimal:
        """What there is to split, unsigned."""
        debit, credit, amount = (_figure(self.line.values.get(key)) for key in AMOUNTS)
        return abs(debit - credit) or abs(amount)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The split as it stands in the line; none for a line that isn't split."""
        found = self.line.values.get(COST_CENTRES)
        return [dict(part) for part in found] if isinstance(found, list | tuple) else []

    @property
    def is_open(self) -> bool:
        """Whether the line lacks a cost centre, or is split by amounts that don't come to it any more."""
        parts = self.parts
        if self.is_wanted and not parts and not self.line.values.get(COST_CENTRE):
            return bool(self.amount)
        in_percent = all(part.get(PERCENT) not in (None, "") for part in parts)
        reached = sum((_figure(part.get(AMOUNT)) for part in parts), ZERO)
        return bool(parts) and not in_percent and reached != self.amount


def costs_of(model: LineModel, row: int) -> CostNeeds | None:
    """What of a line can be split over cost centres; None where goods move or lines have none."""
    field = model.grid.field(COST_CENTRE)
    if model.grid.goods is not None or field is None or model.grid.field("item") is not None:
        return None
    is_wanted = field.required and field in model.grid.details
    return CostNeeds(model.lines[row], model.surroundings.money_decimals, is_wanted)


def cost_grid(decimals: int) -> Grid:
    """The columns of the split."""
    right = Align.RIGHT
    fields = (
        Field(COST_CENTRE, say("Cost centre"), FieldType.LOOKUP, lookup=Lookup(LookupKind.COST_CENTRE),
              ui=FieldUi(width=28), key_path=KeyPath(open_on_focus=True)),
        Field(PERCENT, say("Percent"), FieldType.PERCENT, ui=FieldUi(width=10, align=right),
              validators=Validators(min=ZERO, max=HUNDRED, decimals=6)),
        Field(AMOUNT, say("Amount"), FieldType.MONEY, required=True, ui=FieldUi(width=16, align=right),
              key_path=KeyPath(skip_when_certain=True), validators=Validators(min=ZERO, decimals=decimals)))
    return Grid(COST_CENTRES, say("Cost centres of the line"), "splitGrid", fields)


class CostModel(OfferedModel):
    """A row a cost centre; nothing is offered, but what is left is proposed."""

    names = (COST_CENTRE,)
    amount_key = AMOUNT

    def __init__(self, needs: CostNeeds, surroundings: Surroundings, parent: QObject | None = None) -> None:
        self.needs = needs
        super().__init__(cost_grid(needs.decimals), _rows(needs), Line({}), surroundings, parent)

    @override
    def left(self, without: Line | None = None) -> Decimal:
        others = [line for line in self.lines if line is not without and not line.is_blank]
        if others and without is None and _in_percent(others):
            return ZERO
        return self.needs.amount - sum((_figure(line.values.get(AMOUNT)) for line in others), ZERO)

    @override
    def proposal(self, row: int, key: str) -> str | None:
        line = self.lines[row]
        left = self.left(line)
        wanted = key == AMOUNT and AMOUNT not in line.values and not line.is_blank and left > 0
        return money_text(left, self.needs.decimals) if wanted else None

    @override
    def put(self, row: int, key: str, raw: Any) -> None:
        super().put(row, key, raw)
        if row >= len(self.lines):
            return
        line, percent = self.lines[row], _figure(raw)
        if key == PERCENT and percent > 0:
            share = money(self.needs.amount * percent / HUNDRED, self.needs.decimals)
            super().put(row, AMOUNT, None)
            line.supply(AMOUNT, money_text(share, self.needs.decimals))
            self._row_changed(row)
            self.edited.emit(row, AMOUNT)
        elif key == AMOUNT and line.values.get(PERCENT) not in (None, ""):
            super().put(row, PERCENT, None)


def _rows(needs: CostNeeds) -> list[Line]:
    rows = []
    for part in needs.parts:
        line = Line({COST_CENTRE: part.get(COST_CENTRE)})
        percent = _figure(part.get(PERCENT))
        if percent > 0:
            line.put(PERCENT, plain(percent))
            line.supply(AMOUNT, money_text(money(needs.amount * percent / HUNDRED, needs.decimals), needs.decimals))
        elif part.get(AMOUNT) not in (None, ""):
            line.put(AMOUNT, part[AMOUNT])
        rows.append(line)
    return rows


def _in_percent(rows: Iterable[Line]) -> bool:
    return sum((_figure(line.values.get(PERCENT)) for line in rows), ZERO) == HUNDRED


def write_costs(rows: Iterable[Line], whole: Decimal) -> Mapping[str, Any]:
    """What the line's keys become; nothing changes while nothing is typed."""
    typed = [line for line in rows if line.values.get(COST_CENTRE)]
    if not typed:
        return {COST_CENTRES: None}
    [first, *others] = typed
    if not others and _figure(first.values.get(AMOUNT)) in (ZERO, whole):
        return {COST_CENTRE: first.values[COST_CENTRE], COST_CENTRES: None}
    key = PERCENT if _in_percent(typed) else AMOUNT
    parts = [{COST_CENTRE: line.values[COST_CENTRE], **({key: line.values[key]} if line.values.get(key) else {})}
             for line in typed]
    return {COST_CENTRE: None, COST_CENTRES: parts}


def _figure(raw: Any) -> Decimal:
    return parse_decimal(str(raw if raw is not None else "")) or ZERO
