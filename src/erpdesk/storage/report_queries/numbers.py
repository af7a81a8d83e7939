"""The question after numbers typed by hand: which a type has used in a fiscal year."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading


class UsedNumber(NamedTuple):
    """A number that a voucher, draft or posted, carries."""

    type_code: str
    type_label: str
    fiscal_year: str
    number: str


def numbers_used(reading: Reading, voucher_type: UUID | None, since: date | None,
                 until: date | None) -> list[UsedNumber]:
    """Numbers that no series gave, of all vouchers that aren't cancelled, of the years that hold some of the days."""
    conditions = ((" AND v.voucher_config_id = %(type)s" if voucher_type else "")
                  + (" AND y.ends_on >= %(since)s" if since else "")
                  + (" AND y.starts_on <= %(until)s" if until else ""))
    values = {"type": voucher_type, "since": since, "until": until}
    return [UsedNumber(*row) for row in reading.rows(_USED.format(conditions=conditions), values)]


_USED = """
SELECT t.code, t.label, y.code, v.voucher_number
FROM erpdesk.voucher v
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
JOIN erpdesk.fiscal_year y ON y.organization_id = v.organization_id AND v.voucher_on BETWEEN y.starts_on AND y.ends_on
WHERE v.organization_id = %(organization)s AND v.voucher_number_key IS NOT NULL AND v.status <> 'CANCELLED'
  AND NOT EXISTS (SELECT FROM erpdesk.voucher_number n
                  WHERE n.organization_id = v.organization_id AND n.voucher_id = v.id){conditions}
ORDER BY t.sort_order, t.code, y.starts_on, v.voucher_number_key
"""
