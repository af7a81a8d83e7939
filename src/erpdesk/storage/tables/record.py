"""The record of what happened: idempotency keys, posting log, audit entries and seals, outbox events
and who takes them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from erpdesk.storage.tables.base import (
    amount,
    changed_by,
    count,
    document,
    flag,
    link,
    metadata,
    moment,
    one_of,
    organization_id,
    organization_link,
    required_text,
    row_id,
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    organization_id(),
    Column("key", Text, primary_key=True),
    required_text("content_hash"),
    required_text("object_type", server_default=text("'voucher'")),
    Column("object_id", Uuid, nullable=False),
    document("result", nullable=True),
    moment("claimed_at"),
    Column("claimed_by", Text, nullable=False, server_default=text("session_user")),
    organization_link(),
    CheckConstraint("char_length(key) BETWEEN 1 AND 255", name="key_length"),
)

posting_log = Table(
    "posting_log",
    metadata,
    organization_id(),
    row_id(),
    Column("voucher_id", Uuid),
    Column("idempotency_key", Text),
    required_text("actor", server_default=text("session_user")),
    moment("started_at", nullable=True),
    moment("ended_at"),
    Column("step", Text),
    required_text("status"),
    Column("error_code", Text),
    flag("retryable"),
    document("timings", "{}"),
    document("payload", "{}"),
    amount("elapsed_ms", nullable=True),
    count("round_trips", nullable=True),
    Column("correlation_id", Uuid, nullable=False),
    document("context", "{}"),
    organization_link(),
    one_of("status", ("done", "replayed", "invalid", "conflict", "forbidden", "failed")),
    Index("ix_posting_log_time", "organization_id", "ended_at"),
    Index("ix_posting_log_voucher", "organization_id", "voucher_id"),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    organization_id(),
    row_id(),
    Column("sequence", BigInteger, nullable=False),
    required_text("actor", server_default=text("session_user")),
    moment("happened_at"),
    required_text("action"),
    required_text("object_type"),
    Column("object_id", Text, nullable=False),
    Column("step", Text),
    document("before", nullable=True),
    document("after", nullable=True),
    Column("correlation_id", Uuid),
    document("context", "{}"),
    Column("transaction_id", BigInteger, nullable=False, server_default=text("txid_current()")),
    organization_link(),
    Index("ix_audit_entry_object", "organization_id", "object_type", "object_id"),
    Index("ix_audit_entry_sequence", "organization_id", "sequence"),
    Index("ix_audit_entry_transaction", "organization_id", "transaction_id"),
)

audit_seal = Table(
    "audit_seal",
    metadata,
    organization_id(),
    Column("sequence", BigInteger, primary_key=True),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("entry_ids", ARRAY(Uuid), nullable=False),
    moment("sealed_at"),
    organization_link(),
    UniqueConstraint("organization_id", "hash"),
)

integration_event = Table(
    "integration_event",
    metadata,
    organization_id(),
    row_id(),
    required_text("event_type"),
    required_text("source_type"),
    required_text("source_id"),
    count("payload_version", 1),
    document("payload", "{}"),
    required_text("status", server_default=text("'pending'")),
    count("attempts", 0),
    moment("next_retry_at"),
    Column("last_error", Text),
    moment("created_at"),
    moment("delivered_at", nullable=True),
    organization_link(),
    one_of("status", ("pending", "delivering", "done", "dead")),
    Index("ix_integration_event_due", "next_retry_at", postgresql_where=text("status = 'pending'")),
    Index("ix_integration_event_leased", "next_retry_at", postgresql_where=text("status = 'delivering'")),
    Index("ix_integration_event_source", "organization_id", "source_type", "source_id"),
)

event_subscription = Table(
    "event_subscription",
    metadata,
    organization_id(),
    row_id(),
    required_text("name"),
    required_text("kind"),
    required_text("target", comment="URL of a webhook; name of a file or program in the worker's folder"),
    Column("event_types", ARRAY(Text), comment="null: every type"),
    flag("is_active", True),
    *changed_by(),
    organization_link(),
    UniqueConstraint("organization_id", "name"),
    one_of("kind", ("webhook", "file", "command")),
    comment="Who takes the events of an organization; the worker delivers.",
)

event_delivery = Table(
    "event_delivery",
    metadata,
    organization_id(),
    Column("event_id", Uuid, primary_key=True),
    Column("subscription_id", Uuid, primary_key=True),
    moment("delivered_at"),
    organization_link(),
    link("event_id", "integration_event"),
    link("subscription_id", "event_subscription"),
    comment="Which subscription has taken which event; what is missing here is tried again.",
)
