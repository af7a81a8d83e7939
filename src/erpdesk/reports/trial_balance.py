"""The trial balance lists every account with its net balance on its side; both sides add up to the same."""

from __future__ import annotations

from erpdesk.domain.money import total
from erpdesk.reports.filters import WITHOUT_CLOSING, Filters
from erpdesk.reports.report import Report, money, money_of, sides, text
from erpdesk.storage.report_queries import Heading, Reading, ledger

COLUMNS = (text("account", "Account"), text("name", "Name"), text("type", "Type"),
           money("debit", "Debit"), money("credit", "Credit"))


def trial_balance(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """Balances up to and including `until`; with `since`, what the days between have changed.

    With `closing` without, as the year of the last day stood before it was closed: its closing entry is left out, those
    of earlier years are not. Accounts at zero are left out.
    """
    year_of = (filters.until or heading.today) if filters.closing == WITHOUT_CLOSING else None
    balances = ledger.account_balances(reading, filters.since, filters.until, unclosed=year_of)
    rows = []
    for balance in balances:
        debit, credit = sides(balance.balance, heading.decimals)
        rows.append({"account": balance.code, "name": balance.name, "type": balance.nature,
                     "debit": debit, "credit": credit})
    totals = {"debit": money_of(total(b.balance for b in balances if b.balance > 0), heading.decimals),
              "credit": money_of(total(-b.balance for b in balances if b.balance < 0), heading.decimals)}
    return Report("trial-balance", heading.code, filters.until or heading.today, COLUMNS, tuple(rows), totals)
