"""The last rate to a party, by side and currency: what was bought from somebody is no price to sell at.

Nothing has written the table before, so there is nothing to move.

Revision ID: 0005
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None

_TABLE = {"schema": "erpdesk"}


def upgrade() -> None:
    """Two columns more, in the key."""
    op.drop_constraint(op.f("pk_last_rate"), "last_rate", type_="primary", **_TABLE)
    op.add_column("last_rate", sa.Column("side", sa.Text(), nullable=False), **_TABLE)
    op.add_column("last_rate", sa.Column("currency_code", sa.Text(), nullable=False), **_TABLE)
    op.alter_column("last_rate", "posting_sequence", type_=sa.BigInteger(), existing_type=sa.Integer(), **_TABLE)
    op.create_primary_key(
        op.f("pk_last_rate"), "last_rate",
        ["organization_id", "party_id", "item_id", "uom_id", "side", "currency_code"], **_TABLE,
    )
    op.create_check_constraint(op.f("ck_last_rate_side_known"), "last_rate", "side IN ('receivable', 'payable', 'none')", **_TABLE)


def downgrade() -> None:
    """The key as it was; rates that differ in side or currency alone are forgotten."""
    op.execute("DELETE FROM erpdesk.last_rate")
    op.drop_constraint(op.f("ck_last_rate_side_known"), "last_rate", type_="check", **_TABLE)
    op.drop_constraint(op.f("pk_last_rate"), "last_rate", type_="primary", **_TABLE)
    op.drop_column("last_rate", "currency_code", **_TABLE)
    op.drop_column("last_rate", "side", **_TABLE)
    op.alter_column("last_rate", "posting_sequence", type_=sa.Integer(), existing_type=sa.BigInteger(), **_TABLE)
    op.create_primary_key(
        op.f("pk_last_rate"), "last_rate", ["organization_id", "party_id", "item_id", "uom_id"], **_TABLE
    )
