"""Computed fields: each formula by name, over the typed values of its row; None while one is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from erpdesk.blueprints.conditions import ReadValue
from erpdesk.domain import calculation
from erpdesk.domain.money import ZERO

Formula = Callable[[ReadValue, int], Decimal | None]


def line_amount(read: ReadValue, money_decimals: int) -> Decimal | None:
    """The amount of a priced line, as posting computes it."""
    quantity = read("counted_quantity") if read("quantity") is None else read("quantity")
    rate = read("rate")
    if quantity is None or rate is None:
        return None
    line = calculation.PricedLine(quantity, rate, read("discount_percent") or ZERO,
                                  read("discount_amount") or ZERO)
    return calculation.line_amount(line, money_decimals)


FORMULAS: Mapping[str, Formula] = {"line_amount": line_amount}
