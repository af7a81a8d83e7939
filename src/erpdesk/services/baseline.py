"""Baseline masters: the currency, units, chart of accounts and warehouse that an organization starts with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.results import Fault, InvalidRequest
from erpdesk.services.charts import BASELINE, NO_CHART, missing_roles, with_roles

if TYPE_CHECKING:
    from erpdesk.storage.transactions import Connection


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


def read_chart(chart: str, roles: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The accounts of a chart, those that `roles` names playing their roles. Raises InvalidRequest when roles are
    missing."""
    from pathlib import Path

    from erpdesk.exchange.accounts import account_faults, baseline_chart, read_accounts

    if chart == BASELINE:
        return baseline_chart()
    if chart == NO_CHART:
        return []
    rows = with_roles(read_accounts(Path(chart).expanduser()), roles or {})
    faults = [fault for line, account in rows for fault in account_faults(account, f"line {line}")]
    if faults:
        raise InvalidRequest(faults)
    given = {account.get("role") for _, account in rows}
    if missing := missing_roles({str(role) for role in given}):
        message = (f"The chart has no account for {', '.join(missing)}: "
                   "name one account for each in a column role.")  # fmt: skip
        raise InvalidRequest((Fault("ORG-007", message, "chart", details={"roles": list(missing)}),))
    return [account for _, account in rows]
