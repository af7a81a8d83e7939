"""Years, periods and the organization's own row, changed through the functions that may."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.fiscal_year import monthly_periods, year_codes
from erpdesk.domain.reckoning import Reckoning
from erpdesk.storage.keys import new_id

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def year_document(starts_on: date, ends_on: date, reckoning: Reckoning) -> dict[str, Any]:
    """A fiscal year and its periods, by the months of a calendar, as the database's functions take them."""
    code, short_code = year_codes(starts_on, ends_on, reckoning)
    return {
        "fiscal_year": {
            "id": new_id(), "code": code, "short_code": short_code,
            "starts_on": starts_on, "ends_on": ends_on,
        },
        "periods": [
            {"id": new_id(), "number": period.number, "starts_on": period.starts_on,
             "ends_on": period.ends_on}
            for period in monthly_periods(starts_on, ends_on, reckoning)
        ],
    }  # fmt: skip


def read_periods(connection: Connection, organization_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Every period with its year, by day."""
    from sqlalchemy import select

    from erpdesk.storage.tables.organization import accounting_period as a
    from erpdesk.storage.tables.organization import fiscal_year as y

    rows = connection.execute(
        select(a.c.id, a.c.number, a.c.starts_on, a.c.ends_on, a.c.state, y.c.code, y.c.is_closed)
        .join(y, (y.c.organization_id == a.c.organization_id) & (y.c.id == a.c.fiscal_year_id))
        .where(a.c.organization_id == organization_id)
        .order_by(a.c.starts_on)
    )
    return [dict(row) for row in rows.mappings()]


def read_audit_lock(connection: Connection, organization_id: UUID) -> date | None:
    """The day up to which all is locked for audit, if any is."""
    from sqlalchemy import select

    from erpdesk.storage.tables.organization import organization as o

    found: date | None = connection.execute(select(o.c.audit_locked_until).where(o.c.id == organization_id)).scalar()
    return found


def set_period_state(
    connection: Connection, organization_id: UUID, periods: Sequence[UUID], state: str
) -> set[UUID]:
    """Locks, opens or closes periods; the ids of those that changed."""
    from sqlalchemy import text

    rows = connection.execute(
        text("SELECT id FROM erpdesk.set_period_state(:organization, CAST(:periods AS uuid[]), :state)"),
        {"organization": organization_id, "periods": list(periods), "state": state},
    )
    return set(rows.scalars())


def create_year(connection: Connection, organization_id: UUID, document: Mapping[str, Any]) -> None:
    """Makes a year of `year_document`."""
    _call(connection, "create_fiscal_year(:organization, CAST(:given AS jsonb))", organization_id,
          json.dumps(document, default=str))


def set_audit_lock(connection: Connection, organization_id: UUID, until: date | None) -> None:
    """Locks every day up to `until` for audit; None ends it."""
    _call(connection, "set_audit_lock(:organization, CAST(:given AS date))", organization_id, until)


def set_locked(connection: Connection, organization_id: UUID, locked: bool) -> bool:
    """Locks or opens the organization; False when it was so already."""
    return bool(_call(connection, "set_organization_locked(:organization, :given)", organization_id, locked))


def set_columns(connection: Connection, organization_id: UUID, columns: Mapping[str, Any]) -> None:
    """Sets columns of the organization."""
    _call(connection, "set_organization(:organization, CAST(:given AS jsonb))", organization_id,
          json.dumps(columns))


def read_columns(connection: Connection, organization_id: UUID, columns: Sequence[str]) -> dict[str, Any]:
    """Columns of the organization as they are."""
    from sqlalchemy import select

    from erpdesk.storage.tables.organization import organization as table

    row = connection.execute(
        select(*(table.c[name] for name in columns)).where(table.c.id == organization_id))
    return dict(row.mappings().one())


def _call(connection: Connection, call: str, organization_id: UUID, given: Any) -> Any:
    from sqlalchemy import text

    return connection.execute(
        text(f"SELECT erpdesk.{call}"), {"organization": organization_id, "given": given}
    ).scalar_one()
