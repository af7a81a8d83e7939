"""A report is a finished table of text: columns, rows, totals, for one organization as of one day.

Money has the currency's decimals, quantities no trailing zeros, dates are ISO; an empty debit or credit is
0.00. The same text goes to screen, JSON, CSV and workbook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from erpdesk.domain.money import money_text as money_of
from erpdesk.domain.money import plain, rounded

RATE_DECIMALS = 6

Row = Mapping[str, str]


class ColumnKind(StrEnum):
    """What stands in a column, for alignment and for the cells of a workbook."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    QUANTITY = "quantity"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in rows, its heading, what stands in it."""

    key: str
    label: str
    kind: ColumnKind = ColumnKind.TEXT


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to a question; every row has exactly the keys of the columns. `as_of` is the day that the
    figures are meant for; `totals` may be empty."""

    name: str
    organization: str
    as_of: date
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: Row

    def as_json(self) -> dict[str, Any]:
        """The shape that other programs rely on."""
        return {"report": self.name, "organization": self.organization, "as_of": self.as_of.isoformat(),
                "rows": [dict(row) for row in self.rows], "totals": dict(self.totals)}


def text(key: str, label: str) -> Column:
    """A column of text."""
    return Column(key, label)


def day(key: str, label: str) -> Column:
    """A column of dates."""
    return Column(key, label, ColumnKind.DATE)


def money(key: str, label: str) -> Column:
    """A column of money in base currency."""
    return Column(key, label, ColumnKind.MONEY)


def quantity(key: str, label: str) -> Column:
    """A column of quantities or unit costs."""
    return Column(key, label, ColumnKind.QUANTITY)


def count(key: str, label: str) -> Column:
    """A column of whole numbers."""
    return Column(key, label, ColumnKind.COUNT)


def sides(balance: Decimal, decimals: int) -> tuple[str, str]:
    """A signed balance (debit positive) as texts on its side; the other side is zero."""
    zero = money_of(Decimal(0), decimals)
    shown = money_of(abs(balance), decimals)
    return (shown, zero) if balance >= 0 else (zero, shown)


def unit_cost(value: Decimal, of_quantity: Decimal) -> str:
    """Cost of one unit, derived for show only; empty when nothing is left to divide by."""
    return plain(rounded(value / of_quantity, RATE_DECIMALS)) if of_quantity else ""


__all__ = ["RATE_DECIMALS", "Column", "ColumnKind", "Report", "Row", "count", "day", "money", "money_of",
           "plain", "quantity", "sides", "text", "unit_cost"]
