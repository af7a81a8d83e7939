"""Approval: what was asked for, and who decided it, round after round; rows are never changed.

A request keeps the levels that the matrix named when it was made, so that it can be proved years later what was
needed. A voucher of a type that requires approval and was posted without levels has a request that says on what
ground: by the right to post directly, or because no row of the matrix matched.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text, UniqueConstraint, Uuid, text

from erpdesk.storage.tables.base import (
    amount,
    count,
    document,
    link,
    metadata,
    moment,
    one_of,
    organization_id,
    required_text,
    row_id,
)

approval_request = Table(
    "approval_request",
    metadata,
    organization_id(),
    Column("voucher_id", Uuid, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    required_text("ground"),
    amount("amount"),
    document("levels", "[]"),
    required_text("document_hash"),
    Column("comment", Text),
    moment("requested_at"),
    Column("requested_by", Text, nullable=False, server_default=text("session_user")),
    link("voucher_id", "voucher"),
    one_of("ground", ("levels", "direct", "not_needed")),
    CheckConstraint("round >= 1", name="round_positive"),
    comment="Each time a voucher asked for approval, or was posted without needing it, and the levels needed.",
)

approval = Table(
    "approval",
    metadata,
    organization_id(),
    row_id(),
    Column("voucher_id", Uuid, nullable=False),
    count("round"),
    count("level"),
    required_text("decision"),
    Column("comment", Text),
    moment("decided_at"),
    Column("decided_by", Text, nullable=False, server_default=text("session_user")),
    link("voucher_id", "voucher"),
    one_of("decision", ("approved", "rejected")),
    UniqueConstraint("organization_id", "voucher_id", "round", "level"),
)
