"""How much stands in a grid of goods: the quantities of its lines together, where all of them have one unit."""

from __future__ import annotations

from collections.abc import Mapping

from erpdesk.blueprints.fields import FieldType
from erpdesk.domain.money import ZERO, parse_decimal
from erpdesk.ui.figures import shown
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_model import LineModel

_PLAIN = ("quantity",)
NOTHING, SEVERAL = "–", ""
"""What is shown of no goods, and of goods in several units, which don't add up to anything."""


def counted(models: Mapping[str, LineModel]) -> dict[str, tuple[LineModel, str]]:
    """The grids that are counted each by itself, with the key of their quantity; none where one grid of quantities is
    all there is, which the totals of a voucher tell."""
    found = {key: (model, field.key) for key, model in models.items()
             for field in model.columns if field.field_type is FieldType.QUANTITY}
    plain = len(found) == 1 and next(iter(found.values()))[1] in _PLAIN
    return {} if plain else found


def total_of(model: LineModel, key: str) -> str:
    """The sum with its unit."""
    typed = [(figure, _unit_of(model, line)) for line in model.lines
             if not line.is_blank and (figure := parse_decimal(str(line.values.get(key) or ""))) is not None]
    units = {unit for _, unit in typed}
    if not typed:
        return NOTHING
    if len(units) > 1:
        return SEVERAL
    whole = shown(sum((figure for figure, _ in typed), ZERO), None, model.surroundings.grouping)
    return f"{whole} {units.pop()}".rstrip()


def _unit_of(model: LineModel, line: Line) -> str:
    """The unit that a line is in: its own, else the item's."""
    item = model.surroundings.lookups.row("item", str(line.values.get("item") or ""))
    return str(line.values.get("uom") or (item.attributes.get("uom") if item is not None else "") or "").upper()
