"""Organizations written through the one function that may, and read as their members see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.organization import BranchInfo, FiscalYearInfo, OrganizationInfo

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def create_organization(connection: Connection, document: Mapping[str, Any]) -> UUID:
    """Makes organization, branches, fiscal year and periods, and the caller its admin."""
    from sqlalchemy import text

    statement = text("SELECT erpdesk.create_organization(CAST(:document AS jsonb))")
    made: UUID = connection.execute(statement, {"document": json.dumps(document, default=str)}).scalar_one()
    return made


def read_organizations(connection: Connection) -> tuple[OrganizationInfo, ...]:
    """The organizations that the session's user belongs to, by code."""
    from sqlalchemy import select, text

    from erpdesk.storage.tables import organization as t

    rows = connection.execute(select(t.organization).order_by(t.organization.c.code_key)).mappings().all()
    if not rows:
        return ()
    branches: dict[UUID, list[BranchInfo]] = {}
    for row in connection.execute(select(t.branch).order_by(t.branch.c.code_key)):
        info = BranchInfo(row.id, row.code, row.name, row.is_active)
        branches.setdefault(row.organization_id, []).append(info)
    years: dict[UUID, list[FiscalYearInfo]] = {}
    for row in connection.execute(select(t.fiscal_year).order_by(t.fiscal_year.c.starts_on)):
        year = FiscalYearInfo(row.id, row.code, row.short_code, row.starts_on, row.ends_on, row.is_closed)
        years.setdefault(row.organization_id, []).append(year)
    mine = connection.execute(text("SELECT organization_id, role FROM erpdesk.my_roles()"))
    roles: dict[UUID, str] = {row.organization_id: row.role for row in mine}
    return tuple(
        OrganizationInfo(
            row["id"],
            row["code"],
            row["name"],
            row["country"] or "",
            row["base_currency"],
            row["currency_decimals"],
            row["time_zone"],
            row["language"],
            row["calendar"],
            row["digit_grouping"],
            row["is_locked"],
            roles.get(row["id"], ""),
            tuple(branches.get(row["id"], ())),
            tuple(years.get(row["id"], ())),
        )
        for row in rows
    )


def read_settings(connection: Connection, organization_id: UUID) -> Mapping[str, Any]:
    """The organization's own settings, such as the chart it was made with."""
    from sqlalchemy import select

    from erpdesk.storage.tables.organization import organization as table

    found = connection.execute(select(table.c.settings).where(table.c.id == organization_id)).scalar_one()
    settings: Mapping[str, Any] = found
    return settings


def ensure_currency(
    connection: Connection, organization_id: UUID, code: str, name: str, decimals: int
) -> bool:
    """The currency's row, made when missing; True when it was made."""
    from sqlalchemy.dialects.postgresql import insert

    from erpdesk.storage.tables.ledger import currency

    row = {"organization_id": organization_id, "code": code, "name": name, "decimals": decimals}
    return bool(connection.execute(insert(currency).values(row).on_conflict_do_nothing()).rowcount)


def account_codes_by_role(connection: Connection, organization_id: UUID) -> dict[str, str]:
    """The code of the account that plays each role."""
    from sqlalchemy import select

    from erpdesk.storage.tables.ledger import account, account_role

    rows = connection.execute(
        select(account_role.c.role, account.c.code)
        .join(
            account,
            (account.c.organization_id == account_role.c.organization_id)
            & (account.c.id == account_role.c.account_id),
        )
        .where(account_role.c.organization_id == organization_id)
    )
    return {row.role: row.code for row in rows}
