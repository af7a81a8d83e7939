"""Arithmetic typed into a number field: + − * / and brackets over exact decimals, read by hand, never run.

Grammar: sum = term (±term)*; term = factor (*/factor)*; factor = ±factor | number | ( sum ). Commas between
digits are taken as grouping. The result of a division is cut at twelve places.
"""

from __future__ import annotations

import re
from decimal import Decimal, DivisionByZero, InvalidOperation

from erpdesk.domain.money import LIMIT, WIDE
from erpdesk.ui.figures import latin_digits
from erpdesk.ui.words import say

MAX_LENGTH = 200
_TOKEN = re.compile(r"\s*(\d[\d,]*(?:\.\d*)?|\.\d+|[-+*/()])")
_DIVIDED = Decimal("1e-12")


class NotArithmetic(ValueError):
    """What was typed is no number and no sum; the message says so in a sentence."""


def compute(typed: str) -> Decimal:
    """The figure that was typed. Raises NotArithmetic."""
    tokens = _tokens(typed)
    position, figure = _sum(tokens, 0)
    if position != len(tokens):
        raise NotArithmetic(say("“{sign}” doesn't belong there", sign=tokens[position]))
    if abs(figure) >= LIMIT:
        raise NotArithmetic(say("The number is too large"))
    return figure


def _tokens(typed: str) -> list[str]:
    text = latin_digits(typed.strip()).replace("−", "-").replace("×", "*").replace("÷", "/")
    if not text or len(text) > MAX_LENGTH:
        raise NotArithmetic(say("A number is needed here, or a sum like 12*45+10"))
    tokens, position = [], 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None or not found.group(1).isascii():
            raise NotArithmetic(say("A number is needed here, or a sum like 12*45+10"))
        tokens.append(found.group(1))
        position = found.end()
    return tokens


def _sum(tokens: list[str], position: int) -> tuple[int, Decimal]:
    position, figure = _term(tokens, position)
    while position < len(tokens) and tokens[position] in "+-":
        sign = tokens[position]
        position, right = _term(tokens, position + 1)
        figure = WIDE.add(figure, right) if sign == "+" else WIDE.subtract(figure, right)
    return position, figure


def _term(tokens: list[str], position: int) -> tuple[int, Decimal]:
    position, figure = _factor(tokens, position)
    while position < len(tokens) and tokens[position] in "*/":
        sign = tokens[position]
        position, right = _factor(tokens, position + 1)
        figure = WIDE.multiply(figure, right) if sign == "*" else _divided(figure, right)
    return position, figure


def _divided(left: Decimal, right: Decimal) -> Decimal:
    try:
        result = WIDE.divide(left, right)
        exact = len(result.as_tuple().digits) < WIDE.prec
        return result if exact else result.quantize(_DIVIDED, context=WIDE)
    except (DivisionByZero, InvalidOperation):
        raise NotArithmetic(say("Nothing can be divided by zero")) from None


def _factor(tokens: list[str], position: int) -> tuple[int, Decimal]:
    if position >= len(tokens):
        raise NotArithmetic(say("The sum isn't finished"))
    token = tokens[position]
    if token in ("+", "-"):
        position, figure = _factor(tokens, position + 1)
        return position, figure if token == "+" else -figure
    if token == "(":
        position, figure = _sum(tokens, position + 1)
        if position >= len(tokens) or tokens[position] != ")":
            raise NotArithmetic(say("A bracket is still open"))
        return position + 1, figure
    if token in ("*", "/", ")"):
        raise NotArithmetic(say("“{sign}” doesn't belong there", sign=token))
    return position + 1, Decimal(token.replace(",", ""))
