"""A group of items may be made inactive, as every other master may.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Every group there is stays active."""
    op.add_column("item_group", sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
                  schema="erpdesk")


def downgrade() -> None:
    """Without it."""
    op.drop_column("item_group", "is_active", schema="erpdesk")
