"""The audit trail's question: what was done to what, by whom and when, and which seal holds it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading


class AuditLine(NamedTuple):
    """One entry; `seal` is None while it isn't sealed yet."""

    sequence: int
    happened_at: datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    voucher_number: str
    step: str
    correlation_id: UUID | None
    seal: int | None


def may_view_audit(reading: Reading) -> bool:
    """Whether the user has the permission audit.view."""
    return bool(reading.rows("SELECT erpdesk.may(%(organization)s, 'audit.view')")[0][0])


def audit_lines(reading: Reading, since: date | None, until: date | None, voucher: UUID | None,
                limit: int | None) -> list[AuditLine]:
    """Entries in their order; days are those of the organization's time zone. With `limit`, the newest so many."""
    conditions = ((" AND (e.happened_at AT TIME ZONE o.time_zone)::date >= %(since)s" if since else "")
                  + (" AND (e.happened_at AT TIME ZONE o.time_zone)::date <= %(until)s" if until else "")
                  + (" AND e.object_type = 'voucher' AND e.object_id = %(voucher)s" if voucher else ""))
    rows = reading.rows(_AUDIT.format(conditions=conditions), {
        "since": since, "until": until, "voucher": str(voucher) if voucher else None, "limit": limit})
    return [AuditLine(*row) for row in reversed(rows)]


_AUDIT = """
SELECT e.sequence, e.happened_at AT TIME ZONE o.time_zone, e.actor, e.action, e.object_type, e.object_id,
       coalesce(v.voucher_number, ''), coalesce(e.step, ''), e.correlation_id, s.sequence
FROM erpdesk.audit_entry e
JOIN erpdesk.organization o ON o.id = e.organization_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = e.organization_id AND e.object_type = 'voucher'
 AND v.id::text = e.object_id
LEFT JOIN (SELECT q.sequence, x.id FROM erpdesk.audit_seal q CROSS JOIN LATERAL unnest(q.entry_ids) AS x (id)
           WHERE q.organization_id = %(organization)s) s ON s.id = e.id
WHERE e.organization_id = %(organization)s{conditions}
ORDER BY e.sequence DESC LIMIT %(limit)s
"""
