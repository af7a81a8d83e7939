"""What the lines of a type come to, as far as charges go: goods, amounts on accounts, or nothing to add to.

Rows decide, never codes of types. The check that refuses and the settings that offer both ask here. Source: decision
0036.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from erpdesk.blueprints.vocabulary import AllocateToCost, ChargeBase, GridKind


class ChargeLines(StrEnum):
    """What charges find in the lines."""

    GOODS = "goods"
    AMOUNTS = "amounts"
    NOTHING = "nothing"


def charge_lines(grid_kind: str, *, capitalises: bool, settles: bool, counts_stock: bool) -> ChargeLines:
    """By the columns of a type that say what its lines are."""
    if capitalises or settles or counts_stock:
        return ChargeLines.NOTHING
    return {GridKind.ITEMS: ChargeLines.GOODS, GridKind.LEDGER_SINGLE: ChargeLines.AMOUNTS}.get(
        GridKind(grid_kind) if grid_kind in tuple(GridKind) else GridKind.ALLOCATION, ChargeLines.NOTHING)


NEEDS_GOODS: Mapping[str, Callable[[Any], bool]] = MappingProxyType({
    "allocate_to_cost": lambda value: bool(value) and value != AllocateToCost.NONE,
    "base": lambda value: value == ChargeBase.QUANTITY,
    "tax_class": bool,
    "included_in_price": bool,
    "cost_only": bool,
})
"""The columns of a charge that may be for goods, each with which of its values are."""
