"""Attempts to post, as the posting log has them, newest first and page by page; and events that were given up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading


class AttemptLine(NamedTuple):
    """One attempt: when it ended, whose it was, what came of it; `timings` say when each step was done, in
    milliseconds since it began."""

    id: UUID
    ended_at: datetime
    actor: str
    status: str
    code: str
    step: str
    elapsed_ms: str
    voucher_id: str
    voucher_number: str
    type_code: str
    correlation_id: str
    message: str
    timings: Mapping[str, str]


class DeadEvent(NamedTuple):
    """An event that nobody took after all tries."""

    id: UUID
    created_at: datetime
    event_type: str
    source_id: str
    attempts: int
    error: str


def attempts(reading: Reading, since: date | None, until: date | None, actor: str, *, failed: bool,
             before: tuple[datetime, UUID] | None, limit: int) -> list[AttemptLine]:
    """Attempts that ended on the days, by a user, before a place in their order."""
    given = {"since": since, "until": until, "actor": actor, "failed": failed or None,
             "before": before[0] if before else None, "place": before[1] if before else None, "limit": limit}
    conditions = "".join(_CONDITIONS[name] for name, value in given.items() if value and name in _CONDITIONS)
    rows = reading.rows(_ATTEMPTS.format(conditions=conditions), given)
    return [AttemptLine(*row)._replace(timings=_texts(row[-1])) for row in rows]


def dead_events(reading: Reading, limit: int) -> list[DeadEvent]:
    """Events that were given up, the newest first."""
    return [DeadEvent(*row) for row in reading.rows(_DEAD, {"limit": limit})]


def _texts(timings: str) -> dict[str, str]:
    found: dict[str, Any] = json.loads(timings, parse_float=Decimal)
    return {name: str(value) for name, value in found.items()}


_CONDITIONS = {
    "since": " AND (l.ended_at AT TIME ZONE o.time_zone)::date >= %(since)s",
    "until": " AND (l.ended_at AT TIME ZONE o.time_zone)::date <= %(until)s",
    "actor": " AND l.actor = %(actor)s",
    "failed": " AND l.status NOT IN ('done', 'replayed')",
    "before": " AND (l.ended_at AT TIME ZONE o.time_zone, l.id) < (%(before)s, %(place)s)",
}

_ATTEMPTS = """
SELECT l.id, l.ended_at AT TIME ZONE o.time_zone, l.actor, l.status, coalesce(l.error_code, ''), coalesce(l.step, ''),
       coalesce(l.elapsed_ms::text, ''), coalesce(v.id::text, ''), coalesce(v.voucher_number, ''),
       coalesce(t.code, l.payload ->> 'type', ''), l.correlation_id::text,
       coalesce(l.payload -> 'faults' -> 0 ->> 'message', ''), l.timings::text
FROM erpdesk.posting_log l
JOIN erpdesk.organization o ON o.id = l.organization_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = l.organization_id AND v.id = l.voucher_id
LEFT JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
WHERE l.organization_id = %(organization)s{conditions}
ORDER BY l.ended_at DESC, l.id DESC LIMIT %(limit)s
"""

_DEAD = """
SELECT e.id, e.created_at AT TIME ZONE o.time_zone, e.event_type, e.source_id, e.attempts, coalesce(e.last_error, '')
FROM erpdesk.integration_event e
JOIN erpdesk.organization o ON o.id = e.organization_id
WHERE e.organization_id = %(organization)s AND e.status = 'dead'
ORDER BY e.created_at DESC LIMIT %(limit)s
"""
