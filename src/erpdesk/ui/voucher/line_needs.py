"""What the goods of a line still ask for: units by name, a batch, or nothing; and how many there are to name.

Item facts come from the masters at hand. Goods that came or went with the voucher that the header follows are
named there already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.schema import Goods, Grid
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import ONE, ZERO, parse_decimal, product, total
from erpdesk.ui.ports import LookupRow
from erpdesk.ui.voucher.draft import DETAILS, Line

_BY_HAND = "manual"
_QUANTITIES = ("quantity", "counted_quantity", "free_quantity")
_PLACES = ("warehouse", "bin", "to_bin")
_UNIT_NUMBERS = ("serials", "engine_no", "chassis_no")


@dataclass(frozen=True, slots=True)
class LineNeeds:
    """One line of goods: its grid, its item, and what of it a sub-screen can say."""

    grid: Grid
    goods: Goods
    line: Line
    header: Line
    item: LookupRow

    def _is(self, attribute: str) -> bool:
        return self.item.attributes.get(attribute) is True

    def _shows(self, *keys: str) -> bool:
        return any(self.grid.field(key) is not None for key in keys)

    @property
    def by_unit(self) -> bool:
        """Whether each unit has a name of its own that the type can say."""
        return (self._is("track_serial") or self._is("is_fixed_product")) and self._shows(*_UNIT_NUMBERS)

    @property
    def by_batch(self) -> bool:
        """Whether the goods lie in batches that the type can say."""
        return self._is("track_batch") and self._shows("batch")

    @property
    def quantity(self) -> Decimal:
        """What the line moves, free goods included, in the line's unit."""
        return sum((_figure(self.line, key) for key in _QUANTITIES), ZERO)

    @property
    def own_unit(self) -> str:
        """The unit that the item is kept in."""
        return str(self.item.attributes.get("uom") or "")

    @property
    def unit(self) -> str:
        """The unit of the line."""
        return str(self.line.values.get("uom") or "") or self.own_unit

    @property
    def factor(self) -> Decimal:
        """Units of the item in one of the line's."""
        return self.factor_of(self.unit)

    def factor_of(self, unit: object) -> Decimal:
        """Units of the item in one of another unit; of the line's where none is named."""
        wanted = key_of(str(unit or "") or self.unit)
        for other in self.item.attributes.get("alternate_units") or ():
            if key_of(str(other["uom"])) == wanted:
                return Decimal(str(other["factor"]))
        return ONE

    @property
    def units(self) -> Decimal:
        """What the line moves in the item's own unit, exactly."""
        return product(self.quantity, self.factor)

    @property
    def split_units(self) -> Decimal:
        """What the parts of the line come to in the item's own unit; each part may say a unit of its own."""
        return total(product(_part_figure(part), self.factor_of(part.get("uom"))) for part in parts_of(self.line))

    @property
    def counts(self) -> bool:
        """Whether the line counts one place, and so has no parts: other places are lines of their own."""
        return self._shows("counted_quantity")

    @property
    def can_split(self) -> bool:
        """Whether there is anything to split the line by."""
        return self.by_unit or (not self.counts and (self.by_batch or self._shows(*_PLACES)))

    @property
    def is_open(self) -> bool:
        """Whether something must be said that the row itself doesn't ask for."""
        if self.header.values.get("against") or self.line.values.get("against") or not self.quantity:
            return False
        if self.by_unit:
            return named_units(self.line) != self.units or self.lacks_place
        if self.line.values.get(DETAILS):
            return self.split_units != self.units or self.lacks_place
        in_row = any(field.key == "batch" for field in self.grid.columns)
        policy = self.item.attributes.get("batch_policy") or self.goods.batch_policy
        asked = self.goods.brings_in or policy == _BY_HAND
        return self.lacks_place or (self.by_batch and asked and not in_row and not self.line.values.get("batch"))

    @property
    def lacks_place(self) -> bool:
        """Whether the type wants a place that the line, if it has no column for it, or a part of it doesn't say yet."""
        parts: list[dict[str, Any]] = parts_of(self.line)
        fields = self.grid.fields if parts else self.grid.details
        return any(self.lacks(field, part) for field in fields if field.key in _PLACES
                   for part in parts or [dict(self.line.values)])

    def lacks(self, field: Field, part: Mapping[str, Any]) -> bool:
        """Whether a part of the line has to say a place and doesn't; the warehouse may stand in line or header."""
        said = part.get(field.key)
        if field.key == "warehouse":
            said = said or self.line.values.get(field.key) or self.header.values.get(field.key)
        return field.required and not said


def named_units(line: Line) -> Decimal:
    """How many units the line names."""
    count = 0
    for row in (*parts_of(line), line.values):
        serials = row.get("serials")
        named = len(serials) if isinstance(serials, list | tuple) else 0
        count += named or bool(row.get("engine_no") or row.get("chassis_no"))
    return Decimal(count)


def parts_of(line: Line) -> list[dict[str, Any]]:
    """The parts that a line is split into, none for a line that isn't."""
    parts = line.values.get(DETAILS)
    return [dict(part) for part in parts] if isinstance(parts, list | tuple) else []


def _part_figure(part: Mapping[str, Any]) -> Decimal:
    return parse_decimal(str(part.get("quantity") or "")) or ZERO


def _figure(line: Line, key: str) -> Decimal:
    return parse_decimal(str(line.values.get(key) or "")) or ZERO
