"""The catalogue names every report, the filters it knows and those it can't do without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from erpdesk.domain.results import ErpdeskError
from erpdesk.reports import (
    audit,
    day_book,
    journal,
    ledger,
    metrics,
    outstanding,
    statements,
    stock,
    stock_history,
    tax_register,
    trial_balance,
    unused_numbers,
)
from erpdesk.reports.filters import Filters, parsed, wrong_filter
from erpdesk.reports.report import Report
from erpdesk.storage.report_queries import Heading, Reading

Answer = Callable[[Reading, Heading, Filters], Report]


@dataclass(frozen=True, slots=True)
class ReportDefinition:
    """A report that can be asked for."""

    name: str
    label: str
    filters: tuple[str, ...]
    answer: Answer
    required: tuple[str, ...] = ()


REPORTS: Mapping[str, ReportDefinition] = {definition.name: definition for definition in (
    ReportDefinition("trial-balance", "Trial balance", ("since", "until", "closing"), trial_balance.trial_balance),
    ReportDefinition("ledger", "Ledger", ("account", "party", "since", "until"), ledger.ledger),
    ReportDefinition("journal", "Journal", ("voucher",), journal.journal, ("voucher",)),
    ReportDefinition("day-book", "Day book", ("since", "until", "type", "limit", "after"), day_book.day_book),
    ReportDefinition("stock-balance", "Stock balance", ("item", "warehouse", "until"), stock.stock_balance),
    ReportDefinition("stock-layers", "Stock layers", ("item", "warehouse"), stock.stock_layers),
    ReportDefinition("outstanding", "Outstanding", ("kind", "party", "until"), outstanding.outstanding,
                     ("kind",)),
    ReportDefinition("profit-loss", "Profit and loss", ("since", "until"), statements.profit_loss),
    ReportDefinition("balance-sheet", "Balance sheet", ("until",), statements.balance_sheet),
    ReportDefinition("stock-ledger", "Stock ledger", ("items", "warehouse", "since", "until"),
                     stock_history.stock_ledger),
    ReportDefinition("stock-ageing", "Stock ageing", ("item", "warehouse"), stock_history.stock_ageing),
    ReportDefinition("tax-register", "Tax register", ("since", "until"), tax_register.tax_register),
    ReportDefinition("unused-numbers", "Unused numbers", ("type", "since", "until"), unused_numbers.unused_numbers),
    ReportDefinition("audit", "Audit trail", ("since", "until", "voucher", "limit"), audit.audit),
    ReportDefinition("metrics", "Metrics", ("since", "until"), metrics.metrics),
)}


def find(name: str) -> ReportDefinition:
    """The report of this name; raises RPT-001."""
    try:
        return REPORTS[name]
    except KeyError:
        raise ErpdeskError("RPT-001", f"There is no report {name}",
                           cure=f"There are: {', '.join(REPORTS)}.") from None


def filters_for(definition: ReportDefinition, given: Mapping[str, Any]) -> Filters:
    """The filters, checked against what the report knows; raises RPT-002, RPT-003."""
    named = {name: value for name, value in given.items() if value not in (None, "")}
    for name in named:
        if name not in definition.filters:
            raise wrong_filter(name, f"The report {definition.name} has no filter {name}")
    for name in definition.required:
        if name not in named:
            raise ErpdeskError("RPT-002", f"The report {definition.name} needs a {name}", field=name)
    return parsed(named)
