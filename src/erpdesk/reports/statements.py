"""The financial statements: what was earned in a time, and what is owned and owed on a day."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from erpdesk.domain.money import ZERO, total
from erpdesk.reports.filters import Filters
from erpdesk.reports.report import Report, money, money_of, text
from erpdesk.storage.report_queries import Heading, Reading, ledger
from erpdesk.storage.report_queries.ledger import AccountBalance

COLUMNS = (text("account", "Account"), text("name", "Name"), text("type", "Type"), money("amount", "Amount"))

DEBIT_NATURES = ("asset", "expense")
"""Natures whose balances stand on the debit side; the others are shown with credit positive."""


def profit_loss(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """Income, then expenses, by account, of the days from `since` to `until`; the profit is income less expenses.

    The entries that close years are left out: a closed year shows what it earned.
    """
    balances = ledger.account_balances(reading, filters.since, filters.until, closings=False)
    parts = [_of(balances, nature) for nature in ("income", "expense")]
    earned, spent = (_sum(part) for part in parts)
    totals = {"income": money_of(earned, heading.decimals), "expense": money_of(spent, heading.decimals),
              "net_profit": money_of(earned - spent, heading.decimals)}
    rows = tuple(_row(balance, heading) for part in parts for balance in part)
    return Report("profit-loss", heading.code, filters.until or heading.today, COLUMNS, rows, totals)


def balance_sheet(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """Assets, liabilities and equity on the day `until`. What was earned and not yet carried to equity is its last
    row, without an account; with it both sides agree: assets = liabilities + equity."""
    balances = ledger.account_balances(reading, None, filters.until)
    assets, liabilities, equity = (_of(balances, nature) for nature in ("asset", "liability", "equity"))
    profit = _sum(_of(balances, "income")) - _sum(_of(balances, "expense"))
    rows = [_row(balance, heading) for balance in (*assets, *liabilities, *equity)]
    if profit:
        rows.append({"account": "", "name": "Profit not yet carried to equity", "type": "equity",
                     "amount": money_of(profit, heading.decimals)})
    totals = {"assets": money_of(_sum(assets), heading.decimals),
              "liabilities": money_of(_sum(liabilities), heading.decimals),
              "equity": money_of(_sum(equity) + profit, heading.decimals),
              "profit": money_of(profit, heading.decimals)}
    return Report("balance-sheet", heading.code, filters.until or heading.today, COLUMNS, tuple(rows), totals)


def _of(balances: Iterable[AccountBalance], nature: str) -> list[AccountBalance]:
    return [balance for balance in balances if balance.nature == nature]


def _amount(balance: AccountBalance) -> Decimal:
    return balance.balance if balance.nature in DEBIT_NATURES else -balance.balance


def _sum(balances: Iterable[AccountBalance]) -> Decimal:
    return total(_amount(balance) for balance in balances) or ZERO


def _row(balance: AccountBalance, heading: Heading) -> dict[str, str]:
    return {"account": balance.code, "name": balance.name, "type": balance.nature,
            "amount": money_of(_amount(balance), heading.decimals)}
