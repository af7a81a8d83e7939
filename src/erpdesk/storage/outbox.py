"""The outbox: events claimed, told to listeners, handed to who subscribed, tried again, given up.

An event is claimed for a while (`LEASE_SECONDS`): when the worker dies, it becomes due again. So every event
reaches each subscription at least once; its id tells a second time from a first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    import psycopg

LEASE_SECONDS = 900

FAILURES_AT_ONCE = 1000
FAILURES_TOLD_DAYS, FAILURES_LATELY_DAYS = 30, Decimal("0.01")
"""How far back a worker looks when it begins, and in every later round (a quarter of an hour)."""

_FAILED = "SELECT erpdesk.tell_failed_posts(now() - %s * interval '1 day', %s)"

_EXPIRED = """
    UPDATE erpdesk.integration_event SET status = 'pending'
    WHERE status = 'delivering' AND next_retry_at < now()"""

_CLAIM = """
    WITH due AS (
        SELECT e.organization_id, e.id FROM erpdesk.integration_event e
        WHERE e.status = 'pending' AND e.next_retry_at <= now()
        ORDER BY e.next_retry_at LIMIT %s FOR UPDATE SKIP LOCKED)
    UPDATE erpdesk.integration_event e
    SET status = 'delivering', attempts = e.attempts + 1, next_retry_at = now() + %s * interval '1 second'
    FROM due WHERE e.organization_id = due.organization_id AND e.id = due.id
    RETURNING e.organization_id, e.id, e.event_type, e.source_type, e.source_id, e.payload_version, e.payload::text,
        e.created_at, e.attempts,
        (SELECT o.code FROM erpdesk.organization o WHERE o.id = e.organization_id)"""

_SUBSCRIPTIONS = """
    SELECT s.id, s.name, s.kind, s.target FROM erpdesk.event_subscription s
    WHERE s.organization_id = %(organization)s AND s.is_active
      AND (s.event_types IS NULL OR %(type)s = ANY (s.event_types))
      AND NOT EXISTS (SELECT FROM erpdesk.event_delivery d WHERE d.organization_id = s.organization_id
                      AND d.event_id = %(event)s AND d.subscription_id = s.id)
    ORDER BY s.name"""

_NOTIFY = "SELECT pg_notify(%s, %s)"


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """An event as it was written with its voucher; `attempts` counts this one."""

    organization_id: UUID
    id: UUID
    event_type: str
    source_type: str
    source_id: str
    payload_version: int
    payload: dict[str, Any]
    created_at: datetime
    attempts: int
    organization: str

    def as_json(self) -> dict[str, Any]:
        """What a subscriber gets."""
        return {
            "id": str(self.id), "organization": self.organization, "type": self.event_type,
            "source_type": self.source_type, "source_id": self.source_id, "version": self.payload_version,
            "created_at": self.created_at.isoformat(), "payload": self.payload,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who takes events: kind is webhook, file or command."""

    id: UUID
    name: str
    kind: str
    target: str


def channel_of(organization_id: UUID) -> str:
    """The channel on which an organization's desks listen. Anybody can listen: messages hold no figures."""
    return f"erpdesk_{organization_id.hex}"


def tell_failed_posts(connection: psycopg.Connection[Any], *, everything: bool) -> int:
    """Events of attempts that did not post, written from the posting log; how many. Not `everything`: only of
    attempts that ended lately."""
    days = FAILURES_TOLD_DAYS if everything else FAILURES_LATELY_DAYS
    rows = connection.execute(_FAILED, (days, FAILURES_AT_ONCE)).fetchone()
    return int(rows[0]) if rows else 0


def claim(connection: psycopg.Connection[Any], limit: int) -> list[OutboxEvent]:
    """Due events, claimed for the lease and, the first time, told to whoever listens. The connection is in
    autocommit."""
    with connection.transaction():
        connection.execute(_EXPIRED)
        events = [_event(*row) for row in connection.execute(_CLAIM, (limit, LEASE_SECONDS)).fetchall()]
        for event in events:
            if event.attempts == 1:
                news = {"type": event.event_type, "source_type": event.source_type, "id": event.source_id}
                connection.execute(_NOTIFY, (channel_of(event.organization_id), json.dumps(news)))
    return sorted(events, key=lambda event: (event.created_at, event.id))


def _event(*row: Any) -> OutboxEvent:
    """A row as an event; figures of the payload stay the decimal text that they were."""
    values = list(row)
    values[6] = json.loads(values[6], parse_float=str, parse_int=str)
    return OutboxEvent(*values)


def still_to_take(connection: psycopg.Connection[Any], event: OutboxEvent) -> list[Subscription]:
    """The subscriptions that haven't had the event yet."""
    given = {"organization": event.organization_id, "type": event.event_type, "event": event.id}
    return [Subscription(*row) for row in connection.execute(_SUBSCRIPTIONS, given).fetchall()]


def record_delivery(
    connection: psycopg.Connection[Any], event: OutboxEvent, subscription: Subscription
) -> None:
    """Notes that a subscription has the event."""
    connection.execute(
        "INSERT INTO erpdesk.event_delivery (organization_id, event_id, subscription_id) VALUES (%s, %s, %s)"
        " ON CONFLICT DO NOTHING", (event.organization_id, event.id, subscription.id))


def finish(connection: psycopg.Connection[Any], event: OutboxEvent) -> None:
    """Everybody has the event."""
    connection.execute(
        "UPDATE erpdesk.integration_event SET status = 'done', delivered_at = now(), last_error = NULL"
        " WHERE organization_id = %s AND id = %s", (event.organization_id, event.id))


def postpone(
    connection: psycopg.Connection[Any], event: OutboxEvent, error: str, wait_seconds: float | None
) -> None:
    """Somebody couldn't take it: try again after a wait, or never (None)."""
    connection.execute(
        "UPDATE erpdesk.integration_event SET status = %s, last_error = %s,"
        " next_retry_at = now() + %s * interval '1 second' WHERE organization_id = %s AND id = %s",
        ("dead" if wait_seconds is None else "pending", error[:1000], wait_seconds or 0,
         event.organization_id, event.id))


def is_worker(connection: psycopg.Connection[Any]) -> bool:
    """Whether the session's user may do all this."""
    row: Sequence[Any] | None = connection.execute("SELECT session_user = 'erpdesk_worker'").fetchone()
    return bool(row and row[0])
