"""The rows of a line's split as a table: what is in stock is offered, in the order in which it is to be taken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject

from erpdesk.blueprints.schema import Grid
from erpdesk.domain.money import MAXIMUM_DECIMALS, ZERO, parse_decimal, plain, product
from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_needs import LineNeeds
from erpdesk.ui.voucher.line_split import rows_of_line, says_own_unit, write_split
from erpdesk.ui.voucher.offered_model import Offer, OfferedModel

_SEPARATED = re.compile(r"[\t\r\n,;\u2028\u2029]+")


class SplitModel(OfferedModel):
    """A row a unit when the item is kept by unit, else a row a batch and place with its quantity."""

    amount_key = "quantity"
    open_key = "there"

    def __init__(self, grid: Grid, needs: LineNeeds, surroundings: Surroundings,
                 parent: QObject | None = None) -> None:
        self.needs = needs
        self.own = says_own_unit(needs) and not needs.by_unit
        self.names = tuple(field.key for field in grid.columns if field.key in ("warehouse", "bin", "batch"))
        beside = Line({key: value for key in ("item", "warehouse", "from_warehouse", "to_warehouse")
                       if (value := needs.line.values.get(key) or needs.header.values.get(key))})
        beside.put("uom", self.unit)
        rows = rows_of_line(needs, (field.key for field in grid.columns), own=self.own)
        super().__init__(grid, rows, beside, surroundings, parent)

    @property
    def unit(self) -> str:
        """The unit that the rows are counted in."""
        return self.needs.own_unit if self.own else self.needs.unit

    @property
    def whole(self) -> Decimal:
        """What the rows are to come to, in their unit."""
        return self.needs.units if self.own or self.needs.by_unit else self.needs.quantity

    def lacking(self) -> tuple[int, str]:
        """Row and key of the first place that a part has to say and doesn't; no row where there is none."""
        wanted = [field for field in self.columns if field.required]
        return next(((row, field.key) for row in self.counted_rows() for field in wanted
                     if self.needs.lacks(field, self.lines[row].values)), (-1, ""))

    def written(self) -> dict[str, Any]:
        """What the keys of the line become."""
        return write_split(self.needs, self.lines, own=self.own)

    @override
    def left(self, without: Line | None = None) -> Decimal:
        others = [line for line in self.lines if line is not without and not line.is_blank]
        if self.needs.by_unit:
            return self.whole - len(others)
        return self.whole - sum((_quantity(line) for line in others), ZERO)

    @override
    def proposal(self, row: int, key: str) -> str | None:
        line = self.lines[row]
        if self.needs.by_unit or key != self.amount_key or key in line.values:
            return None
        if self.is_offered(line):
            return super().proposal(row, key)
        left = self.left(line)
        return plain(left) if left > 0 and not line.is_blank else None

    def offer_stock(self, parts: Iterable[Any], day: str) -> None:
        """Offer what is there; expired batches are left out where they may not go. Where it doesn't come out in the
        line's unit everything is counted in the item's own."""
        skips = self.needs.goods.skips_expired
        there = [part for part in parts if not (skips and part.expires_on and part.expires_on.isoformat() < day)]
        if not all(self._comes_out(part.quantity) for part in there):
            self._count_in_own_unit()
        self.offer(Offer(
            {key: value for key, value in (("warehouse", part.warehouse), ("bin", part.bin), ("batch", part.batch))
             if value and key in self.names},
            {"there": plain(part.quantity if self.own else self._in_unit(part.quantity)),
             "expires": shown_date_short(part.expires_on) if part.expires_on else ""}) for part in there)

    def _in_unit(self, quantity: Decimal) -> Decimal:
        """A quantity of the item's own unit in the line's, as near as decimals of that unit come."""
        unit = self.surroundings.lookups.row("uom", self.needs.unit)
        decimals = unit.attributes.get("decimals") if unit is not None else None
        return round(quantity / self.needs.factor, MAXIMUM_DECIMALS if decimals is None else int(decimals))

    def _comes_out(self, quantity: Decimal) -> bool:
        return self.own or self.needs.factor == 1 or product(self._in_unit(quantity), self.needs.factor) == quantity

    def _count_in_own_unit(self) -> None:
        """From now on; what stands in the rows already is the same goods as before."""
        self.own = True
        self.header_line.put("uom", self.unit)
        for line in self.lines:
            if _quantity(line):
                line.put("quantity", plain(product(_quantity(line), self.needs.factor)))

    @override
    def put(self, row: int, key: str, raw: Any) -> None:
        """Several serial numbers at once, pasted or from a scanner that sends them together, are a row each."""
        codes = separate_codes(raw) if key == "serials" and isinstance(raw, str) else []
        if len(codes) < 2:
            super().put(row, key, raw)
            return
        for place, code in enumerate(codes, start=row):
            if place > row and not self.lines[place].is_blank:
                self.insert_line(place)
            super().put(place, key, code)

    @override
    def inherited(self, field: Any) -> Any:
        return self.header_line.values.get(field.key) if field.key == "warehouse" else None


def _quantity(line: Line) -> Decimal:
    return parse_decimal(str(line.values.get("quantity") or "")) or ZERO


def separate_codes(text: str) -> list[str]:
    """The numbers in a text that has them on lines of their own, in cells, or between commas."""
    return [code for part in _SEPARATED.split(text) if (code := part.strip())]
