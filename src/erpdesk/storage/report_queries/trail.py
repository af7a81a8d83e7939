"""The audit trail read backwards, page by page, each entry with what its record was before and after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from erpdesk.storage.report_queries.reading import Reading


class TrailLine(NamedTuple):
    """One entry. `before` is what the record was, of the entry itself or of the one before it; `label` is its number,
    code or name."""

    sequence: int
    happened_at: datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    label: str
    step: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def trail(
    reading: Reading, since: date | None, until: date | None, actor: str, kind: str, find: str, before: int | None,
    limit: int,
) -> list[TrailLine]:
    """Entries below a sequence, the newest first. `find` is a part of a record's number, code, name or id."""
    given = {"since": since, "until": until, "actor": actor, "kind": kind, "find": find.lower(), "before": before,
             "limit": limit}
    conditions = "".join(_CONDITIONS[name] for name, value in given.items() if value and name in _CONDITIONS)
    rows = reading.rows(_TRAIL.format(conditions=conditions), given)
    return [TrailLine(*row[:8], *(_exact(text) for text in row[8:])) for row in rows]


def _exact(text: str | None) -> Mapping[str, Any] | None:
    """A snapshot with its figures as they are."""
    return None if text is None else json.loads(text, parse_float=Decimal)


def kinds(reading: Reading) -> list[str]:
    """The kinds of record that entries are of."""
    return [row[0] for row in reading.rows(_KINDS)]


def voucher_types(reading: Reading) -> dict[str, str]:
    """The codes of voucher types by id."""
    return {str(key): code for key, code in reading.rows(_TYPES)}


_CONDITIONS = {
    "since": " AND (e.happened_at AT TIME ZONE o.time_zone)::date >= %(since)s",
    "until": " AND (e.happened_at AT TIME ZONE o.time_zone)::date <= %(until)s",
    "actor": " AND e.actor = %(actor)s",
    "kind": " AND e.object_type = %(kind)s",
    "find": " AND (strpos(lower(r.label), %(find)s) > 0 OR e.object_id = %(find)s)",
    "before": " AND e.sequence < %(before)s",
}

_TRAIL = """
SELECT x.sequence, x.happened_at, x.actor, x.action, x.object_type, x.object_id, x.label, x.step,
       coalesce(x.before, p.after)::text, x.after::text
FROM (SELECT e.organization_id, e.sequence, e.happened_at AT TIME ZONE o.time_zone AS happened_at, e.actor, e.action,
             e.object_type, e.object_id, r.label, coalesce(e.step, '') AS step, e.before, e.after
      FROM erpdesk.audit_entry e
      JOIN erpdesk.organization o ON o.id = e.organization_id
      LEFT JOIN erpdesk.voucher v ON e.object_type = 'voucher' AND v.organization_id = e.organization_id
       AND v.id::text = e.object_id
      CROSS JOIN LATERAL (
          SELECT coalesce(v.voucher_number, x.row ->> 'code', x.row ->> 'name', x.row ->> 'user_name', '') AS label
          FROM (SELECT coalesce(e.after, e.before) AS row) x) r
      WHERE e.organization_id = %(organization)s{conditions}
      ORDER BY e.sequence DESC LIMIT %(limit)s) x
LEFT JOIN LATERAL (
    SELECT q.after FROM erpdesk.audit_entry q
    WHERE x.before IS NULL AND x.action <> 'printed' AND q.action <> 'printed'
      AND q.organization_id = x.organization_id AND q.object_type = x.object_type
      AND q.object_id = x.object_id AND q.sequence < x.sequence
    ORDER BY q.sequence DESC LIMIT 1) p ON true
ORDER BY x.sequence DESC
"""

_TYPES = "SELECT t.id, t.code FROM erpdesk.voucher_config_master t WHERE t.organization_id = %(organization)s"

_KINDS = """
SELECT DISTINCT e.object_type FROM erpdesk.audit_entry e WHERE e.organization_id = %(organization)s ORDER BY 1
"""
