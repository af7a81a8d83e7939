"""Debit and credit of a line: what balances the voucher, and turning a line to its other side.

`debit` and `credit` are keys of the voucher document; a grid that has both is a journal's.
"""

from __future__ import annotations

from decimal import Decimal

from erpdesk.domain.money import ZERO, money_text, parse_decimal
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_model import LineModel

DEBIT, CREDIT = "debit", "credit"
_OTHER = {DEBIT: CREDIT, CREDIT: DEBIT}


def has_sides(model: LineModel) -> bool:
    """Whether lines of this grid are debited or credited."""
    return DEBIT in model.column_of and CREDIT in model.column_of


def figure(line: Line, key: str) -> Decimal:
    """A money value of a line; zero for what isn't a number."""
    return parse_decimal(str(line.values.get(key) or "")) or ZERO


def missing(model: LineModel, row: int) -> tuple[str, str]:
    """Side and amount that would balance the voucher with line `row`; nothing when it balances without it."""
    others = [line for number, line in enumerate(model.lines) if number != row]
    gap = sum((figure(line, DEBIT) - figure(line, CREDIT) for line in others), ZERO)
    if not gap:
        return "", ""
    return (CREDIT if gap > 0 else DEBIT), money_text(abs(gap), model.surroundings.money_decimals)


def wants_credit(model: LineModel, row: int) -> bool:
    """Whether a line without an amount would balance the voucher on the credit side."""
    line = model.lines[row]
    blank = has_sides(model) and not figure(line, DEBIT) and not figure(line, CREDIT)
    return blank and missing(model, row)[0] == CREDIT


def put_side(model: LineModel, row: int, side: str, amount: str) -> None:
    """The amount on one side, nothing on the other."""
    model.put(row, _OTHER[side], None)
    model.put(row, side, amount)


def flip(model: LineModel, row: int, side: str) -> str:
    """Move the line's amount to the side that it isn't on; the side it is on now."""
    other = _OTHER[side]
    amount = model.lines[row].values.get(side)
    if amount is not None:
        put_side(model, row, other, amount)
    return other
