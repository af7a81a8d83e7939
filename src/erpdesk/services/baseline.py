"""Baseline masters: the currency, units, chart of accounts and warehouse that an organization starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.results import Fault, InvalidRequest

if TYPE_CHECKING:
    from erpdesk.storage.transactions import Connection

BASELINE, NO_CHART = "baseline", "none"
OPTIONAL_ROLES = frozenset({"cash", "bank", "capital", "freight", "bank_charges"})


def write_masters(
    connection: Connection, organization_id: UUID, currency: str, chart: list[dict[str, Any]]
) -> int:
    """Currency, units, accounts and warehouse that are missing; the number of accounts made."""
    from erpdesk.exchange.accounts import baseline_units
    from erpdesk.services.masters import upsert
    from erpdesk.storage import organizations
    from erpdesk.storage.iso_currencies import currency_facts
    from erpdesk.storage.master_candidate import MasterObject

    _, name, decimals = currency_facts(currency) or (currency, currency, 2)
    organizations.ensure_currency(connection, organization_id, currency, name, decimals)
    sections = {
        "uoms": baseline_units(),
        "accounts": chart,
        "warehouses": [{"code": "MAIN", "name": "Main store"}],
    }
    objects = {
        section: [MasterObject(section, f"{section}[{place}]", values) for place, values in enumerate(rows)]
        for section, rows in sections.items()
    }
    outcomes = upsert(connection, organization_id, objects, only_missing=True)
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    if faults:
        raise InvalidRequest(faults)
    return sum(outcome.noun == "account" and outcome.status == "created" for outcome in outcomes)


def read_chart(chart: str) -> list[dict[str, Any]]:
    """The accounts of a chart, roles included. Raises InvalidRequest when roles are missing."""
    from pathlib import Path

    from erpdesk.exchange.accounts import account_faults, baseline_chart, read_accounts
    from erpdesk.storage.tables.ledger import ACCOUNT_ROLES

    if chart == BASELINE:
        return baseline_chart()
    if chart == NO_CHART:
        return []
    rows = read_accounts(Path(chart))
    faults = [fault for line, account in rows for fault in account_faults(account, f"line {line}")]
    if faults:
        raise InvalidRequest(faults)
    given = {account.get("role") for _, account in rows}
    missing = [role for role in ACCOUNT_ROLES if role not in given and role not in OPTIONAL_ROLES]
    if missing:
        message = (f"The chart has no account for {', '.join(missing)}: "
                   "name one account for each in a column role.")  # fmt: skip
        raise InvalidRequest((Fault("ORG-007", message, "chart", details={"roles": missing}),))
    return [account for _, account in rows]
