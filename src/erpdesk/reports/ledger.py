"""The ledger shows every line of an account, of a party, or of a party on an account, with its balance."""

from __future__ import annotations

from decimal import Decimal

from erpdesk.domain.money import ZERO, total
from erpdesk.domain.results import ErpdeskError
from erpdesk.reports.filters import Filters, accounts_of, party_of
from erpdesk.reports.report import Report, day, money, money_of, sides, text
from erpdesk.storage.report_queries import Heading, Reading
from erpdesk.storage.report_queries import ledger as queries

COLUMNS = (day("date", "Date"), text("voucher_number", "Voucher"), text("type", "Type"),
           text("narration", "Narration"), money("debit", "Debit"), money("credit", "Credit"),
           money("balance", "Balance"))

OPENING = "OPENING"


def ledger(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """Lines in the order of day and posting; the balance runs, debit positive.

    With `since` the first row is of type OPENING and carries what stood before on its side, so that the
    columns still add up to the balance. The account may be a group. Raises RPT-002, RPT-004.
    """
    if filters.account is None and filters.party is None:
        raise ErpdeskError("RPT-002", "The ledger needs an account or a party", field="account")
    accounts, party = accounts_of(reading, filters), party_of(reading, filters)
    rows, balance = [], ZERO
    if filters.since is not None:
        balance = queries.balance_before(reading, filters.since, accounts, party)
        rows.append(_opening(filters.since.isoformat(), balance, heading.decimals))
    opening = balance
    lines = queries.ledger_lines(reading, accounts, party, filters.since, filters.until)
    for line in lines:
        balance += line.debit - line.credit
        rows.append({
            "date": line.dated_on.isoformat(), "voucher_number": line.voucher_number,
            "type": line.type_code, "narration": line.narration,
            "debit": money_of(line.debit, heading.decimals),
            "credit": money_of(line.credit, heading.decimals),
            "balance": money_of(balance, heading.decimals)})
    totals = {
        "debit": money_of(total(line.debit for line in lines) + max(opening, ZERO), heading.decimals),
        "credit": money_of(total(line.credit for line in lines) + max(-opening, ZERO), heading.decimals),
        "balance": money_of(balance, heading.decimals)}
    return Report("ledger", heading.code, filters.until or heading.today, COLUMNS, tuple(rows), totals)


def _opening(since: str, balance: Decimal, decimals: int) -> dict[str, str]:
    debit, credit = sides(balance, decimals)
    return {"date": since, "voucher_number": "", "type": OPENING, "narration": "Opening balance",
            "debit": debit, "credit": credit, "balance": money_of(balance, decimals)}
