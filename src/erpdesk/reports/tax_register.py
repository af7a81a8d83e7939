"""The tax register lists what each voucher put on the tax accounts: the tax paid and the tax owed."""

from __future__ import annotations

from decimal import Decimal

from erpdesk.domain.money import ZERO, total
from erpdesk.reports.filters import Filters
from erpdesk.reports.report import Report, day, money, money_of, plain, quantity, text
from erpdesk.storage.report_queries import Heading, Reading, tax

COLUMNS = (day("date", "Date"), text("voucher_number", "Voucher"), text("type", "Type"), text("ref_no", "Reference"),
           text("party", "Party"), text("tax_number", "Tax number"), text("account", "Account"),
           quantity("rate", "Rate"), money("taxable", "Taxable"), money("input_tax", "Input tax"),
           money("output_tax", "Output tax"))


def tax_register(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """Posted vouchers in the order of day and posting. What lowers a tax is negative, its base too.

    Accounts of kind tax on the asset side carry input tax, the others output tax. The base is empty where the
    tax was typed on a journal. The total `payable` is output less input.
    """
    rows, input_taxes, output_taxes = [], [ZERO], [ZERO]
    for line in tax.tax_lines(reading, filters.since, filters.until):
        is_input = line.nature == "asset"
        amount = line.tax if is_input else -line.tax
        (input_taxes if is_input else output_taxes).append(amount)
        rows.append({
            "date": line.dated_on.isoformat(), "voucher_number": line.voucher_number, "type": line.type_code,
            "ref_no": line.reference, "party": line.party, "tax_number": line.tax_number, "account": line.account,
            "rate": "" if line.rate is None else plain(line.rate),
            "taxable": _taxable(line.taxable, amount, heading.decimals),
            "input_tax": money_of(amount if is_input else ZERO, heading.decimals),
            "output_tax": money_of(ZERO if is_input else amount, heading.decimals)})
    paid, owed = total(input_taxes), total(output_taxes)
    totals = {"input_tax": money_of(paid, heading.decimals), "output_tax": money_of(owed, heading.decimals),
              "payable": money_of(owed - paid, heading.decimals)}
    return Report("tax-register", heading.code, filters.until or heading.today, COLUMNS, tuple(rows), totals)


def _taxable(base: Decimal | None, amount: Decimal, decimals: int) -> str:
    if base is None:
        return ""
    return money_of(-abs(base) if amount < 0 else base, decimals)
