"""The question how posting fares: attempts of the posting log, counted and timed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from erpdesk.storage.report_queries.reading import Reading

LOCK_WAIT_MS = 1000
"""A post waited for a lock when opening took longer than this, or when it gave up waiting (NET-008)."""


class PostingFigures(NamedTuple):
    """Counts of attempts by status, and times of posts in milliseconds (None without any post)."""

    done: int
    replayed: int
    invalid: int
    conflict: int
    forbidden: int
    failed: int
    insufficient_stock: int
    lock_waits: int
    planned_again: int
    mean_ms: Decimal | None
    p95_ms: Decimal | None
    p99_ms: Decimal | None


def posting_figures(reading: Reading, since: date | None, until: date | None) -> PostingFigures:
    """Attempts that ended on the days asked for, in the organization's time zone."""
    days = (" AND (l.ended_at AT TIME ZONE o.time_zone)::date >= %(since)s" if since else "") + (
        " AND (l.ended_at AT TIME ZONE o.time_zone)::date <= %(until)s" if until else "")
    given = {"since": since, "until": until, "wait": LOCK_WAIT_MS}
    return PostingFigures(*reading.rows(_FIGURES.format(days=days), given)[0])


def event_counts(reading: Reading) -> dict[str, int]:
    """How many outbox events are in each state."""
    return {row[0]: row[1] for row in reading.rows(_EVENTS)}


_FIGURES = """
SELECT count(*) FILTER (WHERE l.status = 'done'), count(*) FILTER (WHERE l.status = 'replayed'),
       count(*) FILTER (WHERE l.status = 'invalid'), count(*) FILTER (WHERE l.status = 'conflict'),
       count(*) FILTER (WHERE l.status = 'forbidden'), count(*) FILTER (WHERE l.status = 'failed'),
       count(*) FILTER (WHERE l.error_code = 'INV-001'
                        OR l.payload -> 'faults' @> '[{{"code": "INV-001"}}]'),
       count(*) FILTER (WHERE l.error_code = 'NET-008'
                        OR (l.timings ->> 'open')::numeric - (l.timings ->> 'resolve')::numeric > %(wait)s),
       count(*) FILTER (WHERE l.timings ? 'overtaken'),
       avg(l.elapsed_ms) FILTER (WHERE l.status = 'done'),
       percentile_disc(0.95) WITHIN GROUP (ORDER BY l.elapsed_ms) FILTER (WHERE l.status = 'done'),
       percentile_disc(0.99) WITHIN GROUP (ORDER BY l.elapsed_ms) FILTER (WHERE l.status = 'done')
FROM erpdesk.posting_log l JOIN erpdesk.organization o ON o.id = l.organization_id
WHERE l.organization_id = %(organization)s{days}
"""

_EVENTS = """
SELECT status, count(*) FROM erpdesk.integration_event WHERE organization_id = %(organization)s GROUP BY status
"""
