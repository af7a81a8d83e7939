"""Figures as people read them: grouped, with a true minus and the configured decimals.

Inside documents a figure is plain decimal text; only screen and paper group it.
"""

from __future__ import annotations

from decimal import Decimal

from erpdesk.domain.money import parse_decimal, rounded

MINUS = "−"
WESTERN, LAKH = "western", "lakh"


def grouped(digits: str, grouping: str) -> str:
    """Whole digits with commas: `1,234,567`, or `12,34,567` in lakh grouping."""
    if len(digits) <= 3:
        return digits
    head, tail = digits[:-3], digits[-3:]
    size = 2 if grouping == LAKH else 3
    parts = []
    while head:
        parts.append(head[-size:])
        head = head[:-size]
    return ",".join([*reversed(parts), tail])


def shown(figure: Decimal, decimals: int | None = None, grouping: str = WESTERN) -> str:
    """A figure for people; `decimals` null keeps those it has, without trailing zeros."""
    if decimals is None:
        text = format(figure, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = format(rounded(figure, decimals), "f")
    negative, text = text.startswith("-"), text.lstrip("-")
    whole, point, fraction = text.partition(".")
    return (MINUS if negative and text.strip("0.") else "") + grouped(whole, grouping) + point + fraction


def shown_text(raw: str, decimals: int | None = None, grouping: str = WESTERN, *, zero: bool = True) -> str:
    """Plain decimal text for people; what is no number stands as it was typed."""
    figure = parse_decimal(raw)
    if figure is None:
        return raw
    return "" if not zero and not figure else shown(figure, decimals, grouping)
