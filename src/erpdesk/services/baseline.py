"""Baseline masters: the currency, units, chart of accounts and warehouse that an organization starts with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.results import Fault, InvalidRequest
from erpdesk.services.charts import BASELINE, NO_CHART, preview_chart, with_roles

if TYPE_CHECKING:
    from erpdesk.services.charts import ChartPreview
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

    from erpdesk.exchange.accounts import baseline_chart, read_accounts

    if chart == BASELINE:
        return baseline_chart()
    if chart == NO_CHART:
        return []
    seen = preview_chart(chart, roles)
    if seen.faults:
        raise InvalidRequest(seen.faults)
    if seen.missing_roles:
        raise InvalidRequest((_lacking(seen),))
    return [account for _, account in with_roles(read_accounts(Path(chart).expanduser()), roles or {})]


def _lacking(seen: ChartPreview) -> Fault:
    """Which roles nobody plays, and which account would do."""
    proposed = seen.proposed_roles
    told = ", ".join(f"{role} ({proposed[role]} would do)" if role in proposed else role for role in seen.missing_roles)
    return Fault("ORG-007", f"The chart has no account for {told}: name them in a column role; one account may play "
                            "several, with commas between them.", "chart", details={"roles": list(seen.missing_roles)})
